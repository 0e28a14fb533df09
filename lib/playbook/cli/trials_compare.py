"""`playbook trials compare`: two endpoints of a run on the same prompts, by a margin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from playbook.errors import ArtefactError, ParamsError

if TYPE_CHECKING:
    from playbook.trials.ledger_comparison import MarginComparison

_MEANS = {
    "equivalent": "{first} and {second} are within {points:g} points of each other",
    "not inferior": "{first} is at most {points:g} points worse than {second}",
    "inferior": "{first} is worse than {second} by more than {points:g} points",
    "different": "{first} is better than {second} by more than {points:g} points",
    "inconclusive": "the interval is too wide for {points:g} points",
}


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--a", "first", required=True, help="Endpoint that is to be as good.")
@click.option("--b", "second", required=True, help="Endpoint that it is compared with.")
@click.option(
    "--margin",
    type=click.FloatRange(0, 0.5, min_open=True),
    required=True,
    help="Difference in pass rate that counts as equal, as a share; choose it before the run.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, and nothing else.")
def compare(
    folder: Path,
    first: str,
    second: str,
    margin: float,
    as_json: bool,  # noqa: FBT001  click passes flags so
) -> int:
    """Compare endpoints A and B of the run in DIR, prompt by prompt, from its ledger.

    Errors and refusals of a provider count as failures; what was kept back is in no comparison.
    An interval too wide for the margin is inconclusive, which is a result: exit code 0.
    """
    from playbook.trials.ledger import LEDGER, read_ledger  # noqa: PLC0415  likewise
    from playbook.trials.ledger_comparison import compare_in_ledger  # noqa: PLC0415  slow import

    if not (folder / LEDGER).is_file():
        raise ArtefactError(f"{folder}: holds no {LEDGER}; run `playbook trials run` into it first")
    attempts = read_ledger(folder / LEDGER)
    known = sorted({one.endpoint for one in attempts})
    wrong = [
        f"{option} {name!r} answered nothing in {folder}; there are: {', '.join(known) or 'none'}"
        for option, name in (("--a", first), ("--b", second))
        if name not in known
    ]
    if first == second:
        wrong.append("--a and --b are the same endpoint; name two")
    if wrong:
        raise ParamsError("trials compare", wrong)
    found = compare_in_ledger(attempts, first, second, margin=margin)
    click.echo(json.dumps(found.model_dump(mode="json"), indent=1) if as_json else _words(found))
    return 0


def _words(one: MarginComparison) -> str:
    rates = f"{one.first} passes {one.first_rate:.1%}, {one.second} {one.second_rate:.1%}"
    gap = one.difference
    ends = f"{100 * gap.low:+.1f} to {100 * gap.high:+.1f}; {gap.method}"
    only_first = f"only {one.first} passed {one.only_first_passed}"
    only_second = f"only {one.second} {one.only_second_passed}"
    lines = [
        f"{rates} of the same {one.n} prompts",
        f"difference {100 * gap.value:+.1f} points ({ends})",
        f"{only_first}, {only_second}; exact McNemar p = {one.p_value:.4g}",
        f"verdict by a margin of {one.margin:g}: {one.verdict}: "
        + _MEANS[one.verdict].format(first=one.first, second=one.second, points=100 * one.margin),
    ]
    if one.left_out:
        lines.append(f"left out: {one.left_out} prompts that not both were sent")
    if one.unscored:
        lines.append(f"left out: {one.unscored} prompts without a scorer")
    if one.prompts_to_settle is not None and one.verdict == "inconclusive":
        lines.append(f"about {one.prompts_to_settle:,} prompts would settle it")
    return "\n".join(lines)
