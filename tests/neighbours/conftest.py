"""A home and a store for derivatives, as those have whose index is made here."""

from __future__ import annotations

from tests.derived.conftest import home, store

__all__ = ["home", "store"]
