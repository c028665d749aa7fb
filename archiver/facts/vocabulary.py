"""Closed choices, spelled as their standards spell them, each with the standard's name and version beside it."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never


class DecodeStatus(StrEnum):
    """How far a picture could be decoded. The archive's own terms."""

    OK = "ok"
    DECODED_WITH_ERRORS = "decoded-with-errors"
    TRUNCATED = "truncated"
    UNDECODABLE = "undecodable"
    REFUSED_LIMITS = "refused-limits"


class SourceKind(StrEnum):
    """What kind of agent a source is. The archive's own terms."""

    NEWS_AGENCY = "news-agency"
    BROADCASTER = "broadcaster"
    PUBLISHER = "publisher"
    STATE_BODY = "state-body"
    ARMED_FORCE = "armed-force"
    PARTISAN_MONITORING_ACCOUNT = "partisan-monitoring-account"
    NGO = "ngo"
    FACT_CHECKER = "fact-checker"
    CITIZEN = "citizen"
    ARCHIVE = "archive"
    UNKNOWN = "unknown"


class AgentType(StrEnum):
    """What an agent is: PROV-O (2013) Person, Organization, SoftwareAgent; FOAF 0.99 Group."""

    PERSON = "person"
    ORGANISATION = "organisation"
    GROUP = "group"
    SOFTWARE = "software"


class AffiliationKind(StrEnum):
    """In which way one acts for another. The archive's own terms."""

    EMPLOYED_BY = "employed-by"
    OFFICIALLY_OPERATED = "officially-operated"
    SELF_DECLARED = "self-declared"
    POLITICALLY_ALIGNED = "politically-aligned"
    ATTRIBUTED_BY_THIRD_PARTY = "attributed-by-third-party"

    def before_name(self) -> str:
        """How it reads between the one and the other: ``x is employed by y``."""
        match self:
            case AffiliationKind.EMPLOYED_BY:
                return "employed by"
            case AffiliationKind.OFFICIALLY_OPERATED:
                return "officially operated by"
            case AffiliationKind.SELF_DECLARED:
                return "by its own word with"
            case AffiliationKind.POLITICALLY_ALIGNED:
                return "politically aligned with"
            case AffiliationKind.ATTRIBUTED_BY_THIRD_PARTY:
                return "attributed by a third party to"
            case _:
                assert_never(self)


class SourceType(StrEnum):
    """Who is meant: an agent, or an account on a platform, which is not its operator."""

    AGENT = "agent"
    ACCOUNT = "account"


class State(StrEnum):
    """Whether a statement is made, or taken back by whoever finds that it should not stand."""

    STATED = "stated"
    RETRACTED = "retracted"


class TimeBasis(StrEnum):
    """How a publication time is known. The archive's own terms."""

    PLATFORM_STATED = "platform-stated"
    PAGE_STATED = "page-stated"
    EMBEDDED = "embedded"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


class ClaimKind(StrEnum):
    """What a claim is about; the claim itself is a schema.org ``Claim`` (schema.org 29)."""

    IDENTITY = "identity"
    STATUS = "status"
    LOCATION = "location"
    DATE = "date"
    EVENT = "event"
    AUTHORSHIP = "authorship"
    OWNERSHIP = "ownership"
    AFFILIATION = "affiliation"
    AUTHENTICITY = "authenticity"
    OTHER = "other"


class ClaimManner(StrEnum):
    """How the claimant makes it: in so many words, by implication, or as somebody else reads it. Our own terms."""

    STATED = "stated"
    IMPLIED = "implied"
    INTERPRETED = "interpreted"


class ClaimRelation(StrEnum):
    """What one claim does to another. The archive's own terms; ``same-as`` is schema.org's ``sameAs``."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    REFINES = "refines"
    SAME_AS = "same-as"


class Availability(StrEnum):
    """Whether what was seen can still be seen where it was. The archive's own terms."""

    LIVE = "live"
    REMOVED_BY_AUTHOR = "removed-by-author"
    REMOVED_BY_PLATFORM = "removed-by-platform"
    ACCOUNT_GONE = "account-gone"
    GEO_BLOCKED = "geo-blocked"
    UNKNOWN = "unknown"


