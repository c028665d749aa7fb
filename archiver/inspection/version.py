"""Which inspector this is."""

from __future__ import annotations

from typing import Final

INSPECTOR: Final = 4
"""Raised whenever the same bytes may give another report: another thing is looked at, or is told otherwise.

It stands in every inspection's ``inspector``, so that ``archiver inspect --held --outdated`` finds what an earlier one
looked at, also between two releases of the program.
"""
