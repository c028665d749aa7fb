"""A picture that somebody signed, and what a bounded child answers about its credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archiver.inspection.inspector import ForkingInspector
from archiver.inspection.trust import TrustList
from tests import drawing
from tests.inspection.credentialed import CAPTURED, Root, Signer, action, signed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archiver.inspection.report import Report

ANSWERS = ("integrity", "signature", "certificate", "trust")
MADE = (action("c2pa.created", digitalSourceType=CAPTURED),)


@pytest.fixture(scope="module")
def root() -> Root:
    return Root()


@pytest.fixture(scope="module")
def signer(root: Root) -> Signer:
    return root.signer()


@pytest.fixture(scope="module")
def plain() -> bytes:
    return drawing.jpeg(drawing.photo(1))


@pytest.fixture(scope="module")
def good(plain: bytes, signer: Signer) -> bytes:
    """A picture whose credentials hold."""
    return signed(
        plain, signer, [action("c2pa.created", when="2026-01-02T03:04:05Z", digitalSourceType=CAPTURED)], title="Good"
    )


@pytest.fixture
def inspect(tmp_path: Path) -> Callable[..., Report]:
    """Inspect bytes in a bounded child that is forked for them, asking a list of these roots."""

    def inspected(content: bytes, *roots: Root | str) -> Report:
        path = tmp_path / "picture"
        path.write_bytes(content)
        if not roots:
            return ForkingInspector().inspect(path)
        listed = tmp_path / "roots.pem"
        listed.write_text("".join(each.pem if isinstance(each, Root) else each for each in roots))
        return ForkingInspector(trust=TrustList.of(listed)).inspect(path)

    return inspected


def answers(report: Report) -> list[str]:
    """The four, in their order."""
    assert report.credentials is not None
    assert report.decode == "ok"
    return [report.credentials[name] for name in ANSWERS]


def codes(report: Report) -> list[str]:
    return [finding["code"] for finding in report.findings or ()]
