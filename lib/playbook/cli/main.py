"""`playbook`: one group of commands, each loaded only when it is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from playbook import __version__
from playbook.cli.lazy import LazyGroup
from playbook.errors import PlaybookError

COMMANDS = {
    "answers": ("playbook.cli.answers", "answers", "Send out open questions, read answers back."),
    "audit": ("playbook.cli.audit", "audit", "Verify the log of what left the perimeter."),
    "capacity": ("playbook.cli.capacity", "capacity", "Estimate speeds of GPUs, and judge them."),
    "check": ("playbook.cli.params", "check", "Check params files and prompt sets; run nothing."),
    "demo": ("playbook.cli.run", "demo", "Run the demo team on the embedded engine."),
    "facts": ("playbook.cli.facts", "facts", "Check or show the facts the results rest on."),
    "lab": ("playbook.cli.lab", "lab", "Open the notebooks in JupyterLab, with widgets."),
    "new": ("playbook.cli.params", "new", "Write a commented params file for a new team."),
    "report": ("playbook.cli.run", "report", "Render a run's report again from its JSON."),
    "run": ("playbook.cli.run", "run", "Run the six notebooks of each team, and the index."),
    "stage": ("playbook.cli.stage", "stage", "Run one stage and print its record."),
    "trials": ("playbook.cli.trials", "trials", "Import prompts, try endpoints, compare them."),
}
FAILED, PROBLEM = 1, 2
INTERRUPTED = 130


@click.group(cls=LazyGroup, lazy=COMMANDS)
@click.version_option(__version__, prog_name="playbook")
def cli() -> None:
    """Decide with evidence between commercial LLM APIs, hosted and self-hosted open weights."""


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line; a problem its reader can mend ends with code 2 and no traceback."""
    try:
        code = cli.main(args=args, prog_name="playbook", standalone_mode=False)
    except click.exceptions.Abort:
        _stop("interrupted: run the same command again to resume", INTERRUPTED)
    except KeyboardInterrupt:
        _stop("interrupted: run the same command again to resume", INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(PROBLEM)
    except PlaybookError as error:
        _stop(str(error), PROBLEM)
    except OSError as error:
        _stop(f"{error.filename or 'a file'}: {error.strerror}; mend it, then run again", FAILED)
    sys.exit(code if isinstance(code, int) else 0)


def _stop(message: str, code: int) -> None:
    click.echo(message, err=True)
    sys.exit(code)
