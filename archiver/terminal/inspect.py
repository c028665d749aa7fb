"""``archiver inspect``, in words."""

from __future__ import annotations

import os
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import click

from archiver.render import counted, printable, short, size
from archiver.settings import SETTINGS, Limits, Settings
from archiver.terminal import style
from archiver.terminal.inspected import finding_lines, inspection_lines, named_line
from archiver.terminal.options import as_json, jobs
from archiver.terminal.program import say, show, tell
from archiver.terminal.progress import progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from archiver.commands.inspect import Inspected
    from archiver.commands.inspect_held import Again
    from archiver.errors import ArchiverError
    from archiver.inspection.inspector import Inspector
    from archiver.inspection.trust import TrustList
    from archiver.terminal.program import Session

SOME_FAILED = 3


@click.command("inspect")
@click.argument("names", nargs=-1, metavar="FILE…")
@click.option("--held", is_flag=True, help="Instead: look again at what is held, at these items or at all.")
@click.option("--case", metavar="CASE", help="With --held: at the items of this case, by title or number.")
@click.option("--outdated", is_flag=True, help="With --held: only at what this very inspector has not looked at.")
@jobs
@as_json
@click.pass_obj
def command(
    session: Session,
    names: tuple[str, ...],
    held: bool,
    case: str | None,
    outdated: bool,
    jobs: int | None,
    as_json: bool,
) -> int:
    """Everything that files say of themselves, and what is remarkable in them, without taking them in.

    FILE is a file, a folder (with all folders in it; hidden files are skipped, and said), or - for standard input. No
    archive is needed, nothing is written, and what is found does not change the exit code.

    With --held, FILE is an item that is held, and what today's inspector and fingerprints see is added to what is
    recorded; the older inspection stays in the history. Stopped, it is repeated with --outdated, and goes on.
    """
    if held:
        return _held(session, names, case, outdated=outdated, jobs=jobs, as_json=as_json)
    if case is not None or outdated:
        raise click.UsageError("--case and --outdated are of what is held: give --held, too.")
    if not names:
        raise click.UsageError("Missing argument 'FILE…', or --held.")
    return _files(session, names, jobs=jobs, as_json=as_json)


def _files(session: Session, names: tuple[str, ...], *, jobs: int | None, as_json: bool) -> int:
    from archiver import inspectors  # noqa: PLC0415 - loads what this needs, which --help does without

    is_archive = (session.home / SETTINGS).exists()
    settings = Settings.load(session.home) if is_archive else None
    limits = settings.limits if settings else Limits()
    trust = inspectors.trusted_by(session.home, settings) if settings else None
    inspector, threads = _inspector(names, jobs, limits, trust)  # a forking one is made before numpy is loaded

    from archiver.clock import SystemClock  # noqa: PLC0415 - as above
    from archiver.commands.inspect import inspect  # noqa: PLC0415 - as above
    from archiver.walk import Input, walk  # noqa: PLC0415 - as above

    answers = inspect(
        names,
        inspector=inspector,
        moment=SystemClock().now(),
        largest_file=limits.largest_file,
        own=(session.home,) if is_archive else (),
        jobs=threads,
    )
    counts: Counter[str] = Counter()
    with progress("inspecting", lambda: sum(isinstance(each, Input) for each in walk(names))) as advance:
        for answer in answers:
            counts[answer.status] += 1
            advance(counts.total() - counts["skipped"], None)
            if answer.inspection is None:
                _say_not(answer)
            if as_json and answer.status != "skipped":
                tell(answer.to_json())
            elif answer.inspection is not None:
                for line in _lines(answer):
                    show(line)
    if not counts:
        say("there is no file")
    return SOME_FAILED if counts["failed"] else 0


def _inspector(
    names: tuple[str, ...], jobs: int | None, limits: Limits, trust: TrustList | None
) -> tuple[Callable[[int], AbstractContextManager[Inspector]], int | None]:
    """Whoever inspects, and how many files at once: of a single file this very process, which starts no other."""
    from contextlib import nullcontext  # noqa: PLC0415 - as with every command: --help does without

    from archiver import inspectors  # noqa: PLC0415 - as above

    if len(names) > 1 or os.path.isdir(names[0]):  # noqa: PTH112 - unlike Path.is_dir it raises nothing
        return partial(inspectors.for_many, limits=limits, trust=trust), jobs
    return lambda _threads: nullcontext(inspectors.for_one(limits, trust)), 1


def _say_not(answer: Inspected) -> None:
    if answer.status == "skipped":
        say(f"skipped  {printable(answer.path)} ({printable(answer.error)})")
        return
    say(f"failed   {printable(answer.path)}: {printable(answer.error)}")
    if answer.hint:
        say(f"         hint: {printable(answer.hint)}")


def _lines(answer: Inspected) -> Iterator[str]:
    if answer.inspection is None:
        return
    found = answer.inspection.model_dump(mode="json")
    yield style.heading(printable(answer.path))
    yield f"  sha256 {answer.inspection.item}, {size(answer.size)} ({answer.size:,} bytes)"
    yield from (f"  {line}" for line in inspection_lines(found, whole=True))
    for seen in answer.fingerprints:
        yield f"  {seen.algorithm}" + (f" of {seen.region}" if seen.region else "")
        yield f"    {seen.bits}" + (f" quality {seen.quality}" if seen.quality is not None else "")
    yield "  findings (what was seen, never who did what):"
    yield from (f"    {line}" for line in finding_lines(answer.findings))


def _held(
    session: Session, names: tuple[str, ...], case: str | None, *, outdated: bool, jobs: int | None, as_json: bool
) -> int:
    from archiver import inspectors  # noqa: PLC0415 - loads what this needs, which --help does without
    from archiver.commands.inspect_held import Progress, inspect_held  # noqa: PLC0415 - as above

    archive = session.open()
    looking = partial(inspectors.for_many, limits=archive.settings.limits, trust=inspectors.trusted(archive))
    done = Progress()
    counts: Counter[str] = Counter()
    code = 0
    with progress("looking again", lambda: None) as advance:
        for done in inspect_held(
            archive,
            inspector=looking,
            wanted=names,
            case=case,
            outdated=outdated,
            jobs=jobs or inspectors.cores(),
        ):
            advance(done.seen, done.items)
            for each in done.batch:
                counts[each.status] += 1
                code = _worse(code, each.error)
                if as_json:
                    tell(each.to_json())
                else:
                    _show_again(each)
    archive.close()
    told = ", ".join(f"{counts[name]:,} {name}" for name in ("recorded", "unchanged", "failed") if counts[name])
    say(
        f"{counted(counts.total(), 'item')} looked at again{': ' if told else ''}{told}; "
        f"{counted(done.fingerprints, 'fingerprint')} recorded"
    )
    return code


def _worse(code: int, error: ArchiverError | None) -> int:
    """The exit code for all so far: 1 where an original is missing or altered, 3 where some input failed otherwise."""
    if error is None or code == 1:
        return code
    return 1 if error.exit_code == 1 else SOME_FAILED


def _show_again(each: Again) -> None:
    if each.error is not None:
        say(f"failed       {printable(short(each.item))}: {printable(str(each.error))}")
        if each.error.hint:
            say(f"             hint: {printable(each.error.hint)}")
        return
    news = [f"{sign} {told}" for sign, found in (("new", each.new), ("gone", each.gone)) if (told := named_line(found))]
    if news:
        show(f"{short(each.item)}  {'; '.join(news)}")
