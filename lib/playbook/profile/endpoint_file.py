"""Read endpoints alone: a file of them, or those of a whole params file."""

from __future__ import annotations

from pathlib import Path

from playbook.errors import ParamsError
from playbook.profile.checking import checked
from playbook.profile.endpoints import Endpoint
from playbook.profile.loading import load_profile
from playbook.profile.profile import SECTIONS
from playbook.profile.reading import read_file, read_tree

ENDPOINTS = "endpoints"
_INSIDE = f"trials.{ENDPOINTS}"


def load_endpoints(path: Path) -> tuple[Endpoint, ...]:
    """Return the endpoints of a YAML file.

    It holds either `endpoints:` alone, with the fields that they have in a params file, or it is a
    team's params file, of which only `trials.endpoints` count.

    Args:
        path: The file.

    Raises:
        ParamsError: with all problems at once, or when it names no endpoint.
    """
    label = str(path)
    tree = read_tree(read_file(path, label), label)
    values = tree.root.plain()
    if ENDPOINTS not in values and set(values) & set(SECTIONS):
        found = load_profile(path).trials.endpoints
    else:
        places = {f"trials.{name}": f"line {at}" for name, at in tree.lines().items()}
        unknown = [f"{name} is unknown beside {ENDPOINTS}" for name in values if name != ENDPOINTS]
        given: dict[str, object] = {"trials": {ENDPOINTS: values.get(ENDPOINTS) or []}}
        known = (*tree.problems, *unknown)
        try:
            found = checked(given, label=label, places=places, known=known).trials.endpoints
        except ParamsError as error:
            problems = [one.replace(_INSIDE, ENDPOINTS) for one in error.problems]
            raise ParamsError(label, problems) from error
    if not found:
        fix = f"list at least one under `{ENDPOINTS}:` (id, litellm_model or embedded, operator)"
        raise ParamsError(label, [f"names no endpoint; {fix}"])
    return found
