"""Commands that are each loaded when they are named: ``archiver source add`` is ``source_add.py``, and no other."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class Group(click.Group):
    """The commands of the program, or of a command.

    Args:
        name: of the group.
        summaries: each command's name, with its one line of help.
        prefix: what stands before a command's name in that of its module; the group's own name by default.
    """

    def __init__(self, name: str, summaries: Mapping[str, str], *, prefix: str | None = None, **settings: Any) -> None:
        super().__init__(name, no_args_is_help=True, **settings)
        self._summaries = summaries
        self._prefix = f"{name}_" if prefix is None else prefix

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands' names, in the order in which they are told."""
        del ctx
        return list(self._summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, loaded now."""
        del ctx
        if cmd_name not in self._summaries:
            return None
        module = import_module(f"archiver.terminal.{self._prefix}{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their lines, none of them loaded."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(self._summaries.items()))
