"""The words of the record: the namespaces, our own terms, and how things are named.

The law: a name is an IRI that we make, of digits and of the archive's own name alone. What comes from outside (an
address, a caption, a handle) is only ever the value of a string, so it can neither break a name nor be taken for one.

The context stands in the document itself and holds nothing but prefixes: it loads without a network, and no string
becomes a name by way of a definition.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from archiver.facts.vocabulary import AgentType

CONTEXT: Final = {
    "archiver": "urn:archiver:vocabulary#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""PROV-O (2013), schema.org 29, FOAF 0.99, DCMI Terms, OWL 2 (``sameAs``), and our own."""

EDTF: Final = "http://id.loc.gov/datatypes/edtf"
"""The datatype of a time that somebody states (Library of Congress)."""

IPTC: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
SCHEMA: Final = CONTEXT["schema"]

PROV_CLASS: Final = {
    AgentType.PERSON: ("prov:Person", "schema:Person"),
    AgentType.ORGANISATION: ("prov:Organization", "schema:Organization"),
    AgentType.GROUP: ("prov:Organization", "schema:Organization", "foaf:Group"),
    AgentType.SOFTWARE: ("prov:SoftwareAgent", "schema:SoftwareApplication"),
}


def reference(name: str) -> dict[str, str]:
    """A reference to a thing by its name."""
    return {"@id": name}


def typed(value: str | None, datatype: str) -> dict[str, str] | None:
    """A literal of a datatype; nothing where there is none."""
    return None if value is None else {"@value": value, "@type": datatype}


def decimal(value: float | None) -> dict[str, str] | None:
    """A number in one spelling, whichever program reads it."""
    return typed(None if value is None else format(value, ".12g"), "xsd:double")


def moment(value: str | None) -> dict[str, str] | None:
    """An ``Instant`` as ``xsd:dateTime``."""
    return typed(value, "xsd:dateTime")


def stated(value: str | None) -> dict[str, str] | None:
    """A time as somebody states it."""
    return typed(value, EDTF)


def worded(text: str | None, language: str | None) -> Any:
    """Text, in its language where that is known."""
    return {"@value": text, "@language": language.lower()} if text is not None and language else text


def item_name(sha256: str) -> str:
    """An item: its bytes, wherever they are."""
    return f"urn:sha256:{sha256}"


def ni_name(sha256: str) -> str:
    """The same bytes by their registered name (RFC 6920)."""
    return "ni:///sha-256;" + base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Names:
    """How things are named that one log knows.

    Attributes:
        origin: the log's name.
    """

    origin: str

    def fact(self, number: int) -> str:
        """What the event of this number states."""
        return f"{self._archive()}:{number}"

    def source(self, identity: str) -> str:
        """An agent or an account, by identity."""
        return f"{self._archive()}:source:{identity}"

    def person(self, name: str) -> str:
        """Somebody who worked with the archive, by name; never taken for a source of the same name."""
        return f"{self._archive()}:name:{_digest(name)}"

    def program(self, name: str) -> str:
        """A program, by its name and version."""
        return f"{self._archive()}:program:{_digest(name)}"

    def _archive(self) -> str:
        return f"urn:archiver:{quote(self.origin, safe='')}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
