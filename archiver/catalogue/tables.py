"""The catalogue's tables: a projection of the log, made to answer questions.

The law: nothing stands here that could not be made again from the published log, and a row never leaves this package.

* ``event`` and ``batch`` mirror the log itself: what was appended, in which transaction, and whether it is published.
* A table a kind of fact: the class of the fact, plus the number of its event, its identity and when it was recorded.
* ``item``, ``source`` and ``phrase`` are made from the facts, so that common questions need one row or one scan.

Times are text (see ``archiver.facts.values``), so no database can drop an offset. Digests are text, in full.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from archiver.facts.acquisition import Acquisition, Copy
from archiver.facts.inspection import Fingerprint, Inspection
from archiver.facts.sighting import Assessment, Claim, Sighting
from archiver.facts.source import Account, Agent
from archiver.facts.vocabulary import (
    AcquisitionMethod,
    AssessmentStatus,
    ClaimKind,
    ClockSource,
    Confidence,
    CopyCheck,
    Credibility,
    DecodeStatus,
    Reliability,
    SourceKind,
    TargetKind,
    TimeBasis,
)

if TYPE_CHECKING:
    from archiver.facts.fact import Fact

SCHEMA = 1
"""The version of this projection. A catalogue of another version is projected anew from the log, never migrated."""

_ROW = {"extra": "ignore", "frozen": False, "validate_default": False, "defer_build": True}


class Row(SQLModel):
    """What every table has in common: its validator is never made, because a row is filled column by column."""

    model_config = {"defer_build": True}  # or every command would pay for validators that none uses


class Recorded(Row):
    """What every fact's row carries beside the fact.

    Attributes:
        number: the sequence number of its event: the fact's name among people.
        fact: the fact's identity, in full.
        recorded: when it was appended to the log.
        actor: who ran the command.
    """

    number: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    fact: str = Field(unique=True)
    recorded: str
    actor: str


class EventRow(Row, table=True):
    """One event of the log: ``record`` is the whole event as published, in canonical JSON."""

    __tablename__ = "event"

    sequence: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    kind: str
    subject: str
    identity: str = Field(unique=True)
    leaf: str
    record: str = Field(sa_type=sa.Text)

    __table_args__ = (sa.Index("event_of_subject", "subject", "sequence"),)


class BatchRow(Row, table=True):
    """One transaction of the log: ``size`` is the tree's size after it, ``frontier`` the tree's right edge."""

    __tablename__ = "batch"

    first: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    size: int = Field(sa_type=sa.BigInteger)
    checkpoint: str = Field(sa_type=sa.Text)
    frontier: str = Field(sa_type=sa.Text)
    published: bool = Field(index=True)


class AcquisitionRow(Recorded, Acquisition, table=True):
    """See ``archiver.facts.acquisition.Acquisition``."""

    __tablename__ = "acquisition"
    model_config = _ROW  # type: ignore[assignment] # a row is filled column by column; the fact was validated before
    item: str = Field(index=True)
    size: int = Field(sa_type=sa.BigInteger)
    method: AcquisitionMethod = Field(sa_type=sa.String)
    clock: ClockSource = Field(sa_type=sa.String)


class InspectionRow(Recorded, Inspection, table=True):
    """See ``archiver.facts.inspection.Inspection``."""

    __tablename__ = "inspection"
    model_config = _ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)
    decode: DecodeStatus = Field(sa_type=sa.String)
    embedded: dict[str, Any] = Field(sa_type=sa.JSON)


class FingerprintRow(Recorded, Fingerprint, table=True):
    """See ``archiver.facts.inspection.Fingerprint``."""

    __tablename__ = "fingerprint"
    model_config = _ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)
    algorithm: str = Field(index=True)


class AgentRow(Recorded, Agent, table=True):
    """See ``archiver.facts.source.Agent``; ``entity`` is the agent's identity by name."""

    __tablename__ = "agent"
    model_config = _ROW  # type: ignore[assignment] # as above
    entity: str = Field(index=True)
    kind: SourceKind = Field(sa_type=sa.String)


