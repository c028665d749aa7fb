"""``archiver export``: items and what is known of them leave the archive, for somebody, and the log says so.

1. What is asked for is found, and whether it may go there at all (``archiver.sharing``): one item that may not, or
   may be the same picture as one that may not, and nothing is written. Nor is it where the original of a flagged item
   would go along and nobody said that the flag was read.
2. Originals (verified on the way), records and the list of digests go into a folder beside the target, under a name of
   its own.
3. The disclosure of every item is recorded and published. The same transaction asks again whether all may go, so that a
   flag that was set meanwhile still counts.
4. Only then does the folder get its name.

Killed before step 4, there is nothing at the target; killed between 3 and 4, the log names a disclosure that did not
happen, which is the safe side.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.catalogue.care import care
from archiver.catalogue.cases import items_of_case
from archiver.errors import InputRefused
from archiver.export.jsonld import as_jsonld
from archiver.export.material import gather
from archiver.export.permission import permitted, refuse_unread
from archiver.export.record import as_record, manifest, written
from archiver.export.withholding import cut
from archiver.facts.sighting import Disclosure
from archiver.naming import case_called
from archiver.originals import original_name, write_original
from archiver.provenance import checked
from archiver.sharing import original_stays

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import BinaryIO

    from archiver.archive import Archive
    from archiver.catalogue.answers import Flag, Label
    from archiver.catalogue.questions import Questions
    from archiver.export.material import Material
    from archiver.facts.vocabulary import Profile

ORIGINALS, RECORD, STANDARDS, DIGESTS = "originals", "record.json", "record.jsonld", "manifest-sha256.txt"
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
    """What left the archive; ``record`` is the SHA-256 of ``record.json``, ``manifest`` that of the list of digests."""

    path: str
    profile: str
    items: list[Left]
    record: str
    manifest: str


def export(
    archive: Archive,
    wanted: Sequence[str],
    output: Path,
    *,
    profile: Profile,
    recipient: str | None = None,
    reason: str | None = None,
    records_only: bool = False,
    acknowledge_sensitive: bool = False,
    as_of: str | None = None,
) -> Exported:
    """Write items, or those of a case (``case:TITLE``), into a new folder.

    Raises:
        InputRefused: no such item or case, the target exists, an item may not go there, or is flagged and its original
            would go along, and that was not acknowledged.
        AnswerIsNo: the bytes of an original are missing or altered; nothing is at the target.
        UsageError: a name or a time is malformed, or this machine cannot write to the archive.
    """
    archive.ready_to_write()
    said = {"profile": str(profile), "recipient": recipient, "reason": reason, "disclosed": archive.now}
    checked(Disclosure, "recipient", **said, item=_NOBODY, record=_NOBODY, bytes_included=False)
    _refuse_target(archive, output)
    plan = _plan(archive, _items(archive, wanted, as_of), profile, as_of=as_of, records_only=records_only)  # step 1
    if not acknowledge_sensitive:
        refuse_unread(plan.originals, plan.flags)
    try:
        folder = Path(tempfile.mkdtemp(dir=output.parent, prefix=f".{output.name}-"))
        try:
            digests = _write(archive, folder, plan)  # step 2
            numbers = _disclose(archive, plan, said | {"record": digests[RECORD]})  # step 3
            _refuse_target(archive, output)
            folder.rename(output)  # step 4; all that a rename could replace is an empty folder made this very instant
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise InputRefused(f"{output} cannot be written: {error.strerror}", hint="check folder and space") from error
    left = [Left(item, plan.originals.get(item), plan.stay.get(item, []), numbers[item]) for item in plan.items]
    return Exported(str(output), str(profile), left, digests[RECORD], digests[DIGESTS])


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


def _items(archive: Archive, wanted: Sequence[str], as_of: str | None) -> list[str]:
    found: set[str] = set()
    for word in wanted:
        if not word.startswith(CASE):
            found.add(archive.resolve(word, as_of))
            continue
        with archive.asking(as_of) as questions:
            inside = items_of_case(questions, case_called(questions, word.removeprefix(CASE)).identity)
            held = questions.holds(inside)
        if not held:
            raise InputRefused(f"{word} holds no item", hint="`archiver case show` shows what it holds")
        found |= held
    return sorted(found)


def _plan(archive: Archive, items: list[str], profile: Profile, *, as_of: str | None, records_only: bool) -> _Plan:
    with archive.asking() as questions:
        flags = permitted(questions, items, profile)
    with archive.asking(as_of) as questions:
        whole = replace(gather(questions, items, origin=archive.settings.origin), as_of=as_of)
        named = sorted({other for each in whole.items for other in each.named})
        named_care = care(questions, named)
    stay, originals = {}, {}
    for each in whole.items:
        item = each.dossier.item
        reasons = original_stays(profile, flags[item], each.dossier.inspections)
        if reasons and not records_only:
            stay[item] = reasons
        elif not records_only:
            originals[item] = f"{ORIGINALS}/{original_name(item, each.dossier.summary.media_type)}"
    return _Plan(profile, items, flags, named, named_care, cut(whole, profile), originals, stay)


def _write(archive: Archive, folder: Path, plan: _Plan) -> dict[str, str]:
    """Write everything; the SHA-256 of each file by its path, that of the list itself included."""
    digests = {}
    if plan.originals:
        (folder / ORIGINALS).mkdir()
    for item, path in plan.originals.items():
        with (folder / path).open("xb") as stream:
            write_original(archive, item, stream)
            _to_disk(stream)
        digests[path] = item
    documents = {
        RECORD: written(as_record(plan.material, plan.originals, plan.stay)),
        STANDARDS: written(as_jsonld(plan.material)),
    }
    digests |= {path: sha256(content).hexdigest() for path, content in documents.items()}
    documents[DIGESTS] = manifest(digests)
    for path, content in documents.items():
        with (folder / path).open("xb") as stream:
            stream.write(content)
            _to_disk(stream)
    return digests | {DIGESTS: sha256(documents[DIGESTS]).hexdigest()}


def _disclose(archive: Archive, plan: _Plan, said: Mapping[str, str | None]) -> dict[str, int]:
    """Record that every item leaves, unless one may not any more; the number of each disclosure, by item."""
    made: dict[str, Disclosure] = {}

    def build(questions: Questions) -> list[Disclosure]:
        flags = permitted(questions, plan.items, plan.profile)
        if (flags, care(questions, plan.named)) != (plan.flags, plan.named_care):
            raise InputRefused("what care is owed changed while it was written", hint="repeat the command")
        for each in plan.material.items:
            item = each.dossier.item
            made[item] = checked(Disclosure, "recipient", **said, item=item, bytes_included=item in plan.originals)
        return list(made.values())

    recorded = archive.record(build)
    return {item: recorded.numbers[fact.identity()] for item, fact in made.items()}


def _refuse_target(archive: Archive, output: Path) -> None:
    if os.path.lexists(output):
        raise InputRefused(f"{output} exists", hint="an export never overwrites: name a folder that is not there yet")
    if not output.parent.is_dir():
        raise InputRefused(f"the folder {output.parent} does not exist", hint="make it, or choose another place")
    place = output.parent.resolve()
    if any(place.is_relative_to(own.resolve()) for own in archive.own_folders()):
        raise InputRefused(f"{output} lies inside the archive itself", hint="choose a place outside of it")


def _to_disk(stream: BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())
