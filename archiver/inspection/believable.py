"""Which words of a child can be believed.

Every line is JSON of known keys, and every value has the type, range and size that the fact allows, or the line counts
as never said.
"""

from __future__ import annotations

import json
import math
import re
import struct
from base64 import b64decode
from typing import TYPE_CHECKING, Any, Final

from archiver.errors import InputRefused
from archiver.facts.findings import FindingCode
from archiver.fingerprint.algorithm import SIDE, Algorithm
from archiver.fingerprint.raster import GREY, RGB, Raster
from archiver.inspection import credentials
from archiver.inspection.jpeg import COEFFICIENTS, LARGEST_STEP, MOST_TABLES, SUBSAMPLINGS, Jpeg
from archiver.inspection.media_type import MediaType
from archiver.inspection.report import LooksLike
from archiver.inspection.wanted import LARGEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.facts.inspection import Finding, Place

_STATUSES: Final = frozenset({"ok", "decoded-with-errors", "truncated", "undecodable", "refused-limits"})
_CAPTURED: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?([+-]\d\d:\d\d)?")
_HEX: Final = re.compile(r"[0-9a-f]+")
_NAME: Final = re.compile(r"[a-z]+(-[a-z0-9]+)*")
_UNFIT: Final = re.compile("[\x00\ud800-\udfff]")
_PDQ: Final = struct.Struct(f"<{SIDE * SIDE}f")
_CODES: Final = frozenset(FindingCode)
_FINDING: Final = frozenset({"code", "detail", "offset", "length"})
_LONGEST_TEXT, _DEEPEST, _LARGEST_INTEGER, _LARGEST_SIDE = 110_000, 6, 2**53 - 1, 2**31
_LONGEST_CODE: Final = 80

MOST_PLACES: Final = 2000
"""Blocks of metadata whose place is told."""

MOST_FINDINGS: Final = 200
"""Findings that one file may give rise to."""


def stage_of(line: bytes) -> dict[str, Any] | None:
    """One line, or none where any part of it is not as it must be."""
    try:
        stage = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    if stage == {"done": True}:
        return {"done": True}
    if not isinstance(stage, dict) or not stage.keys() <= _CHECKS.keys():
        return None
    try:
        return {key: _CHECKS[key](value) for key, value in stage.items()}
    except (_Unbelievable, InputRefused):
        return None


class _Unbelievable(Exception):
    pass


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _text(pattern: re.Pattern[str] | None = None, longest: int = 1000) -> Callable[[Any], str | None]:
    def check(value: Any) -> str | None:
        if value is None:
            return None
        if (
            not isinstance(value, str)
            or len(value) > longest
            or _UNFIT.search(value)
            or (pattern and not pattern.fullmatch(value))
        ):
            raise _Unbelievable
        return value

    return check


def _integer(low: int, high: int) -> Callable[[Any], int | None]:
    def check(value: Any) -> int | None:
        if value is not None and (type(value) is not int or not low <= value <= high):
            raise _Unbelievable
        return value

    return check


def _real(bound: float) -> Callable[[Any], float | None]:
    def check(value: Any) -> float | None:
        if value is None:
            return None
        if type(value) not in {int, float} or not math.isfinite(value) or abs(value) > bound:
            raise _Unbelievable
        return float(value)

    return check


def _one_of(choices: frozenset[str], *, none: bool) -> Callable[[Any], str | None]:
    def check(value: Any) -> str | None:
        if (value is None and none) or (isinstance(value, str) and value in choices):
            return value
        raise _Unbelievable

    return check