class AccountRow(Recorded, Account, table=True):
    """See ``archiver.facts.source.Account``."""

    __tablename__ = "account"
    model_config = _ROW  # type: ignore[assignment] # as above


class SightingRow(Recorded, Sighting, table=True):
    """See ``archiver.facts.sighting.Sighting``; ``earliest`` and ``latest`` bound the published time."""

    __tablename__ = "sighting"
    model_config = _ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)
    account: str | None = Field(default=None, index=True)
    publisher: str | None = Field(default=None, index=True)
    published_basis: TimeBasis = Field(sa_type=sa.String)
    earliest: str | None = Field(default=None, index=True)
    latest: str | None = None


class ClaimRow(Recorded, Claim, table=True):
    """See ``archiver.facts.sighting.Claim``."""

    __tablename__ = "claim"
    model_config = _ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)
    claimant: str | None = Field(default=None, index=True)
    kind: ClaimKind = Field(sa_type=sa.String)


class AssessmentRow(Recorded, Assessment, table=True):
    """See ``archiver.facts.sighting.Assessment``."""

    __tablename__ = "assessment"
    model_config = _ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)
    target: str = Field(index=True)
    target_kind: TargetKind = Field(sa_type=sa.String)
    status: AssessmentStatus = Field(sa_type=sa.String)
    methods: list[str] = Field(sa_type=sa.JSON)  # type: ignore[assignment] # a tuple in the fact, a list in the column
    reliability: Reliability | None = Field(default=None, sa_type=sa.String)
    credibility: Credibility | None = Field(default=None, sa_type=sa.String)
    confidence: Confidence | None = Field(default=None, sa_type=sa.String)


class CopyRow(Recorded, Copy, table=True):
    """See ``archiver.facts.acquisition.Copy``."""

    __tablename__ = "copy"
    model_config = _ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)
    size: int = Field(sa_type=sa.BigInteger)
    check: CopyCheck = Field(sa_type=sa.String)


class ItemRow(Row, table=True):
    """One item: what its acquisitions, newest inspection and newest assessment add up to.

    ``status`` is ``None`` where nobody has judged the item; it is *shown* as unverified.
    """

    __tablename__ = "item"

    item: str = Field(primary_key=True)
    first: int = Field(sa_type=sa.BigInteger, index=True)
    size: int = Field(sa_type=sa.BigInteger)
    taken_in: str
    file_name: str | None = None
    media_type: str | None = None
    width: int | None = None
    height: int | None = None
    orientation: int | None = None
    decode: str | None = None
    status: str | None = Field(default=None, index=True)


class PhraseRow(Row, table=True):
    """Words about an item, case-folded by Python, so that a search finds the same on every database."""

    __tablename__ = "phrase"

    number: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    field: str = Field(primary_key=True)
    item: str = Field(index=True)
    folded: str = Field(sa_type=sa.Text)


class AboutRow(Row, table=True):
    """What this catalogue is: the version of the projection and the origin of the log that it mirrors."""

    __tablename__ = "about"

    name: str = Field(primary_key=True)
    value: str


FACT_ROWS: dict[type[Fact], type[SQLModel]] = {
    Acquisition: AcquisitionRow,
    Inspection: InspectionRow,
    Fingerprint: FingerprintRow,
    Agent: AgentRow,
    Account: AccountRow,
    Sighting: SightingRow,
    Claim: ClaimRow,
    Assessment: AssessmentRow,
    Copy: CopyRow,
}


def table(row: Any) -> sa.Table:
    """The table of a row class."""
    found: sa.Table = row.__table__
    return found


PROJECTED: tuple[sa.Table, ...] = tuple(table(row) for row in (*FACT_ROWS.values(), ItemRow, PhraseRow))
"""What the projection fills."""

MIRRORED: tuple[sa.Table, ...] = (table(EventRow), table(BatchRow), table(AboutRow))
"""What mirrors the log."""
