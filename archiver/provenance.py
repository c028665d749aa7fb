"""What a person says about files when handing them over, checked before any file is opened, and as facts.

Nothing is inferred: naming a source does not say that it operates the account, and a claim without a named claimant has
none.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from archiver.catalogue.sources import accounts_called, records_called
from archiver.errors import UsageError
from archiver.facts.acquisition import Acquisition
from archiver.facts.claim import Claim
from archiver.facts.sighting import Sighting
from archiver.facts.source import Account, Agent
from archiver.facts.vocabulary import SourceKind, TimeBasis
from archiver.timing import refuse_published_later

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.catalogue.questions import Questions
    from archiver.catalogue.sources import Source
    from archiver.facts.fact import Fact

Kind = TypeVar("Kind")

_NOBODY = "0" * 64


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is said of every file of one command.

    Attributes:
        source: the name of whoever published it or gave it.
        source_kind: what kind of source that is.
        account: where it was seen, ``PLATFORM:HANDLE``.
        url: where it was seen or fetched.
        published: when it was published there, in EDTF.
        caption: the words beside it.
        claims: what the source states about it.
        collector: who collected it.
        note: the collector's own words.
        canonical: the address that the page itself names as its own.
        channel: where on the platform or in the publication.
        published_basis: how the time of publication is known.
        language: of the caption, BCP 47.
        repost_of: the sighting that this one repeats, by identity.
        context: the item that shows the surroundings.
        observed: when it was seen (``Instant``); the moment of recording where nothing is said.
        observer: who saw it; the collector where nothing is said.
        remark: the observer's own words.
    """

    source: str | None = None
    source_kind: SourceKind | None = None
    account: str | None = None
    url: str | None = None
    published: str | None = None
    caption: str | None = None
    claims: tuple[str, ...] = ()
    collector: str | None = None
    note: str | None = None
    canonical: str | None = None
    channel: str | None = None
    published_basis: TimeBasis | None = None
    language: str | None = None
    repost_of: str | None = None
    context: str | None = None
    observed: str | None = None
    observer: str | None = None
    remark: str | None = None

    def check(self, moment: str) -> None:
        """Refuse what is malformed before anything is done.

        Raises:
            UsageError: it is, and which.
        """
        for f in fields(self):
            value = getattr(self, f.name)
            for text in value if isinstance(value, tuple) else (value,):
                if isinstance(text, str) and not text.strip():
                    name = "note" if f.name == "remark" else f.name
                    option = "--" + ("claim" if name == "claims" else name.replace("_", "-"))
                    raise UsageError(f"{option} is empty", hint="leave it out where there is nothing to say")
        if self.source_kind is not None and self.source is None:
            raise UsageError("--source-kind says what kind of source it is, and no --source names one")
        if self.published_basis is not None and self.published is None:
            raise UsageError("--published-basis says how a time is known, and no --published names one")
        if self.language is not None and self.caption is None:
            raise UsageError("--language is the language of the caption, and there is no --caption")
        self.facts(_NOBODY, moment)
        refuse_published_later(self.published, self.observed, now=moment)
        checked(
            Acquisition,
            "note",
            item=_NOBODY,
            size=0,
            taken_in=moment,
            collector=self.collector,
            url=self.url,
            note=self.note,
        )

    def as_recorded(self, questions: Questions) -> Provenance:
        """The same, with source and account written as they are recorded where another case or an alias was given.

        Raises:
            UsageError: several sources are called so.
        """
        source, account = self.source, self.seen_on()
        if source is not None:
            source = _one_of("--source", source, records_called(questions, source))
        named = None if account is None else str(account)
        if named is not None:
            named = _one_of("--account", named, accounts_called(questions, named))
        return replace(self, source=source, account=named)

    def agent(self) -> Agent | None:
        """The source as an agent."""
        if self.source is None:
            return None
        return checked(Agent, "source", name=self.source, kind=self.source_kind or SourceKind.UNKNOWN)

    def seen_on(self) -> Account | None:
        """The account it was seen on."""
        return None if self.account is None else account_of("--account", self.account)

    def sighting(self, item: str | None, moment: str) -> Sighting | None:
        """Where it was seen; nothing where nothing of the kind was said."""
        account, agent = self.seen_on(), self.agent()
        said = (self.url, self.canonical, self.channel, self.published, self.caption, self.repost_of, self.context)
        if not (account or agent or any(said)):
            return None
        return checked(
            Sighting,
            "published",
            item=item,
            url=self.url,
            canonical=self.canonical,
            channel=self.channel,
            account=account.identity() if account else None,
            publisher=agent.subject() if agent else None,
            published=self.published,
            published_basis=self.published_basis or TimeBasis.UNKNOWN,
            caption=self.caption,
            language=self.language,
            repost_of=self.repost_of,
            context=self.context,
            observed=self.observed or moment,
            observer=self.observer or self.collector,
            note=self.remark,
        )

    def facts(self, item: str | None, moment: str) -> list[Fact]:
        """What is said of one item, or of one that was never had: agent, account, sighting, claims."""
        agent, account, sighting = self.agent(), self.seen_on(), self.sighting(item, moment)
        claims = [
            checked(
                Claim,
                "claim",
                item=item,
                text=text,
                claimant=agent.subject() if agent else None,
                claimant_account=account.identity() if account else None,
                sighting=sighting.identity() if sighting else None,
                url=self.url,
            )
            for text in self.claims
        ]
        return [fact for fact in (agent, account, sighting, *claims) if fact is not None]


