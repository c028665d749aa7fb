"""What lists of other archives say of a picture in hand: *listed, not held*.

The look of the whole picture and of those inside its frame is looked for in all eight orientations; PDQ, which costs a
full decode, only where a list holds any: an upload asks for it when the file is first inspected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.errors import InspectionError
from archiver.fingerprint.algorithm import PDQ, PDQ_RADIUS, matches_by_look
from archiver.inspection.wanted import Wanted

if TYPE_CHECKING:
    from archiver.inspection.inspector import Inspector
    from archiver.inspection.report import Report
    from archiver.interchange.listed import Listed, Lists
    from archiver.match import Query

_BY_PDQ = Wanted(pdq=True)


def listed_of(query: Query, lists: Lists, radius: int, inspector: Inspector | None = None) -> tuple[list[Listed], str]:
    """The lines that the picture comes within the radius of, each once, nearest first; and what was not compared, why.

    Args:
        query: the picture.
        lists: those that stand.
        radius: bits of 256; PDQ has its own (``PDQ_RADIUS``).
        inspector: looks at the picture again for PDQ, where its inspection was not asked for it; without one, such a
            picture is not compared by PDQ.
    """
    report = query.report
    found: dict[tuple[str, int], Listed] = {}
    if report.look is None or not lists:
        return [], ""
    looks = [dict(report.turned)] if matches_by_look(report.look.quality) else []
    near = [lists.near(variants, radius) for variants in (*looks, *(dict(each.turned) for each in query.inner))]
    missed = ""
    if lists.of(PDQ):
        seen, missed = _with_pdq(query, inspector)
        pdq = next((each for each in seen.fingerprints if each.algorithm == str(PDQ)), None)
        if pdq is not None and matches_by_look(pdq.quality):
            near.append(lists.near(dict(seen.turned_pdq), PDQ_RADIUS, algorithm=PDQ))
    for each in (one for some in near for one in some):
        found.setdefault((each.list, each.line), each)
    return sorted(found.values(), key=lambda one: (one.distance, one.list, one.line)), missed


def _with_pdq(query: Query, inspector: Inspector | None) -> tuple[Report, str]:
    """A report that has PDQ, if the picture is not too small to have one; or why it has none."""
    report = query.report
    if report.pdq is None and inspector is not None:
        try:
            report = inspector.inspect(query.path, _BY_PDQ)
        except InspectionError as error:
            return report, f"not compared with lists by PDQ: {error}"
    missed = report.pdq is None and not report.complete
    return report, f"not compared with lists by PDQ: {report.trouble}" if missed else ""
