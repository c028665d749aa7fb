"""The signed events that go along, each with its proof, the checkpoint that the proofs lead to, and its time stamps.

1. Those whose facts are told go along, of each item every event that has it as its subject, so that a missing one
   shows, and those about the log's keys. A court gets every event of a withdrawn item as well, erased as most are;
   anybody else its withdrawal, sealed: how much was known of it is told to a court alone.
2. The newest checkpoint is the head. Its signature and its root are checked here first: a catalogue whose log does not
   add up hands out nothing.
3. Each event is written opened or sealed (``archiver.export.disclosed``), one by one; what is held of all of them at
   once is the hashes of their proofs.
4. The time stamps that bound them go along (``archiver.export.stamped``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from archiver.catalogue.evidence import events_with_subject, leaves, newest_checkpoint, records
from archiver.custody.canonical import read
from archiver.custody.event import Event
from archiver.custody.merkle import verify_inclusion
from archiver.custody.proofs import Proofs
from archiver.errors import LogError
from archiver.export import event_file
from archiver.export.disclosed import shown_fields
from archiver.export.keys import signers
from archiver.export.report_log import Log, Stamped
from archiver.export.stamped import going, write_stamps
from archiver.facts.signing import KEYS_OF_THE_LOG
from archiver.facts.vocabulary import Profile, SensitivityFlag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.custody.keyring import Keyring
    from archiver.export.material import Material
    from archiver.settings import AuthoritySettings

EVENTS: Final = "events"
CHECKPOINT: Final = "checkpoint.txt"


@dataclass(frozen=True, slots=True)
class Contents:
    """What is to be handed over.

    Attributes:
        material: as it was cut for whoever gets it.
        originals: where each original that goes along lies, by item, within the payload.
        stay: why the others do not, by item.
        veiled: the items whose pictures are hidden in the report.
        recorders_named: whether the names of those who recorded may be seen outside a court.
        stamped_by: the authorities that are to stamp the list of files.
    """

    material: Material
    originals: Mapping[str, str]
    stay: Mapping[str, list[str]]
    veiled: frozenset[str]
    recorders_named: bool
    stamped_by: Sequence[AuthoritySettings] = ()

    @property
    def items(self) -> list[str]:
        """The items, in order."""
        return [each.dossier.item for each in self.material.items]

    @property
    def withdrawn(self) -> list[str]:
        """The withdrawn items whose tombstones go along, in order."""
        return sorted(each.item for each in self.material.withdrawn)

    @property
    def profile(self) -> Profile:
        """For whom it was cut."""
        return self.material.profile or Profile.COURT


@dataclass(frozen=True, slots=True)
class Written:
    """The events as they were written.

    Attributes:
        log: what is told of them.
        newest: of each item the number of its newest event, where that one is opened, and among how many events of
            the log it is the newest.
    """

    log: Log
    newest: dict[str, tuple[int, int]]


def write_events(archive: Archive, questions: Questions, folder: Path, contents: Contents, ring: Keyring) -> Written:
    """Write everything into the payload's folder.

    Raises:
        LogError: the catalogue's log does not add up to its own signed checkpoint, or to what was stamped.
        StoreError: the store does not tell which stamps there are.
        OSError: the folder cannot be written.
    """
    note = newest_checkpoint(questions)
    checkpoint = ring.checkpoint(note)
    about = events_with_subject(questions, contents.items)
    gone = events_with_subject(questions.now(), contents.withdrawn) if contents.profile is Profile.COURT else {}
    numbers = {*contents.material.recordings, *about, *gone}
    stamps = going(archive, ring, checkpoint.size, max(numbers))
    numbers.update(events_with_subject(questions.now(), [KEYS_OF_THE_LOG]))
    earlier = {each.place.size for each in stamps}
    proofs = Proofs(leaves(questions, checkpoint.size), checkpoint.size, numbers, earlier)
    if proofs.root != checkpoint.root:
        raise LogError("the catalogue's log is not the one that was signed", hint="run `archiver verify`")
    (folder / EVENTS).mkdir()
    sealed: set[int] = set()
    for number, content, is_sealed in _event_files(questions, contents, numbers, proofs, checkpoint.size):
        (folder / EVENTS / event_file.name(number)).write_bytes(content)
        if is_sealed:
            sealed.add(number)
    (folder / CHECKPOINT).write_bytes(note.encode())
    write_stamps(folder, stamps, proofs, checkpoint.size)
    log = Log(
        key=ring.signing.fingerprint,
        size=checkpoint.size,
        root=checkpoint.root.hex(),
        opened=frozenset(numbers - sealed),
        sealed=len(sealed),
        stamps=[Stamped(each.place.authority, each.place.size, each.time, each.root) for each in stamps],
        unstamped=sum(number >= max(earlier, default=0) for number in numbers),
        signers=signers(ring, contents.profile),
    )
    counted = checkpoint.size if questions.horizon is None else questions.horizon
    newest = {about[number]: (number, counted) for number in sorted(about)}
    newest |= {gone[number]: (number, checkpoint.size) for number in sorted(gone)}  # a withdrawal is of now
    return Written(log, {item: last for item, last in newest.items() if last[0] not in sealed})


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
