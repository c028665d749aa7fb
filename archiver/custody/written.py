"""An event in its canonical form, part by part: what is checked of one part is checked of the bytes that are published.

The law: ``text`` is the canonical JSON of the whole event, and each other part stands in it byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.custody import base64text
from archiver.custody.batch import assemble
from archiver.custody.canonical import canonical, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.custody.batch import Batch
    from archiver.custody.event import Event


@dataclass(frozen=True, slots=True)
class Written:
    """An event's parts in their canonical form, each written once for all that is checked of them.

    Attributes:
        message: the envelope: what is signed, and the leaf's data.
        fields: the body, value by value; none where it is withheld.
        text: the event as it is published.
    """

    message: bytes
    fields: dict[str, bytes] | None
    text: bytes


def written(event: Event) -> Written:
    """Write an event.

    Raises:
        ValueError: a part of it has no canonical form.
    """
    message = event.envelope.canonical()
    fields = None if event.body is None else {name: canonical(value) for name, value in event.body.items()}
    text = joined(
        {
            "body": b"null" if fields is None else joined(fields),
            "envelope": message,
            "salt": b"null" if event.salt is None else canonical(event.salt.hex()),
            "signature": canonical(base64text.write(event.signature)),
        }
    )
    return Written(message, fields, text)


def written_where_it_can(event: Event) -> Written | None:
    """An event's parts; nothing where a part of it has no canonical form."""
    try:
        return written(event)
    except ValueError:
        return None


def is_spelled(batch: Batch, texts: Sequence[Written | None], data: bytes) -> bool:
    """Whether these bytes are the one spelling of this batch, whose events were written so."""
    parts = [each.text for each in texts if each is not None]
    try:
        return len(parts) == len(texts) and assemble(batch.first, parts, batch.checkpoint) == data
    except ValueError:
        return False