def _one_of(option: str, text: str, found: Sequence[Source]) -> str:
    if len(found) > 1:
        names = ", ".join(repr(source.name) for source in found)
        raise UsageError(f"{option}: several sources are called {text!r}: {names}", hint="name it exactly")
    return found[0].name if found else text


def account_of(option: str, text: str) -> Account:
    """The account ``PLATFORM:HANDLE`` that an option names.

    Raises:
        UsageError: it is none.
    """
    try:
        return Account.parse(text)
    except ValueError as error:
        raise UsageError(f"{option}: {reason(error)}") from error


def settle_agents(facts: list[Fact], questions: Questions) -> list[Fact]:
    """Leave out agents that are known already; where more is said of one than is known, say both together.

    Raises:
        UsageError: an agent is recorded as another kind of source.
    """
    subjects = [fact.subject() for fact in facts if isinstance(fact, Agent)]
    known = {subject: found.statement for subject, found in questions.standing("agent", subjects).items()}
    settled: list[Fact] = []
    for fact in facts:
        if not isinstance(fact, Agent):
            settled.append(fact)
            continue
        standing = known.get(fact.subject(), {})
        kind = SourceKind(standing.get("kind", SourceKind.UNKNOWN))
        if SourceKind.UNKNOWN not in (kind, fact.kind) and kind is not fact.kind:
            raise UsageError(
                f"the source {fact.name!r} is recorded as {kind}, not {fact.kind}",
                hint="leave --source-kind out, name the source more exactly, or correct it with `archiver source edit`",
            )
        said = {name: value for name, value in fact.statement().items() if value != SourceKind.UNKNOWN}
        known[fact.subject()] = standing | said
        settled.append(Agent.model_validate(known[fact.subject()]))
    return settled


def checked(fact: type[Kind], what: str, /, **values: Any) -> Kind:
    """Make a fact of what the user said.

    Raises:
        UsageError: it is malformed; the sentence names the field.
    """
    try:
        return fact(**values)
    except ValidationError as error:
        named = [str(part) for part in error.errors()[0]["loc"][:1]]
        field = (
            {"name": what, "text": what, "assessor": "by", "methods": "method"}.get(*named, *named) if named else what
        )
        raise UsageError(f"--{field.replace('_', '-')}: {reason(error)}") from error


def reason(error: Exception) -> str:
    """What a validation found wrong, in its own words."""
    if isinstance(error, ValidationError):
        found = error.errors()[0]
        if found["type"] == "string_unicode":
            return "holds bytes that are no text in this locale"
        if found["type"] == "string_pattern_mismatch":
            return f"{found['input']!r} is malformed"
        return str(found["msg"]).removeprefix("Value error, ")
    return str(error)
