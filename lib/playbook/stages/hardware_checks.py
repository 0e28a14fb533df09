"""Whether the hardware that endpoints declare is known, and whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from playbook.catalog import Catalog
from playbook.catalog.schema import Precision
from playbook.profile import Endpoint, Profile
from playbook.profile.problems import did_you_mean


def hardware_problems(profile: Profile, catalog: Catalog) -> Iterator[str]:
    """Yield a line for each engine, GPU or precision that is unknown or cannot be meant."""
    known = {
        "engine": [one.id for one in catalog.engines],
        "gpu": [one.id for one in catalog.gpus],
        "precision": list(get_args(Precision)),
    }
    for one in profile.trials.endpoints:
        where = f"trials.endpoints.{one.id}"
        for field, choices in known.items():
            name = getattr(one, field)
            if name and name not in choices:
                hint = did_you_mean(name, choices) or f"; known are {', '.join(choices)}"
                yield f"{where}.{field}: {name!r} is no {field} of the catalogue{hint}"
        yield from _misplaced(one, where)


def _misplaced(one: Endpoint, where: str) -> Iterator[str]:
    declared = [name for name in ("engine", "gpu", "gpus", "precision") if getattr(one, name)]
    if one.embedded and declared:
        fix = f"delete {', '.join(declared)}"
        yield f"{where}: a demonstration model runs on this machine's CPU; {fix}"
    elif one.gpus and not one.gpu:
        yield f"{where}.gpus: is {one.gpus} of an unnamed GPU; give gpu, or leave gpus out"
