"""How alike two sequences are: longest common subsequence and edit distance.

Sources:
    Common subsequence: H. Hyyrö, Bit-parallel LCS-length computation revisited, AWOCA 2004.
    Edit distance: H. Hyyrö, A bit-vector algorithm for computing Levenshtein and Damerau edit
    distances, Nordic Journal of Computing 10 (2003) 29-39, after G. Myers, JACM 46 (1999) 395-415.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence


def common_length(first: Sequence[Hashable], second: Sequence[Hashable]) -> int:
    """Return the length of the longest subsequence that both have, gaps allowed.

    Example:
        >>> common_length("police killed the gunman".split(), "police kill the gunman".split())
        3
    """
    places, full = _places(first), (1 << len(first)) - 1
    unmatched = full
    for item in second:
        matched = unmatched & places[item]
        unmatched = ((unmatched + matched) | (unmatched - matched)) & full
    return len(first) - unmatched.bit_count()


def edit_distance(first: Sequence[Hashable], second: Sequence[Hashable]) -> int:
    """Return how many items must be put in, taken out or replaced to make one the other.

    Example:
        >>> edit_distance("kitten", "sitting")
        3
    """
    if not first or not second:
        return len(first) + len(second)
    places, full, last = _places(first), (1 << len(first)) - 1, 1 << (len(first) - 1)
    rises, falls, distance = full, 0, len(first)
    for item in second:
        equal = places[item]
        vertical = equal | falls
        horizontal = (((equal & rises) + rises) ^ rises) | equal
        up, down = falls | ~(horizontal | rises) & full, rises & horizontal
        distance += bool(up & last) - bool(down & last)
        up, down = (up << 1) | 1, down << 1
        rises, falls = (down | ~(vertical | up)) & full, up & vertical & full
    return distance


def _places(items: Sequence[Hashable]) -> dict[Hashable, int]:
    places: dict[Hashable, int] = defaultdict(int)
    for place, item in enumerate(items):
        places[item] |= 1 << place
    return places
