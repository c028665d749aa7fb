"""``archiver duplicates``: what the archive holds more than once, as clusters of items that look alike.

1. *Compare*: all held fingerprints with one another (``archiver.duplicates``); decided pairs stay apart.
2. *Join*: what is known of each member that is shown.
3. *Draw* a contact sheet of each cluster, where that is asked for.
4. *Suggest*, where that is asked for: the medoid with its nearest members, for a person to decide on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from archiver.catalogue.related import kept_apart
from archiver.duplicates import RADIUS, Duplicates
from archiver.duplicates import duplicates as clustered
from archiver.earlier import tell_of_earlier
from archiver.errors import UsageError
from archiver.fingerprint.algorithm import CURRENT, DEFAULT_RADIUS
from archiver.fingerprint.orientations import UPRIGHT
from archiver.known import known
from archiver.lookalikes import opened_index
from archiver.match import LOOK, Match
from archiver.neighbours.kept import Damaged
from archiver.render import counted
from archiver.samepixels import pixel_prints
from archiver.spool import Spool
from archiver.suggestions import of_cluster, undecided

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.drawing import Drawing
    from archiver.duplicates import Alike, Member
    from archiver.inspection.inspector import Inspector
    from archiver.known import Known

SHOWN = 50
"""Members of a cluster that are shown; their number is told."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A member with what is known of it, and the first item before it in its cluster whose pixels are the same."""

    member: Member
    known: Known
    same_pixels: str | None

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        dossier = self.known.dossier
        return {
            **dossier.care(),
            "item": self.member.item,
            "distance": self.member.distance,
            "quality": self.member.quality,
            "same_pixels_as": self.same_pixels,
            "status": dossier.status,
            "first_seen": self.known.first_seen[0],
            "file_name": dossier.summary.file_name,
            "width": dossier.summary.width,
            "height": dossier.summary.height,
        }


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster, its first members with what is known of them."""

    medoid: Shown
    members: list[Shown]
    total: int
    beside: int
    hot: bool
    radius: int
    sheet: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "medoid": self.medoid.to_json(),
            "members": [member.to_json() for member in self.members],
            "total": self.total,
            "beside": self.beside,
            "hot": self.hot,
            "radius": self.radius,
            "algorithm": str(CURRENT),
            **({"sheet": self.sheet} if self.sheet else {}),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The largest clusters, how many there are, what was and was not compared, and how many pairs were suggested."""

    clusters: list[Cluster]
    total: int
    compared: int
    flat: int
    named: list[tuple[int, str]]
    suggested: int


def duplicates(
    archive: Archive,
    *,
    inspector: Callable[[int], AbstractContextManager[Inspector]],
    radius: int = RADIUS,
    least: int = 2,
    limit: int = 100,
    suggest: bool = False,
    drawing: Drawing | None = None,
) -> Answer:
    """Cluster the whole archive by look.

    Args:
        archive: the archive.
        inspector: makes an inspector for so many threads; only where something is drawn.
        radius: within how many bits of 256 of its medoid every member is.
        least: items that a cluster has at the least.
        limit: clusters shown at the most, largest first.
        suggest: whether to record the pairs of each shown cluster that nothing is recorded of, for ``review``.
        drawing: draw a contact sheet of each shown cluster.

    Raises:
        InputRefused: the sheets cannot be written.
        UsageError: the radius is none, or wider than pictures are told apart by; a cluster of less than two.
    """
    if not 0 <= radius <= DEFAULT_RADIUS:
        raise UsageError(
            f"--radius {radius} is no radius for clusters",
            hint=f"it counts bits of 256: 0 to {DEFAULT_RADIUS}; beyond, unrelated pictures would meet in a cluster",
        )
    if least < 2:  # noqa: PLR2004 - one is no cluster
        raise UsageError(f"--min-size {least}: one item is no cluster", hint="2 or more")
    if suggest:
        archive.ready_to_write()
    if drawing is not None:
        drawing.ready()
    with archive.asking() as questions:
        found = _found(archive, questions, radius, least)
        answer = _joined(questions, found, found.clusters[:limit], radius)
    if drawing is not None:
        answer = replace(answer, clusters=_drawn(archive, answer.clusters, drawing, inspector))  # step 3
    if not suggest:
        return answer
    pairs = [
        relation
        for cluster in found.clusters[:limit]
        for relation in of_cluster(cluster.medoid.item, _matches(cluster))
    ]
    recorded = archive.record(lambda questions: undecided(pairs, questions)) if pairs else None  # step 4
    return replace(answer, suggested=len(recorded.new) if recorded else 0)


