"""How the demonstration is told: a heading, a sentence or two, the command, what it answered, what that showed.

The law: what is shown as a command is what was run, and what is shown as its answer is what it wrote, only folded to
the width of the page. Colour is used on a terminal that wants it, and nowhere else (no-color.org).
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_BOLD, _FAINT, _GREEN, _CYAN = "1", "2", "32", "36"
_WIDEST = 80
_NARROWEST = 40


class Teller:
    """Writes the story to standard output."""

    def __init__(self) -> None:
        wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self._coloured = sys.stdout.isatty() and wanted
        self._width = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size().columns))
        self._step = 0

    def title(self, text: str) -> None:
        """The name of the whole."""
        self._line(text, _BOLD)
        self._line("═" * len(text), _BOLD)

    def heading(self, text: str) -> None:
        """Begin a numbered step."""
        self._step += 1
        line = f"── {self._step}  {text} "
        self._line("")
        self._line(line + "─" * (self._width - len(line)), _BOLD)

    def story(self, text: str) -> None:
        """Who does what, and why."""
        self._line("")
        for line in textwrap.wrap(text, self._width, break_on_hyphens=False):
            self._line(line)

    def command(self, words: Sequence[str]) -> None:
        """What is typed, folded between its options as a shell reads it."""
        self._line("")
        parts = _options([shlex.quote(word) for word in words])
        lines = [f"$ {parts[0]}"]
        for part in parts[1:]:
            if len(lines[-1]) + len(part) + 3 <= self._width:  # a space, and the space and backslash after it
                lines[-1] += f" {part}"
            else:
                lines.append(f"    {part}")
        for number, line in enumerate(lines):
            self._line(line + (" \\" if number < len(lines) - 1 else ""), _CYAN)

    def answer(self, text: str) -> None:
        """What the program wrote."""
        for line in text.splitlines():
            indent = " " * (len(line) - len(line.lstrip()) + 4)
            folded = textwrap.wrap(line, self._width, subsequent_indent=indent, break_on_hyphens=False)
            for part in folded or [""]:
                self._line(part)

    def aside(self, text: str) -> None:
        """What was done, or left out, without a command."""
        self._line(f"  ({text})", _FAINT)

    def shown(self, text: str) -> None:
        """What the step has shown, after it was checked."""
        lines = textwrap.wrap(text, self._width - 4, break_on_hyphens=False)
        for number, line in enumerate(lines):
            self._line(f"{'    ' if number else '  ✓ '}{line}", _GREEN)

    def _line(self, text: str, colour: str = "") -> None:
        print(f"\x1b[{colour}m{text}\x1b[0m" if colour and text and self._coloured else text, flush=True)


def _options(words: Sequence[str]) -> list[str]:
    """The words, each option together with its value."""
    parts: list[str] = []
    for word in words:
        value = parts and parts[-1].startswith("--") and " " not in parts[-1]
        early = len(parts) == 1 and len(word) < _NARROWEST  # the command's name and its first words
        if not word.startswith("--") and (value or early):
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    return parts
