"""An event as a file that a stranger checks with ``bash``, ``sha256sum`` and ``openssl``: a line for each part.

::

    archiver-event-file-1
    place 42
    leaf <the event's leaf hash>
    envelope <canonical JSON, the bytes that were signed>
    signature <base64>
    shown <field> <the field's salt> <the value in canonical JSON>
    hidden <field> <the field's digest>
    proof <a hash of the inclusion proof, lowest first>

No line is ever broken, for canonical JSON holds no line break; fields stand in the order of their names. An event whose
body was erased has the line ``erased`` and no field. One that may not be opened for whoever gets it is *sealed*: place,
leaf and proof alone. A sealed one shows no commitment either, because its leaf and commitment together would let
somebody try names until one fits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.custody import base64text
from archiver.custody.canonical import canonical
from archiver.custody.commitment import field_digests, field_salts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from archiver.custody.event import Event

FORMAT: Final = "archiver-event-file-1"


def name(place: int) -> str:
    """The file's name: its place in twelve digits, so that names sort as the log runs."""
    return f"{place:012d}.txt"


def opened(event: Event, proof: Sequence[bytes], shown: Collection[str]) -> bytes:
    """An event with these fields of its body shown and the others withheld.

    Raises:
        ValueError: it has no canonical form.
    """
    envelope = event.envelope
    lines = [
        *_begin(envelope.sequence, event.leaf),
        f"envelope {envelope.canonical().decode()}",
        f"signature {base64text.write(event.signature)}",
        *_fields(event, shown),
    ]
    return _written([*lines, *_end(proof)])


def sealed(event: Event, proof: Sequence[bytes]) -> bytes:
    """An event of which nothing is shown but that it stands at its place."""
    return _written([*_begin(event.envelope.sequence, event.leaf), *_end(proof)])


def _begin(place: int, leaf: bytes) -> list[str]:
    return [FORMAT, f"place {place}", f"leaf {leaf.hex()}"]


def _fields(event: Event, shown: Collection[str]) -> Iterator[str]:
    if event.body is None or event.salt is None:
        yield "erased"
        return
    digests, salts = field_digests(event.body, event.salt), field_salts(event.salt, shown)
    for field in sorted(event.body):
        if field in salts:
            yield f"shown {field} {salts[field].hex()} {canonical(event.body[field]).decode()}"
        else:
            yield f"hidden {field} {digests[field]}"


def _end(proof: Sequence[bytes]) -> Iterator[str]:
    yield from (f"proof {node.hex()}" for node in proof)


def _written(lines: Sequence[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()