class AssessmentStatus(StrEnum):
    """Where a verification stands. The archive's own terms; no assessment is shown as ``unverified``."""

    UNVERIFIED = "unverified"
    IN_PROGRESS = "in-progress"
    PARTIALLY_VERIFIED = "partially-verified"
    VERIFIED = "verified"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"
    WITHDRAWN = "withdrawn"


class Confidence(StrEnum):
    """Analytic confidence, as in ICD 203 (2015): how sound the basis of a judgement is."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class Reliability(StrEnum):
    """Reliability of the source: the letter of the Admiralty code (AJP-2.1). F is a judgement too, never a default."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Credibility(StrEnum):
    """Credibility of the information: the digit of the Admiralty code (AJP-2.1). 6 is a judgement too."""

    CONFIRMED = "1"
    PROBABLY_TRUE = "2"
    POSSIBLY_TRUE = "3"
    DOUBTFUL = "4"
    IMPROBABLE = "5"
    CANNOT_BE_JUDGED = "6"


class MediaManipulationRating(StrEnum):
    """How a picture was used where it was seen: schema.org ``MediaManipulationRatingEnumeration`` (schema.org 29)."""

    DECONTEXTUALIZED = "DecontextualizedContent"
    EDITED_OR_CROPPED = "EditedOrCroppedContent"
    ORIGINAL = "OriginalMediaContent"
    SATIRE_OR_PARODY = "SatireOrParodyContent"
    STAGED = "StagedContent"
    TRANSFORMED = "TransformedContent"


class DigitalSourceType(StrEnum):
    """How a picture was made: the IPTC Digital Source Type NewsCodes (cv.iptc.org, digitalsourcetype, 2024)."""

    DIGITAL_CAPTURE = "digitalCapture"
    COMPUTATIONAL_CAPTURE = "computationalCapture"
    NEGATIVE_FILM = "negativeFilm"
    POSITIVE_FILM = "positiveFilm"
    PRINT = "print"
    HUMAN_EDITS = "humanEdits"
    COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA = "compositeWithTrainedAlgorithmicMedia"
    ALGORITHMICALLY_ENHANCED = "algorithmicallyEnhanced"
    DIGITAL_CREATION = "digitalCreation"
    DATA_DRIVEN_MEDIA = "dataDrivenMedia"
    TRAINED_ALGORITHMIC_MEDIA = "trainedAlgorithmicMedia"
    ALGORITHMIC_MEDIA = "algorithmicMedia"
    SCREEN_CAPTURE = "screenCapture"
    VIRTUAL_RECORDING = "virtualRecording"
    COMPOSITE = "composite"
    COMPOSITE_CAPTURE = "compositeCapture"
    COMPOSITE_SYNTHETIC = "compositeSynthetic"


class RelationType(StrEnum):
    """How two pictures are related: terms of PROV-O (2013), and our own for *not at all*."""

    DERIVED_FROM = "prov:wasDerivedFrom"
    ALTERNATE_OF = "prov:alternateOf"
    NOT_RELATED = "not-related"


class RelationState(StrEnum):
    """Who says so: a program suggests, a person confirms or rejects. The archive's own terms."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Action(StrEnum):
    """What was done to a picture to make the other: ``c2pa.`` actions of the C2PA Technical Specification 2.1."""

    COLOR_ADJUSTMENTS = "c2pa.color_adjustments"
    CONVERTED = "c2pa.converted"
    CROPPED = "c2pa.cropped"
    DRAWING = "c2pa.drawing"
    EDITED = "c2pa.edited"
    FILTERED = "c2pa.filtered"
    ORIENTATION = "c2pa.orientation"
    PLACED = "c2pa.placed"
    REDACTED = "c2pa.redacted"
    REPACKAGED = "c2pa.repackaged"
    RESIZED = "c2pa.resized"
    TRANSCODED = "c2pa.transcoded"
    WATERMARKED = "c2pa.watermarked"
    UNKNOWN = "c2pa.unknown"


class SensitivityFlag(StrEnum):
    """Why care is owed before a picture is shown or shared. The archive's own terms."""

    PRISONER_OF_WAR = "prisoner-of-war"
    DETAINEE = "detainee"
    CHILD_IDENTIFIABLE = "child-identifiable"
    GRAPHIC_VIOLENCE = "graphic-violence"
    HUMAN_REMAINS = "human-remains"
    SEXUAL_VIOLENCE = "sexual-violence"
    PERSONAL_DATA = "personal-data"
    SOURCE_IDENTIFIABLE = "source-identifiable"
    LOCATION_SENSITIVE = "location-sensitive"


