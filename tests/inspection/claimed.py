"""What is read of bytes: all that they say, and the codes of what was found."""

from __future__ import annotations

import io
from typing import Any

from archiver.inspection import claims
from archiver.inspection.sniff import HEAD, sniff


def said(content: bytes) -> dict[str, Any]:
    media_type = sniff(content[:HEAD])
    assert media_type is not None
    return claims.read(io.BytesIO(content), media_type).said


def codes(content: bytes) -> list[str]:
    return [finding["code"] for finding in said(content)["findings"]]
