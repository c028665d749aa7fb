"""A progress bar on a terminal; silence elsewhere. Lines of output scroll above it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def progress(doing: str, count: Callable[[], int | None]) -> Iterator[Callable[[int, int | None], None]]:
    """Give a function that is told how much is done, of how much (``None``: as before).

    Args:
        doing: what is being done.
        count: counts what there is to do; asked only where a bar is drawn.
    """
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415 - only where it draws
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415 - as above

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=sys.stdout.isatty(),  # receipts scroll above the bar; data that is piped is not touched
    ) as bar:
        task = bar.add_task(doing, total=count())

        def advance(done: int, total: int | None) -> None:
            if total is None:
                bar.update(task, completed=done)
            else:
                bar.update(task, completed=done, total=total)

        yield advance