class FlagState(StrEnum):
    """Whether a flag is set, or was taken off again by a named person."""

    FLAGGED = "flagged"
    LIFTED = "lifted"


class TrafficLight(StrEnum):
    """With whom an item may be shared: the Traffic Light Protocol 2.0 (FIRST, 2022)."""

    RED = "TLP:RED"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    AMBER = "TLP:AMBER"
    GREEN = "TLP:GREEN"
    CLEAR = "TLP:CLEAR"


class RetentionMode(StrEnum):
    """How firmly a store retains a copy: S3's own terms (Object Lock)."""

    GOVERNANCE = "governance"
    COMPLIANCE = "compliance"


class HoldState(StrEnum):
    """Whether a legal hold is set, or was released by somebody with authority. The archive's own terms."""

    SET = "set"
    RELEASED = "released"


class CaseState(StrEnum):
    """Whether a case is being worked on."""

    OPEN = "open"
    CLOSED = "closed"


class HashListForm(StrEnum):
    """How a list of fingerprints is written. The archive's own terms.

    ``pdq`` is the plain form of the PDQ tools: a line each, the hexadecimal digits, then a comma and a quality or not.
    """

    CSV = "csv"
    JSONL = "jsonl"
    PDQ = "pdq"


class Profile(StrEnum):
    """To whom an export goes: a court gets all, a partner and the public what may be shown to them. Our own terms."""

    COURT = "court"
    PARTNER = "partner"
    PUBLIC = "public"


class TargetKind(StrEnum):
    """What an assessment judges."""

    ITEM = "item"
    CLAIM = "claim"
    SIGHTING = "sighting"
    SOURCE = "source"
    AFFILIATION = "affiliation"


class AcquisitionMethod(StrEnum):
    """How bytes came in: event types of PREMIS 3.0's ``eventType`` vocabulary (id.loc.gov)."""

    INGESTION = "ingestion"
    CAPTURE = "capture"


class ClockSource(StrEnum):
    """What the intake clock was worth at that moment. The archive's own terms."""

    NTP_SYNCED = "ntp-synced"
    SYSTEM = "system"
    UNKNOWN = "unknown"


class StoreState(StrEnum):
    """Whether a store holds the archive, or was taken out. The archive's own terms."""

    ADDED = "added"
    REMOVED = "removed"


class CopyCheck(StrEnum):
    """What showed that a stored copy is whole. The archive's own terms."""

    HASHED_WHILE_WRITTEN = "hashed-while-written"
    SERVER_VERIFIED = "server-verified"
    READ_BACK = "read-back"


class CopyFault(StrEnum):
    """What an audit found amiss with a copy. The archive's own terms.

    ``unprotected``: its store keeps it less long or less firmly than it had promised, or its legal hold is gone.
    """

    MISSING = "missing"
    CORRUPT = "corrupt"
    UNREADABLE = "unreadable"
    UNPROTECTED = "unprotected"


class EventOutcome(StrEnum):
    """How a check ended: PREMIS 3.0's ``eventOutcome`` vocabulary (id.loc.gov); ``warning``: not all could be read."""

    SUCCESS = "success"
    FAIL = "fail"
    WARNING = "warning"


class GoodCopy(StrEnum):
    """Where the bytes of a repair came from. The archive's own terms.

    ``found-whole``: it was whole again when it was looked at; whoever repaired it (a run that was killed before it
    could record so, a person, the store itself) left no word. ``in-place``: the bytes were right, and the store was
    told again to protect them as it had promised.
    """

    STORE = "store"
    VERSION = "version"
    CATALOGUE = "catalogue"
    FOUND_WHOLE = "found-whole"
    IN_PLACE = "in-place"
