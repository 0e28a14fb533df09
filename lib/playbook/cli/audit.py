"""`playbook audit verify RUN`: was the log of what left the perimeter changed?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from playbook.runs import Manifest

CHANGED = 1
GO_ON = ("running", "by_hand")
"""States of a run whose log may have grown since its head was kept."""


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
    from playbook.runs import MANIFEST, Run  # noqa: PLC0415  only where it is needed
    from playbook.trials.audit import AUDIT_LOG, read_audit, verify_audit  # noqa: PLC0415  likewise

    manifest = Run(folder).manifest() if (folder / MANIFEST).is_file() else None
    kept = manifest.audit_head if manifest else ""
    if (head or kept) and not (folder / AUDIT_LOG).exists():
        click.echo(f"{AUDIT_LOG} is gone, though its head was kept: CHANGED")
        return CHANGED
    goes_on = not head and manifest is not None and manifest.status in GO_ON
    found = verify_audit(folder / AUDIT_LOG, head or kept or None, grows=goes_on)
    for problem in found.problems:
        click.echo(problem)
    if not head and not kept:
        click.echo(f"{_why_no_head(manifest)}: a cut tail can't be seen")
    elif goes_on and found.head != kept:
        click.echo("the run goes on: of the lines since its last stop a cut tail can't be seen")
    runs = {line.run for line in read_audit(folder / AUDIT_LOG)} if found.intact else set()
    if others := ", ".join(map(repr, sorted(runs - {folder.resolve().name, ""}))):
        click.echo(f"its lines are of run {others}: the folder was moved, or the log is another's")
    if found.torn_bytes and found.intact:
        click.echo(f"a last line of {found.torn_bytes} bytes was cut short, as by a crash")
    click.echo(f"{found.lines} lines, head {found.head}: {'intact' if found.intact else 'CHANGED'}")
    return 0 if found.intact else CHANGED


def _why_no_head(manifest: Manifest | None) -> str:
    if manifest is None:
        return "the folder has no manifest"
    return "the run has not ended" if manifest.status == "running" else "the manifest has no head"
