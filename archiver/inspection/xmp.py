"""XMP packets (ISO 16684-1) read into properties, each named by its path.

``dc:creator[1]``, ``dc:title[x-default]``, ``xmpMM:History[2]/stEvt:action``: a prefix is only short for a namespace.
Well-known namespaces have their customary one, whatever the file calls them; one that is not known has the file's own,
or stands in full (``{uri}name``) where that is another's.

A packet is XML from a stranger. expat reads it once from end to end, forward; a document type, and with it every
entity, ends the reading (ISO 16684-1, 7.1 has no use for one); depth, elements and properties are bounded. What was
read up to there counts.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from archiver.inspection.text import bounded, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES: Final = 16 << 20
"""Bytes of one packet that are read; a depth map in an extended packet has some 600 KB."""

_DEEPEST, _MOST_ELEMENTS, _MOST_PROPERTIES, _LONGEST_TEXT, _LONGEST_PATH = 64, 50_000, 5_000, 4_000, 200
_BETWEEN: Final = "\x01"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_ADOBE: Final = "http://ns.adobe.com/"
_PREFIXES: Final = {
    "http://purl.org/dc/elements/1.1/": "dc",
    f"{_ADOBE}xap/1.0/": "xmp",
    f"{_ADOBE}xap/1.0/mm/": "xmpMM",
    f"{_ADOBE}xap/1.0/rights/": "xmpRights",
    f"{_ADOBE}xap/1.0/bj/": "xmpBJ",
    f"{_ADOBE}xap/1.0/t/pg/": "xmpTPg",
    f"{_ADOBE}xap/1.0/g/": "xmpG",
    f"{_ADOBE}xap/1.0/sType/ResourceRef#": "stRef",
    f"{_ADOBE}xap/1.0/sType/ResourceEvent#": "stEvt",
    f"{_ADOBE}xap/1.0/sType/Dimensions#": "stDim",
    f"{_ADOBE}xap/1.0/sType/Font#": "stFnt",
    f"{_ADOBE}xap/1.0/sType/Version#": "stVer",
    f"{_ADOBE}xmp/note/": "xmpNote",
    f"{_ADOBE}xmp/1.0/DynamicMedia/": "xmpDM",
    f"{_ADOBE}photoshop/1.0/": "photoshop",
    f"{_ADOBE}camera-raw-settings/1.0/": "crs",
    f"{_ADOBE}lightroom/1.0/": "lr",
    f"{_ADOBE}pdf/1.3/": "pdf",
    f"{_ADOBE}tiff/1.0/": "tiff",
    f"{_ADOBE}exif/1.0/": "exif",
    f"{_ADOBE}exif/1.0/aux/": "aux",
    f"{_ADOBE}hdr-gain-map/1.0/": "hdrgm",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://ns.useplus.org/ldf/xmp/1.0/": "plus",
    "http://ns.google.com/photos/1.0/camera/": "GCamera",
    "http://ns.google.com/photos/1.0/container/": "Container",
    "http://ns.google.com/photos/1.0/container/item/": "Item",
    "http://ns.google.com/photos/1.0/image/": "GImage",
    "http://ns.google.com/photos/1.0/depthmap/": "GDepth",
    "http://ns.google.com/photos/1.0/panorama/": "GPano",
    "http://ns.apple.com/faceinfo/1.0/": "apple-fi",
    "http://www.metadataworkinggroup.com/schemas/regions/": "mwg-rs",
    "http://ns.microsoft.com/photo/1.0": "MicrosoftPhoto",
    "http://ns.microsoft.com/photo/1.0/": "MicrosoftPhoto",
    "http://www.digikam.org/ns/1.0/": "digiKam",
    "http://purl.org/dc/terms/": "dcterms",
    _RDF: "rdf",
    _XML: "xml",
    "adobe:ns:meta/": "x",
}
_TAKEN: Final = frozenset(_PREFIXES.values())
_ARRAYS: Final = frozenset({"rdf:Bag", "rdf:Seq", "rdf:Alt"})


class _Refused(Exception):
    pass


def properties(packet: bytes) -> tuple[dict[str, str], str]:
    """The properties of a packet by path, and why the reading ended early, which is empty where it did not."""
    text = packet.strip(b"\x00 \t\r\n")
    if not text:
        return {}, ""
    if len(text) > MOST_BYTES:
        return {}, f"a packet of {len(text)} bytes"
    reading = _Reading()
    wide = text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\x00", b"\x00<"))
    parser = expat.ParserCreate(None if wide else "UTF-8", _BETWEEN)
    parser.namespace_prefixes = True
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reading.document_type
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    try:
        parser.Parse(packet if wide else text, True)  # noqa: FBT003 - expat's own way to say that this is all
    except (expat.ExpatError, _Refused) as error:
        return reading.found, bounded(str(error), 200)
    return reading.found, ""


class _Frame:
    """An element that is open: which part it plays, whose path it belongs to, and what text it has."""

    __slots__ = ("count", "parts", "path", "plays", "simple")

    def __init__(self, plays: str, path: str = "") -> None:
        self.plays, self.path = plays, path
        self.parts: list[str] = []
        self.count = 0
        self.simple = True


class _Reading:
    """The elements as they come, in the parts that they play in RDF: node, property, array and item by turns."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._open = [_Frame("outside")]
        self._elements = 0
        self._again: dict[str, int] = {}
        self._names: dict[str, str] = {}

    def document_type(self, *_: object) -> None:
        raise _Refused("it declares a document type")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > _MOST_ELEMENTS or len(self._open) > _DEEPEST:
            raise _Refused("it has more elements than are read")
        within, called = self._open[-1], self._name(name)
        named = {self._name(key): value for key, value in attributes.items()}
        match within.plays:
            case "outside":
                self._open.append(_Frame("rdf" if called == "rdf:RDF" else "outside"))
            case "rdf":
                self._node("", named)
            case "node":
                self._property(f"{within.path}/{called}" if within.path else called, named)
            case "array" | "alternatives":
                within.count += 1
                language = named.pop("xml:lang", "") if within.plays == "alternatives" else ""
                self._property(f"{within.path}[{visible(language) or within.count}]", named)
            case _ if called in _ARRAYS:
                within.simple = False
                self._open.append(_Frame("alternatives" if called == "rdf:Alt" else "array", within.path))
            case _:
                within.simple = False
                self._node(within.path, named)

    def end(self, _name: str) -> None:
        frame = self._open.pop()
        if frame.plays == "property" and frame.simple:
            self._keep(frame.path, "".join(frame.parts))

    def text(self, content: str) -> None:
        frame = self._open[-1]
        if frame.plays == "property":
            frame.parts.append(content)

    def _node(self, path: str, named: dict[str, str]) -> None:
        self._open.append(_Frame("node", path))
        self._fields(path, named)

    def _property(self, path: str, named: dict[str, str]) -> None:
        if named.get("rdf:parseType") == "Resource":
            self._node(path, named)
            return
        frame = _Frame("property", path)
        self._open.append(frame)
        if "rdf:resource" in named:
            frame.simple = False
            self._keep(path, named["rdf:resource"])
        if self._fields(path, named) and "xml:lang" not in named:
            frame.simple = False

    def _fields(self, path: str, named: dict[str, str]) -> int:
        """Attributes are fields in short form (ISO 16684-1, 7.9.2.2), but for RDF's own."""
        fields = [(key, value) for key, value in named.items() if not key.startswith("rdf:") or key == "rdf:value"]
        for key, value in fields:
            self._keep(f"{path}/{key}" if path else key, value)
        return len(fields)

    def _keep(self, path: str, value: str) -> None:
        if len(self.found) >= _MOST_PROPERTIES:
            raise _Refused("it has more properties than are read")
        path = bounded(path.removesuffix("/rdf:value"), _LONGEST_PATH)
        if path in self.found:
            self._again[path] = self._again.get(path, 1) + 1
            path = f"{path} #{self._again[path]}"
        self.found[path] = bounded(value, _LONGEST_TEXT)

    def _name(self, name: str) -> str:
        """The name with its prefix."""
        if name not in self._names:
            self._names[name] = "".join(_prefixed(*name.split(_BETWEEN)))
        return self._names[name]


def _prefixed(*parts: str) -> Iterator[str]:
    """Of the parts that expat gives: namespace, local name, the file's own prefix, as far as there are any."""
    if len(parts) == 1:
        yield visible(parts[0])
        return
    uri, local = parts[0], parts[1]
    own = parts[2] if len(parts) > 2 else ""  # noqa: PLR2004 - the prefix comes last
    prefix = _PREFIXES.get(uri) or (own if own and own not in _TAKEN else "")
    yield visible(f"{prefix}:" if prefix else f"{{{uri}}}")
    yield visible(local)
