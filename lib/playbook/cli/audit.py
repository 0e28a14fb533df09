"""`playbook audit verify RUN`: was the log of what left the perimeter changed?"""

from __future__ import annotations

from pathlib import Path

import click

CHANGED = 1


@click.group()
def audit() -> None:
    """Verify the log of what left the perimeter."""


@audit.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--head", default="", help="Head kept elsewhere, such as in a report sent round.")
def verify(folder: Path, head: str) -> int:
    """Find edits, deletions, reordering and a cut tail in audit.jsonl of a run FOLDER.

    The chain has no secret: who can write the whole folder can rebuild log and manifest. Compare
    the head with the one printed in a report that was sent elsewhere: `--head`.
    """
    from playbook.runs import Run  # noqa: PLC0415  only where it is needed
    from playbook.trials.audit import verify_audit  # noqa: PLC0415  likewise

    known = head or Run(folder).manifest().audit_head or None
    found = verify_audit(folder / "audit.jsonl", known)
    for problem in found.problems:
        click.echo(problem)
    if known is None:
        click.echo("the run has not ended: a cut tail can't be seen")
    click.echo(
        f"{found.lines} lines, head {found.head[:16]}: {'intact' if found.intact else 'CHANGED'}"
    )
    return 0 if found.intact else CHANGED
