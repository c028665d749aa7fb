"""``archiver source affiliate``: somebody asserts that one acts for another, or takes that back.

It is a statement by a named asserter, with a basis, for a period; others may assert the contrary, and it can be judged.
What the same asserter says of different periods stands side by side; of one period, the newest stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archiver.catalogue.profiles import asserted
from archiver.catalogue.sources import accounts_called, agents_called, members_of
from archiver.errors import InputRefused, UsageError
from archiver.facts import edtf
from archiver.facts.source import Account, Affiliation
from archiver.facts.vocabulary import SourceType, State
from archiver.naming import agent_called, source_called
from archiver.provenance import account_of, checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact
    from archiver.facts.vocabulary import AffiliationKind


_NO_PERIOD = "none"
"""How an assertion without a period is named where one is to be taken back."""


@dataclass(frozen=True, slots=True)
class Affiliated:
    """The assertion as recorded.

    Attributes:
        account_added: whether the account was not known, and was recorded as well.
        superseded: the number of what this asserter said of that period before, where it is said anew.
        beside: the periods for which this asserter asserts the same, besides this one; none for one without a period.
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
    superseded: int | None
    beside: list[str | None]
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
        valid: since when and until when (EDTF); of what is taken back: which, where several stand (``none``: the one
            without a period).
        url: where it is asserted.
        retract: take back what this asserter asserted.

    Raises:
        InputRefused: an agent is not known, one is affiliated with itself, or there is nothing to take back.
        UsageError: a word is malformed, or a name may mean several.
    """
    if retract and url is not None:
        raise UsageError("--retract takes back what was asserted", hint="leave --url out")
    period = _period(valid, retract=retract)
    names: list[str] = []
    accounts: list[Account] = []
    made: list[Affiliation] = []
    standing: list[dict[str, Any]] = []

    def build(questions: Questions) -> list[Fact]:
        accounts[:] = _new_account(questions, subject)
        source = source_called(questions, subject) if not accounts else None
        entity = source.identity if source else accounts[0].identity()
        whom = agent_called(questions, organisation)
        names[:] = [source.name if source else str(accounts[0]), whom.name]
        if entity == whom.identity:
            raise InputRefused(f"{whom.name!r} is not affiliated with itself", hint="name another agent --with")
        ends = members_of(questions, [entity]), members_of(questions, [whom.identity])
        standing[:] = asserted(questions, *ends, kind=str(kind), by=by.strip())
        of_period = [each for each in standing if each["valid"] == period]
        if retract:
            of_period = [
                _meant(standing if valid is None else of_period, f"{by!r}", f"{names[0]} is {kind} {names[1]}")
            ]
        before = of_period[0] if of_period else None
        told = {"valid": before["valid"], "url": before["url"]} if retract and before else {"valid": period, "url": url}
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
        superseded=next((each["number"] for each in standing if each["valid"] == fact.valid), None)
        if fact.identity() in recorded.new
        else None,
        beside=[each["valid"] for each in standing if each["valid"] != fact.valid],
        account_added=any(account.identity() in recorded.new for account in accounts),
        added=fact.identity() in recorded.new,
    )


def _period(valid: str | None, *, retract: bool) -> str | None:
    """The period as it is recorded."""
    if valid is None or (retract and valid.strip() == _NO_PERIOD):
        return None
    try:
        return str(edtf.parse(valid))
    except ValueError as error:
        raise UsageError(f"--valid: {error}") from error


def _meant(found: Sequence[dict[str, Any]], by: str, what: str) -> dict[str, Any]:
    """The one assertion that is to be taken back."""
    if not found:
        raise InputRefused(
            f"{by} does not assert that {what}, or not for that period",
            hint="`archiver source show` lists who asserts what, and for when",
        )
    if len(found) > 1:
        periods = ", ".join(f"{each['valid'] or _NO_PERIOD} (#{each['number']})" for each in found)
        raise UsageError(
            f"{by} asserts for several periods that {what}: {periods}", hint="say which is taken back: --valid PERIOD"
        )
    return found[0]


def _new_account(questions: Questions, subject: str) -> list[Account]:
    """The account that is named and not known yet; nothing where an agent or a known account is named."""
    try:
        account = account_of("the subject", subject)
    except UsageError:
        return []
    known = [*agents_called(questions, subject), *accounts_called(questions, str(account))]
    return [] if known else [account]
