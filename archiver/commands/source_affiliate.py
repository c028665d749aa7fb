"""``archiver source affiliate``: somebody asserts that one acts for another, or takes that back.

It is a statement by a named asserter, with a basis, for a time; others may assert the contrary, and it can be judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.catalogue.profiles import asserted
from archiver.catalogue.sources import accounts_called, agents_called, members_of
from archiver.errors import InputRefused, UsageError
from archiver.facts.source import Account, Affiliation
from archiver.facts.vocabulary import SourceType, State
from archiver.naming import agent_called, source_called
from archiver.provenance import account_of, checked

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact
    from archiver.facts.vocabulary import AffiliationKind


@dataclass(frozen=True, slots=True)
class Affiliated:
    """The assertion as recorded.

    Attributes:
        account_added: whether the account was not known, and was recorded as well.
        added: whether the assertion was not recorded already.
    """

    number: int
    source: str
    kind: str
    organisation: str
    valid: str | None
    basis: str
    by: str
    retracted: bool
    account_added: bool
    added: bool


def source_affiliate(
    archive: Archive,
    subject: str,
    *,
    organisation: str,
    kind: AffiliationKind,
    basis: str,
    by: str,
    valid: str | None = None,
    url: str | None = None,
    retract: bool = False,
) -> Affiliated:
    """Record an affiliation.

    Args:
        archive: the archive.
        subject: who is said to be affiliated: an agent, or an account ``PLATFORM:HANDLE``, which may be new.
        organisation: with whom: an agent.
        kind: in which way.
        basis: what the assertion rests on; why, where it is taken back.
        by: who asserts it.
        valid: since when and until when (EDTF).
        url: where it is asserted.
        retract: take back what this asserter asserted.

    Raises:
        InputRefused: an agent is not known, one is affiliated with itself, or there is nothing to take back.
        UsageError: a word is malformed, or a name may mean several.
    """
    if retract and (valid is not None or url is not None):
        raise UsageError("--retract takes back what was asserted", hint="leave --valid and --url out")
    names: list[str] = []
    accounts: list[Account] = []
    made: list[Affiliation] = []

    def build(questions: Questions) -> list[Fact]:
        accounts[:] = _new_account(questions, subject)
        source = source_called(questions, subject) if not accounts else None
        entity = source.identity if source else accounts[0].identity()
        whom = agent_called(questions, organisation)
        names[:] = [source.name if source else str(accounts[0]), whom.name]
        if entity == whom.identity:
            raise InputRefused(f"{whom.name!r} is not affiliated with itself", hint="name another agent --with")
        ends = members_of(questions, [entity]), members_of(questions, [whom.identity])
        before = asserted(questions, *ends, kind=str(kind), by=by.strip())
        if retract and before is None:
            raise InputRefused(
                f"{by!r} does not assert that {names[0]} is {kind} {names[1]}",
                hint="`archiver source show` lists who asserts what",
            )
        told = {"valid": valid, "url": url} if not retract else {k: (before or {}).get(k) for k in ("valid", "url")}
        made[:] = [
            checked(
                Affiliation,
                "basis",
                source_type=source.type if source else SourceType.ACCOUNT,
                source=before["source"] if before else entity,
                kind=kind,
                organisation=before["organisation"] if before else whom.identity,
                basis=basis,
                asserted_by=by,
                state=State.RETRACTED if retract else State.STATED,
                **told,
            )
        ]
        return [*accounts, *made]

    recorded = archive.record(build)
    fact = made[0]
    return Affiliated(
        number=recorded.numbers[fact.identity()],
        source=names[0],
        kind=str(fact.kind),
        organisation=names[1],
        valid=fact.valid,
        basis=fact.basis,
        by=fact.asserted_by,
        retracted=retract,
        account_added=any(account.identity() in recorded.new for account in accounts),
        added=fact.identity() in recorded.new,
    )


def _new_account(questions: Questions, subject: str) -> list[Account]:
    """The account that is named and not known yet; nothing where an agent or a known account is named."""
    try:
        account = account_of("the subject", subject)
    except UsageError:
        return []
    known = [*agents_called(questions, subject), *accounts_called(questions, str(account))]
    return [] if known else [account]
