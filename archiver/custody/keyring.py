"""The keys of a log, and which of them may sign where. Trust runs from the first key along the log.

The law:

1. The first key is trusted from elsewhere; it is in force from event 0 on, and never exchanged as what trust begins at.
2. At each place one key is in force: it signs the event of that number, and the checkpoint of that size.
3. A *rotation* is an event that the key in force signs. It names its own place, the key in force, and a new one that
   this log never had, and carries both keys' signatures over one statement (``handover``): the old key's says that it
   gives way to the new one, the new key's that somebody holds it. The new key is in force from the next place on; so
   the first thing that it signs is the checkpoint behind the rotation itself.
4. A *retirement* is an event that the key in force signs, about a key that is not in force any more: why it is not to
   be trusted, and from which event on its signatures are doubtful, where somebody else may have had it. The newest
   retirement of a key counts. It takes no right from the key, which had lost it already.
5. All events about keys have one subject, so that each names the one before it, and all of them are found by it.
6. An event about keys that breaks this changes nothing here; what is signed by a key that it meant to bring in is
   signed by an unknown one.

A statement begins with a word that no envelope (``{``) and no checkpoint begins with whose second line is a size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from archiver.custody import base64text, shape
from archiver.custody.checkpoint import Checkpoint, parse_and_verify
from archiver.custody.errors import KeyEventRefused, KeyRefused, Malformed, NoteAltered, NoteRetired, NoteUnverified
from archiver.custody.event import verify
from archiver.custody.keys import VerifyKey
from archiver.custody.note import Verifier
from archiver.errors import LogError
from archiver.facts.signing import KEYS_OF_THE_LOG

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from archiver.custody.event import Event

ROTATION, RETIREMENT = "key-rotation", "key-retirement"
KINDS = (ROTATION, RETIREMENT)
"""The kinds of events that are about keys."""
SUBJECT = KEYS_OF_THE_LOG

_STATEMENT = "archiver-key-rotation-1"


def handover(origin: str, place: int, old: str, new: str) -> bytes:
    """What both keys sign: that in this log the one gives way to the other with the event of this number.

    Args:
        origin: the log's name.
        place: the number of the rotation's own event.
        old: the fingerprint of the key in force.
        new: the fingerprint of the key that comes into force behind that event.
    """
    return f"{_STATEMENT}\nlog {origin}\nevent {place}\nold {old}\nnew {new}\n".encode()


@dataclass(frozen=True, slots=True)
class Retired:
    """That a key is not to be trusted any more: the event that says so, why, and from which event on it is doubtful."""

    event: int
    reason: str
    since: int | None


@dataclass(frozen=True, slots=True)
class Term:
    """A key's time in force.

    Attributes:
        key: the key.
        since: the first place at which it is in force; the event before that brought it in.
        until: the first place at which it is not; none while it is in force.
        reason: why it was brought in; empty for a first key.
        signatures: the old key's and its own over the statement (base64); empty for a first key.
        retired: that it was retired, where it was.
    """

    key: VerifyKey
    since: int = 0
    until: int | None = None
    reason: str = ""
    signatures: tuple[str, str] | tuple[()] = ()
    retired: Retired | None = None

    def holds(self, place: int) -> bool:
        """Whether it is in force there."""
        return self.since <= place and (self.until is None or place < self.until)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Events whose signatures somebody else may have made: ``first`` to ``last``, by the key of this term."""

    first: int
    last: int
    term: Term

    def told(self) -> str:
        """Why, in a sentence, and what is out of doubt all the same."""
        retired = self.term.retired
        by = f" (retired by event {retired.event}: {retired.reason})" if retired else ""
        return (
            f"signed by the key {self.term.key.fingerprint}, which somebody else may have had by then{by}; what a "
            "checkpoint kept elsewhere or a time stamp covers, and is from before then, is not in doubt"
        )


