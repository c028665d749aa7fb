"""``archiver export``: items and what is known of them leave the archive, for somebody, and the log says so.

1. What is asked for is found, and whether it may go there at all (``archiver.sharing``): one item that may not, or
   may be the same picture as one that may not, and nothing is written. Nor is it where the original of a flagged item
   would go along and nobody said that the flag was read.
2. Everything that a stranger needs to check it (``archiver.export.bundle``) goes into a folder beside the target, under
   a name of its own; where a ZIP file is wanted, that folder into a file beside the target. Where stamps are
   wanted, the log is stamped first, so that all events are covered, and the list of files once it is made; an
   authority that fails is told, and stops nothing.
3. The disclosure of every item, and of every tombstone, is recorded and published. The same transaction asks again
   whether all may go, so that a flag that was set meanwhile still counts.
4. Only then does the folder, or the file, get its name, when all of it is on the disk.

Killed before step 4, there is nothing at the target; killed between 3 and 4, the log names a disclosure that did not
happen, which is the safe side. What it left beside the target holds originals: the next export to there names it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archiver.catalogue.care import care
from archiver.catalogue.cases import items_of_case
from archiver.catalogue.withdrawals import tombstones
from archiver.errors import InputRefused
from archiver.export.bundle import DATA, ORIGINALS, write_bundle
from archiver.export.material import gather
from archiver.export.permission import permitted, refuse_unread
from archiver.export.signed_events import Contents
from archiver.export.target import folder_beside, is_zip, refuse_target, remains, take_name
from archiver.export.veiling import is_veiled
from archiver.export.withholding import cut
from archiver.export.zipped import write_zip
from archiver.facts.sighting import Disclosure
from archiver.naming import case_called
from archiver.originals import original_name
from archiver.provenance import checked
from archiver.sharing import original_stays
from archiver.stamping import chosen, stamped_where_possible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.catalogue.answers import Flag, Label
    from archiver.catalogue.questions import Questions
    from archiver.catalogue.withdrawals import Tombstone
    from archiver.export.bundle import Bundled
    from archiver.export.material import Material
    from archiver.facts.vocabulary import Profile
    from archiver.inspection.inspector import Inspector
    from archiver.stamping import Asked

CASE = "case:"
_NOBODY = "0" * 64


@dataclass(frozen=True, slots=True)
class Left:
    """One item that left: where its original lies in the folder, or why it stayed; the number of its disclosure."""

    item: str
    original: str | None
    original_withheld: list[str]
    disclosure: int


@dataclass(frozen=True, slots=True)
class Exported:
    """What left the archive.

    Attributes:
        path: the folder or the file.
        profile: for whom.
        items: what became of each item.
        withdrawn: the items whose tombstones went along, each with the number of its disclosure.
        record: the SHA-256 of ``record.json``, which the disclosures name.
        manifest: the SHA-256 of the signed list of files.
        key: the fingerprint of the key that signed it, to be told to whoever gets it on another way.
        checkpoint: the size of the log that the events are proved to stand in.
        events: how many signed events went along.
        sealed: how many of them show nothing but their place.
        unstamped: how many of them no time stamp covers that went along.
        stamps: what became of having the log and the list of files stamped, where that was wanted.
    """

    path: str
    profile: str
    items: list[Left]
    withdrawn: list[Left]
    record: str
    manifest: str
    key: str
    checkpoint: int
    events: int
    sealed: int
    unstamped: int
    stamps: list[Asked]


def export(
    archive: Archive,
    wanted: Sequence[str],
    output: Path,
    *,
    profile: Profile,
    inspector: Callable[[int], AbstractContextManager[Inspector]],
    recipient: str | None = None,
    reason: str | None = None,
    records_only: bool = False,
    acknowledge_sensitive: bool = False,
    as_of: str | None = None,
    name_recorders: bool = False,
    stamp: bool = False,
) -> Exported:
    """Write items, or those of a case (``case:TITLE``), into a new folder, or into a new file that ends in ``.zip``.

    Raises:
        InputRefused: no such item or case, the target exists, an item may not go there, or is flagged and its original
            would go along, and that was not acknowledged.
        AnswerIsNo: the bytes of an original are missing or altered; nothing is at the target.
        UsageError: a name or a time is malformed, or this machine cannot write to the archive.
    """
    archive.ready_to_write()
    authorities = chosen(archive) if stamp else []
    said = {"profile": str(profile), "recipient": recipient, "reason": reason, "disclosed": archive.now}
    checked(Disclosure, "recipient", **said, item=_NOBODY, record=_NOBODY, bytes_included=False)
    archive.notes += remains(output)
    refuse_target(archive, output)
    gone = _withdrawn(archive, wanted, as_of)
    items = _items(archive, wanted, as_of, gone)
    plan = _plan(archive, items, profile, gone=gone, as_of=as_of, records_only=records_only)  # step 1
    if not acknowledge_sensitive:
        refuse_unread(plan.originals, plan.flags)
    asked = list(stamped_where_possible(archive)) if stamp else []
    try:
        with folder_beside(output) as beside:
            contents = Contents(
                plan.material, plan.originals, plan.stay, plan.veiled, name_recorders, stamped_by=authorities
            )
            bundled = _write(archive, beside, output, contents, inspector)  # step 2
            numbers = _disclose(archive, plan, said | {"record": bundled.record})  # step 3
            refuse_target(archive, output)
            take_name(beside, output)  # step 4
    except OSError as error:
        raise InputRefused(f"{output} cannot be written: {error.strerror}", hint="check folder and space") from error
    left = [_left(plan, item, numbers[item]) for item in plan.items]
    withdrawn = [Left(item, None, [], numbers[item]) for item in contents.withdrawn]
    return Exported(
        path=str(output),
        profile=str(profile),
        items=left,
        withdrawn=withdrawn,
        record=bundled.record,
        manifest=bundled.files,
        key=bundled.key,
        checkpoint=bundled.checkpoint,
        events=bundled.events,
        sealed=bundled.sealed,
        unstamped=bundled.unstamped,
        stamps=asked + bundled.stamps,
    )


def _left(plan: _Plan, item: str, number: int) -> Left:
    path = plan.originals.get(item)
    return Left(item, f"{DATA}/{path}" if path else None, plan.stay.get(item, []), number)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to leave: ``originals`` says where those lie that go along, ``stay`` why others do not.

    What was decided by the flags, and by what care is owed to other items that are ``named``, holds as long as they do.
    """

    profile: Profile
    items: list[str]
    flags: dict[str, list[Flag]]
    named: list[str]
    named_care: tuple[dict[str, list[Flag]], dict[str, Label | None]]
    material: Material
    originals: dict[str, str]
    stay: dict[str, list[str]]
    veiled: frozenset[str]


