"""`playbook trials scorers`: how answers can be scored, from the scorers' own files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import fill, indent
from typing import TYPE_CHECKING

import click

from playbook.profile.problems import did_you_mean

if TYPE_CHECKING:
    from playbook.trials.scorer_cards import OptionCard, ScorerCard

WIDTH = 100
COMMON = (
    "Every scorer also takes `at_least` (least score that passes, above 0 to 1; full marks where "
    "left out), `expected` (in place of the prompt's own) and `unwanted` (true turns the score "
    "round). A score of None is neither a pass nor a failure."
)


@click.command()
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for machines.")
@click.option("--markdown", is_flag=True, help="Print a table for a page of documentation.")
def scorers(names: tuple[str, ...], *, as_json: bool, markdown: bool) -> int:
    """Say what the scorers NAMES do, expect and take; all of them where none is named.

    Exit code 1 if a scorer of an installed package can't be used, 2 if a name is unknown.
    """
    from playbook.trials.scorer_cards import scorer_cards  # noqa: PLC0415  only where it is needed
    from playbook.trials.scorers import all_scorers, scorer_problems  # noqa: PLC0415  likewise

    known = all_scorers()
    for name in names:
        if name not in known:
            hint = did_you_mean(name, list(known)) or f"; there are {', '.join(known)}"
            raise click.UsageError(f"{name!r} is no scorer{hint}")
    cards = [one for one in scorer_cards() if not names or one.name in names]
    if as_json:
        click.echo(json.dumps([one.model_dump(mode="json") for one in cards], indent=2))
    elif markdown:
        click.echo("\n".join(_table(cards)))
    else:
        click.echo("\n\n".join(_words(one) for one in cards) + "\n\n" + fill(COMMON, WIDTH))
    for problem in scorer_problems():
        click.echo(f"warning: {problem}", err=True)
    return 1 if scorer_problems() else 0


def _words(card: ScorerCard) -> str:
    lines = [
        f"{card.name}{f' (of {card.added_by})' if card.added_by else ''}",
        _paragraph(card.summary),
        *map(_paragraph, card.details.splitlines()),
        _paragraph(f"expects: {card.expects}; scores: {card.scores}; read by {card.read_by}"),
        *(_paragraph(_option(one), "    ") for one in card.options),
        _paragraph(f"use: {card.use}"),
        indent(card.example, "  "),
    ]
    return "\n".join(line for line in lines if line.strip())


def _option(one: OptionCard) -> str:
    default = f"default {one.default}" if one.default else "needed"
    return f"{one.name}: {one.values}; {default}. {one.meaning}"


def _paragraph(text: str, before: str = "  ") -> str:
    return fill(text, WIDTH, initial_indent=before, subsequent_indent=before)


def _table(cards: list[ScorerCard]) -> Iterator[str]:
    yield "| scorer | what it returns | expects | options |"
    yield "|---|---|---|---|"
    for card in cards:
        options = ", ".join(f"`{one.name}`" for one in card.options) or "none"
        cells = (f"`{card.name}`", card.summary, card.expects, options)
        yield "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"
