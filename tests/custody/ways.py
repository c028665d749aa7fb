"""One log checked in every way: as it was read, as it lies in the store, and its log alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.custody.batch import Batch, render
from archiver.custody.check import Report, check
from archiver.custody.finding import Code
from archiver.custody.keyring import KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from archiver.custody.checkpoint import Checkpoint
    from archiver.custody.keys import VerifyKey

NOT_OF_THE_LOG = {Code.WRONG_SIGNATURE, Code.WRONG_COMMITMENT}
"""What the check of the log alone does not look for, but in events about keys."""


def said(report: Report) -> tuple[Any, ...]:
    """All that a report says, but for what was done."""
    return report.findings, report.batches, report.events, report.withheld, report.head, report.keys.terms


def check_every_way(
    batches: Sequence[Batch],
    keys: Collection[VerifyKey],
    *,
    origin: str,
    known: Collection[Checkpoint] = (),
    signatures: bool = True,
) -> Report:
    """The exact check of these batches.

    That of their bytes, most of which is done at a glance, must say the same; and that of the log alone all of it that
    is not about the bodies and the signatures of single events.
    """
    report = check(batches, keys, origin=origin, known=known, signatures=signatures)
    published = [(batch.name, render(batch)) for batch in batches]
    assert said(check(published, keys, origin=origin, known=known, signatures=signatures)) == said(report)
    whole = check(batches, keys, origin=origin, known=known)
    about_keys = {f"event {e.envelope.sequence}" for b in batches for e in b.events if e.envelope.kind in KINDS}
    alone = check(published, keys, origin=origin, known=known, opened=())
    expected = [f for f in whole.findings if f.code not in NOT_OF_THE_LOG or f.subject in about_keys]
    assert list(alone.findings) == expected
    assert said(alone)[1:] == said(whole)[1:]
    assert (alone.signatures, alone.bodies) == (False, False)
    return report
