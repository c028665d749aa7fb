"""Everything that is handed over, written into a folder, so that a stranger can check it with no program of ours.

::

    bagit.txt, bag-info.txt, manifest-sha256.txt, tagmanifest-sha256.txt     a bag (RFC 8493)
    files.sha256, files.sha256.sig                                           the list of all files, signed
    stamped.<authority>.<part>                                               time stamps over the list of files
    VERIFY.md, verify.sh                                                     how it is checked, and what checks it
    data/originals/<SHA-256>.<extension>                                     as they were taken in
    data/events/<place>.txt                                                  signed events, each with its proof
    data/checkpoint.txt, data/key.pem                                        the head of the log, and whose it is
    data/keys.txt, data/keys/<fingerprint>.pem                               the keys before that one, if any
    data/stamps/<authority>.<size>.<n>.<part>                                time stamps over the log
    data/record.json, data/record.jsonld, data/ro-crate-metadata.json        what is known
    data/report.html                                                         the same, to be read and printed

1. The originals, verified on the way.
2. The events with their proofs, the head of the log, and the time stamps that bound them
   (``archiver.export.signed_events``); the keys that signed them (``archiver.export.keys``).
3. The record, for programs and for people.
4. The bag and the signed list (``archiver.export.bag``). It names of each item the newest event, where that is opened:
   one that was left out at the end is a statement of the archive that is false, and signed.
5. The list is stamped, where that is wanted.

Event files are written one by one; what is held of all events at once is the hashes of their proofs.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from archiver.custody.canonical import canonical
from archiver.export.bag import seal
from archiver.export.crate import as_crate
from archiver.export.jsonld import as_jsonld
from archiver.export.keys import KEYS, key_files
from archiver.export.record import as_record, write
from archiver.export.report import how_many, report
from archiver.export.signed_events import EVENTS, Contents, write_events
from archiver.export.stamped import STAMPS, stamp_list
from archiver.export.thumbnails import Thumbnails
from archiver.originals import write_original
from archiver.spool import Spool
from archiver.writing import TOOL

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.custody.keys import VerifyKey
    from archiver.export.markup import Html
    from archiver.export.report_log import Log
    from archiver.export.signed_events import Written
    from archiver.inspection.inspector import Inspector
    from archiver.known import Known
    from archiver.stamping import Asked

    Inspectors = Callable[[int], AbstractContextManager[Inspector]]

DATA, ORIGINALS = "data", "originals"
RECORD, STANDARDS, CRATE, REPORT = "record.json", "record.jsonld", "ro-crate-metadata.json", "report.html"
KEY = "key.pem"
_BESIDE: Final = ("VERIFY.md", "verify.sh")


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
        unstamped: how many of them no time stamp covers that goes along.
        stamps: what became of having the list of files stamped.
    """

    record: str
    files: str
    key: str
    checkpoint: int
    events: int
    sealed: int
    unstamped: int
    stamps: list[Asked]


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
        events = write_events(archive, questions, folder, contents, ring)
    signing = archive.key_of(ring)
    key, keys = signing.public, key_files(ring)
    if keys:
        (folder / KEYS).mkdir()
    log = events.log
    record = write(folder / RECORD, as_record(material, contents.originals, contents.stay))  # step 3
    write(folder / STANDARDS, as_jsonld(material))
    for path, content in {KEY: key.pem.encode(), **keys}.items():
        (folder / path).write_bytes(content)
    _write_report(archive, folder, contents, log, inspector)
    sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir()) if path.is_file()}
    count = len(log.opened) + log.sealed
    folders = {EVENTS: count, STAMPS: len(events.log.stamps), KEYS: len(ring.terms) if keys else 0}
    crate = as_crate(material, contents.originals, sizes, made=archive.now, folders=folders)
    write(folder / CRATE, crate)
    expected = {path: item for item, path in contents.originals.items()} | {RECORD: record}
    listed = seal(  # step 4
        folder,
        info=_info(archive, contents),
        beside={name: (files("archiver.export") / "stranger" / name).read_bytes() for name in _BESIDE},
        about=_about(contents, key, events),
        expected=expected,
        key=signing,
    )
    asked = stamp_list(archive, folder, contents.stamped_by)  # step 5
    return Bundled(record, listed, key.fingerprint, log.size, count, log.sealed, log.unstamped, asked)


def _write_report(archive: Archive, folder: Path, contents: Contents, log: Log, inspector: Inspectors) -> None:
    largest, veiled = archive.settings.limits.largest_file, contents.veiled
    with Spool(None, largest_file=largest) as spool, inspector(1) as looking, (folder / REPORT).open("wb") as page:
        from archiver.export.pairs import Pairs  # noqa: PLC0415 - loads numpy, which the inspector must come before
        from archiver.export.report_pair import shown  # noqa: PLC0415 - as above

        pairs = Pairs(archive, looking, spool, veiled)

        def side_by_side(one: Known, other: Known) -> Html | None:
            paths = (contents.originals[one.dossier.item], contents.originals[other.dossier.item])
            return shown(pair, paths) if (pair := pairs.pair(one, other)) else None

        pieces = report(
            contents.material,
            log,
            made=archive.now,
            originals=contents.originals,
            stay=contents.stay,
            veiled=veiled,
            address=Thumbnails(archive, looking, spool, veiled).address,
            side_by_side=side_by_side,
        )
        page.writelines(piece.encode() for piece in pieces)


def _about(contents: Contents, key: VerifyKey, events: Written) -> list[str]:
    material = contents.material
    return [
        f"log {canonical(material.origin).decode()}",
        f"key {key.fingerprint}",
        f"checkpoint {events.log.size}",
        f"profile {contents.profile}",
        *(f"item {item}" for item in [*contents.items, *contents.withdrawn]),
        *(f"newest {item} {number} {counted}" for item, (number, counted) in events.newest.items()),
        *(f"stamping {settings.name}" for settings in contents.stamped_by),
    ]


def _info(archive: Archive, contents: Contents) -> dict[str, str]:
    return {
        "Bagging-Date": archive.now[:10],
        "Bag-Software-Agent": TOOL,
        "External-Description": f"{how_many(contents.material)} of an archive, for: {contents.profile}",
        "External-Identifier": contents.material.origin,
    }
