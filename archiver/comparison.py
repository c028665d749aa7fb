"""Two pictures compared, from the bytes up; what ``compare`` answers and what ``find --picture`` draws.

1. *Look at* both in a bounded child: reduced pixels, all eight orientations, the pixel digest, how a JPEG was written.
2. *Fingerprints*: the distance in the orientation that comes closest; blank and flat pictures are not compared by look.
3. *Points* of both, confirmed by geometry, looked for one way and, where that shows nothing, the other way round: the
   larger of a pair is the one to be looked at closely, and either may be the larger.
4. *Kinship* (``archiver.likeness.relation``): what changed, and which comes first if anything says so.

Whatever was asked as of, care is that of now; and where two pictures are alike, what is owed to the one is owed to the
other: they show the same.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from archiver.catalogue.answers import Care, decided_between
from archiver.catalogue.care import care
from archiver.fingerprint.algorithm import CURRENT, PIXELS, Algorithm, matches_by_look
from archiver.fingerprint.orientations import UPRIGHT
from archiver.fingerprint.raster import upright_size
from archiver.inspection.credentials import hold
from archiver.inspection.wanted import LARGEST, Wanted
from archiver.known import known
from archiver.likeness.relation import NONE, Kinship, kinship
from archiver.likeness.side import Encoding, Side
from archiver.likeness.table import Row, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from archiver.catalogue.answers import Related
    from archiver.catalogue.questions import Questions
    from archiver.inspection.inspector import Inspector
    from archiver.inspection.report import Report
    from archiver.likeness.alignment import Alignment
    from archiver.likeness.geometry import Verified
    from archiver.spool import Received

WANTED = Wanted(pixel_digest=True, turned=True, grey=LARGEST, colour=LARGEST)
"""What a comparison asks of an inspection (step 1)."""

_NOBODY = Care([], None)


@dataclass(frozen=True)
class Party:
    """One of the two.

    Attributes:
        name: what the person called it: a file's name, ``-`` or an item.
        digest: SHA-256 of its bytes, hexadecimal.
        size: bytes.
        report: what its inspection found.
        held: whether an item of these bytes is held.
        care: what care is owed to it, now.
        shows_sensitive: whether it looks like, or shows a part of, something that care is owed to.
        relations: to other items, of one that is held.
        first_seen: of its earliest known sighting: at the earliest, where known, and surely by (instants, UTC).
    """

    name: str
    digest: str
    size: int
    report: Report = field(repr=False)
    held: bool = False
    care: Care = _NOBODY
    first_seen: tuple[str | None, str] | None = None
    shows_sensitive: bool = False
    relations: tuple[Related, ...] = ()

    @property
    def sensitive(self) -> bool:
        """Whether it is blurred in a picture unless somebody asks to see it."""
        return self.care.guarded or self.shows_sensitive

    @property
    def upright(self) -> tuple[int, int] | None:
        """Width and height as it is meant to be seen; none where it has no readable header."""
        width, height = upright_size(self.report.width, self.report.height, self.report.orientation)
        return None if width is None or height is None else (width, height)

    def side(self) -> Side:
        """Its values for a comparison."""
        report, size = self.report, self.upright or (None, None)
        raster = report.colour or report.grey
        quality = report.jpeg.quality if report.jpeg else None
        encoding = None
        if report.jpeg:
            number, exact = quality or (None, False)
            encoding = Encoding(number, exact, report.jpeg.progressive, report.jpeg.subsampling)
        return Side(
            digest=self.digest,
            width=size[0],
            height=size[1],
            media_type=report.media_type,
            size=self.size,
            encoding=encoding,
            frames=report.frames,
            metadata=report.metadata,
            camera=report.camera,
            credentials=hold(report.credentials) if report.credentials or not report.complete else False,
            pixels={
                each.algorithm: each.bits for each in report.fingerprints if Algorithm.parse(each.algorithm) in PIXELS
            },
            first_seen=self.first_seen,
            samples=raster.array() if raster is not None else None,
        )

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        size = self.upright or (None, None)
        return {
            **self.care.to_json(),
            "name": self.name,
            "sha256": self.digest,
            "held": self.held,
            "media_type": self.report.media_type,
            "decode": self.report.decode,
            "width": size[0],
            "height": size[1],
            "size": self.size,
            "look_quality": self.report.look.quality if self.report.look else None,
        }


@dataclass(frozen=True)
class Comparison:
    """Two pictures, compared.

    Attributes:
        one: the one, of a search: the query.
        other: the other, of a search: what is held.
        distance: of their fingerprints in bits, in the orientation that comes closest; none where either has none.
        orientation: what was done to the other to make the one, as far as the fingerprints show.
        radius: within how many bits a look counts.
        by_look: whether the fingerprints match: within the radius, and neither picture too flat.
        verified: how the other lies in the one, where points show it.
        points: the confirmed points, shape (n, 4), in unit coordinates: x, y in the one, x, y in the other.
        kinship: how they are related.
        table: what differs between the files.
        notes: what could not be compared, and why.
    """

    one: Party
    other: Party
    distance: int | None
    orientation: str
    radius: int
    by_look: bool
    verified: Verified | None
    points: NDArray[np.float64] | None = field(repr=False)
    kinship: Kinship
    table: tuple[Row, ...]
    notes: tuple[str, ...]

    @property
    def alike(self) -> bool:
        """Whether anything shows that the two are the same picture, or share a part."""
        return self.kinship.level != NONE

    @property
    def decided(self) -> list[Related]:
        """What persons decided of the two, read from A."""
        return decided_between(self.one.relations, self.other.digest)

    @property
    def comparable(self) -> bool:
        """Whether they could be compared by more than their bytes."""
        return self.one.report.samples is not None and self.other.report.samples is not None

    @property
    def blurred(self) -> tuple[bool, bool]:
        """Which of the two a picture blurs: a sensitive one, and whatever shows the same."""
        either = self.one.sensitive or self.other.sensitive
        return (either, either) if self.alike else (self.one.sensitive, self.other.sensitive)

    def to_json(self, one: str = "A", other: str = "B") -> dict[str, Any]:
        """As plain JSON values."""
        same_pixels = self.kinship.level in {"bytes", "pixels"}
        return {
            one: self.one.to_json(),
            other: self.other.to_json(),
            "alike": self.alike,
            "comparable": self.comparable or self.alike,
            "same_bytes": self.one.digest == self.other.digest,
            "same_pixels": same_pixels if self.one.report.pixels and self.other.report.pixels else None,
            "distance": self.distance,
            "threshold": self.radius,
            "same_look": self.by_look,
            "orientation": self.orientation,
            "algorithm": str(CURRENT),
            "points": self.verified.inliers if self.verified else 0,
            "points_matched": self.verified.matched if self.verified else 0,
            "relation": self.kinship.to_json(one, other),
            "decided": [asdict(each) for each in self.decided],
            "table": [row.to_json() for row in self.table],
            "notes": list(self.notes),
        }


def looked_at(name: str, received: Received, inspector: Inspector) -> Party:
    """Step 1, of a picture that was received; ``joined`` says what is known of it.

    Raises:
        InspectionError: it cannot be read.
    """
    return seen(name, str(received.digest), received.path, inspector)


def seen(name: str, digest: str, path: Path, inspector: Inspector) -> Party:
    """The same of a private copy whose SHA-256 is known."""
    return Party(name, digest, path.stat().st_size, inspector.inspect(path, WANTED))


def joined(parties: Iterable[Party], questions: Questions) -> list[Party]:
    """The same, with what the archive knows of those that are held: care as of now, and the earliest sighting."""
    listed = list(parties)
    held = questions.holds([each.digest for each in listed])
    flags, labels = care(questions, held)
    answers = known(questions, sorted(held))
    made = []
    for each in listed:
        if each.digest not in held:
            made.append(each)
            continue
        answer = answers.get(each.digest)
        first = answer.origins.first if answer else None
        owed = Care(flags[each.digest], labels[each.digest])
        seen = None if first is None else (first.earliest, first.surely)
        tied = tuple(answer.dossier.relations) if answer else ()
        made.append(replace(each, held=True, care=owed, first_seen=seen, relations=tied))
    return made


def compared(one: Party, other: Party, *, radius: int) -> Comparison:
    """Steps 2 to 4.

    Args:
        one: the one, of a search: the query.
        other: the other, of a search: what is held.
        radius: within how many bits of 256 a look counts.
    """
    distance, orientation = _distance(one.report, other.report)
    flat = [each for each in (one, other) if each.report.look and not matches_by_look(each.report.look.quality)]
    by_look = distance is not None and distance <= radius and not flat  # step 2
    confirmed = [] if one.digest == other.digest else _confirmed(one.report, other.report)  # step 3
    mine, theirs = one.side(), other.side()
    found, verified, points = _likeliest(mine, theirs, confirmed, orientation if by_look else None)  # step 4
    return Comparison(
        one=one,
        other=other,
        distance=distance,
        orientation=orientation,
        radius=radius,
        by_look=by_look,
        verified=verified,
        points=points,
        kinship=found,
        table=table(mine, theirs),
        notes=_notes(one, other, found, distance, radius),
    )


def _distance(one: Report, other: Report) -> tuple[int | None, str]:
    if one.look is None or other.look is None:
        return None, UPRIGHT
    theirs = int(other.look.bits, 16)
    variants = dict(one.turned) or {UPRIGHT: one.look.bits}
    distances = {name: (int(bits, 16) ^ theirs).bit_count() for name, bits in variants.items()}
    best = min(distances, key=lambda name: distances[name])
    return distances[best], best


def _confirmed(one: Report, other: Report) -> list[tuple[Verified, NDArray[np.float64]]]:
    """Every way in which points show the other to lie in the one, those of most points first; and the points.

    A picture with a pattern that repeats may seem to lie in another one in several ways, even as its mirror image. So
    all are tried, and ``compared`` prefers the one under which the pixels agree.
    """
    if one.grey is None or other.grey is None:
        return []
    greys = [one.grey.array(), other.grey.array()]
    found = [each for mirror in (False, True) for each in _verified(greys[0], greys[1], mirror=mirror)]
    if max((each[0].inliers for each in found), default=0) < _PLENTY:
        for mirror in (False, True):
            found += [_exchanged(*each) for each in _verified(greys[1], greys[0], mirror=mirror)]
    return sorted(found, key=lambda each: -each[0].inliers)


_PLENTY = 40
"""Confirmed points from which on the pair is not looked at the other way round as well."""


def _verified(
    near: NDArray[np.uint8], far: NDArray[np.uint8], *, mirror: bool
) -> Iterator[tuple[Verified, NDArray[np.float64]]]:
    import numpy as np  # noqa: PLC0415 - only where there are pixels to look at
    from PIL import Image  # noqa: PLC0415 - as above

    from archiver.fingerprint.features import SIDE, features, query_features  # noqa: PLC0415 - as above
    from archiver.fingerprint.reduction import within  # noqa: PLC0415 - as above
    from archiver.likeness.geometry import verify  # noqa: PLC0415 - as above

    large, _ = query_features(near)
    small = features(np.asarray(within(Image.fromarray(far), SIDE)))
    verified = verify(large, small, mirror=mirror)
    if verified is not None:
        spots = [
            (found.points[verified.pairs[:, column], :2] + 0.5) / (found.width, found.height)
            for column, found in enumerate((large, small))
        ]
        yield verified, np.hstack(spots)


def _exchanged(verified: Verified, spots: NDArray[np.float64]) -> tuple[Verified, NDArray[np.float64]]:
    """The same with query and held exchanged."""
    import numpy as np  # noqa: PLC0415 - only where there are pixels to look at

    inverse = np.linalg.inv(verified.transform)
    turned = replace(
        verified,
        transform=inverse / inverse[2, 2],
        pairs=verified.pairs[:, ::-1],
        query_size=verified.held_size,
        held_size=verified.query_size,
    )
    return turned, spots[:, [2, 3, 0, 1]]


def _likeliest(
    mine: Side, theirs: Side, confirmed: list[tuple[Verified, NDArray[np.float64]]], orientation: str | None
) -> tuple[Kinship, Verified | None, NDArray[np.float64] | None]:
    """The kinship under the first alignment with which the pixels agree, else under the first of all.

    Points come first; ``orientation`` is that of the fingerprints, where they match.
    """
    from archiver.likeness.alignment import by_orientation, by_points  # noqa: PLC0415 - numpy

    ways: list[tuple[Alignment, Verified | None, NDArray[np.float64] | None]] = [
        (by_points(each.transform, each.query_size, each.held_size, each.inliers), each, spots)
        for each, spots in confirmed
    ]
    if orientation is not None:
        ways.append((by_orientation(orientation), None, None))
    told = []
    for alignment, verified, spots in ways:
        found = kinship(mine, theirs, alignment, by_look=orientation is not None)
        if found.seen is None or not found.seen.differences.widespread:
            return found, verified, spots
        told.append((found, verified, spots))
    return told[0] if told else (kinship(mine, theirs), None, None)


def _notes(one: Party, other: Party, found: Kinship, distance: int | None, radius: int) -> tuple[str, ...]:
    notes = []
    for name, each in (("A", one), ("B", other)):
        report = each.report
        if report.look is None:
            why = report.trouble
            notes.append(f"{name} did not decode ({why}): only its bytes and what it says of itself were compared")
        elif not matches_by_look(report.look.quality):
            notes.append(
                f"{name} is blank or too flat to be compared by look (quality {report.look.quality} of 100): "
                "such pictures all look alike"
            )
        elif report.decode != "ok":
            notes.append(f"{name} is {report.decode}: it was compared by what decodes of it")
    if found.level == "pixels" and distance is not None and distance > radius:
        notes.append("they hold the same pixels, and a colour profile makes them look different: `archiver inspect`")
    return (*notes, *([found.note_about()] if found.note else []))
