"""All benchmarks, and all their goals once more at the end."""

from __future__ import annotations

from benchmarks import (
    audit,
    export,
    find,
    find_deep,
    find_million,
    help,  # noqa: A004 - named for the command that it measures
    inspection,
    knowledge,
    log,
    memory,
    pairs,
    radius,
    replicas,
    upload,
)
from benchmarks.goal import finish

if __name__ == "__main__":
    finish(
        [
            goal
            for each in (
                *(help, inspection, find, upload, audit, replicas, export, log, memory, knowledge),
                *(radius, pairs, find_million, find_deep),
            )
            for goal in each.measure()
        ]
    )
