"""The `playbook` command."""

from playbook.cli.main import main

__all__ = ["main"]
