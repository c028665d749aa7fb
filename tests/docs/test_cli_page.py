"""``docs/cli.md`` is what the program says of itself. Written anew by ``UPDATE_DOCS=1 make test PYTEST=tests/docs``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

import cli
from archiver import errors
from archiver.terminal.program import BUG, INTERRUPTED, UNHEARD, program
from storage.errors import InvalidStoreUrl, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"

BEFORE = """# The command line

`archiver [--archive DIR] [--actor NAME] COMMAND …`. Data goes to standard output, talk and progress to standard error.
`--json` on every command: one JSON object, a line each for commands that answer with many. Unknown words are errors.
Nothing is sent anywhere but to the store, the database and the time-stamping authorities that the archive names.

## Exit codes

| exit | means |
|---|---|
| 0 | done, intact |
| 1 | the answer is *no*: altered, missing, broken log, not alike; or there was nothing to check |
| 2 | usage: the words do not fit together |
| 3 | input refused, or some inputs or time stamps failed (the rest are archived; each failure is named) |
| 4 | the store, or the private spool: unreachable, denied, full |
| 5 | the catalogue: unreachable, locked, damaged |
| 6 | the log does not add up, or the catalogue must be rebuilt before anything is written |
| 70 | a bug of ours |
| 130 | interrupted (Ctrl-C, SIGTERM, a closed terminal); what has a receipt is safe |
| 141 | whoever read the output went away before it was whole |

With `--json` an error is also an object on standard output: `{"error", "hint", "exit_code"}`.

## Help

The texts below are the program's own.
"""


def _help(*words: str) -> str:
    parser = program(cli.COMMANDS, cli.help_text)
    result = CliRunner().invoke(parser, [*words, "--help"], prog_name="archiver", terminal_width=100)
    assert result.exit_code == 0, result.output
    return result.output.rstrip()


def _command(*words: str) -> click.Command:
    command: click.Command | None = program(cli.COMMANDS, cli.help_text)
    for word in words:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), word)
    assert command is not None
    return command


def _every_command() -> Iterator[tuple[str, ...]]:
    """The words of every command, those of a group behind the group's own."""
    for name in cli.COMMANDS:
        yield (name,)
        command = _command(name)
        if isinstance(command, click.Group):
            yield from ((name, each) for each in command.list_commands(click.Context(command)))


EVERY = list(_every_command())


def _page() -> str:
    parts = [BEFORE, f"```text\n{_help()}\n```\n"]
    parts += [f"### archiver {' '.join(words)}\n\n```text\n{_help(*words)}\n```\n" for words in EVERY]
    return "\n".join(parts)


def test_the_page_is_what_the_program_says() -> None:
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text(_page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == _page()


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_and_every_option_has_help(words: tuple[str, ...]) -> None:
    command = _command(*words)
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"archiver {' '.join(words)} {parameter.opts[0]}"


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_answers_in_json(words: tuple[str, ...]) -> None:
    command = _command(*words)
    if not isinstance(command, click.Group):
        assert any("--json" in parameter.opts for parameter in command.params)


def test_every_exit_code_of_an_error_is_documented() -> None:
    documented = {int(line.split("|")[1]) for line in BEFORE.splitlines() if line.startswith("|") and line[2].isdigit()}
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.ArchiverError)
    ]
    used = {kind.exit_code for kind in kinds} | {StoreError.exit_code, InvalidStoreUrl.exit_code, 0}
    used |= {BUG, INTERRUPTED, UNHEARD}
    assert used == documented
