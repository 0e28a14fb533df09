"""The coefficients of deployments: one value for all, and how groups differ from it.

Each coefficient is `value + sum of the differences of its groups` on the scale on which it was
fitted: logarithms, or log-odds for shares, which so stay below 1. A group that nobody measured
differs by nothing, so that a new GPU or engine falls back on what is known of its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from playbook.catalog.capacity_fit import CapacityFit, Coefficient
from playbook.costs.capacity.setups import Names, Setups
from playbook.uncertainty import Samples

BASE = "all"
FAMILIES = {
    "trtllm": "tensorrt-llm", "vllm": "vllm", "sglang": "vllm", "llamacpp": "llama.cpp",
    "exllamav2": "llama.cpp", "lmdeploy": "tensorrt-llm",
}  # fmt: skip
"""Engines that resemble each other: lmdeploy's kernels stem from FasterTransformer, as those of
TensorRT-LLM do; exllamav2 serves one call at a time from few bits, as llama.cpp does."""
VENDORS = {
    "ampere": "nvidia", "ada": "nvidia", "hopper": "nvidia", "blackwell": "nvidia",
    "cdna2": "amd", "cdna3": "amd", "cdna4": "amd", "apple": "apple", "gaudi": "intel",
    "cpu": "cpu",
}  # fmt: skip
PURPOSES = {
    ("trtllm-tuned", ""): "contest",
    ("vllm-tuned", ""): "contest",
    ("vllm", "burst"): "service",
    ("sglang", "burst"): "service",
    ("trtllm-1", "burst"): "service",
}
"""What runs of different engines have in common besides them."""
Key = tuple[str, str, str]
"""Group, level, coefficient."""
Codes = NDArray[np.int64]


def group_names(setups: Setups) -> dict[str, Names]:
    """Return to which level of each kind of group each deployment belongs."""
    names = setups.names
    return {
        "engine": _mapped(names["class"], lambda one: FAMILIES[one.partition("-")[0]]),
        "class": names["class"],
        "regime": names["regime"],
        "class+regime": joined(names, ("class", "regime")),
        "purpose": _purposes(names),
        "vendor": _mapped(names["generation"], lambda one: VENDORS.get(one, "")),
        "generation": names["generation"],
        "format": names["format"],
        "sparse": names["sparse"],
    }


def _purposes(names: Mapping[str, Names]) -> Names:
    """Return whether a run was tuned for a contest, or served by a current engine; else nothing."""
    pairs = zip(names["class"], names["regime"], strict=True)
    words = [PURPOSES.get((one, ""), PURPOSES.get((one, regime), "")) for one, regime in pairs]
    return np.array(words, dtype=object)


def joined(names: Mapping[str, Names], keys: Sequence[str]) -> Names:
    """Return the names of combined groups, their parts joined by `|`."""
    return np.array(["|".join(parts) for parts in zip(*(names[key] for key in keys), strict=True)],
                    dtype=object)  # fmt: skip


def _mapped(names: Names, change: Callable[[str], str]) -> Names:
    table = {name: change(name) for name in set(names)}
    return np.array([table[name] for name in names], dtype=object)


def coded(names: Iterable[str], levels: Mapping[str, int]) -> Codes:
    """Return the number of each name's level; -1 for one that was not fitted."""
    return np.array([levels.get(name, -1) for name in names], np.int64)


@dataclass(frozen=True)
class Layout:
    """The fitted numbers of the model in their order."""

    coefficients: tuple[Coefficient, ...]
    """Coefficients with priors; they come first."""
    keys: tuple[Key, ...]
    """What each number is: the coefficients' own values, then differences of groups."""

    def design(self, setups: Setups) -> Design:
        """Return which numbers make up each coefficient of each deployment."""
        names = group_names(setups)
        index: dict[str, list[Codes]] = {
            one.coefficient: [np.full(len(setups), place)]
            for place, one in enumerate(self.coefficients)
        }
        for group, (numbers, found) in self.groups.items():
            codes = coded(names[group], numbers)
            for coefficient, places in found.items():
                index[coefficient].append(places[codes])
        stacked = {name: np.stack(parts, axis=1) for name, parts in index.items()}
        scales = {one.coefficient: one.scale for one in self.coefficients}
        return Design(stacked, scales)

    @cached_property
    def groups(self) -> dict[str, tuple[dict[str, int], dict[str, Codes]]]:
        """Return for each kind of group its levels, and where each level's numbers stand.

        The last place of each is that of no number, for a level that was not fitted.
        """
        levels: dict[str, set[str]] = {}
        for group, level, _ in self.keys:
            if group != BASE:
                levels.setdefault(group, set()).add(level)
        numbers = {
            group: {level: place for place, level in enumerate(sorted(some))}
            for group, some in levels.items()
        }
        found: dict[str, dict[str, Codes]] = {group: {} for group in levels}
        for place, (group, level, coefficient) in enumerate(self.keys):
            if group == BASE:
                continue
            if coefficient not in found[group]:
                found[group][coefficient] = np.full(len(numbers[group]) + 1, len(self.keys))
            found[group][coefficient][numbers[group][level]] = place
        return {group: (numbers[group], found[group]) for group in levels}


@dataclass(frozen=True)
class Design:
    """Which fitted numbers make up each coefficient of some deployments."""

    index: dict[str, Codes]
    """For each coefficient, places among the numbers; shape (deployments, groups + 1)."""
    scales: Mapping[str, str]
    """Scale of each coefficient."""

    def sums(self, numbers: Samples) -> dict[str, Samples]:
        """Return the coefficients of each deployment on the scale on which they are fitted."""
        extended = np.append(numbers, 0.0)
        return {name: extended[places].sum(axis=1) for name, places in self.index.items()}

    def coefficients(self, sums: Mapping[str, Samples]) -> dict[str, Samples]:
        """Return coefficients in their own units."""
        return {name: natural(values, self.scales[name]) for name, values in sums.items()}

    def values(self, numbers: Samples) -> dict[str, Samples]:
        """Return the coefficients of each deployment in their own units."""
        return self.coefficients(self.sums(numbers))


def natural(fitted: Samples, scale: str) -> Samples:
    """Return coefficients from the scale on which they were fitted.

    Example:
        >>> zero = np.zeros(1)
        >>> float(natural(zero, "share")[0]), float(natural(zero, "positive")[0])
        (0.5, 1.0)
    """
    return 1 / (1 + np.exp(-fitted)) if scale == "share" else np.exp(fitted)


def fitted(value: float, scale: str) -> float:
    """Return a coefficient on the scale on which it is fitted."""
    return float(np.log(value / (1 - value)) if scale == "share" else np.log(value))


def numbers_of(fit: CapacityFit) -> tuple[Layout, Samples]:
    """Return the layout and the numbers of a fit."""
    rows = fit.coefficient_rows
    keys = (
        *((BASE, "", one.coefficient) for one in rows),
        *((one.group, one.level, one.coefficient) for one in fit.deviation_rows),
    )
    values = [fitted(one.value, one.scale) for one in rows]
    values += [one.value for one in fit.deviation_rows]
    return Layout(rows, keys), np.array(values)
