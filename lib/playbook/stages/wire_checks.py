"""What the addresses of endpoints and the labels of prompts tell of a params file beforehand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from playbook.catalog import Catalog, address_in
from playbook.clearance import regulated
from playbook.compliance import why_not_own
from playbook.profile import Endpoint, Profile
from playbook.trials.pinning import is_private
from playbook.trials.plan import chosen_prompts
from playbook.trials.prompt_records import PromptSet

_LOCAL_NAMES = (
    "localhost", "local", "internal", "home.arpa", "intranet", "private", "corp", "home", "lan",
)  # fmt: skip
"""Last parts of names that no public look-up answers.

Source: RFC 6761, section 6.3; RFC 6762, section 3 and appendix G; RFC 8375; ICANN board resolution
2024.07.29.06 (internal).
"""


def wire_problems(profile: Profile, catalog: Catalog) -> Iterator[str]:
    """Yield every address that is none, or is a provider's and declared the team's own."""
    for one in profile.trials.endpoints:
        if one.api_base and address_in(one.api_base) is None:
            yield (
                f"trials.endpoints.{one.id}.api_base: {one.api_base!r} names no host and port; "
                "write it as http://HOST:8000/v1"
            )
        if wrong := why_not_own(one, catalog):
            yield f"trials.endpoints.{one.id}: {wrong}"


def wire_notices(profile: Profile, prompt_sets: Sequence[PromptSet]) -> Iterator[str]:
    """Yield a warning for addresses at odds with what is declared, and for types that are not.

    Neither is a problem of the file: nobody can see from here who answers at an address.

    Args:
        profile: Profile of a params file.
        prompt_sets: Those of its prompt sets that could be read.
    """
    for endpoint in profile.trials.endpoints:
        if endpoint.api_base and endpoint.embedded is None:
            where = f"warning: trials.endpoints.{endpoint.id}"
            yield from (f"{where}.{line}" for line in _at_odds(endpoint))
    for one in prompt_sets:
        yield from _unstated_types(profile, one)


def _at_odds(endpoint: Endpoint) -> Iterator[str]:
    scheme = endpoint.api_base.partition(":")[0]
    host = (address_in(endpoint.api_base) or "").rpartition(":")[0].strip("[]").rstrip(".")
    if not host:
        return
    private = _is_private(host)
    own = endpoint.operator == "self" or endpoint.perimeter in ("on_prem", "air_gapped")
    declared = f"operator {endpoint.operator}, perimeter {endpoint.perimeter}"
    if private is False and scheme == "http":
        yield f"api_base: plain http to the public address {host} is refused at the wire; use https"
    if private and not own and endpoint.perimeter == "external":
        yield (
            f"perimeter: {host} is {'this machine' if _is_loopback(host) else 'a private address'},"
            f" but {declared} is declared, so a third party's rules hold; if the team itself runs "
            "what answers there, and it passes nothing on, set operator: self and perimeter"
        )
    if private is False and own:
        yield (
            f"perimeter: {host} is a public address, but {declared} is declared; if that is wrong, "
            "prompts leave the team's network: correct it"
        )
    if private is None and own and scheme == "https":
        yield (
            f"perimeter: {declared} is taken on trust: over https, prompts go to whoever holds a "
            f"certificate for {host}; make sure that the team runs it inside its own network"
        )


def _is_private(host: str) -> bool | None:
    """Return whether a host is private; None for a name that may be public."""
    last = host.rpartition(".")[2]
    if "." not in host and ":" not in host and not last.isdecimal():
        return True
    if any(host.endswith(f".{one}") for one in _LOCAL_NAMES):
        return True
    try:
        return is_private(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    return host.startswith("127.") or host == "::1" or host.endswith("localhost")


def _unstated_types(profile: Profile, prompt_set: PromptSet) -> Iterator[str]:
    stated = profile.data.data_types or ()
    chosen = tuple(chosen_prompts(prompt_set, profile.trials.prompts_per_task))
    lacking = [[one for one in regulated(each.data_types) if one not in stated] for each in chosen]
    counts = Counter(one for types in lacking for one in types)
    if counts:
        names = ", ".join(counts)
        yield (
            f"warning: prompts/{prompt_set.id}.jsonl: {sum(map(bool, lacking))} of {len(chosen)} "
            f"prompts hold {names}, which data.data_types does not state, so they will be kept "
            f"back; add {names} to data.data_types, or correct the prompt set's data_types"
        )
