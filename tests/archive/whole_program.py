"""The program with everything that its commands load, in one process from which others are forked.

Nothing of it is changed, unless asked for: the clock can be wrong, and a signal can come at a numbered step.
"""

from __future__ import annotations

import importlib
import pkgutil
import signal
import time
from datetime import datetime, timedelta

import boto3.session  # noqa: F401 - loaded before the fork
import botocore.auth
import botocore.session
import psycopg  # noqa: F401 - as above
import sqlalchemy.dialects.postgresql.psycopg  # noqa: F401 - as above

import archiver
import storage
from archiver.clock import SystemClock
from cli import main
from storage import s3_errors
from tests.archive import stopping

__all__ = ["main", "stop_at", "wind"]


def _load() -> None:
    for package in (archiver, storage):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)


def wind(seconds: float) -> None:
    """Let the computer's clock be wrong by so much, for the program and for what signs its requests to a server."""
    off = timedelta(seconds=seconds)
    right, right_there = SystemClock.now, botocore.auth.get_current_datetime

    def wrong(self: SystemClock) -> datetime:
        return right(self) + off

    def wrong_there(*, remove_tzinfo: bool = True) -> datetime:
        moment: datetime = right_there(remove_tzinfo=remove_tzinfo)
        return moment + off

    setattr(SystemClock, "now", wrong)  # noqa: B010 - mypy is right that one does not do this
    here = s3_errors.now()
    begun = time.monotonic()
    setattr(s3_errors, "now", lambda: here + off + timedelta(seconds=time.monotonic() - begun))  # noqa: B010 - as above
    setattr(botocore.auth, "get_current_datetime", wrong_there)  # noqa: B010 - as above


def stop_at(step: str, number: str) -> None:
    """Have this process stopped by a signal at one step of its work; see ``tests.archive.stopping``."""
    stopping.stop_at(step, signal.Signals[number])


_load()
