"""A log that changes its keys while it grows, and whatever an attacker with some of the keys can append to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archiver.custody import base64text
from archiver.custody.event import Draft
from archiver.custody.keyring import RETIREMENT, ROTATION, SUBJECT, handover
from archiver.custody.keys import SigningKey
from archiver.custody.log import append
from archiver.custody.merkle import Frontier
from tests.custody.conftest import ORIGIN, TIME, body
from tests.custody.ways import check_every_way

if TYPE_CHECKING:
    from archiver.custody.batch import Batch
    from archiver.custody.check import Report
    from archiver.custody.finding import Code


@dataclass
class Rotating:
    """A log with its private keys, the first one first; the last one is in force."""

    keys: list[SigningKey] = field(default_factory=lambda: [SigningKey.generate()])
    batches: list[Batch] = field(default_factory=list)
    head: Frontier = field(default_factory=Frontier)
    last: dict[str, str] = field(default_factory=dict)

    def put(self, *drafts: Draft, by: SigningKey | None = None, behind: SigningKey | None = None) -> None:
        """Append a batch: by the key in force and with its checkpoint, unless somebody else signs."""
        key = by or self.keys[-1]
        said = {"origin": ORIGIN, "time": TIME, "actor": "Ada", "tool": "archiver 0.1.0", "last_of_subject": self.last}
        done = append(self.head, drafts, key=key, successor=behind, **said)  # type: ignore[arg-type] # texts, and a dict
        self.batches.append(done.batch)
        self.head, self.last = done.head, self.last | done.last_of_subject

    def take(self, count: int = 1, *, by: SigningKey | None = None) -> None:
        """Some events that are not about keys."""
        numbers = range(self.head.size, self.head.size + count)
        self.put(*(Draft("acquisition", f"item {number % 2}", body(number)) for number in numbers), by=by)

    def rotation(self, new: SigningKey, *, by: SigningKey | None = None, **other: Any) -> Draft:
        """What a rotation states, with some of it otherwise."""
        old, place = by or self.keys[-1], self.head.size
        statement = handover(ORIGIN, place, old.public.fingerprint, new.public.fingerprint)
        stated: dict[str, Any] = {
            "place": place,
            "replaces": old.public.fingerprint,
            "key": new.public.base64,
            "fingerprint": new.public.fingerprint,
            "endorsement": base64text.write(old.sign(statement)),
            "possession": base64text.write(new.sign(statement)),
            "reason": "because",
        }
        return Draft(ROTATION, SUBJECT, stated | other)

    def rotate(self) -> SigningKey:
        """An honest rotation."""
        new = SigningKey.generate()
        self.put(self.rotation(new), behind=new)
        self.keys.append(new)
        return new

    def retire(self, key: SigningKey, since: int | None = None, *, by: SigningKey | None = None) -> None:
        """An honest retirement, unless somebody else signs it."""
        stated = {"fingerprint": key.public.fingerprint, "reason": "stolen"}
        self.put(Draft(RETIREMENT, SUBJECT, stated | ({} if since is None else {"since": since})), by=by)

    @property
    def first(self) -> SigningKey:
        """The key that trust begins at."""
        return self.keys[0]


def look(log: Rotating, *, signatures: bool = True) -> Report:
    return check_every_way(log.batches, [log.first.public], origin=ORIGIN, signatures=signatures)


def found(report: Report) -> list[tuple[Code, str]]:
    return [(finding.code, finding.subject) for finding in report.findings]
