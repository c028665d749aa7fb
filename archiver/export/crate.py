"""The payload as a Research Object Crate (RO-Crate 1.1): what each file is, in the words of schema.org.

The crate's root is the bag's ``data/``. Event files, time stamps and keys are one part of it each, a folder; there
may be many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from archiver.export.vocabulary import item_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archiver.export.material import Material

SPECIFICATION: Final = "https://w3id.org/ro/crate/1.1"
_OWN: Final = {"sha256": "https://schema.org/sha256"}
"""A term of schema.org that the crate's own context does not hold yet."""

_ARCHIVE: Final = "#archive"
_RIGHTS: Final = {
    "@id": "#rights",
    "@type": "CreativeWork",
    "name": "No licence is given",
    "description": "The rights in the originals are those of whoever holds them.",
}

_PARTS: Final = {
    "record.json": ("What is known, as JSON", "application/json"),
    "record.jsonld": ("What is known, as JSON-LD: W3C PROV and schema.org", "application/ld+json"),
    "checkpoint.txt": ("The signed head of the log", "text/plain"),
    "key.pem": ("The archive's public key", "application/x-pem-file"),
    "keys.txt": ("How each key of the log gave way to the next", "text/plain"),
    "report.html": ("The same, to be read", "text/html"),
}

_FOLDERS: Final = {
    "events": "Signed events",
    "keys": "The public keys of the log, one after the other",
    "stamps": "Time stamps over the log (RFC 3161)",
}


def _found(findings: Iterable[Mapping[str, str]]) -> str:
    """What was found remarkable in the file, for whoever reads nothing but the crate."""
    told = ", ".join(f"{each['code']} ({each.get('weight', 'of unknown weight')})" for each in findings)
    return f"Found in the file: {told}. report.html says what that means and what it does not." if told else ""


def as_crate(
    material: Material,
    originals: Mapping[str, str],
    files: Mapping[str, int],
    *,
    made: str,
    folders: Mapping[str, int],
) -> dict[str, Any]:
    """The metadata document.

    Args:
        material: as it was cut for whoever gets it.
        originals: where each original that goes along lies, by item.
        files: the other files of the payload and their sizes in bytes.
        made: when, an ``Instant``.
        folders: how many events, time stamps and keys lie in the folders of these names.
    """
    summaries = {each.dossier.item: each.dossier.summary for each in material.items}
    found = {each.dossier.item: _found(each.dossier.named_findings) for each in material.items}
    parts: list[dict[str, Any]] = [
        {
            "@id": path,
            "@type": "File",
            "name": _PARTS[path][0],
            "encodingFormat": _PARTS[path][1],
            "contentSize": str(size),
        }
        for path, size in files.items()
    ]
    parts += [
        {"@id": f"{name}/", "@type": "Dataset", "name": _FOLDERS[name], "description": f"{count} of them"}
        for name, count in folders.items()
        if count
    ]
    for item, path in originals.items():
        media_type = summaries[item].media_type
        parts.append(
            {
                "@id": path,
                "@type": "File",
                "name": "An original, as it was taken in",
                "contentSize": str(summaries[item].size),
                "sha256": item,
                "identifier": item_name(item),
            }
            | ({"encodingFormat": media_type} if media_type else {})
            | ({"description": found[item]} if found[item] else {})
        )
    parts.sort(key=lambda part: str(part["@id"]))
    things = [thing for each in material.withdrawn_json() for thing in _withdrawal(each)]
    actions = [{"@id": thing["@id"]} for thing in things if thing["@type"] == "DeleteAction"]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Items of the archive {material.origin}",
        "description": "Originals, what is known of them, and the signed events that say so.",
        "datePublished": made,
        "author": {"@id": _ARCHIVE},
        "publisher": {"@id": _ARCHIVE},
        "license": {"@id": _RIGHTS["@id"]},
        "hasPart": [{"@id": part["@id"]} for part in parts],
    } | ({"mentions": actions} if actions else {})
    descriptor = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": SPECIFICATION},
        "about": {"@id": "./"},
    }
    archive = {"@id": _ARCHIVE, "@type": "Organization", "name": f"The archive {material.origin}"}
    entities = [descriptor, root, *parts, *things, archive, _RIGHTS]
    return {"@context": [f"{SPECIFICATION}/context", _OWN], "@graph": entities}


def _withdrawal(tombstone: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The action by which an item was withdrawn, and the item: things that are told of, and no parts."""
    item = {
        "@id": item_name(tombstone["item"]),
        "@type": "MediaObject",
        "name": "An item that was withdrawn, and is not here",
        "sha256": tombstone["item"],
    }
    action = {
        "@id": f"#withdrawal-{tombstone['number']}",
        "@type": "DeleteAction",
        "name": "The withdrawal of an item",
        "object": {"@id": item["@id"]},
        "endTime": tombstone["recorded"],
    }
    if "authority" in tombstone:
        action["description"] = f"By order of {tombstone['authority']}: {tombstone['reason']}"
    return [action, item]
