"""Traces with which platforms and programs hand files out: names, comments, sizes. Only ever *consistent with*.

The law: a name alone can be given to any file, and a size alone is a coincidence; each trace is told as what it is, and
all those of one platform are one finding. A size counts only where camera, time and place are missing too.

Sources, by number in the table below:

1. O. Giudice, A. Paratore, M. Moltisanti, S. Battiato, *A Classification Engine for Image Ballistics of Social Data*,
   ICIAP 2017 (arXiv:1610.06347): names and largest sizes of ten platforms.
2. D.-T. Dang-Nguyen and others, *Practical Analyses of How Common Social Media Platforms and Photo Storage Services
   Handle Uploaded Images*, 2023 (arXiv:2302.12133): Facebook's names.
3. Stack Overflow, question 31120222: ``FBMD`` in the IPTC special instructions of files from Facebook.
4. Signal for Android, ``AttachmentSaver``: ``signal-`` with date and time in the name of a saved file.
5. Telegram Desktop, names of saved and exported pictures: ``photo_`` with date and time.
6. Twitter's Snowflake (announced 2010): 41 bits of milliseconds since 2010-11-04T01:42:54.657Z stand first in an
   identifier; the key of a picture is one in base64url (RFC 4648, 5) with three bytes more.
7. libgd, ``gd_jpeg.c`` and PHP: the comment ``CREATOR: gd-jpeg v1.0 …``. FFmpeg, ``libavcodec``: the comment ``Lavc…``.
8. Names that Android, macOS, Windows and GNOME give to screenshots, as those systems write them.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from archiver.facts.findings import FindingCode
from archiver.fingerprint.raster import upright_size
from archiver.inspection.sanity.claims import Context, finding, quoted, texts
from archiver.inspection.sanity.shape import stripped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.facts.inspection import Finding
    from archiver.inspection.report import Report

WHATSAPP, TELEGRAM, SIGNAL = "WhatsApp", "Telegram", "Signal"
META, X, INSTAGRAM = "Facebook or Instagram", "X (Twitter)", "Instagram"
GD, FFMPEG, SCREENSHOT = "PHP's picture library gd", "FFmpeg", "a screenshot"

_DAY: Final = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"
_DATE: Final = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:[0-2]\d|3[01])"


@dataclass(frozen=True, slots=True)
class Name:
    """A pattern of names: whose it is, and by which of the sources."""

    platform: str
    pattern: re.Pattern[str]
    source: int


NAMES: Final = (
    Name(WHATSAPP, re.compile(rf"(?:IMG|VID|STK)-{_DAY}-WA\d{{4,}}(?:[ _(-].*)?"), 1),
    Name(WHATSAPP, re.compile(rf"WhatsApp (?:Image|Video) {_DATE} at \d\d?\.\d\d\.\d\d.*"), 1),
    Name(TELEGRAM, re.compile(rf"photo_{_DATE}_\d\d-\d\d-\d\d(?: \(\d+\)|_\d+)?"), 5),
    Name(TELEGRAM, re.compile(r"photo_\d+@\d\d-\d\d-\d{4}_\d\d-\d\d-\d\d(?:_thumb)?"), 5),
    Name(SIGNAL, re.compile(rf"signal-{_DATE}-\d\d-?\d\d-?\d\d(?:-\d{{1,3}})?(?:[ _(-].*)?"), 4),
    Name(META, re.compile(r"\d{6,}_\d{6,}_\d{6,}_[a-z](?:[ _(-].*)?"), 2),
    Name(SCREENSHOT, re.compile(rf"Screenshot[_ ](?:{_DAY}|{_DATE}|from {_DATE})[-_ ].*"), 8),
)
"""Of the name without its ending."""

SIZES: Final = (
    (TELEGRAM, 1280, 1),
    (WHATSAPP, 1600, 1),
    ("Facebook", 2048, 1),
    (X, 2048, 1),
    (INSTAGRAM, 1080, 1),
    (INSTAGRAM, 1440, 1),
)
"""Pixels that the longer side has at the most where a platform reduces pictures (Instagram: the width), and source."""

_MEDIA_KEY: Final = re.compile(r"([A-Za-z0-9_-]{15})(?:[:_](?:large|orig|small|medium|4096x4096))?")
_SNOWFLAKE_EPOCH: Final = datetime(2010, 11, 4, 1, 42, 54, 657_000, tzinfo=UTC)
_SEQUENCES: Final = 64
"""Identifiers of one machine within a millisecond, up to which a name is taken for one; few are busier."""


def findings(report: Report, context: Context) -> Iterator[Finding]:
    """One finding a platform, with everything that speaks for it."""
    traces: dict[str, list[str]] = {}
    for platform, trace in (*_name(context), *_written(report)):
        traces.setdefault(platform, []).append(trace)
    told = set(traces)
    for platform, trace in _size(report):
        if platform in told or not told:  # a size says nothing against a name or a comment of another's
            traces.setdefault(platform, []).append(trace)
    for platform, each in traces.items():
        yield finding(FindingCode.PLATFORM_TRACES, f"consistent with {platform}: {'; '.join(each)}")


def _name(context: Context) -> Iterator[tuple[str, str]]:
    stem = PurePath(context.name or "").stem
    for each in NAMES:
        if each.pattern.fullmatch(stem):
            yield each.platform, "its name is of that pattern"
            return
    made = _snowflake(stem)
    if made is not None and made <= context.moment:
        yield X, f"its name is a media key of that pattern, which would have been made at {made:%Y-%m-%dT%H:%M:%SZ}"


def _snowflake(stem: str) -> datetime | None:
    """When the key that a name may be was made; none where it cannot be one."""
    match = _MEDIA_KEY.fullmatch(stem)
    if match is None or match[1].isdecimal():
        return None
    number = int.from_bytes(urlsafe_b64decode(match[1] + "A")[:8], "big")
    if number >> 63 or number & 0xFFF >= _SEQUENCES:
        return None
    return _SNOWFLAKE_EPOCH + timedelta(milliseconds=number >> 22)


def _written(report: Report) -> Iterator[tuple[str, str]]:
    """What stands in the file."""
    for said in (*texts(report, "IPTC", "2:40 Special Instructions"), *texts(report, "XMP", "photoshop:Instructions")):
        if said.startswith("FBMD"):
            yield META, "its special instructions begin with FBMD"
            break
    for said in texts(report, "Comment", "comment"):
        if said.startswith("CREATOR: gd-jpeg v"):
            yield GD, f"its comment is {quoted(said)}"
        if re.match(r"Lav[cf]\d", said):
            yield FFMPEG, f"its comment is {quoted(said)}"


def _size(report: Report) -> Iterator[tuple[str, str]]:
    """The largest side, of a picture without camera, time and place."""
    width, height = upright_size(report.width, report.height, report.orientation)
    if width is None or height is None or not stripped(report):
        return
    for platform, pixels, _ in SIZES:
        side, what = (width, "it is") if platform == INSTAGRAM else (max(width, height), "its longer side has")
        if side == pixels:
            across = "pixels wide" if platform == INSTAGRAM else "pixels"
            yield platform, f"{what} {pixels} {across}, and camera, time and place are missing"
