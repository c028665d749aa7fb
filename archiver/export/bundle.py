"""Everything that is handed over, written into a folder, so that a stranger can check it with no program of ours.

::

    bagit.txt, bag-info.txt, manifest-sha256.txt, tagmanifest-sha256.txt     a bag (RFC 8493)
    files.sha256, files.sha256.sig                                           the list of all files, signed
    VERIFY.md, verify.sh                                                     how it is checked, and what checks it
    data/originals/<SHA-256>.<extension>                                     as they were taken in
    data/events/<place>.txt                                                  signed events, each with its proof
    data/checkpoint.txt, data/key.pem                                        the head of the log, and whose it is
    data/keys.txt, data/keys/<fingerprint>.pem                               the keys before that one, if any
    data/record.json, data/record.jsonld, data/ro-crate-metadata.json        what is known
    data/report.html                                                         the same, to be read and printed

1. The originals, verified on the way.
2. The events: those whose facts are told, of each item every event that has it as its subject, so that a missing one
   shows, and those about the log's keys (``archiver.export.keys``). Their proofs lead to the newest checkpoint, whose
   signature and root are checked here first: a catalogue whose log does not add up hands out nothing.
3. The record, for programs and for people.
4. The bag and the signed list (``archiver.export.bag``).

Event files are written one by one; what is held of all events at once is the hashes of their proofs.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from archiver.archive import TOOL
from archiver.catalogue.evidence import events_with_subject, leaves, newest_checkpoint, records
from archiver.custody.canonical import canonical, read
from archiver.custody.event import Event
from archiver.custody.merkle import verify_inclusion
from archiver.custody.proofs import Proofs
from archiver.errors import LogError
from archiver.export import event_file
from archiver.export.bag import seal
from archiver.export.crate import as_crate
from archiver.export.disclosed import shown_fields
from archiver.export.jsonld import as_jsonld
from archiver.export.keys import KEYS, key_files
from archiver.export.record import as_record, written
from archiver.export.report import Log, report
from archiver.export.thumbnails import Thumbnails
from archiver.facts.signing import KEYS_OF_THE_LOG
from archiver.facts.vocabulary import Profile, SensitivityFlag
from archiver.originals import write_original
from archiver.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.custody.keyring import Keyring
    from archiver.custody.keys import VerifyKey
    from archiver.export.material import Material
    from archiver.inspection.inspector import Inspector

    Inspectors = Callable[[int], AbstractContextManager[Inspector]]

DATA, ORIGINALS, EVENTS = "data", "originals", "events"
RECORD, STANDARDS, CRATE, REPORT = "record.json", "record.jsonld", "ro-crate-metadata.json", "report.html"
CHECKPOINT, KEY = "checkpoint.txt", "key.pem"
_BESIDE: Final = ("VERIFY.md", "verify.sh")


@dataclass(frozen=True, slots=True)
class Contents:
    """What is to be handed over.

    Attributes:
        material: as it was cut for whoever gets it.
        originals: where each original that goes along lies, by item, within the payload.
        stay: why the others do not, by item.
        veiled: the items whose pictures are hidden in the report.
        recorders_named: whether the names of those who recorded may be seen outside a court.
    """

    material: Material
    originals: Mapping[str, str]
    stay: Mapping[str, list[str]]
    veiled: frozenset[str]
    recorders_named: bool

    @property
    def items(self) -> list[str]:
        """The items, in order."""
        return [each.dossier.item for each in self.material.items]

    @property
    def profile(self) -> Profile:
        """For whom it was cut."""
        return self.material.profile or Profile.COURT


@dataclass(frozen=True, slots=True)
class Bundled:
    """What was written.

    Attributes:
        record: the SHA-256 of ``record.json``.
        files: the SHA-256 of the signed list of files.
        key: the fingerprint of the key that signed it.
        checkpoint: the size of the log that the proofs lead to.
        events: how many events go along.
        sealed: how many of them without showing anything.
    """

    record: str
    files: str
    key: str
    checkpoint: int
    events: int
    sealed: int


def write_bundle(archive: Archive, folder: Path, contents: Contents, inspector: Inspectors) -> Bundled:
    """Write a bundle into an empty folder; ``inspector`` makes what reduces the pictures, for so many threads.

    Raises:
        AnswerIsNo: the bytes of an original are missing or altered.
        LogError: the catalogue's log does not add up to its own signed checkpoint.
        OSError: the folder cannot be written.
    """
    material = contents.material
    if contents.originals:
        (folder / ORIGINALS).mkdir()
    for item, path in contents.originals.items():  # step 1
        with (folder / path).open("xb") as stream:
            write_original(archive, item, stream)
    with archive.asking(material.as_of) as questions:  # step 2
        ring = archive.keys_known(questions)
        log = _write_events(questions, folder, contents, ring)
    signing = archive.key_of(ring)
    key, keys = signing.public, key_files(ring)
    if keys:
        (folder / KEYS).mkdir()
    documents = {  # step 3
        RECORD: written(as_record(material, contents.originals, contents.stay)),
        STANDARDS: written(as_jsonld(material)),
        KEY: key.pem.encode(),
        **keys,
    }
    for path, content in documents.items():
        (folder / path).write_bytes(content)
    _write_report(archive, folder, contents, log, inspector)
    sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir()) if path.is_file()}
    events = len(log.opened) + log.sealed
    crate = as_crate(material, contents.originals, sizes, made=archive.now, events=events, keys=len(ring.terms))
    (folder / CRATE).write_bytes(written(crate))
    record = sha256(documents[RECORD]).hexdigest()
    expected = {path: item for item, path in contents.originals.items()} | {RECORD: record}
    listed = seal(  # step 4
        folder,
        info=_info(archive, contents),
        beside={name: (files("archiver.export") / "stranger" / name).read_bytes() for name in _BESIDE},
        about=_about(contents, key, log.size),
        expected=expected,
        key=signing,
    )
    return Bundled(record, listed, key.fingerprint, log.size, events, log.sealed)


def _write_events(questions: Questions, folder: Path, contents: Contents, ring: Keyring) -> Log:
    """Write the events, and the checkpoint that their proofs lead to."""
    note = newest_checkpoint(questions)
    checkpoint, key = ring.checkpoint(note), ring.signing
    numbers = set(contents.material.recordings) | events_with_subject(questions, contents.items)
    numbers |= events_with_subject(questions.now(), [KEYS_OF_THE_LOG])
    proofs = Proofs(leaves(questions, checkpoint.size), checkpoint.size, numbers)
    if proofs.root != checkpoint.root:
        raise LogError("the catalogue's log is not the one that was signed", hint="run `archiver verify`")
    (folder / EVENTS).mkdir()
    sealed: set[int] = set()
    for number, content, is_sealed in _event_files(questions, contents, numbers, proofs, checkpoint.size):
        (folder / EVENTS / event_file.name(number)).write_bytes(content)
        if is_sealed:
            sealed.add(number)
    (folder / CHECKPOINT).write_bytes(note.encode())
    return Log(key.fingerprint, checkpoint.size, checkpoint.root.hex(), frozenset(numbers - sealed), len(sealed))


def _write_report(archive: Archive, folder: Path, contents: Contents, log: Log, inspector: Inspectors) -> None:
    largest = archive.settings.limits.largest_file
    with Spool(None, largest_file=largest) as spool, inspector(1) as looking, (folder / REPORT).open("wb") as page:
        pieces = report(
            contents.material,
            log,
            made=archive.now,
            originals=contents.originals,
            stay=contents.stay,
            veiled=contents.veiled,
            address=Thumbnails(archive, looking, spool, contents.veiled).address,
        )
        page.writelines(piece.encode() for piece in pieces)


def _event_files(
    questions: Questions, contents: Contents, numbers: set[int], proofs: Proofs, size: int
) -> Iterator[tuple[int, bytes, bool]]:
    told, items = set(contents.material.recordings), set(contents.items)
    identifiable = {
        each.dossier.item
        for each in contents.material.items
        if any(flag.flag == SensitivityFlag.SOURCE_IDENTIFIABLE for flag in each.dossier.flags)
    }
    for number, record in records(questions, numbers):
        event, proof = Event.from_json(read(record.encode())), proofs.path(number)
        verify_inclusion(event.leaf, number, size, proof, proofs.root)
        shown = shown_fields(
            event,
            contents.profile,
            told=told,
            items=items,
            identifiable=identifiable,
            recorders_named=contents.recorders_named,
        )
        if shown is None:
            yield number, event_file.sealed(event, proof), True
        else:
            yield number, event_file.opened(event, proof, shown), False


def _about(contents: Contents, key: VerifyKey, size: int) -> list[str]:
    material = contents.material
    return [
        f"log {canonical(material.origin).decode()}",
        f"key {key.fingerprint}",
        f"checkpoint {size}",
        f"profile {contents.profile}",
        *(f"item {item}" for item in contents.items),
    ]


def _info(archive: Archive, contents: Contents) -> dict[str, str]:
    return {
        "Bagging-Date": archive.now[:10],
        "Bag-Software-Agent": TOOL,
        "External-Description": f"{len(contents.items)} items of an archive, for: {contents.profile}",
        "External-Identifier": contents.material.origin,
    }
