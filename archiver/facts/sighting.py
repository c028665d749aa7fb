"""Where a picture was seen, and what became of it there."""

from __future__ import annotations

from typing import ClassVar

from archiver.facts.fact import Fact, ItemFact
from archiver.facts.values import Edtf, Instant, Language, Name, Raw, Sha256Hex, Text
from archiver.facts.vocabulary import Availability, TimeBasis


class Sighting(Fact):
    """This picture was seen there.

    Account and publisher are two things: an agency's picture may be seen on an account that is not the agency's.

    Attributes:
        item: the picture; none where only the place is known and the file was never had (a deleted original that
            others repost).
        url: as it was seen.
        canonical: the address that the page itself names as its own, where it does.
        channel: where on the platform or in the publication (a group, a section, a programme).
        account: the account it was seen on, by identity.
        publisher: the agent who published it there, by identity.
        published: when it was published, as stated.
        published_basis: how that is known.
        caption: the words beside it.
        language: the language of the caption, BCP 47.
        repost_of: the sighting that this one repeats, by identity.
        context: the item that shows the surroundings: the saved page, the screenshot.
        observed: when it was seen, by our clock.
        observer: who saw it, where stated.
        note: the observer's own words.
    """

    kind_of_fact: ClassVar[str] = "sighting"
    incidental: ClassVar[frozenset[str]] = frozenset({"observed", "observer"})

    item: Sha256Hex | None = None
    url: Raw | None = None
    canonical: Raw | None = None
    channel: Name | None = None
    account: Sha256Hex | None = None
    publisher: Sha256Hex | None = None
    published: Edtf | None = None
    published_basis: TimeBasis = TimeBasis.UNKNOWN
    caption: Text | None = None
    language: Language | None = None
    repost_of: Sha256Hex | None = None
    context: Sha256Hex | None = None
    observed: Instant
    observer: Name | None = None
    note: Text | None = None

    def subject(self) -> str:
        """The picture, or the sighting itself where there is none."""
        return self.item or self.identity()


class Reachability(Fact):
    """Whether what was seen can still be seen where it was: recorded again as often as somebody looks.

    Attributes:
        sighting: by identity.
        item: the sighting's picture, where it has one.
        availability: what whoever looked found.
        observed: when.
        by: who looked, where stated.
        note: the observer's own words.
    """

    kind_of_fact: ClassVar[str] = "reachability"

    sighting: Sha256Hex
    item: Sha256Hex | None = None
    availability: Availability
    observed: Instant
    by: Name | None = None
    note: Text | None = None

    def subject(self) -> str:
        """The picture, or the sighting where there is none."""
        return self.item or self.sighting

    def matter(self) -> str:
        """The sighting."""
        return self.sighting


class Disclosure(ItemFact):
    """An item, or what is known of it, left the archive (PREMIS 3.0 ``dissemination``).

    Attributes:
        profile: for whom the export was made.
        recipient: who got it, where stated.
        reason: why, where stated.
        bytes_included: whether the original went along.
        record: SHA-256 of the exported record.
        disclosed: when.
    """

    kind_of_fact: ClassVar[str] = "disclosure"

    item: Sha256Hex
    profile: str
    recipient: Name | None = None
    reason: Text | None = None
    bytes_included: bool
    record: Sha256Hex
    disclosed: Instant
