"""What an upload records of each batch of files, and the receipts that it gives for it.

1. What is good is recorded together, in the order of the command's words: one transaction, one published object.
2. Local features are published; what is lost there can be made again, so it costs no file its receipt.
3. The catalogue is asked for look-alikes of what was just recorded. Pixel digests made for that are recorded too, and
   so are the best pairs as suggestions, for a person to decide on (``archiver review``).
4. Only then is a receipt given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archiver.catalogue.inspected import findings_of
from archiver.catalogue.withdrawals import refuse_withdrawn
from archiver.errors import ArchiverError, SpoolError
from archiver.facts.findings import named
from archiver.fingerprint.algorithm import matches_by_look
from archiver.inspection.facts import fingerprints
from archiver.listed import listed_of
from archiver.manifest.statements import not_said_before
from archiver.match import Query
from archiver.neighbours.parts import PartsIndex
from archiver.provenance import Provenance, settle_agents
from archiver.receipt import Receipt, failure_of, with_care
from archiver.render import short
from archiver.safekeeping import news
from archiver.suggestions import suggestions, undecided
from storage.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archiver.archive import Archive
    from archiver.catalogue.answers import Summary
    from archiver.catalogue.mirror import Recorded
    from archiver.catalogue.questions import Questions
    from archiver.conveyor import Load
    from archiver.facts.fact import Fact
    from archiver.intake import Intake
    from archiver.interchange.listed import Listed, Lists
    from archiver.lookalikes import LookAlikes
    from archiver.manifest.statements import Statements
    from archiver.match import Match

_AGAIN = "Then repeat the upload, which gives the receipts that are missing and records nothing twice."


@dataclass
class Recorder:
    """Records batch after batch of one upload, and gives the receipts.

    Attributes:
        archive: where to.
        provenance: what was said of every file.
        intake: took the files in.
        look_alikes: what is held already.
        lists: what other archives say that they hold, opened once for the whole upload.
        radius: within how many bits of 256 a held picture counts as a look-alike.
        statements: what the rows of a manifest say.
        looked: whether local features were published.
    """

    archive: Archive
    provenance: Provenance
    intake: Intake
    look_alikes: LookAlikes
    lists: Lists
    radius: int
    statements: Statements | None = None
    looked: bool = False

    def record(self, batch: Sequence[Load]) -> list[Receipt]:
        """Record what is good of a batch in one transaction; a receipt for each load, in their order.

        Raises:
            StoreError: the store is lost; everything with a receipt is safe.
            CatalogueError, LogError: nothing further can be recorded.
        """
        said: dict[int, Provenance] = {}
        for load in batch:
            report = load.error is None and load.arrived and load.arrived.file and load.arrived.file.report
            _ = report and report.fingerprints  # one after the other, while numpy is in the core's cache
        new_items: set[str] = set()

        def build(questions: Questions) -> list[Fact]:
            facts: list[Fact] = []
            once: list[tuple[Fact, bool]] = []
            for place, load in enumerate(batch):
                if load.error is None and not load.passed:
                    try:
                        made = self._facts(load, said, place, once)
                        refuse_withdrawn(questions, made)  # here, so that the others of the batch are recorded
                        facts += made
                    except ArchiverError as error:
                        load.error = error
            items = sorted({item for load in batch for item in (load.item(), load.context()) if item})
            new_items.update(set(items) - questions.holds(items))
            return news(settle_agents(facts, questions), questions) + not_said_before(once, questions)

        good = any(load.error is None and not load.passed for load in batch)
        recorded = self.archive.record(build, afterwards=_AGAIN) if good else None  # step 1
        self._keep_features(batch, recorded)  # step 2
        receipts = []
        digests: list[Fact] = []
        with self.archive.catalogue.asking() as questions:
            self.look_alikes.refresh(questions)
            held = questions.held([item for load in batch if (item := load.item())])
            found = findings_of(questions, list(held))
            fresh = _fresh(batch, new_items)
            alike = self._alike(batch, recorded, fresh, questions) if recorded else {}
            for place, load in enumerate(batch):
                if load.passed:
                    receipts.append(Receipt(load.label, "skipped", error=load.passed))
                elif load.error is not None or recorded is None:
                    receipts.append(failure_of(load.label, load.error, row=load.number))
                else:
                    sighting = said[place].sighting(load.item(), self.archive.now)
                    added = sighting is not None and sighting.identity() in recorded.new
                    receipt = _receipt(load, held, alike.get(place), fresh=place in fresh, added=added)
                    receipt = replace(receipt, findings=named(found.get(receipt.item or "")))
                    receipts.append(replace(receipt, **self.intake.told(load.arrived.file if load.arrived else None)))
                    digests += alike[place].made if place in alike else []
            receipts = with_care(receipts, questions)
        digests += self.look_alikes.computed
        self.look_alikes.computed.clear()
        suggested = suggestions(receipts)
        if digests or suggested:
            self.archive.record(  # step 3
                lambda questions: [*digests, *undecided(suggested, questions)], afterwards=_AGAIN
            )
        return receipts

    def _keep_features(self, batch: Sequence[Load], recorded: Recorded | None) -> None:
        """Publish the local features of what was recorded; what is lost here, ``fingerprints build`` makes again."""
        seen = [
            (str(taken.received.digest), taken.appearance.features, taken.appearance.samples)
            for load in batch
            if recorded and load.error is None and load.arrived
            for taken in (load.arrived.file, load.arrived.context)
            if taken and taken.received and taken.appearance
        ]
        if not seen:
            return
        try:
            self.archive.features.add(seen)
            self.looked = True
        except (SpoolError, StoreError) as error:  # archiving is the job, and what is lost here can be made again
            self._note(f"local features were not kept: {error}; `archiver fingerprints build` makes them again")

    def index_parts(self) -> None:
        """Put what was published into the index of parts, once for the whole upload."""
        try:
            if self.looked:
                PartsIndex(self.archive.features).grow()
        except SpoolError as error:
            self._note(f"the index of parts is behind: {error}; the next look-up in part brings it up to date")

    def _note(self, text: str) -> None:
        if text not in self.archive.notes:
            self.archive.notes.append(text)

    def _facts(self, load: Load, said: dict[int, Provenance], place: int, once: list[tuple[Fact, bool]]) -> list[Fact]:
        cargo = load.arrived
        if load.row is None or self.statements is None:
            said[place] = self.provenance
            return self.intake.facts(cargo.file, self.provenance) if cargo and cargo.file else []
        facts: list[Fact] = []
        if cargo and cargo.context:
            facts += self.intake.facts(cargo.context, Provenance(collector=load.row.row.provenance.collector))
        row = self.statements.of(load.row, load.item(), load.context())
        said[place] = row.provenance
        if cargo and cargo.file:
            facts += self.intake.facts(cargo.file, row.provenance)
        else:
            facts += row.provenance.facts(load.item(), self.archive.now)
        once += [(fact, load.row.row.looked) for fact in row.once]
        return facts + row.claims

    def _alike(
        self, batch: Sequence[Load], recorded: Recorded, fresh: set[int], questions: Questions
    ) -> dict[int, _Alike]:
        """What was held already and looks the same, by place in the batch, asked for all of them together."""
        looked: dict[int, tuple[Query, int | None]] = {}
        held: dict[int, str] = {}
        for place, load in enumerate(batch):
            item, taken = load.item(), load.arrived.file if load.arrived else None
            if item is None or load.error is not None or load.passed:
                continue
            if taken is None or taken.received is None or taken.report is None:
                held[place] = item
                continue
            number = None
            if place in fresh and taken.report.look is not None:
                numbers = [recorded.numbers.get(f.identity()) for f in fingerprints(taken.report, item)]
                number = min((n for n in numbers if n is not None), default=None)
            inner = taken.appearance.inner if taken.appearance else ()
            looked[place] = Query(taken.received.digest, taken.received.path, taken.report, inner), number
        answers: dict[int, _Alike] = {}
        self.lists.refresh(questions)
        near = self.look_alikes.near_each(list(looked.values()), questions, radius=self.radius)
        for (place, (query, _)), (matches, made) in zip(looked.items(), near, strict=True):
            own = query.report.look
            comparable = bool(query.inner) or (own is not None and matches_by_look(own.quality))
            listed, missed = listed_of(query, self.lists, self.radius)
            if missed:
                self._note(f"{short(str(query.digest))} was {missed}")
            answers[place] = _Alike(matches, listed, comparable, list(made))
        by_item = self.look_alikes.near_held_each(list(held.values()), questions, radius=self.radius)
        for place, (matches, comparable) in zip(held, by_item, strict=True):
            answers[place] = _Alike(matches, [], comparable, [])
        return answers


@dataclass(frozen=True)
class _Alike:
    """What looks like one file of a batch here and on lists, whether it can be compared, and what was made for it."""

    matches: list[Match]
    listed: list[Listed]
    comparable: bool
    made: list[Fact]


def _fresh(batch: Sequence[Load], new_items: set[str]) -> set[int]:
    """The places in the batch whose items are new; of the same bytes twice the second is held already."""
    left, found = set(new_items), set()
    for place, load in enumerate(batch):
        item = load.item()
        if load.error is None and not load.passed and item in left:
            left.discard(item)
            found.add(place)
    return found


def _receipt(load: Load, held: Mapping[str, Summary], alike: _Alike | None, *, fresh: bool, added: bool) -> Receipt:
    item = load.item()
    if item is None or alike is None:
        return Receipt(load.label, "recorded", sighting_added=added, row=load.number, context=load.context())
    summary = held[item]
    return Receipt(
        path=load.label,
        status="archived" if fresh else "already-held",
        item=item,
        sighting_added=added,
        media_type=summary.media_type,
        width=summary.width,
        height=summary.height,
        decode=summary.decode,
        lookalikes=tuple(alike.matches),
        listed=tuple(alike.listed),
        comparable=alike.comparable,
        row=load.number,
        context=load.context(),
    )
