"""`playbook trials import`: prompts of other evaluation tools as a prompt set."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import get_args

import click

from playbook.cli.params import point_to_params
from playbook.vocabulary import DataClass, DataType

LINES_SHOWN = 60
_WIDTH = 88


class _WithList(click.Command):
    """A command whose help ends with what maps to which scorer, read when it is shown."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's signature
        """Write the list."""
        from playbook.trials.importing import MAPPED, NOT_MAPPED  # noqa: PLC0415  slow import

        with formatter.section("Asserts of promptfoo that become scorers"):
            formatter.write_dl(list(MAPPED.items()))
            formatter.write_text(
                "not- before one turns its scorer round, but before contains-all and icontains-all."
            )
        with formatter.section("Asserts of promptfoo that stay behind"):
            reasons = dict.fromkeys(NOT_MAPPED.values())
            for reason in reasons:
                names = ", ".join(name for name, why in NOT_MAPPED.items() if why == reason)
                formatter.write(
                    textwrap.indent(
                        textwrap.fill(f"{names}: {reason}", _WIDTH, break_on_hyphens=False), "  "
                    )
                )
                formatter.write("\n")


@click.command(name="import", cls=_WithList)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["auto", "promptfoo", "inspect", "csv"]),
    default="auto",
    show_default=True,
    help="promptfoo: YAML or JSON configuration. inspect: JSONL samples, OpenAI's evals too.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Prompt set to write, as <params>/prompts/<id>.jsonl.",
)
@click.option(
    "--data-class",
    type=click.Choice([str(one) for one in DataClass]),
    default=None,
    help="Class of the data in it; restricted if left out.",
)
@click.option("--data-types", default="", help="Types of data in it, with commas between.")
@click.option("--task", default="", help="Task of every prompt; else the file's own, or its name.")
@click.option("--force", is_flag=True, help="Replace a prompt set that is there.")
def import_(  # noqa: PLR0913, PLR0917  click passes each option by name
    file: Path,
    file_format: str,
    out: Path,
    data_class: str | None,
    data_types: str,
    task: str,
    force: bool,  # noqa: FBT001  click passes flags so
) -> int:
    """Write the prompt set that FILE becomes, and tell what came over and what did not.

    Only what then loads is written, whole or not at all. Exit code 2 when nothing can be imported.
    """
    from playbook.trials.importing import import_prompts  # noqa: PLC0415  slow import
    from playbook.trials.importing.importer import Labelling  # noqa: PLC0415  likewise

    point_to_params(out)
    labelling = Labelling(
        data_class=DataClass(data_class) if data_class else DataClass.RESTRICTED,
        data_types=_types(data_types),
        task=task,
    )
    made = import_prompts(file, out, labelling, file_format=file_format, force=force)
    lines = made.tally.lines()
    click.echo(f"{made.path}: {made.prompts} prompts, read as {made.format}")
    for words, count in made.tally.asserts.most_common():
        click.echo(f"scored by: {count} {words}")
    if made.unscored:
        click.echo(f"not scored: {made.unscored} prompts have no scorer; answers are only recorded")
    for line in lines[:LINES_SHOWN]:
        click.echo(line)
    if len(lines) > LINES_SHOWN:
        click.echo(f"and {len(lines) - LINES_SHOWN} more lines of this kind")
    if data_class is None:
        click.echo(
            "label: restricted, since no --data-class was given; few endpoints may receive it"
        )
    return 0


def _types(text: str) -> tuple[DataType, ...]:
    named = [one.strip() for one in text.split(",") if one.strip()]
    known = get_args(DataType)
    for one in named:
        if one not in known:
            fix = f"{one!r} is no type of data; choose of {', '.join(known)}"
            raise click.BadParameter(fix, param_hint="--data-types")
    return tuple(one for one in known if one in named)
