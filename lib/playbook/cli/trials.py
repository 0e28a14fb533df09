"""`playbook trials`: its commands, each loaded when it is called."""

from __future__ import annotations

import click

from playbook.cli.lazy import LazyGroup

COMMANDS = {
    "compare": ("playbook.cli.trials_compare", "compare", "Compare two endpoints of a run."),
    "import": ("playbook.cli.trials_import", "import_", "Make a prompt set of a foreign file."),
    "labels": ("playbook.cli.trials_labels", "labels", "Draw answers for people to label."),
    "load": ("playbook.cli.trials_load", "load", "Measure an endpoint under load."),
    "ping": ("playbook.cli.trials_ping", "ping", "Does each endpoint answer, and as which model?"),
    "run": ("playbook.cli.trials_run", "run", "Try a prompt set on endpoints, outside any team."),
    "scorers": ("playbook.cli.trials_scorers", "scorers", "How can answers be scored?"),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def trials() -> None:
    """Import prompts, try them on endpoints, compare the answers, measure under load."""
