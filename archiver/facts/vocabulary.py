"""Closed choices, spelled as their standards spell them, each with the standard's name and version beside it."""

from __future__ import annotations

from enum import StrEnum


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


class TargetKind(StrEnum):
    """What an assessment judges."""

    ITEM = "item"
    CLAIM = "claim"
    SIGHTING = "sighting"
    SOURCE = "source"


class AcquisitionMethod(StrEnum):
    """How bytes came in: event types of PREMIS 3.0's ``eventType`` vocabulary (id.loc.gov)."""

    INGESTION = "ingestion"
    CAPTURE = "capture"


class ClockSource(StrEnum):
    """What the intake clock was worth at that moment. The archive's own terms."""

    NTP_SYNCED = "ntp-synced"
    SYSTEM = "system"
    UNKNOWN = "unknown"


class CopyCheck(StrEnum):
    """What showed that a stored copy is whole. The archive's own terms."""

    HASHED_WHILE_WRITTEN = "hashed-while-written"
    SERVER_VERIFIED = "server-verified"
    READ_BACK = "read-back"
