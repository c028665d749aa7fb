"""Options that several commands share, each defined once."""

from __future__ import annotations

import sys
from functools import update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from archiver.facts.vocabulary import SourceKind, TimeBasis
from archiver.render import printable
from storage.protection import Mode

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

    from archiver.archive import Archive

Function = TypeVar("Function", bound="Callable[..., Any]")

as_json = click.option("--json", "as_json", is_flag=True, help="Answer with JSON on standard output.")

as_of = click.option(
    "--as-of", metavar="WHEN", help="What was known then: a time (UTC unless said), or an event, event:123."
)

history = click.option(
    "--history", is_flag=True, help="Every event about it, too, also what was superseded, lifted or taken back since."
)


def told_as_of(archive: Archive, *, aloud: bool) -> dict[str, Any]:
    """Which place of the log an answer is as of: for its JSON objects, and said ahead of an answer in words (aloud)."""
    if archive.horizon is None:
        return {}
    if aloud:
        sys.stderr.write(printable(archive.horizon.told()) + "\n")
        sys.stderr.flush()
    return {"as_of": archive.horizon.to_json()}


_MOST = 1_000_000
"""Answers that one command shows at the most: a larger number is a slip, and no database takes every one."""


def limit(default: int, what: str) -> Callable[[Function], Function]:
    """``--limit N``."""
    return click.option(
        "--limit",
        type=click.IntRange(1, _MOST),
        default=default,
        show_default=True,
        metavar="N",
        help=f"{what}.",
    )


def choice(kind: type[StrEnum]) -> click.Choice[str]:
    """A closed vocabulary as the words of an option."""
    return click.Choice([str(member) for member in kind])


def where_seen(function: Function) -> Function:
    """Where a picture was seen, and when and by whom it was published there."""
    bases = ", ".join(TimeBasis)
    for option in (
        click.option("--source", metavar="NAME", help="Who published it there, or gave it."),
        click.option(
            "--source-kind",
            type=choice(SourceKind),
            metavar="KIND",
            help=f"What kind of source that is: {', '.join(SourceKind)}.",
        ),
        click.option("--account", metavar="PLATFORM:HANDLE", help="The account it was seen on."),
        click.option("--channel", metavar="NAME", help="Where on the platform: a group, a section, a programme."),
        click.option("--url", metavar="URL", help="Where it was seen, exactly."),
        click.option("--canonical", metavar="URL", help="The address that the page itself names as its own."),
        click.option(
            "--published",
            metavar="WHEN",
            help="When it was published there, as stated: 2024-12-27, 2024-12-27T14:05:00+09:00, 2024-12~ (EDTF).",
        ),
        click.option(
            "--published-basis", type=choice(TimeBasis), metavar="BASIS", help=f"How that time is known: {bases}."
        ),
        click.option("--caption", metavar="TEXT", help="The words beside it."),
        click.option("--language", metavar="TAG", help="The language of the caption: ko, uk, zh-Hant (BCP 47)."),
    )[::-1]:  # the one applied last stands first
        function = option(function)
    return function


def safekeeping(function: Function) -> Function:
    """What the store is asked to keep what it is given under."""
    for option in (
        click.option("--retain-until", metavar="DATE", help="The store is to keep it until then (Object Lock)."),
        click.option(
            "--retention-mode",
            type=choice(Mode),
            help="How firmly: under governance somebody with a special right can lift it, under compliance nobody.",
        ),
        click.option("--legal-hold", is_flag=True, help="Nothing of it may be deleted until the hold is released."),
        click.option("--authority", metavar="TEXT", help="On whose authority; a legal hold needs it."),
    )[::-1]:  # the one applied last stands first
        function = option(function)
    return function


def drawing(name: str, what: str) -> Callable[[Function], Callable[..., Any]]:
    """Where pictures are drawn, ``--overwrite`` and ``--show-sensitive``: handed over as one ``Drawing``, or none."""

    def decorated(function: Function) -> Callable[..., Any]:
        def told(*words: Any, folder_drawn: Path | None, overwrite: bool, show_sensitive: bool, **named: Any) -> Any:
            from archiver.drawing import Drawing  # noqa: PLC0415 - as with every option: --help does without

            asked = None if folder_drawn is None else Drawing(folder_drawn, overwrite, show_sensitive)
            return function(*words, drawing=asked, **named)

        options = (
            click.option(name, "folder_drawn", type=click.Path(path_type=Path), metavar="DIR", help=what),
            click.option("--overwrite", is_flag=True, help="DIR may hold something; replace what has the same name."),
            click.option("--show-sensitive", is_flag=True, help="Draw what care is owed to as it is, not blurred."),
        )
        whole: Callable[..., Any] = update_wrapper(told, function)
        for option in reversed(options):
            whole = option(whole)
        return whole

    return decorated


def jobs(function: Function) -> Function:
    """``--jobs N``."""
    return click.option(
        "--jobs", type=click.IntRange(1, 256), metavar="N", help="Files looked at at once (default: one a core)."
    )(function)


def radius(function: Function) -> Function:
    """``--radius N``."""
    return click.option(
        "--radius",
        type=int,
        default=65,  # archiver.fingerprint.algorithm.DEFAULT_RADIUS, which would load numpy here; a test compares them
        show_default=True,
        metavar="N",
        help="Within how many bits of 256 a look counts as alike.",
    )(function)
