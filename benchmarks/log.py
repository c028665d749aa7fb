"""The log: how fast it grows with full durability, and how fast it is verified.

* *Appending*: through ``Archive.record``, as every command does: identities looked up, events signed, committed to and
  chained, rows projected, one transaction on SQLite with ``synchronous=FULL``, then published into a local store and
  brought to the disk. The facts are those of an upload: an acquisition, an inspection with a camera's metadata, a
  fingerprint and a copy for each item, 64 items a transaction. Wall time counts, because durability is waiting.
* *Verifying*: the leaf hashes of 1,000,000 envelopes and the tree's root, compared with the root in a signed
  checkpoint of the same log. CPU time counts; making the envelopes' bytes does not.

* *Checking*: two checks of published batches, read as ``archiver verify`` reads them, without the events' signatures.
  The *log alone* (``verify --log-only``): every envelope's form and spelling, sequence, chains, leaves, roots and the
  signed checkpoints. The *whole check*: the bodies' spelling and every commitment as well. The log is that of
  *Appending*, and what an event costs is told for 1,000,000 of them: nothing in the checks grows with the log. Beside
  them stands what the SHA-256s of the whole check alone cost, called as bare as Python calls them: its floor, and
  the same checks of transactions of one item each, where every checkpoint's signature counts for four events.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.goal import Goal, finish

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from archiver.archive import Archive
    from archiver.custody.keys import SigningKey, VerifyKey
    from archiver.facts.fact import Fact

ITEMS, TRANSACTIONS, ROUNDS = 64, 16, 3
LEAST_APPENDED = 1000
EVENTS, MOST_SECONDS = 1_000_000, 10
CHECKED = 64
_CHUNK = 10_000
_SEQUENCE = 10**15 + 1


def appending(rounds: int = ROUNDS) -> Goal:
    """Events a second into the log."""
    from archiver.archive import Archive  # noqa: PLC0415 - so that `--help` of the benchmarks loads nothing
    from archiver.clock import SystemClock  # noqa: PLC0415 - as above
    from archiver.commands.init import init  # noqa: PLC0415 - as above

    print(f"log: appending {rounds} × {TRANSACTIONS} transactions of {ITEMS} items", flush=True)
    rates: list[float] = []
    told = ""
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as home:
            init(Path(home), clock=SystemClock())
            archive = Archive(Path(home), actor="benchmark", clock=SystemClock())
            _append(archive, _transaction(archive, TRANSACTIONS))  # opens all there is, and does not count
            transactions = [_transaction(archive, number) for number in range(TRANSACTIONS)]
            begun, used = time.perf_counter(), time.process_time()
            events = sum(_append(archive, facts) for facts in transactions)
            wall, cpu = time.perf_counter() - begun, time.process_time() - used
            rates.append(events / wall)
            told = f"{events:,} events, {1e6 * cpu / events:.0f} µs of CPU an event; {_checked(archive)}"
            archive.close()
    return Goal(
        "log, events a second appended in batches on SQLite and published, all durable",
        median(rates),
        LEAST_APPENDED,
        "events/s",
        at_least=True,
        from_what=f"median of {rounds}; {told}",
    )


def _transaction(archive: Archive, number: int) -> list[Fact]:
    return [fact for item in range(ITEMS) for fact in _facts(archive, ITEMS * number + item)]


def _append(archive: Archive, facts: list[Fact]) -> int:
    recorded = archive.record(lambda _: facts)
    if len(recorded.new) != len(facts):
        raise RuntimeError(f"{len(recorded.new)} of {len(facts)} facts were recorded")
    return len(facts)


def _facts(archive: Archive, number: int) -> list[Fact]:
    """What an upload records of one item."""
    from archiver.facts.acquisition import Acquisition, Copy  # noqa: PLC0415 - see above
    from archiver.facts.inspection import Fingerprint, Inspection  # noqa: PLC0415 - see above
    from archiver.facts.vocabulary import CopyCheck, DecodeStatus  # noqa: PLC0415 - see above
    from archiver.fingerprint.algorithm import CURRENT  # noqa: PLC0415 - see above
    from storage.digest import Digest  # noqa: PLC0415 - see above
    from storage.layout import object_name  # noqa: PLC0415 - see above

    digest = Digest.of(str(number).encode())
    item, moment = str(digest), archive.now
    name = f"IMG_{number:05}.jpg"
    embedded = {
        "Image": {"Make": "Drawn", "Model": "Benchmark 1", "Orientation": "1", "DateTime": "2024:12:27 14:05:00"},
        "EXIF": {f"Tag{each:02}": f"the raw value {each}" for each in range(40)},
        "GPS": {"GPSLatitude": "[37, 33, 58]", "GPSLongitude": "[126, 58, 40]"},
    }
    return [
        Acquisition(item=item, size=3_000_000, taken_in=moment, file_name=name, path=f"/pictures/{name}", host="host"),
        Inspection(
            item=item,
            media_type="image/jpeg",
            width=4000,
            height=3000,
            decode=DecodeStatus.OK,
            camera="Drawn Benchmark 1",
            captured="2024-12-27T14:05:00+09:00",
            latitude=37.566111,
            longitude=126.977778,
            altitude=38.0,
            embedded=embedded,
            inspector="benchmark",
        ),
        Fingerprint(item=item, algorithm=str(CURRENT), bits=item, quality=95),
        Copy(
            item=item,
            store=archive.store.url,
            name=object_name(digest),
            size=3_000_000,
            stored=moment,
            check=CopyCheck.HASHED_WHILE_WRITTEN,
        ),
    ]


def _checked(archive: Archive) -> str:
    """What the whole check of the published log costs: reading it, commitments, chains, signatures or not."""
    from archiver.custody.check import check  # noqa: PLC0415 - see above
    from archiver.logbook import published  # noqa: PLC0415 - see above

    told = []
    for words, signatures in (("with", True), ("without", False)):
        used = time.process_time()
        report = check(
            published(archive.store),
            [archive.nameplate.key],
            origin=archive.settings.origin,
            signatures=signatures,
        )
        if not report.intact or not report.events:
            raise RuntimeError(f"the log does not add up: {report.findings}")
        told.append(f"{1e6 * (time.process_time() - used) / report.events:.0f} {words} signatures")
    return f"the whole check costs µs of CPU an event: {', '.join(told)}"


def checking(transactions: int = CHECKED) -> list[Goal]:
    """Seconds of CPU for both checks, without signatures, of as many events as the goal names."""
    print(f"log: checking {transactions} transactions of {ITEMS} items without signatures", flush=True)
    many, key, origin = _published([ITEMS] * transactions)
    single, their_key, their_origin = _published([1] * transactions)
    events = ITEMS * 4 * transactions
    size = sum(len(data) for _, data in many)
    told = f"median of {ROUNDS}, over {events:,} events of {size / events:,.0f} bytes, {ITEMS * 4} a transaction"
    goals = []
    for what, opened in (("the log alone", ()), ("the whole check", None)):
        cost = _cost(many, key, origin, opened)
        alone = _cost(single, their_key, their_origin, opened)
        floor = "" if opened is not None else f", of which {_hashing(many):.1f} µs are the bare calls of SHA-256"
        goals.append(
            Goal(
                f"log, {what} of {EVENTS:,} events without signatures",
                EVENTS * cost / 1e6,
                MOST_SECONDS,
                "s of CPU",
                from_what=f"{told}; {cost:.1f} µs an event{floor}; {alone:.1f} µs where 4 are a transaction",
            )
        )
    return goals


def _published(sizes: Sequence[int]) -> tuple[list[tuple[str, bytes]], VerifyKey, str]:
    """A log of transactions of so many items each: its objects, its key and its name."""
    from archiver.archive import Archive  # noqa: PLC0415 - see above
    from archiver.clock import SystemClock  # noqa: PLC0415 - see above
    from archiver.commands.init import init  # noqa: PLC0415 - see above
    from archiver.logbook import published  # noqa: PLC0415 - see above

    with tempfile.TemporaryDirectory() as home:
        init(Path(home), clock=SystemClock())
        archive = Archive(Path(home), actor="benchmark", clock=SystemClock())
        taken = 0
        for items in sizes:
            _append(archive, [fact for item in range(taken, taken + items) for fact in _facts(archive, item)])
            taken += items
        found = list(published(archive.store)), archive.nameplate.key, archive.settings.origin
        archive.close()
    return found


def _cost(log: Sequence[tuple[str, bytes]], key: VerifyKey, origin: str, opened: Collection[str] | None) -> float:
    """Microseconds of CPU an event."""
    from archiver.custody.check import check  # noqa: PLC0415 - see above

    costs = []
    for _ in range(ROUNDS):
        used = time.process_time()
        report = check(log, [key], origin=origin, signatures=False, opened=opened)
        costs.append(1e6 * (time.process_time() - used) / report.events)
        if not report.intact or not report.events or report.bodies != (opened is None):
            raise RuntimeError(f"the log does not add up: {report.findings}")
    return median(costs)


def _hashing(log: Sequence[tuple[str, bytes]]) -> float:
    """Microseconds of CPU an event for the SHA-256s of the whole check: commitment, leaf and node, and nothing else."""
    import json  # noqa: PLC0415 - see above
    from hashlib import sha256  # noqa: PLC0415 - see above

    from archiver.custody.canonical import canonical  # noqa: PLC0415 - see above

    calls: list[list[bytes]] = []
    for _, data in log:
        for event in json.loads(data)["events"]:
            block, outer, field = bytes(64), bytes(96), bytes(32)
            salted = [each for name in event["body"] for each in (block + name.encode(), outer)]
            digested = [field + canonical(value) for value in event["body"].values()]
            leaf = b"\0" + canonical(event["envelope"])
            calls.append([*salted, *digested, canonical(dict.fromkeys(event["body"], "0" * 64)), leaf, bytes(65)])
    used = time.process_time()
    for each in calls:
        for message in each:
            sha256(message).digest()
    return 1e6 * (time.process_time() - used) / len(calls)


def verifying(events: int = EVENTS) -> Goal:
    """Seconds of CPU for the leaf hashes and the root of a long log."""
    from archiver.custody.checkpoint import Checkpoint, parse_and_verify  # noqa: PLC0415 - see above
    from archiver.custody.keys import SigningKey  # noqa: PLC0415 - see above
    from archiver.custody.merkle import Frontier, leaf_hash  # noqa: PLC0415 - see above
    from archiver.custody.note import Verifier  # noqa: PLC0415 - see above

    print(f"log: verifying {events:,} events", flush=True)
    key, origin = SigningKey.generate(), "benchmark"
    grown = Frontier()
    for chunk in _envelopes(events, origin, key):  # the log as it was written, and its signed head
        grown = grown.extend(leaf_hash(message) for message in chunk)
    signed = Checkpoint(origin, grown.size, grown.root).sign(key)
    head, used, size = Frontier(), 0.0, 0
    for chunk in _envelopes(events, origin, key):
        size += sum(map(len, chunk))
        begun = time.process_time()
        head = head.extend([leaf_hash(message) for message in chunk])
        used += time.process_time() - begun
    begun = time.process_time()
    checkpoint = parse_and_verify(signed, Verifier(origin, key.public))
    if (checkpoint.size, checkpoint.root) != (events, head.root):
        raise RuntimeError("the root is not the signed one")
    used += time.process_time() - begun
    told = f"once, over {size / 1e6:,.0f} MB of canonical envelopes; {1e6 * used / events:.2f} µs an event"
    return Goal(f"log, leaf hashes and root of {events:,} events", used, MOST_SECONDS, "s of CPU", from_what=told)


def _envelopes(events: int, origin: str, key: SigningKey) -> Iterator[list[bytes]]:
    """Canonical envelopes, all different, in chunks: one is made in full, and the others by filling in its place."""
    from archiver.custody.event import Envelope  # noqa: PLC0415 - see above

    values: dict[str, Any] = {
        "log": origin,
        "time": "2026-11-23T14:53:53.123456Z",
        "actor": "benchmark",
        "tool": "archiver",
        "kind": "acquisition",
        "subject": "1" * 64,
        "previous": "2" * 64,
        "commitment": "3" * 64,
        "key": key.public.fingerprint,
    }
    template = Envelope(sequence=_SEQUENCE, **values).canonical().replace(str(_SEQUENCE).encode(), b"%d")
    if template % 7 != Envelope(sequence=7, **values).canonical():
        raise RuntimeError("the filled-in envelopes are not the canonical ones")
    for start in range(0, events, _CHUNK):
        yield [template % sequence for sequence in range(start, min(start + _CHUNK, events))]


def measure() -> list[Goal]:
    """All of them."""
    return [appending(), verifying(), *checking()]


if __name__ == "__main__":
    finish(measure())
