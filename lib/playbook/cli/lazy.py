"""A group of commands, each imported only when it is called."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click

Commands = Mapping[str, tuple[str, str, str]]
"""By name: module, name in it, one line of help."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called.

    Args:
        lazy: Its commands.
        given: What a group takes.
    """

    def __init__(self, *, lazy: Commands, **given: Any) -> None:  # noqa: ANN401  as click gives them
        super().__init__(**given)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the names of all commands."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        """Return a command, importing its module."""
        if cmd_name not in self._lazy:
            return None
        module, name, _ = self._lazy[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's signature
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, _, words) in self._lazy.items()])
