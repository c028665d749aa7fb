"""Colours, where a person looks at a terminal that wants them (no-color.org), and the width to fit lines to."""

from __future__ import annotations

import os
import shutil
import sys

from archiver.facts.vocabulary import AssessmentStatus

NARROWEST = 40
_COLOURS = {
    AssessmentStatus.VERIFIED: 32,
    AssessmentStatus.PARTIALLY_VERIFIED: 33,
    AssessmentStatus.IN_PROGRESS: 36,
    AssessmentStatus.INCONCLUSIVE: 33,
    AssessmentStatus.REFUTED: 31,
    AssessmentStatus.WITHDRAWN: 31,
}
_BOLD, _FAINT, _CARE = "1", "2", "1;31"


def coloured() -> bool:
    """Whether standard output is a terminal that wants colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns() -> int | None:
    """How wide the terminal is; nothing where standard output is none, and lines are not cut."""
    return max(NARROWEST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else None


def status(text: str) -> str:
    """Where a verification stands."""
    colour = next((code for known, code in _COLOURS.items() if text == known), None)
    return _painted(text, str(colour)) if colour else text


def care(text: str) -> str:
    """What is said before anything else: sensitivity and sharing."""
    return _painted(text, _CARE)


def heading(text: str) -> str:
    """The heading of a part."""
    return _painted(text, _BOLD)


def faint(text: str) -> str:
    """What matters less."""
    return _painted(text, _FAINT)


def fitted(text: str, *, before: int = 0) -> str:
    """Text cut off at the terminal's edge, with an ellipsis; ``before`` are the columns that are taken already."""
    width = columns()
    if width is None or before + len(text) <= width:
        return text
    return text[: max(1, width - before - 1)] + "…"


def _painted(text: str, colour: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if text and coloured() else text
