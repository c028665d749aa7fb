"""The deepest level: what is held of which the query shows a part, or which shows a part of the query.

1. The query is looked at again, larger: it may be a screenshot or a collage, of which the held picture is a small part.
2. Its codes vote for the held pictures that most of them resemble (``archiver.neighbours.parts``), as the query stands
   and as its mirror image.
3. Each of the best is confirmed by geometry, or is none (``archiver.likeness.geometry``).

A shortlist may miss a picture, and geometry may fail to confirm one: *none found* never means *none held*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.errors import InspectionError
from archiver.fingerprint.features import QUERY_SIDE, mirrored, query_features
from archiver.inspection.wanted import Wanted
from archiver.likeness.geometry import verify
from archiver.neighbours.parts import PartsIndex, Variant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.fingerprint.features import Features
    from archiver.inspection.inspector import Inspector
    from archiver.likeness.geometry import Verified

CANDIDATES: Final = 30
"""Items confirmed or refused for one query."""


def in_part(
    archive: Archive, path: Path, inspector: Inspector, questions: Questions, *, without: str
) -> dict[str, Verified]:
    """Held pictures that share a part with a query, and how each lies in it.

    Args:
        archive: the archive.
        path: the query.
        inspector: looks at it.
        questions: the catalogue, at the place of the log that is asked about.
        without: the query's own item, which is not told.

    Raises:
        InspectionError: the query cannot be read, or did not survive being looked at larger.
    """
    report = inspector.inspect(path, Wanted(grey=QUERY_SIDE))  # step 1
    if report.grey is None:
        raise InspectionError(f"the query did not decode when it was looked at larger ({report.trouble})")
    query, sureness = query_features(report.grey.array())
    if not len(query):
        return {}
    variants = [Variant(query, sureness), Variant(mirrored(query), sureness)]

    def held_then(items: Sequence[str]) -> set[str]:
        return questions.holds(items) - {without}

    candidates = PartsIndex(archive.features).shortlist(variants, CANDIDATES, held=held_then)  # step 2
    found = {}
    for each in candidates:
        features = archive.features.features_of(each.item)
        verified = _verified(query, features, likelier=bool(each.variant)) if features is not None else None  # step 3
        if verified is not None:
            found[each.item] = verified
    return found


def _verified(query: Features, held: Features, *, likelier: bool) -> Verified | None:
    """How the held picture lies in the query, mirrored or not: first as the votes say, then the other way round."""
    return verify(query, held, mirror=likelier) or verify(query, held, mirror=not likelier)