def _items(archive: Archive, wanted: Sequence[str], as_of: str | None, gone: Sequence[Tombstone]) -> list[str]:
    found: set[str] = set()
    for word in wanted:
        if not word.startswith(CASE):
            found.add(archive.resolve(word, as_of))
            continue
        with archive.asking(as_of) as questions:
            case = case_called(questions, word.removeprefix(CASE))
            held = questions.holds(items_of_case(questions, case.identity))
        if not held and not any(case.title in each.cases for each in gone):
            raise InputRefused(f"{word} holds no item", hint="`archiver case show` shows what it holds, or held once")
        found |= held
    return sorted(found)


def _withdrawn(archive: Archive, wanted: Sequence[str], as_of: str | None) -> list[Tombstone]:
    """The tombstones of what belonged to the cases that were asked for."""
    titles = [word.removeprefix(CASE) for word in wanted if word.startswith(CASE)]
    with archive.asking(as_of) as questions:
        cases = {case_called(questions, title).title for title in titles}
        return [each for each in tombstones(questions) if cases & set(each.cases)] if cases else []


def _plan(
    archive: Archive,
    items: list[str],
    profile: Profile,
    *,
    gone: list[Tombstone],
    as_of: str | None,
    records_only: bool,
) -> _Plan:
    with archive.asking() as questions:
        flags = permitted(questions, items, profile)
    with archive.asking(as_of) as questions:
        whole = replace(gather(questions, items, origin=archive.settings.origin, withdrawn=gone), as_of=as_of)
        named = sorted({other for each in whole.items for other in each.named})
        named_care = care(questions, named)
    veiled = frozenset(each.dossier.item for each in whole.items if flags[each.dossier.item] or is_veiled(each))
    stay, originals = {}, {}
    for each in whole.items:
        item = each.dossier.item
        reasons = original_stays(profile, flags[item], each.dossier.inspections)
        if reasons and not records_only:
            stay[item] = reasons
        elif not records_only:
            originals[item] = f"{ORIGINALS}/{original_name(item, each.dossier.summary.media_type)}"
    return _Plan(profile, items, flags, named, named_care, cut(whole, profile), originals, stay, veiled)


def _write(
    archive: Archive,
    beside: Path,
    output: Path,
    contents: Contents,
    inspector: Callable[[int], AbstractContextManager[Inspector]],
) -> Bundled:
    """Write everything; what is to get its name afterwards lies in ``beside`` under the name of the output."""
    folder = beside / (output.stem if is_zip(output) else output.name)
    folder.mkdir(mode=0o700)
    bundled = write_bundle(archive, folder, contents, inspector)
    if is_zip(output):
        write_zip(folder, beside / output.name, archive.clock.now())
    os.sync()  # one wait for all files, however many; a name that outlives a power failure is one of something whole
    return bundled


def _disclose(archive: Archive, plan: _Plan, said: Mapping[str, str | None]) -> dict[str, int]:
    """Record that every item leaves, unless one may not any more; the number of each disclosure, by item."""
    made: dict[str, Disclosure] = {}

    def build(questions: Questions) -> list[Disclosure]:
        flags = permitted(questions, plan.items, plan.profile)
        if (flags, care(questions, plan.named)) != (plan.flags, plan.named_care):
            raise InputRefused("what care is owed changed while it was written", hint="repeat the command")
        for item in plan.items:
            made[item] = checked(Disclosure, "recipient", **said, item=item, bytes_included=item in plan.originals)
        for stone in plan.material.withdrawn:  # that a tombstone was shown is told as well: every export is in the log
            made[stone.item] = checked(Disclosure, "recipient", **said, item=stone.item, bytes_included=False)
        return list(made.values())

    left = "The disclosure is recorded, and nothing left the archive: then repeat the export."
    recorded = archive.record(build, afterwards=left)
    return {item: recorded.numbers[fact.identity()] for item, fact in made.items()}
