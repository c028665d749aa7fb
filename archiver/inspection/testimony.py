"""The report of a child, from what it said before it ended.

A child that has read a hostile file may itself be hostile, so nothing it says is believed
(``archiver.inspection.believable``): what it said before the first line that may not be believed stands. Where it did
not finish, ``decode`` says why, whatever the child claimed; but content credentials are read last, and what ends their
reading leaves the picture's own inspection as it was. What is remarkable about them is told here, from what they say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.errors import InspectionError
from archiver.inspection import credential_findings, credentials
from archiver.inspection.believable import stage_of
from archiver.inspection.report import Report
from archiver.inspection.staged import add

if TYPE_CHECKING:
    from archiver.facts.inspection import Finding
    from archiver.inspection.child import Outcome
    from archiver.inspection.report import Write


def read(outcome: Outcome, write: Write | None = None) -> Report:
    """The report of a child.

    Args:
        outcome: how it ended and what it wrote.
        write: see ``Report``.

    Raises:
        InspectionError: the file could not be opened or read at all.
    """
    if outcome.unreadable:
        raise InspectionError("the file could not be read for inspection", hint="is it still there, and readable?")
    said: dict[str, Any] = {}
    complete = garbled = False
    for line in outcome.output.splitlines():
        stage = stage_of(line)
        if stage is None or complete:
            garbled = True
            break
        complete = stage == {"done": True}
        if not complete:
            add(said, stage)
    trouble = outcome.refused or outcome.crashed
    if trouble is None and (garbled or not complete or "decode" not in said):
        trouble = "the inspection said nothing that can be believed"
    if trouble is not None:
        if _reading_credentials(said):
            said["credentials"] |= {"detail": trouble}
        else:
            said |= {"decode": "undecodable" if outcome.refused is None else "refused-limits", "detail": trouble}
    if "credentials" in said:
        said["findings"] = [*(said.get("findings") or []), *_of_credentials(said["credentials"])]
    return Report(**said, write=write, cpu_seconds=outcome.cpu_seconds)


def _reading_credentials(said: dict[str, Any]) -> bool:
    """Whether all else was done: it is told before they are read, and once more when they have been."""
    return bool(
        said.get("decode") and said.get("credentials") and said["credentials"]["state"] == credentials.State.UNFINISHED
    )


def _of_credentials(found: dict[str, Any] | None) -> list[Finding]:
    return credential_findings.findings(found) if found is not None else []
