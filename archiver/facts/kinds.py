"""Every kind of fact by its name in the log. An unknown name raises; it is never passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.errors import LogError
from archiver.facts.acquisition import Acquisition, Copy
from archiver.facts.assessment import Assessment
from archiver.facts.claim import Claim, ClaimLink
from archiver.facts.exchange import HashList
from archiver.facts.fixity import FixityCheck, FixityFailure, Repair
from archiver.facts.handling import Case, CaseItem, Sensitivity, Sharing, Tag
from archiver.facts.inspection import Fingerprint, Inspection
from archiver.facts.keeping import StoreChange
from archiver.facts.protection import LegalHold, Retention
from archiver.facts.relation import Relation
from archiver.facts.sighting import Disclosure, Reachability, Sighting
from archiver.facts.signing import KeyRetirement, KeyRotation
from archiver.facts.source import Account, AccountProfile, Affiliation, Agent, Alias, Merge
from archiver.facts.withdrawal import Withdrawal

if TYPE_CHECKING:
    from archiver.facts.fact import Fact

KINDS: dict[str, type[Fact]] = {
    kind.kind_of_fact: kind
    for kind in (
        *(Acquisition, Copy, Inspection, Fingerprint, Disclosure),
        *(Agent, Account, AccountProfile, Affiliation, Alias, Merge),
        *(Sighting, Reachability, Claim, ClaimLink, Assessment, Relation),
        *(KeyRotation, KeyRetirement),
        *(Retention, LegalHold),
        *(Sensitivity, Sharing, Case, CaseItem, Tag, HashList),
        *(StoreChange,),
        *(FixityCheck, FixityFailure, Repair),
        *(Withdrawal,),
    )
}


def fact_from(kind: str, body: dict[str, Any]) -> Fact:
    """Make the fact that an event of the log carries.

    Raises:
        LogError: this program knows no such kind, or the body is no such fact.
    """
    try:
        return KINDS[kind].model_validate(body)
    except KeyError:
        raise LogError(
            f"the log holds a fact of the kind {kind!r}, which this version does not know",
            hint="the archive was written by a newer version: install that one",
        ) from None
    except ValueError as error:
        raise LogError(f"the log holds a malformed {kind}: {error}", hint="run `archiver verify`") from error
