"""How a JPEG was compressed: the quality that its tables tell, and whether it was compressed before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.facts.findings import FindingCode
from archiver.inspection.sanity.claims import finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.facts.inspection import Finding
    from archiver.inspection.report import Report


def findings(report: Report) -> Iterator[Finding]:
    """The quality, where the tables are on the library's scale or near it; a second compression where asked for.

    numpy is loaded only where blocks were asked for (``Wanted.compressions``).
    """
    estimate = report.jpeg.quality if report.jpeg is not None else None
    if estimate is not None:
        quality, exact = estimate
        how = "exactly those" if exact else "near those"
        yield finding(FindingCode.JPEG_QUALITY, f"the tables are {how} of quality {quality}")
    if report.blocks is not None and report.jpeg is not None:
        from archiver.inspection.sanity import compression  # noqa: PLC0415 - numpy, for whoever asked only

        likelier = compression.bits(report.blocks.array(), report.jpeg.tables[0])
        if likelier is not None and likelier > compression.THRESHOLD:
            yield finding(
                FindingCode.COMPRESSED_AGAIN,
                f"the coefficients are spread as after two compressions with different tables ({likelier:.2f} bits a "
                f"block; {compression.THRESHOLD} is the threshold)",
            )
