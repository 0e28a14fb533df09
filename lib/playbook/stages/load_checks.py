"""Whether the load sweep of a params file can measure anything, before a run begins."""

from __future__ import annotations

from collections.abc import Iterator

from playbook.profile import Profile
from playbook.trials.load.sweep import can_be_measured


def load_notices(profile: Profile) -> Iterator[str]:
    """Yield a warning for endpoints that a load sweep leaves out, since they are no option.

    Args:
        profile: Names the loads and the endpoints.
    """
    section = profile.trials
    fields = [name for name in ("load_sweep", "load_rates") if getattr(section, name)]
    left_out = [one.id for one in section.endpoints if not can_be_measured(one)]
    if not fields or not left_out:
        return
    whose = (
        "no endpoint" if len(left_out) == len(section.endpoints) else f"not {', '.join(left_out)}"
    )
    yield (
        f"warning: trials.{' and '.join(fields)}: {whose} will be measured under load: only an "
        "endpoint with an option is, and no embedded model or stand-in; give it its option, or use "
        "`playbook trials load`"
    )
