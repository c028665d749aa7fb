"""The command line: a table of commands that is true, and light to load."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pkgutil import iter_modules

import click
import pytest

import cli
from archiver import terminal
from archiver.fingerprint.algorithm import DEFAULT_RADIUS
from archiver.terminal.program import program
from tests import drawing
from tests.archive.desk import PROJECT, Desk, run

HEAVY = {
    "boto3",
    "botocore",
    "sqlmodel",
    "sqlalchemy",
    "pydantic",
    "PIL",
    "numpy",
    "scipy",
    "imagehash",
    "cryptography",
}
HEAVY |= {"exifread", "rich", "psycopg", "pillow_heif"}

LOADED = """
import json, os, socket, sys
before = set(os.listdir("."))
import {module}
try:
    {call}
except SystemExit as ended:
    assert not ended.code, ended.code
assert set(os.listdir(".")) == before
sys.stdout.flush()
print("\\n" + json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


def loaded(module: str, call: str = "pass") -> set[str]:
    """The packages that a fresh Python has loaded after this."""
    script = LOADED.format(module=module, call=call)
    ended = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    return set(json.loads(ended.stdout.splitlines()[-1]))


def commands() -> dict[str, click.Command]:
    parser = program(cli.COMMANDS, cli.help_text)
    context = click.Context(parser)
    return {name: command for name in cli.COMMANDS if (command := parser.get_command(context, name))}


def every_command() -> dict[str, click.Command]:
    """All of them by their words, those of a group behind it."""
    found: dict[str, click.Command] = {}
    for name, command in commands().items():
        found[name] = command
        if isinstance(command, click.Group):
            context = click.Context(command)
            inner = {each: command.get_command(context, each) for each in command.list_commands(context)}
            found |= {f"{name} {each}": one for each, one in inner.items() if one}
    return found


def test_the_help_loads_nothing_but_itself() -> None:
    packages = loaded("cli", 'cli.main(["--help"])')

    assert not packages & (HEAVY | {"click", "archiver", "storage"})


@pytest.mark.parametrize("command", every_command())
def test_the_help_of_a_command_loads_nothing_heavy(command: str) -> None:
    packages = loaded("cli", f"cli.main({[*command.split(), '--help']})")

    assert "click" in packages
    assert not packages & HEAVY


@pytest.mark.parametrize("module", ["archiver", "storage", "cli"])
def test_importing_does_nothing(module: str) -> None:
    assert not loaded(module) & (HEAVY | {"click"})


def test_every_command_has_a_module_and_every_module_a_command() -> None:
    modules = {each.name: import_module(f"archiver.terminal.{each.name}") for each in iter_modules(terminal.__path__)}

    named = {name for name, module in modules.items() if hasattr(module, "command")}
    behind_a_group = {words.replace(" ", "_") for words in every_command() if " " in words}
    assert set(cli.COMMANDS) <= named <= set(cli.COMMANDS) | behind_a_group
    assert set(commands()) == set(cli.COMMANDS)
    assert {name: command.name for name, command in commands().items()} == {name: name for name in cli.COMMANDS}


def test_the_help_names_every_command_and_every_option_before_it() -> None:
    text = run("--help").out

    assert text == run().out == run("-h").out == cli.help_text() + "\n"
    for name, summary in cli.COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(summary)}$", text, re.MULTILINE), name
    for option in cli.OPTIONS:
        assert f"  {option} " in text
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("command", every_command())
def test_every_command_says_what_it_does_answers_in_json_and_explains_each_option(command: str) -> None:
    answer = run(*command.split(), "--help")

    assert answer.code == 0
    assert "--json" in answer.out or isinstance(commands().get(command), click.Group)
    for parameter in every_command()[command].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert parameter.opts[-1] in answer.out


@pytest.mark.parametrize("command", ["upload", "find"])
def test_the_default_radius_is_the_one_that_was_measured(command: str) -> None:
    (radius,) = [option for option in commands()[command].params if option.name == "radius"]

    assert radius.default == DEFAULT_RADIUS


def test_the_version_is_the_packages() -> None:
    assert run("--version").out == f"archiver {version('media-archiver')}\n"


def test_the_module_runs_as_the_command_does() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "archiver", "--help"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert ended.stdout == cli.help_text() + "\n"


def unheard(*words: object) -> tuple[int, str]:
    """Run a command whose output nobody reads; how it ended and what it said beside it."""
    command = [sys.executable, "-m", "archiver", *(str(word) for word in words)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        talk = process.stderr.read()
    return process.returncode, talk


def test_a_reader_who_leaves_is_told_no_answer_and_hears_no_noise(furnished: Desk) -> None:
    assert unheard("list", "--help") == (141, "")
    assert unheard("--archive", furnished.home, "list") == (141, "")
    one, other = (furnished.file(f"{n}.png", drawing.png(drawing.photo(90 + n))) for n in range(2))
    assert unheard("--archive", furnished.home, "compare", one, other) == (141, "")  # 0 would say: alike


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_a_standard_stream_that_is_closed_changes_no_answer_and_is_written_into_no_file(
    furnished: Desk, closed: str
) -> None:
    program = f"{shlex.quote(sys.executable)} -m archiver --archive {shlex.quote(str(furnished.home))}"
    picture = furnished.file("new.png", drawing.png(drawing.photo(95)))
    for words in (f"upload {shlex.quote(str(picture))}", "list", "verify", "audit"):
        ended = subprocess.run(
            ["sh", "-c", f"{program} {words} {closed}"], cwd=PROJECT, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, (words, ended.stdout, ended.stderr)
        assert "Traceback" not in ended.stderr
    furnished.root()


def test_a_reader_who_leaves_does_not_make_an_archive_intact(furnished: Desk) -> None:
    furnished.alter(furnished.batches()[-1], lambda _: None)

    assert unheard("--archive", furnished.home, "verify")[0] == 1
