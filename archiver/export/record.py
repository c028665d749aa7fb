"""The record beside the originals: what is known, as one JSON object."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from archiver.export.material import Material

FORMAT = "archiver-record-1"
_TOKENS = 20_000


def as_record(material: Material, originals: Mapping[str, str], stay: Mapping[str, list[str]]) -> dict[str, Any]:
    """The material as plain JSON values.

    Args:
        material: as it was cut for whoever gets it.
        originals: where each original that goes along lies, by item.
        stay: why the others do not, by item; one that is in neither was not asked for.
    """
    return {
        "format": FORMAT,
        "origin": material.origin,
        "as_of": material.as_of,
        "profile": str(material.profile) if material.profile else None,
        "withheld": material.withheld,
        "items": [
            each.to_json()
            | {"original": originals.get(each.dossier.item), "original_withheld": stay.get(each.dossier.item, [])}
            for each in material.items
        ],
        "withdrawn": material.withdrawn_json(),
        "affiliations": [each.to_json(material.around) for each in material.affiliations],
        "recorded": [asdict(material.recordings[number]) for number in sorted(material.recordings)],
    }


def pieces(value: Any) -> Iterator[bytes]:
    r"""A document as it is exported: the same bytes for the same value, and ASCII alone, the rest as ``\uXXXX``.

    Piece by piece, because of a thousand items the text in one is larger than all that it tells of.
    """
    encoder = json.JSONEncoder(indent=1, sort_keys=True, ensure_ascii=True, allow_nan=False)
    tokens = encoder.iterencode(value)
    while piece := "".join(islice(tokens, _TOKENS)):
        yield piece.encode("ascii")
    yield b"\n"


def write(path: Path, value: Any) -> str:
    """Write a document; its SHA-256, hexadecimal.

    Raises:
        OSError: the file cannot be written.
    """
    digest = sha256()
    with path.open("xb") as file:
        for piece in pieces(value):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()
