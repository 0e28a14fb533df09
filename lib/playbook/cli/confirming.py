"""Show what a run would cost, and let nothing dear begin without a yes."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from playbook.errors import TrialError

if TYPE_CHECKING:
    from playbook.trials.preflight_records import RunPlan


def confirm_cost(
    plans: Sequence[RunPlan], limits_usd: Mapping[str, float], *, yes: bool, run_again: str
) -> None:
    """Print plans of runs to the error stream; ask once where they may cost much.

    Args:
        plans: One a team.
        limits_usd: By team, the money above which a run is asked for.
        yes: Whether the question was answered beforehand.
        run_again: The command to run with `--yes`, for the message.

    Raises:
        TrialError: when nobody is there to ask; nothing was sent.
        click.Abort: when the answer is no.
    """
    shown = [one for one in plans if one.calls or one.unpriced]
    for one in shown:
        for line in one.lines():
            click.echo(line, err=True)
    low, high = (sum(one.usd[end] for one in shown) for end in (0, 1))
    if len(shown) > 1:
        click.echo(f"all teams together: {low:.2f} to {high:.2f} USD", err=True)
    dear = [one for one in shown if one.usd[1] > limits_usd[one.team]]
    if not dear or yes:
        return
    limits = ", ".join(f"{limits_usd[one.team]:g}" for one in dear)
    words = f"this may cost up to {high:.2f} USD, above the {limits} USD of confirm_above_usd"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise TrialError(f"{words}; nothing was sent: run `{run_again}`, or lower the money cap")
    click.confirm(f"{words}. Go on?", abort=True, err=True)
