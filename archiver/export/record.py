"""The record beside the originals: what is known, as one JSON object, and the list of digests that seals a folder."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archiver.export.material import Material

FORMAT = "archiver-record-1"


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
        "affiliations": [each.to_json(material.around) for each in material.affiliations],
        "recorded": [asdict(material.recordings[number]) for number in sorted(material.recordings)],
    }


def written(value: Any) -> bytes:
    r"""A document as it is exported: the same bytes for the same value, and ASCII alone, the rest as ``\uXXXX``."""
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=True, allow_nan=False) + "\n").encode("ascii")


def manifest(digests: Mapping[str, str]) -> bytes:
    """The SHA-256 of each file by its path, in the form that ``sha256sum -c`` reads."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items())).encode("ascii")
