"""The parser, the one place where errors become words and exit codes, and what every command is handed.

A command's module is loaded when it is named, and no other. Data goes to standard output, talk to standard error.
"""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archiver import __version__
from archiver.errors import ArchiverError, SpoolError, UsageError
from archiver.render import json_line, printable
from archiver.settings import SETTINGS, default_home
from archiver.terminal.group import Group
from storage.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archiver.archive import Archive

INTERRUPTED = 130
UNHEARD = 141
"""128 and the signal that ends whoever writes into a closed pipe, as shells count it; 0 would be an answer."""
_LONGEST_ACTOR = 500
BUG = 70


@dataclass(frozen=True, slots=True)
class Session:
    """What the words before the command said.

    Attributes:
        home: the archive's directory.
        actor: who runs the command.
    """

    home: Path
    actor: str

    def open(self) -> Archive:
        """The archive.

        Raises:
            UsageError: there is none.
        """
        from archiver.archive import Archive  # noqa: PLC0415 - only where an archive is opened
        from archiver.clock import SystemClock  # noqa: PLC0415 - as above

        archive = Archive(self.home, actor=self.actor, clock=SystemClock())

        def close() -> None:
            archive.close()
            for note in archive.notes:
                say(f"note: {printable(note)}")

        click.get_current_context().call_on_close(close)  # however the command ends
        return archive

    def open_or_make(self) -> Archive:
        """The archive; where there is none, one with the defaults is made, and said."""
        if not (self.home / SETTINGS).exists():
            from archiver.clock import SystemClock  # noqa: PLC0415 - only where an archive is made
            from archiver.commands.init import init  # noqa: PLC0415 - as above

            made = init(self.home, clock=SystemClock())
            say(f"made a new archive in {printable(str(made.home))} (its key is in keys/: keep a copy of it elsewhere)")
        return self.open()


def say(text: str) -> None:
    """Talk, on standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def tell(value: Any) -> None:
    """Data, on standard output: one line of JSON."""
    show(json_line(value))


def show(line: str) -> None:
    """A line on standard output, above a progress bar if there is one (``click.echo`` would write across it)."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def nobody_listens() -> None:
    """Go on in silence: whoever read our standard output has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Program(Group):
    """The group of all commands, with the one help text."""

    def __init__(self, summaries: Mapping[str, str], help_text: Callable[[], str], **settings: Any) -> None:
        super().__init__("archiver", summaries, prefix="", **settings)
        self._help_text = help_text

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; whoever stops reading gets no answer (click itself would end with 1: *the answer is no*)."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            nobody_listens()
            return UNHEARD

    def get_help(self, ctx: click.Context) -> str:
        """The one help text, wherever it is asked for."""
        del ctx
        return self._help_text()


def program(summaries: Mapping[str, str], help_text: Callable[[], str]) -> Program:
    """The parser of the whole command line."""
    made = Program(
        summaries,
        help_text,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        params=[
            click.Option(["--archive"], type=click.Path(path_type=Path, file_okay=False), metavar="DIR"),
            click.Option(["--actor"], metavar="NAME"),
        ],
        callback=_start,
    )
    return click.version_option(__version__, prog_name="archiver", message="%(prog)s %(version)s")(made)


@click.pass_context
def _start(context: click.Context, archive: Path | None, actor: str | None) -> None:
    name = actor or os.environ.get("ARCHIVER_ACTOR") or _login()
    if not name.strip() or len(name) > _LONGEST_ACTOR or any("\ud800" <= char <= "\udfff" for char in name):
        raise UsageError("--actor is empty, too long, or no text", hint="name the person who runs this command")
    context.obj = Session(archive or default_home(), name)


def _login() -> str:
    import getpass  # noqa: PLC0415 - only where nobody said who

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def run(words: Sequence[str], summaries: Mapping[str, str], help_text: Callable[[], str]) -> int:
    """Run one command; the exit code is the error's own (``archiver.errors``, ``storage.errors``)."""
    parser = program(summaries, help_text)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a character stops nothing
    # No command multiplies large matrices, and idle threads of OpenBLAS spin: 30 ms of CPU a picture of an upload.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        code = parser.main(list(words), prog_name="archiver", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        nobody_listens()
        return UNHEARD
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the outermost edge: everything gets its words here
        return _ended(error, as_json="--json" in words)
    return code if isinstance(code, int) else 0


def _ended(error: BaseException, *, as_json: bool) -> int:
    """Say what went wrong, and give the exit code for it."""
    match error:
        case click.Abort() | KeyboardInterrupt():
            with suppress(OSError):  # the terminal may be what ended
                say("interrupted: what has a receipt is safe; the same command again finishes the rest")
            return INTERRUPTED
        case click.ClickException():
            if as_json:
                tell({"error": error.format_message(), "hint": "see --help", "exit_code": error.exit_code})
            error.show()
            return error.exit_code
        case ArchiverError() | StoreError():
            return failed(error, as_json=as_json)
        case UnicodeEncodeError():
            hint = "give the words in the encoding of this locale"
            return failed(UsageError("an argument holds bytes that are no text", hint=hint), as_json=as_json)
        case OSError():
            refused = f"the system refuses {error.filename or 'this'}: {error.strerror or error}"
            hint = "check permissions, space and spelling; what has a receipt is safe"
            return failed(SpoolError(refused, hint=hint), as_json=False)
        case _:
            traceback.print_exception(error)
            say(
                "error: this is a bug of archiver's, not of yours; what has a receipt is safe. Please report the above."
            )
            return BUG


def failed(error: ArchiverError | StoreError, *, as_json: bool) -> int:
    """Say what an error says, and give its exit code."""
    if as_json:
        tell({"error": str(error), "hint": error.hint, "exit_code": error.exit_code})
    say(f"error: {printable(str(error))}")
    if error.hint:
        say(f"hint: {printable(error.hint)}")
    return error.exit_code
