"""Nothing that a child says is believed unless it is exactly what a child may say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.errors import InspectionError
from archiver.fingerprint import perceptual
from archiver.fingerprint.algorithm import CURRENT, PIXELS_RGBA8
from archiver.fingerprint.orientations import NAMES
from archiver.fingerprint.raster import Raster
from archiver.inspection.child import DONE, Outcome
from archiver.inspection.report import LooksLike, Report
from archiver.inspection.sanity.claims import Context
from archiver.inspection.testimony import read

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FLAT = "80" * 64 * 64
PIXELS = {"algorithm": str(PIXELS_RGBA8), "bits": "0" * 63 + "f"}
GOOD: dict[str, Any] = {
    "media_type": "image/jpeg",
    "width": 4000,
    "height": 3000,
    "orientation": 6,
    "frames": 1,
    "decode": "ok",
    "detail": None,
    "camera": "Canon EOS 5D",
    "captured": "2024-12-27T14:05:00.12+09:00",
    "latitude": -33.5,
    "longitude": 151.25,
    "altitude": -3,
    "metadata": {"Image": {"Make": "Canon", "XResolution": {"text": "72", "values": ["72/1", 3, 1.5]}}},
    "samples": bytes((row * column) % 256 for row in range(64) for column in range(64)).hex(),
    "lying": FLAT,
    "thumbnail": {"width": 1, "height": 3, "samples": "AAEC"},
    "blocks": {"width": 3, "height": 1, "samples": "AAEC"},
    "grey": {"width": 3, "height": 2, "samples": "AAECAwQF"},
    "colour": {"width": 1, "height": 2, "samples": "AAECAwQF"},
    "pixels": PIXELS,
}


def said(*stages: Any, done: bool = True) -> bytes:
    return b"".join(json.dumps(stage).encode() + b"\n" for stage in stages) + (DONE if done else b"")


def report(output: bytes, **ended: Any) -> Report:
    return read(Outcome(output, 0.1, **ended))


def test_a_good_report_is_read_whole() -> None:
    found = report(said(GOOD))
    for key in GOOD.keys() - {"samples", "lying", "thumbnail", "blocks", "grey", "colour", "pixels"}:
        assert getattr(found, key) == GOOD[key]
    assert found.grey == Raster(3, 2, bytes(range(6)))
    assert found.grey.array().tolist() == [[0, 1, 2], [3, 4, 5]]
    assert found.thumbnail == Raster(1, 3, bytes(range(3)))
    assert found.blocks == Raster(3, 1, bytes(range(3)))
    assert found.colour == Raster(1, 2, bytes(range(6)))
    assert found.colour.array().tolist() == [[[0, 1, 2]], [[3, 4, 5]]]
    matrix = perceptual.of_samples(bytes.fromhex(GOOD["samples"]))
    look = LooksLike(str(CURRENT), perceptual.bits(matrix), perceptual.quality(matrix))
    assert found.look == look
    assert found.fingerprints == (look, LooksLike(str(PIXELS_RGBA8), "0" * 63 + "f", None))
    assert [name for name, _ in found.turned] == list(NAMES)
    assert found.turned[0] == (NAMES[0], look.bits)


def test_the_quality_is_that_of_the_samples_and_never_claimed() -> None:
    look = report(said({"decode": "ok", "samples": FLAT})).look
    assert look is not None
    assert look.quality == 0


HOSTILE: list[tuple[str, Any]] = [
    ("media_type", "text/html"),
    ("media_type", 3),
    ("width", 0),
    ("width", -5),
    ("width", True),
    ("width", 2**40),
    ("width", "4000"),
    ("width", 1.5),
    ("orientation", 9),
    ("frames", 0),
    ("decode", "fine"),
    ("decode", None),
    ("decode", ["ok"]),
    ("detail", "x" * 5000),
    ("detail", "\ud800"),
    ("detail", "a\x00b"),
    ("camera", {"a": 1}),
    ("captured", "yesterday"),
    ("captured", "2024-12-27T14:05:00Z; rm"),
    ("latitude", 91),
    ("latitude", "52"),
    ("longitude", -181),
    ("altitude", 1e300),
    ("metadata", []),
    ("metadata", {"Image": "Canon"}),
    ("metadata", {"Image": {"Make": "\udc80"}}),
    ("metadata", {"Image": {"Make\x00": "Canon"}}),
    ("metadata", {"Image": {"n": 2**60}}),
    ("metadata", {"Image": {"n": [[[[[[[[1]]]]]]]]}}),
    ("metadata", {"Image": {"n": "x" * 200_000}}),
    ("pixels", {**PIXELS, "bits": "0" * 63}),
    ("pixels", {**PIXELS, "bits": "G" * 64}),
    ("pixels", {**PIXELS, "bits": "F" * 64}),
    ("pixels", {**PIXELS, "algorithm": "pixels-9"}),
    ("pixels", {**PIXELS, "algorithm": str(CURRENT)}),
    ("pixels", {**PIXELS, "extra": 1}),
    ("pixels", [PIXELS]),
    ("samples", FLAT[1:]),
    ("samples", FLAT + "80"),
    ("samples", FLAT[:-1] + "g"),
    ("samples", FLAT[:-1] + "\n"),
    ("samples", [128] * 4096),
    ("samples", None),
    ("lying", FLAT[2:]),
    ("thumbnail", None),
    ("thumbnail", {"width": 2, "height": 3, "samples": "AAEC"}),
    ("grey", None),
    ("grey", "AAECAwQF"),
    ("grey", {"width": 3, "height": 2}),
    ("grey", {"width": 3, "height": 3, "samples": "AAECAwQF"}),
    ("grey", {"width": 3, "height": 2, "samples": "AAECAwQ="}),
    ("grey", {"width": 3, "height": 2, "samples": "AAEC\nwQF"}),
    ("grey", {"width": 3.0, "height": 2, "samples": "AAECAwQF"}),
    ("grey", {"width": -3, "height": -2, "samples": "AAECAwQF"}),
    ("grey", {"width": 1025, "height": 3, "samples": "A" * 4100}),
    ("grey", {"width": 3, "height": 2, "samples": "AAECAwQF", "mode": "L"}),
    ("colour", {"width": 3, "height": 2, "samples": "AAECAwQF"}),
    ("fingerprints", [{"algorithm": str(CURRENT), "bits": "0" * 64, "quality": 100}]),
    ("turned", [[name, "0" * 64] for name in NAMES]),
    ("something", 1),
]


@pytest.mark.parametrize(("key", "value"), HOSTILE)
def test_a_value_that_no_honest_child_says_makes_its_line_worthless(key: str, value: Any) -> None:
    found = report(said({"media_type": "image/jpeg"}, {"decode": "ok", key: value}))
    assert found.decode == "undecodable"
    assert found.media_type == "image/jpeg"
    assert found.detail
    assert found == Report(media_type="image/jpeg", decode="undecodable", detail=found.detail)


@pytest.mark.parametrize(
    "output",
    [
        b"",
        DONE,
        b"\x00\xff garbage",
        b"[]\n" + DONE,
        b'{"decode":NaN}\n' + DONE,
        b'{"altitude":Infinity}\n' + DONE,
        b'{"width":' + b"9" * 10_000 + b"}\n" + DONE,
        b"[" * 100_000 + DONE,
        said({"decode": "ok"}, done=False),
        said({"decode": "ok"}) + said({"decode": "ok"}),
        said({"media_type": "image/png"}),
    ],
)
def test_garbage_silence_and_half_a_report_are_undecodable(output: bytes) -> None:
    assert report(output).decode == "undecodable"
    assert report(output).detail


def test_a_limit_outweighs_whatever_the_child_claimed() -> None:
    found = report(said(GOOD), refused="more than 30 s of CPU time")
    assert (found.decode, found.detail) == ("refused-limits", "more than 30 s of CPU time")


def test_what_was_said_before_a_crash_stands() -> None:
    found = report(
        said({"media_type": "image/jpeg", "camera": "Canon"}, done=False), crashed="the decoder crashed (SIGSEGV)"
    )
    assert (found.camera, found.decode, found.detail) == ("Canon", "undecodable", "the decoder crashed (SIGSEGV)")


def test_a_file_that_cannot_be_read_is_an_error_and_no_finding() -> None:
    with pytest.raises(InspectionError):
        report(b"", unreadable=True)


@given(st.binary(max_size=500))
def test_no_output_whatever_makes_the_parent_raise(output: bytes) -> None:
    report(output)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), JSON, max_size=4))
def test_whatever_is_believed_can_be_recorded(stage: dict[str, Any]) -> None:
    from archiver.inspection import facts  # noqa: PLC0415 - the facts load pydantic

    found = report(said(stage, {"decode": "ok"}))
    fact = facts.inspection(found, "ab" * 32, "archiver 0", Context(NOW))
    json.dumps(fact.body(), allow_nan=False).encode()
    facts.fingerprints(found, "ab" * 32)
