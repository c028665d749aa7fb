"""What is asked of the store for the items that a person takes in or names: retention and legal hold.

The law: nothing is made up. A retention is the store's to keep: where it has no Object Lock that holds, found by
trying just now, it is refused before anything is stored, and what is recorded is what the store said afterwards. A
legal hold binds the archive itself (nothing under one is withdrawn), so it is recorded wherever the bytes lie, and
always with whether the store enforces it.

A moment that is named as a day, a month or a year means its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from archiver.errors import UsageError
from archiver.facts import edtf
from archiver.facts.protection import LegalHold, Retention
from archiver.facts.values import instant
from archiver.facts.vocabulary import RetentionMode
from archiver.provenance import checked
from archiver.retention import LONGEST
from storage import protection as asked
from storage.errors import LockMissing
from storage.guarantees import NOT_LOCKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact
    from storage.protection import Mode, Protection

_END = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Safekeeping:
    """What an upload asks for everything that it takes in.

    Attributes:
        protection: what the store is asked to enforce.
        by: who asks.
        authority: on whose authority, where stated.
        legal_hold: whether a legal hold is set.
        enforced: whether the store enforces it.
    """

    protection: Protection
    by: str
    authority: str | None
    legal_hold: bool
    enforced: bool

    def facts(self, item: str, store: str, found: Protection | None) -> list[Fact]:
        """What is recorded of an item that was stored so.

        Args:
            item: its SHA-256.
            store: the store's URL.
            found: what the store said is in force.
        """
        facts: list[Fact] = []
        if found is not None and found.retention is not None and self.protection.retention is not None:
            facts.append(retention_of(item, store, found.retention, by=self.by, authority=self.authority))
        if self.legal_hold:
            enforced = found is not None and found.legal_hold
            said = {"enforced": enforced, "by": self.by, "authority": self.authority}
            facts.append(LegalHold.model_validate({"item": item, "store": store, **said}))
        return facts

    def told(self, found: Protection | None) -> dict[str, dict[str, Any] | None]:
        """Retention and legal hold as a receipt tells them."""
        kept = found.retention if found and self.protection.retention else None
        return {
            "retention": {"mode": str(kept.mode), "until": instant(kept.until)} if kept else None,
            "legal_hold": {"enforced": self.enforced} if self.legal_hold else None,
        }


def retention_of(item: str, store: str, found: asked.Retention, *, by: str, authority: str | None) -> Retention:
    """The fact that a store keeps an item until then."""
    return Retention(
        item=item,
        store=store,
        mode=RetentionMode(found.mode),
        retain_until=instant(found.until),
        by=by,
        authority=authority,
    )


def asked_of_upload(
    archive: Archive,
    *,
    retain_until: str | None = None,
    mode: Mode | None = None,
    legal_hold: bool = False,
    authority: str | None = None,
) -> Safekeeping | None:
    """What these words and the settings ask for; ``None`` where they ask for nothing.

    Raises:
        UsageError: the words do not fit together, or ask for less than the settings do.
        LockMissing: a retention is asked for, and the store has no lock that holds; nothing was stored.
    """
    default = None if archive.kept is None else archive.kept.retention
    if legal_hold and authority is None:
        raise UsageError("--legal-hold needs an authority", hint="say on whose (--authority TEXT)")
    if authority is not None and not (legal_hold or retain_until):
        raise UsageError("--authority says on whose authority, and neither --legal-hold nor --retain-until is said")
    if mode is not None and retain_until is None and default is None:
        raise UsageError("--retention-mode says how firmly, and nothing says until when", hint="say --retain-until")
    retention = default
    if retain_until is not None or mode is not None:
        until = default.until if retain_until is None and default else moment_ahead(archive, retain_until or "")
        retention = asked.Retention(mode or (default.mode if default else asked.Mode.GOVERNANCE), until)
        if default is not None and not retention.covers(default):
            raise UsageError(
                f"{retention} is less than archive.toml asks for everything: {default}",
                hint="leave --retain-until and --retention-mode out, or ask for more",
            )
    if retention is None and not legal_hold:
        return None
    enforced = locks(archive)
    if retention is not None and not enforced:
        raise lock_missing(archive, f"keep anything under {retention}")
    if authority is not None:
        checked(
            LegalHold, "authority", item="0" * 64, store="", enforced=enforced, by=archive.actor, authority=authority
        )
    protection = asked.Protection(retention, legal_hold=legal_hold and enforced)
    return Safekeeping(protection, archive.actor, authority, legal_hold, enforced)


def locks(archive: Archive) -> bool:
    """Whether the store has an Object Lock that holds, found by trying just now."""
    return archive.store.object_lock() not in NOT_LOCKING


def lock_missing(archive: Archive, what: str) -> LockMissing:
    """The error of a store that cannot do it."""
    copies = archive.copies
    lacking = [each for each in copies if each.required and each.store.object_lock() in NOT_LOCKING] or copies[:1]
    where = " and ".join(each.url if len(copies) == 1 else f"{each.name} ({each.url})" for each in lacking)
    return LockMissing(
        f"the store {where} cannot {what}: it has no Object Lock that holds; nothing was stored or changed",
        hint="`archiver status` shows what the store does; a bucket with Object Lock keeps what it is told to "
        "(docs: operations)",
    )


def moment_ahead(archive: Archive, text: str, option: str = "--retain-until") -> datetime:
    """The end of a stated time, as the moment until which something is retained.

    Raises:
        UsageError: it is no such moment, lies behind us, or farther ahead than any may be.
    """
    hint = "write 2036-11-25 (to the end of that day), 2036, or 2036-11-25T18:00Z"
    try:
        stated = edtf.read_as_utc(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}", hint=hint) from error
    if stated.latest is None or set("/~?%X") & set(stated.text):
        raise UsageError(f"{option} {text!r} is no end", hint=hint)
    now, until = archive.clock.now(), min(stated.latest, _END - timedelta(microseconds=1)) + timedelta(microseconds=1)
    if until <= now:
        raise UsageError(f"{option} {text!r} is over already", hint="name a moment that lies ahead")
    if until - now > LONGEST:
        raise UsageError(
            f"{option} {text!r} is more than {LONGEST.days // 365} years ahead",
            hint="nobody could take such a retention back; say it anew when that time has come",
        )
    return until.replace(microsecond=0)


def news(facts: Sequence[Fact], questions: Questions) -> list[Fact]:
    """The same facts without protection that is recorded so already, whoever asks for it this time."""
    matters: dict[str, set[str]] = {"retention": set(), "legal-hold": set()}
    for fact in facts:
        if isinstance(fact, Retention | LegalHold):
            matters[fact.kind_of_fact].add(fact.matter())
    standing = {
        (kind, matter): found.statement
        for kind, wanted in matters.items()
        if wanted
        for matter, found in questions.standing(kind, sorted(wanted)).items()
    }
    return [fact for fact in facts if not _stands(fact, standing)]


def _stands(fact: Fact, standing: dict[tuple[str, str], dict[str, object]]) -> bool:
    if not isinstance(fact, Retention | LegalHold):
        return False
    known = standing.get((fact.kind_of_fact, fact.matter()))
    said = {name: value for name, value in fact.statement().items() if name != "by"}
    return known is not None and all(known.get(name) == value for name, value in said.items())
