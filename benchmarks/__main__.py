"""All benchmarks, and all their goals once more at the end."""

from __future__ import annotations

from benchmarks import find, help, knowledge, log, memory, upload  # noqa: A004 - named for the command that it measures
from benchmarks.goal import finish

if __name__ == "__main__":
    finish([goal for each in (help, find, upload, log, memory, knowledge) for goal in each.measure()])
