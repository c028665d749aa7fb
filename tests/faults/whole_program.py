"""The program with everything that its commands load, in one process from which others are forked.

Nothing of it is changed, unless asked for: the clock can be wrong, and a signal can come at a numbered step.
"""

from __future__ import annotations

import importlib
import pkgutil
import signal
from datetime import timedelta

import boto3.session  # noqa: F401 - loaded before the fork
import botocore.session  # noqa: F401 - as above
import psycopg  # noqa: F401 - as above
import sqlalchemy.dialects.postgresql.psycopg  # noqa: F401 - as above

import archiver
import storage
from archiver.clock import SystemClock
from cli import main
from tests.archive import stopping

__all__ = ["main", "stop_at", "wind"]


def _load() -> None:
    for package in (archiver, storage):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)


def wind(seconds: float) -> None:
    """Let the computer's clock be wrong by so much, as far as the program asks it."""
    right = SystemClock.now

    def wrong(self: SystemClock) -> object:
        return right(self) + timedelta(seconds=seconds)

    setattr(SystemClock, "now", wrong)  # noqa: B010 - mypy is right that one does not do this


def stop_at(step: str, number: str) -> None:
    """Have this process stopped by a signal at one step of its work; see ``tests.archive.stopping``."""
    stopping.stop_at(step, signal.Signals[number])


_load()
