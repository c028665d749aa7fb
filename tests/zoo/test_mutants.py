"""Whatever chance makes of a file, it is inspected or bounded, and the picture behind it is read as ever.

Five hundred in every run; ten thousand where ``ARCHIVER_MUTANTS=10000`` is set, as at night. A mutant that fails is
named by its number: ``tests.zoo.mutants.mutant(NUMBER)`` makes it again.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from archiver.inspection.inspector import InspectionServer
from archiver.inspection.limits import Limits
from archiver.inspection.media_type import DECODERS
from archiver.inspection.wanted import Wanted
from tests import drawing
from tests.zoo.mutants import mutant, originals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archiver.inspection.report import Report

MUTANTS = int(os.environ.get("ARCHIVER_MUTANTS", "500"))
WORKERS, SHARE = 2, 50
SECONDS = 10
WANTED = Wanted(grey=512)
"""What an upload asks for."""


@pytest.fixture(scope="module")
def inspections() -> Iterator[InspectionServer]:
    with InspectionServer(WORKERS, Limits(cpu_seconds=SECONDS)) as server:
        yield server


def test_the_originals_are_whole(inspections: InspectionServer, tmp_path: Path) -> None:
    for content in originals():
        (tmp_path / "original").write_bytes(content)
        report = inspections.inspect(tmp_path / "original", WANTED)
        assert report.media_type is not None
        if report.media_type in DECODERS:
            assert (report.media_type, report.decode, report.detail) == (report.media_type, "ok", None)


def test_no_mutant_steers_what_looks_at_it(inspections: InspectionServer, tmp_path: Path) -> None:
    with ThreadPoolExecutor(WORKERS) as pool:
        shares = [range(start, min(start + SHARE, MUTANTS)) for start in range(0, MUTANTS, SHARE)]
        wrong = [
            each for found in pool.map(lambda share: _looked_at(share, inspections, tmp_path), shares) for each in found
        ]
    assert not wrong


def _looked_at(share: range, inspections: InspectionServer, folder: Path) -> list[tuple[int, str]]:
    """What went wrong with a share of the mutants: their numbers, and what."""
    path = folder / str(share.start)
    wrong = []
    for number in share:
        path.write_bytes(mutant(number))
        wrong += [(number, why) for why in _wrong(inspections.inspect(path, WANTED))]
    path.write_bytes(drawing.jpeg(drawing.photo(share.start, (96, 72))))
    innocent = inspections.inspect(path, WANTED)
    if (innocent.decode, innocent.width, innocent.height, innocent.look is None) != ("ok", 96, 72, False):
        wrong.append((share.stop, "the innocent picture behind it was not read"))
    return wrong


def _wrong(report: Report) -> list[str]:
    """What must never come of a file: our own failure, or a status without its reason."""
    detail = report.detail or ""
    found = []
    if report.decode != "ok" and not detail:
        found.append(f"{report.decode} without a reason")
    if detail.startswith(("the inspection failed", "the inspection said nothing")):
        found.append(detail)
    if "unread" in report.metadata:
        found.append(f"a parser gave up: {report.metadata['unread']}")
    if report.cpu_seconds > SECONDS + 1.5:
        found.append(f"{report.cpu_seconds} s")
    return found