class Keyring:
    """The keys of one log, as far as its events have told.

    Args:
        origin: the log's name.
        first: the key that trust begins at. Several are taken where any of them may have signed from the beginning.

    Attributes:
        terms: every key, in the order of coming into force.
        taken: how many events about keys were learned from.
    """

    def __init__(self, origin: str, first: Collection[VerifyKey]) -> None:
        self.origin = origin
        self.terms = [Term(key) for key in first]
        self.taken = 0

    @property
    def in_force(self) -> list[Term]:
        """What may sign at the end of the log."""
        return [term for term in self.terms if term.until is None]

    @property
    def signing(self) -> VerifyKey:
        """The one key that signs at the end of the log.

        Raises:
            LogError: there is not one.
        """
        found = self.in_force
        if len(found) != 1:
            raise LogError(f"{len(found)} keys are in force, where one is")
        return found[0].key

    def term(self, fingerprint: str) -> Term | None:
        """The key of this fingerprint, where the log has had it."""
        return next((term for term in self.terms if term.key.fingerprint == fingerprint), None)

    def checkpoint(self, signed: str) -> Checkpoint:
        """Read a checkpoint and believe it because the key that is in force at its size signed it.

        Raises:
            Malformed: it is no checkpoint.
            NoteAltered: the signature of a key of this log is under another text.
            NoteRetired: a key of this log signed it that is not in force at its size.
            NoteUnverified: no key of this log signed it.
        """
        claimed = Checkpoint.parse(signed.rpartition("\n\n")[0] + "\n")
        try:
            return parse_and_verify(signed, *self._verifiers(term for term in self.terms if term.holds(claimed.size)))
        except NoteAltered:
            raise
        except NoteUnverified:
            parse_and_verify(signed, *self._verifiers(self.terms))
            raise NoteRetired(
                f"a key of this log signed this checkpoint of {claimed.size} events that was not in force there"
            ) from None

    def doubts(self) -> list[Doubt]:
        """What is doubtful, by the retirements."""
        found = []
        for term in self.terms:
            if term.retired is None or term.retired.since is None or term.until is None:
                continue
            first, last = max(term.since, term.retired.since), term.until - 1
            if first <= last:
                found.append(Doubt(first, last, term))
        return found

    def take(self, event: Event) -> None:
        """Learn from the next event about keys; the event is verified here, whoever has verified it before.

        Raises:
            KeyEventRefused: it breaks the law, and changes nothing.
        """
        envelope = event.envelope
        signer = self.term(envelope.key)
        if signer is None or signer.until is not None or not signer.holds(envelope.sequence):
            raise KeyEventRefused("signed by a key that is not in force here")
        try:
            verify(event, signer.key)
            if event.body is None:
                raise Malformed("its body is withheld, so it says nothing of any key")
            if envelope.subject != SUBJECT:
                raise Malformed("its subject is not the keys of the log")
            if envelope.log != self.origin:
                raise Malformed(f"of another log, {envelope.log}")
            if envelope.kind == ROTATION:
                self._rotate(envelope.sequence, signer, event.body)
            else:
                self._retire(envelope.sequence, event.body)
        except (LogError, KeyRefused) as error:
            raise KeyEventRefused(str(error)) from error
        self.taken += 1

    def _rotate(self, place: int, signer: Term, body: dict[str, Any]) -> None:
        told = _fields(body, ("place", "replaces", "key", "fingerprint", "endorsement", "possession", "reason"))
        old, new = signer.key, VerifyKey.from_base64(told["key"])
        said = (shape.number(told["place"], "place"), told["replaces"], told["fingerprint"])
        if said != (place, old.fingerprint, new.fingerprint):
            raise Malformed("it names another place or other keys than its own")
        if self.term(new.fingerprint) is not None:
            raise Malformed("the new key is one that this log has had already")
        statement = handover(self.origin, place, old.fingerprint, new.fingerprint)
        if not old.verify(_signature(told["endorsement"]), statement):
            raise Malformed("the old key did not sign that it gives way to the new one")
        if not new.verify(_signature(told["possession"]), statement):
            raise Malformed("nothing shows that anybody holds the new key: it did not sign that it takes over")
        self.terms = [replace(term, until=place + 1) if term.until is None else term for term in self.terms]
        signatures = (told["endorsement"], told["possession"])
        self.terms.append(Term(new, place + 1, reason=told["reason"], signatures=signatures))

    def _retire(self, place: int, body: dict[str, Any]) -> None:
        told = _fields(body, ("fingerprint", "reason"), ("since", "supersedes"))
        since = told.get("since")
        if since is not None and shape.number(since, "since") > place:
            raise Malformed("it doubts events that come after it")
        term = self.term(told["fingerprint"])
        if term is None:
            raise Malformed("the key that it retires is none of this log's")
        if term.until is None:
            raise Malformed("the key that it retires is in force: only a rotation ends that")
        retired = replace(term, retired=Retired(place, told["reason"], since))
        self.terms = [retired if each is term else each for each in self.terms]

    def _verifiers(self, terms: Iterable[Term]) -> list[Verifier]:
        return [_verifier(self.origin, term.key) for term in terms]


@lru_cache(256)
def _verifier(origin: str, key: VerifyKey) -> Verifier:
    """Made once for all checkpoints that a key signed."""
    return Verifier(origin, key)


def _fields(body: dict[str, Any], needed: tuple[str, ...], also: tuple[str, ...] = ()) -> dict[str, Any]:
    told = shape.fields(body, "an event about keys", (*needed, *(name for name in also if name in body)))
    for name, value in told.items():
        if name not in {"place", "since"} and not isinstance(value, str):
            raise Malformed(f"{name} of an event about keys is no text")
    return told


def _signature(text: str) -> bytes:
    return base64text.read(text)
