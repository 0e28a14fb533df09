"""`playbook trials ping`: does each endpoint answer, and as which model?"""

from __future__ import annotations

from pathlib import Path

import click

from playbook.cli.params import checked
from playbook.cli.refusal_words import refusal_lines
from playbook.errors import ArtefactError

SILENT = 1


@click.command()
@click.argument("params", type=click.Path(path_type=Path, dir_okay=False))
def ping(params: Path) -> int:
    """Send one harmless word to each endpoint of PARAMS; exit code 1 if one does not answer.

    What was sent is in audit.jsonl of the team's folder `ping` beside its runs.
    """
    (profile,) = checked((params,))
    from playbook.compliance import assess_compliance  # noqa: PLC0415  only where it is needed
    from playbook.stages import catalog_for, today  # noqa: PLC0415  likewise
    from playbook.stages.places import reports_dir  # noqa: PLC0415  likewise
    from playbook.trials.ping import ping_endpoints  # noqa: PLC0415  likewise

    endpoints = profile.trials.endpoints
    clearance = assess_compliance(profile, catalog_for(params), as_of=today()).clearance
    if not endpoints:
        click.echo(f"{params} names no endpoint under trials.endpoints")
        return 0
    folder = reports_dir() / profile.team.name / "ping"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArtefactError(f"{folder}: can't be made ({error.strerror})") from error
    found = ping_endpoints(
        endpoints, clearance, folder=folder, deadline_s=profile.trials.deadline_s
    )
    for one in found:
        first, *more = refusal_lines(one.words)
        state = "ok, " if one.answers else "NO ANSWER: " if one.asked else "NOT ASKED: "
        click.echo(f"{one.endpoint}: {state}{first}")
        for line in more:
            click.echo(f"  {line}")
    return 0 if all(one.answers for one in found) else SILENT