def _metadata(value: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(value, dict) or not all(isinstance(tags, dict) for tags in value.values()):
        raise _Unbelievable
    _believable(value, 0)
    return value


def _believable(value: Any, depth: int) -> None:
    """JSON that a log can keep: bounded depth and text, no lone surrogate, no NUL, numbers within RFC 8785's range."""
    match value:
        case None | bool():
            return
        case str() if len(value) <= _LONGEST_TEXT and not _UNFIT.search(value):
            return
        case int() if abs(value) <= _LARGEST_INTEGER:
            return
        case float() if math.isfinite(value):
            return
        case list() if depth < _DEEPEST:
            for each in value:
                _believable(each, depth + 1)
        case dict() if depth < _DEEPEST:
            for key, each in value.items():
                _believable(key, depth + 1)
                _believable(each, depth + 1)
        case _:
            raise _Unbelievable


def _places(value: Any) -> dict[str, list[Place]]:
    if not isinstance(value, dict) or not all(isinstance(places, list) for places in value.values()):
        raise _Unbelievable
    if sum(len(places) for places in value.values()) > MOST_PLACES:
        raise _Unbelievable
    for group, places in value.items():
        _text(longest=_LONGEST_CODE)(group)
        for place in places:
            if not isinstance(place, dict) or place.keys() != {"offset", "length"}:
                raise _Unbelievable
            _position(place["offset"])
            _position(place["length"])
    return value


def _findings(value: Any) -> list[Finding]:
    if not isinstance(value, list) or len(value) > MOST_FINDINGS:
        raise _Unbelievable
    for finding in value:
        if not isinstance(finding, dict) or not {"code", "detail"} <= finding.keys() <= _FINDING:
            raise _Unbelievable
        if finding["code"] not in _CODES or not finding["detail"]:
            raise _Unbelievable
        _text()(finding["detail"])
        for name in finding.keys() & {"offset", "length"}:
            _position(finding[name])
    return value


def _position(value: Any) -> None:
    if type(value) is not int or not 0 <= value <= _LARGEST_INTEGER:
        raise _Unbelievable


def _credentials(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    if not credentials.is_of_this_form(value):
        raise _Unbelievable
    _believable(value, 0)
    return value


def _jpeg(value: Any) -> Jpeg:
    if not isinstance(value, dict) or value.keys() != {"tables", "progressive", "subsampling", "ducky"}:
        raise _Unbelievable
    if type(value["ducky"]) is not bool:
        raise _Unbelievable
    tables, subsampling = value["tables"], value["subsampling"]
    if not isinstance(tables, list) or not 1 <= len(tables) <= MOST_TABLES or type(value["progressive"]) is not bool:
        raise _Unbelievable
    for table in tables:
        if not isinstance(table, list) or len(table) != COEFFICIENTS:
            raise _Unbelievable
        if not all(type(step) is int and 0 <= step <= LARGEST_STEP for step in table):
            raise _Unbelievable
    if subsampling is not None and subsampling not in SUBSAMPLINGS.values():
        raise _Unbelievable
    return Jpeg(tuple(tuple(table) for table in tables), value["progressive"], subsampling, ducky=value["ducky"])


def _samples(value: Any) -> bytes:
    if not isinstance(value, str) or len(value) != 2 * SIDE * SIDE or not _HEX.fullmatch(value):
        raise _Unbelievable
    return bytes.fromhex(value)


def _raster(depth: int) -> Callable[[Any], Raster]:
    def check(value: Any) -> Raster:
        if not isinstance(value, dict) or value.keys() != {"width", "height", "samples"}:
            raise _Unbelievable
        width, height, samples = value["width"], value["height"], value["samples"]
        if not all(type(side) is int and 1 <= side <= LARGEST for side in (width, height)):
            raise _Unbelievable
        if not isinstance(samples, str) or len(samples) != 4 * -(-width * height * depth // 3):
            raise _Unbelievable
        try:
            raw = b64decode(samples, validate=True)
        except ValueError as error:
            raise _Unbelievable from error
        if len(raw) != width * height * depth:
            raise _Unbelievable
        return Raster(width, height, raw)

    return check


def _pdq_samples(value: Any) -> bytes:
    if not isinstance(value, str) or len(value) != 4 * -(-_PDQ.size // 3):
        raise _Unbelievable
    try:
        raw = b64decode(value, validate=True)
    except ValueError as error:
        raise _Unbelievable from error
    if len(raw) != _PDQ.size or not all(-1 <= sample <= 256 for sample in _PDQ.unpack(raw)):  # noqa: PLR2004 - luma, rounded
        raise _Unbelievable
    return raw


def _pixels(value: Any) -> LooksLike:
    if not isinstance(value, dict) or value.keys() != {"algorithm", "bits"} or not isinstance(value["algorithm"], str):
        raise _Unbelievable
    algorithm = Algorithm.parse(value["algorithm"])
    if algorithm.by_look:
        raise _Unbelievable
    return LooksLike(str(algorithm), _bits(value["bits"], algorithm), None)


def _bits(value: Any, algorithm: Algorithm) -> str:
    if not isinstance(value, str) or len(value) != algorithm.digits or not _HEX.fullmatch(value):
        raise _Unbelievable
    return value


_CHECKS: Final[dict[str, Callable[[Any], Any]]] = {
    "media_type": _one_of(frozenset(MediaType), none=True),
    "width": _integer(1, _LARGEST_SIDE),
    "height": _integer(1, _LARGEST_SIDE),
    "orientation": _integer(1, 8),
    "frames": _integer(1, _LARGEST_SIDE),
    "decode": _one_of(_STATUSES, none=False),
    "detail": _text(),
    "camera": _text(),
    "captured": _text(_CAPTURED),
    "latitude": _real(90),
    "longitude": _real(180),
    "altitude": _real(1e9),
    "metadata": _metadata,
    "places": _places,
    "findings": _findings,
    "credentials": _credentials,
    "jpeg": _jpeg,
    "samples": _samples,
    "lying": _samples,
    "coded": _samples,
    "grey": _raster(GREY),
    "colour": _raster(RGB),
    "thumbnail": _raster(GREY),
    "blocks": _raster(GREY),
    "pdq": _pdq_samples,
    "pixels": _pixels,
}
