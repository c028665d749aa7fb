"""``archiver audit``, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from archiver.facts.vocabulary import GoodCopy
from archiver.render import counted, moment, printable, short, size
from archiver.terminal.options import as_json
from archiver.terminal.program import nobody_listens, say, tell
from archiver.terminal.progress import progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.auditing.copy_amiss import Amiss
    from archiver.auditing.outcome import Audited, StoreAudited
    from archiver.facts.fixity import Repair
    from archiver.terminal.program import Session


@click.command("audit")
@click.option(
    "--store", "stores", multiple=True, metavar="NAME", help="Audit only this store; repeatable; all by default."
)
@click.option("--slice", "share", metavar="N/T", help="Read only the N-th of T shares of the originals: 3/30.")
@click.option("--since", metavar="WHEN", help="Read only originals that were not found whole since then.")
@click.option(
    "--deep", is_flag=True, help="Compare every row of the catalogue, and try what each store guarantees, too."
)
@click.option("--repair", is_flag=True, help="Restore what is missing or corrupt from a good copy; keep the bad one.")
@click.option("--restart", is_flag=True, help="Begin anew instead of taking up an audit that was broken off.")
@as_json
@click.pass_obj
def command(
    session: Session,
    stores: tuple[str, ...],
    share: str | None,
    since: str | None,
    deep: bool,
    repair: bool,
    restart: bool,
    as_json: bool,
) -> int:
    """Read every copy in every store, record what was found, and repair it if told to.

    Exit with 1 on any loss that is left; with 4 where something could not be read, which is neither a loss nor a
    success. Killed, the same command goes on where it stopped, for a week.
    """
    from archiver.auditing.store_audit import asked_for  # noqa: PLC0415 - loads the catalogue, which --help does without
    from archiver.commands.audit import audit  # noqa: PLC0415 - as above

    archive = session.open()
    asked = asked_for(share, since, deep=deep, now=archive.now)
    with progress("reading", lambda: None) as advance:
        audited = audit(archive, stores=stores, asked=asked, repair=repair, restart=restart, progress=advance)
    archive.close()
    try:
        if as_json:
            tell(_json(audited))
        else:
            for note in audited.notes:
                say(f"note: {printable(note.subject)}: {printable(note.detail)}")
            for line in _lines(audited):
                click.echo(line)
    except BrokenPipeError:  # the exit code is the answer, whoever stops reading the rest
        nobody_listens()
    return audited.exit_code


def _lines(audited: Audited) -> Iterator[str]:
    for store in audited.stores:
        yield from _store(store)
    for each in audited.silent:
        yield f"UNREAD {each.code}: {printable(each.subject)}: {printable(each.detail)}"
    for each in [*(copy.told() for copy in audited.amiss), *audited.faults]:
        yield f"AMISS {each.code}: {printable(each.subject)}: {printable(each.detail)}"
    for repair in audited.repairs:
        yield from _repair(repair)
    checked = f"{counted(audited.items, 'item')} in {counted(len(audited.stores), 'store')}"
    stamps = f", {counted(audited.stamps, 'time stamp')}" if audited.stamps else ""
    whole = f"{checked}, {counted(audited.events, 'event')}{stamps}, log root {audited.root}"
    repaired = f", {counted(len(audited.repairs), 'copy', 'copies')} repaired" if audited.repairs else ""
    if audited.intact:
        yield f"all that was asked for was read and is right{repaired}: {whole}"
    else:
        left = len(audited.amiss) + len(audited.faults) + len(audited.silent)
        yield f"NOT ALL RIGHT: {counted(left, 'finding')}{repaired}; {whole}"


def _store(store: StoreAudited) -> Iterator[str]:
    resumed = f" ({store.resumed:,} of them before it was taken up again)" if store.resumed else ""
    originals = f"{counted(store.due, 'original')} due{resumed}"
    check = store.check
    if check is None:
        yield f"{store.name:<10} {printable(store.url)}: {originals}; not read to the end, and not recorded as checked"
        return
    share = f", share {check.slice}" if check.slice else ""
    since = f", not found whole since {moment(check.since)}" if check.since else ""
    number = f"recorded as #{store.number}" if store.number is not None else "NOT recorded"
    yield f"{store.name:<10} {printable(store.url)}: {originals}{share}{since}"
    yield (
        f"           {counted(check.objects, 'object')} read ({size(check.bytes)}), {check.failed} amiss, "
        f"{check.unread} unread; {number}"
    )


_RESTORED = {
    GoodCopy.STORE: "restored from the store",
    GoodCopy.VERSION: "restored from an earlier version in",
    GoodCopy.CATALOGUE: "restored from the catalogue",
    GoodCopy.FOUND_WHOLE: "found whole again",
}


def _repair(repair: Repair) -> Iterator[str]:
    source = f" {printable(repair.source)}" if repair.source else ""
    what = short(repair.item) + "…" if repair.item else printable(repair.name)
    yield f"repaired {what} in {printable(repair.store)}: was {repair.fault}, {_RESTORED[repair.good_copy]}{source}"
    if repair.set_aside:
        yield f"  what was found there is kept as {printable(repair.set_aside)}"


def _json(audited: Audited) -> dict[str, Any]:
    return {
        "intact": audited.intact,
        "events": audited.events,
        "root": audited.root,
        "items": audited.items,
        "stamps": audited.stamps,
        "stores": [
            {
                "store": store.name,
                "url": store.url,
                "due": store.due,
                "resumed": store.resumed,
                "number": store.number,
                "check": store.check.body() if store.check else None,
                "amiss": [_amiss_json(each) for each in store.amiss],
            }
            for store in audited.stores
        ],
        "amiss": [_amiss_json(each) for each in audited.amiss],
        "faults": [_fault_json(each) for each in audited.faults],
        "silent": [_fault_json(each) for each in audited.silent],
        "notes": [_fault_json(each) for each in audited.notes],
        "repairs": [each.body() for each in audited.repairs],
    }


def _fault_json(fault: Any) -> dict[str, str]:
    return {"code": fault.code, "subject": fault.subject, "detail": fault.detail}


def _amiss_json(amiss: Amiss) -> dict[str, Any]:
    return {
        "store": amiss.copy.name,
        "name": amiss.name,
        "item": amiss.item,
        "fault": str(amiss.fault),
        "expected": str(amiss.expected) if amiss.expected else None,
        "found": str(amiss.found) if amiss.found else None,
        "size": amiss.size if amiss.found else None,
        "detail": amiss.detail or None,
    }
