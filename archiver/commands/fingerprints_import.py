"""``archiver fingerprints import``: take in a list of fingerprints that somebody gave us, to be looked in from now on.

1. *Receive*: the list is copied and hashed (``archiver.spool``).
2. *Read*: every line is checked (``archiver.interchange.lines``); one that is not right ends it, and nothing is kept.
3. *Store*: the list goes into the store under its digest, as it came.
4. *Record*: who gave us which list under which name. Another list of that name is superseded, and stays in the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.catalogue.hash_lists import hash_list_called
from archiver.errors import InputRefused
from archiver.facts.exchange import HashList
from archiver.interchange.cache import gather
from archiver.interchange.lines import entries, form_of
from archiver.interchange.listed import lists_folder
from archiver.provenance import checked
from archiver.spool import Spool
from archiver.walk import STANDARD_INPUT, standard_input
from storage.layout import object_name

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact
    from archiver.facts.vocabulary import HashListForm

_NOTHING = "0" * 64


@dataclass(frozen=True, slots=True)
class Imported:
    """A list as it stands now.

    Attributes:
        number: of the event that says so.
        name: by which it is known here.
        given_by: who gave it to us, where stated.
        file: SHA-256 of the list.
        form: how it is written.
        lines: how many fingerprints it holds of each algorithm.
        added: whether this was not recorded already.
        replaced: the SHA-256 of the list that it supersedes, where there was another one.
    """

    number: int
    name: str
    given_by: str | None
    file: str
    form: str
    lines: dict[str, int]
    added: bool
    replaced: str | None


def fingerprints_import(
    archive: Archive,
    source: str,
    name: str,
    *,
    form: HashListForm | None = None,
    given_by: str | None = None,
    note: str | None = None,
) -> Imported:
    """Take a list in.

    Args:
        archive: the archive.
        source: a path, or ``-`` for standard input.
        name: by which the list is to be known.
        form: how it is written; by the file's ending where it is not said.
        given_by: who gave it to us.
        note: about it.

    Raises:
        InputRefused: the list cannot be read, or a line of it is not right, or a list is called nearly so.
        UsageError: how it is written is not known, or a word is malformed.
    """
    read_as = form_of(source, form)
    said = {"name": name, "given_by": given_by, "note": note, "form": read_as, "received": archive.now}
    checked(HashList, "list", **said, file=_NOTHING, size=0, algorithms=(), lines=1)  # before a long list is read
    archive.ready_to_write()
    with Spool(archive.home / "spool", largest_file=archive.settings.limits.largest_file) as spool:
        received = spool.receive(standard_input() if source == STANDARD_INPUT else Path(source))  # step 1
        file = str(received.digest)
        counts = gather(lists_folder(archive), file, entries(received.path, read_as))  # step 2
        made = checked(
            HashList,
            "list",
            **said,
            file=file,
            size=received.size,
            algorithms=tuple(sorted(str(algorithm) for algorithm in counts)),
            lines=sum(counts.values()),
        )
        place = object_name(received.digest)
        archive.store.put_file(  # step 3
            place, received.path, digest=received.digest, size=received.size, protection=archive.kept
        )
    before: list[str] = []

    def build(questions: Questions) -> list[Fact]:
        standing = hash_list_called(questions, made.name)
        if standing is not None and standing.name != made.name:
            raise InputRefused(
                f"there is a list {standing.name!r}", hint="spell it so to put another in its place, or choose a name"
            )
        if standing is not None and standing.stands and standing.file != file:
            before.append(standing.file)
        return [made]

    recorded = archive.record(build)  # step 4
    (number,) = recorded.numbers.values()
    return Imported(
        number=number,
        name=made.name,
        given_by=made.given_by,
        file=file,
        form=str(read_as),
        lines={str(algorithm): count for algorithm, count in sorted(counts.items(), key=lambda one: str(one[0]))},
        added=bool(recorded.new),
        replaced=next(iter(before), None),
    )
