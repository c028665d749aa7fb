"""How the stages of one inspection add up: the same for whoever asks in one process and for whoever reads a child."""

from __future__ import annotations

from typing import Any


def add(found: dict[str, Any], stage: dict[str, Any]) -> None:
    """Add a stage to what was found before: it supersedes key by key, but findings come to those that are there."""
    findings = [*(found.get("findings") or ()), *(stage.get("findings") or ())]
    found.update(stage)
    if "findings" in stage:
        found["findings"] = findings
