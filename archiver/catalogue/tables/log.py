"""The mirror of the log: what was appended, in which transaction, and whether it is published."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field

from archiver.catalogue.tables.row import Row


class EventRow(Row):
    """One event of the log: ``record`` is the whole event as published, in canonical JSON; ``time`` its time."""

    __tablename__ = "event"

    sequence: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    kind: str
    subject: str
    identity: str = Field(unique=True)
    leaf: str
    time: str
    record: str = Field(sa_type=sa.Text)

    __table_args__ = (
        sa.Index("event_of_subject", "subject", "sequence"),
        sa.Index("event_at_time", "time", "sequence"),
        sa.Index("event_of_kind", "kind"),
    )


class BatchRow(Row):
    """One transaction of the log: the tree's size and right edge, and how many items are held, after it."""

    __tablename__ = "batch"

    first: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    size: int = Field(sa_type=sa.BigInteger)
    checkpoint: str = Field(sa_type=sa.Text)
    frontier: str = Field(sa_type=sa.Text)
    held: int = Field(sa_type=sa.BigInteger)
    published: bool

    __table_args__ = (sa.Index("batch_published", "published", "first"),)


class AboutRow(Row):
    """What this catalogue is: the version of the projection and the origin of the log that it mirrors."""

    __tablename__ = "about"

    name: str = Field(primary_key=True)
    value: str
