"""The catalogue's tables: a projection of the log, made to answer questions.

The law: nothing stands here that could not be made again from the published log, and a row never leaves this package.

* ``event`` and ``batch`` mirror the log itself: what was appended, in which transaction, and whether it is published.
* A table a kind of fact: the class of the fact, plus the number of its event, its identity and when it was recorded.
* ``item``, ``finding``, ``phrase`` and ``search`` are made from the facts, so that common questions need one row or one
  index.

Times are text (see ``archiver.facts.values``), so no database can drop an offset. Digests are text, in full.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.catalogue.tables.exchange import HashListRow
from archiver.catalogue.tables.fixity import FixityCheckRow, FixityFailureRow, RepairRow
from archiver.catalogue.tables.handling import CaseItemRow, CaseRow, SensitivityRow, SharingRow, TagRow
from archiver.catalogue.tables.items import (
    AcquisitionRow,
    CopyRow,
    DisclosureRow,
    FindingRow,
    FingerprintRow,
    InspectionRow,
    ItemRow,
    PhraseRow,
    SearchRow,
)
from archiver.catalogue.tables.keeping import StoreChangeRow
from archiver.catalogue.tables.log import AboutRow, BatchRow, EventRow
from archiver.catalogue.tables.protection import LegalHoldRow, RetentionRow
from archiver.catalogue.tables.row import table
from archiver.catalogue.tables.signing import KeyRetirementRow, KeyRotationRow
from archiver.catalogue.tables.sources import (
    AccountProfileRow,
    AccountRow,
    AffiliationRow,
    AgentRow,
    AliasRow,
    MergeRow,
)
from archiver.catalogue.tables.statements import (
    AssessmentRow,
    ClaimLinkRow,
    ClaimRow,
    ReachabilityRow,
    RelationRow,
    SightingRow,
)
from archiver.catalogue.tables.withdrawal import WithdrawalRow
from archiver.facts.kinds import KINDS

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlmodel import SQLModel

    from archiver.facts.fact import Fact

SCHEMA = 11
"""The version of this projection. A catalogue of another version is projected anew from the log, never migrated."""

_ROWS: tuple[type[SQLModel], ...] = (
    *(AcquisitionRow, CopyRow, InspectionRow, FingerprintRow, DisclosureRow),
    *(AgentRow, AccountRow, AccountProfileRow, AffiliationRow, AliasRow, MergeRow),
    *(SightingRow, ReachabilityRow, ClaimRow, ClaimLinkRow, AssessmentRow, RelationRow),
    *(KeyRotationRow, KeyRetirementRow),
    *(RetentionRow, LegalHoldRow),
    *(SensitivityRow, SharingRow, CaseRow, CaseItemRow, TagRow, HashListRow),
    *(StoreChangeRow,),
    *(FixityCheckRow, FixityFailureRow, RepairRow),
    *(WithdrawalRow,),
)

FACT_ROWS: dict[type[Fact], type[SQLModel]] = {
    kind: next(row for row in _ROWS if issubclass(row, kind)) for kind in KINDS.values()
}

PROJECTED: tuple[sa.Table, ...] = tuple(table(row) for row in (*_ROWS, ItemRow, FindingRow, PhraseRow, SearchRow))
"""What the projection fills."""

MIRRORED: tuple[sa.Table, ...] = (table(EventRow), table(BatchRow), table(AboutRow))
"""What mirrors the log."""