def _drawn(
    archive: Archive,
    clusters: Sequence[Cluster],
    drawing: Drawing,
    inspector: Callable[[int], AbstractContextManager[Inspector]],
) -> list[Cluster]:
    """The clusters, each with its sheet, named by its medoid."""
    from archiver.sheets import draw_sheet  # noqa: PLC0415 - only where something is drawn

    done = []
    from archiver.guard import Guard  # noqa: PLC0415 - as above

    with (
        archive.asking() as questions,
        Spool(None, largest_file=archive.settings.limits.largest_file) as spool,
        inspector(1) as looking,
    ):
        guard = Guard(archive, looking, spool)
        for cluster in clusters:
            target = drawing.folder / f"{cluster.medoid.member.item[:12]}.png"
            rows = [(each.known, each.member.distance) for each in (cluster.medoid, *cluster.members)]
            title = f"{counted(cluster.total, 'item')} within {cluster.radius} bits of the first"
            draw_sheet(
                archive,
                rows,
                title,
                target,
                inspector=looking,
                spool=spool,
                drawing=drawing,
                guard=guard,
                questions=questions,
            )
            done.append(replace(cluster, sheet=str(target)))
    return done


def _found(archive: Archive, questions: Questions, radius: int, least: int) -> Duplicates:
    """Step 1."""
    index = opened_index(archive)
    index.refresh(questions)
    tell_of_earlier(archive, questions, len(index))
    apart = kept_apart(questions)
    while True:
        try:
            found = clustered(index.parts, apart, radius=radius, least=least)
        except Damaged as damage:
            index.repair(damage)
        else:
            archive.notes += index.notes
            return found


def _joined(questions: Questions, found: Duplicates, shown: Sequence[Alike], radius: int) -> Answer:
    """Step 2."""
    items = sorted({each.item for cluster in shown for each in (cluster.medoid, *cluster.members[:SHOWN])})
    answers = known(questions, items)
    pixels = {item: set(of.items()) for item, of in pixel_prints(questions.prints_of(items)).items()}
    return Answer(
        clusters=[_cluster(cluster, answers, pixels, radius) for cluster in shown],
        total=len(found.clusters),
        compared=found.compared,
        flat=found.flat,
        named=found.named,
        suggested=0,
    )


def _cluster(
    cluster: Alike, answers: Mapping[str, Known], pixels: Mapping[str, set[tuple[str, str]]], radius: int
) -> Cluster:
    """A cluster with what is known; ``pixels`` are digests, each under its algorithm: no others are equal pixels."""
    first: dict[tuple[str, str], str] = {}
    shown = []
    for member in (cluster.medoid, *cluster.members[:SHOWN]):
        own = pixels.get(member.item, set())
        same = next((first[digest] for digest in sorted(own) if digest in first), None)
        for digest in own:
            first.setdefault(digest, member.item)
        shown.append(Shown(member, answers[member.item], same))
    return Cluster(shown[0], shown[1:], 1 + len(cluster.members), cluster.beside, cluster.hot, radius)


def _matches(cluster: Alike) -> list[Match]:
    return [Match(each.item, LOOK, each.distance, UPRIGHT, str(CURRENT)) for each in cluster.members]
