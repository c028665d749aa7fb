"""Every format that is decoded: its unusual forms, its animated ones, and what is left of it when it ends early."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pillow_heif
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from archiver.fingerprint import perceptual
from archiver.inspection import ending
from archiver.inspection.examine import examine, stages
from archiver.inspection.wanted import ORDINARY, Wanted
from tests.inspection.raw_files import Blob, tiff

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.inspection.inspector import InspectionServer
    from tests.fingerprint.drawn import Drawn
    from tests.inspection.raw_files import Entries

ALIKE = 20


def look(found: dict[str, Any]) -> str:
    return perceptual.bits(perceptual.of_samples(bytes.fromhex(found["samples"])))


def of(image: Image.Image) -> str:
    return perceptual.bits(perceptual.matrix(image.convert("L")))


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    content = io.BytesIO()
    if form == "HEIF":
        pillow_heif.from_pillow(image).save(content, quality=90, **options)
    else:
        image.save(content, form, **options)
    return content.getvalue()


def ycck(image: Image.Image) -> bytes:
    """A JPEG of luma, chroma and black, as Adobe's programs write it: inverted, with their mark."""
    cyan, magenta, yellow, black = image.convert("CMYK").split()
    luma, blue, red = Image.merge("RGB", (cyan, magenta, yellow)).convert("YCbCr").split()
    inverted = [
        Image.eval(band, lambda sample: 255 - sample) for band in (luma, blue, red)
    ]  # Pillow inverts as it saves
    content = bytearray(saved(Image.merge("CMYK", (*inverted, black)), "JPEG", quality=95))
    mark = content.index(b"Adobe")
    content[mark + 11] = 2  # the colour transform of the application data of marker APP14
    return bytes(content)


def deep_tiff(image: Image.Image, order: str) -> bytes:
    """A TIFF of three samples of 16 bits."""
    samples = (np.asarray(image).astype(np.uint16) * 257).astype(order + "u2").tobytes()
    bits = struct.pack(order + "HHH", 16, 16, 16)
    size: Entries = [(0x100, 4, image.width), (0x101, 4, image.height), (0x116, 4, image.height)]
    kinds: Entries = [(0x102, 3, Blob(bits, count=3)), (0x103, 3, 1), (0x106, 3, 2), (0x115, 3, 3)]
    return tiff([[*size, *kinds, (0x111, 4, Blob(samples)), (0x117, 4, Blob(samples, length=True))]], order)


def unusual(scene: Image.Image) -> dict[str, bytes]:
    """The same picture in every form that a decoder could get wrong."""
    grey = np.asarray(scene.convert("L"))
    return {
        "print colours": saved(scene.convert("CMYK"), "JPEG", quality=90),
        "print colours as luma and chroma": ycck(scene),
        "print colours, scaled decode": saved(scene.resize((2600, 2100)).convert("CMYK"), "JPEG"),
        "progressive": saved(scene.resize((2600, 2100)), "JPEG", progressive=True),
        "JPEG 2000": saved(scene, "JPEG2000"),
        "JPEG 2000 codestream": saved(scene, "JPEG2000", no_jp2=True),
        "JPEG 2000, 16 bits": saved(Image.fromarray(grey.astype(np.uint16) * 257), "JPEG2000"),
        "16 bits, PNG": saved(Image.fromarray(grey.astype(np.uint16) * 257), "PNG"),
        "16 bits, TIFF": saved(Image.fromarray(grey.astype(np.uint16) * 257), "TIFF"),
        "16 bits a colour, little-endian": deep_tiff(scene, "<"),
        "16 bits a colour, big-endian": deep_tiff(scene, ">"),
        "32 bits": saved(Image.fromarray(grey.astype(np.int32) * 60_000), "TIFF"),
        "floats": saved(Image.fromarray(grey.astype(np.float32) / 255), "TIFF"),
        "floats, some of which are none": saved(
            Image.fromarray(np.where(grey == 3, np.nan, grey / 255).astype(np.float32)), "TIFF"
        ),
        "TIFF of print colours": saved(scene.convert("CMYK"), "TIFF"),
        "TIFF of JPEG": saved(scene, "TIFF", compression="jpeg", quality=90),
        "HEIF in tiles": saved(scene, "HEIF", tile_size=256),
    }


def test_unusual_forms_look_as_the_picture_and_none_is_clipped(
    tmp_path: Path, drawn: Drawn, server: InspectionServer
) -> None:
    scene = drawn.scene()
    expected = np.asarray(scene.convert("L").resize((64, 64), Image.Resampling.BOX)).astype(int)
    for name, content in unusual(scene).items():
        (tmp_path / name).write_bytes(content)
        found = server.inspect(tmp_path / name, Wanted(grey=512))  # in a child that may read no file but this one
        assert (name, found.decode, found.detail) == (name, "ok", None)
        assert found.look is not None
        assert perceptual.distance(found.look.bits, of(scene)) <= ALIKE, name
        assert found.grey is not None
        shown = Image.frombytes("L", (found.grey.width, found.grey.height), found.grey.samples)
        seen = np.asarray(shown.resize((64, 64), Image.Resampling.BOX)).astype(int)
        assert np.abs(seen - expected).mean() < 12, name


@pytest.mark.parametrize("form", ["PNG", "TIFF", "WEBP", "AVIF", "HEIF", "JPEG2000", "GIF"])
def test_what_is_transparent_is_seen_over_white(form: str, tmp_path: Path, drawn: Drawn) -> None:
    scene = drawn.scene(600, 400).convert("RGBA")
    mask = Image.new("L", scene.size, 255)
    mask.paste(0, (0, 0, 300, 400))
    scene.putalpha(mask)
    over_white = Image.new("RGB", scene.size, "white")
    over_white.paste(scene.convert("RGB"), mask=mask)
    (tmp_path / "picture").write_bytes(saved(scene, form))
    found = examine(tmp_path / "picture")
    assert perceptual.distance(look(found), of(over_white)) <= ALIKE
    samples = np.frombuffer(bytes.fromhex(found["samples"]), np.uint8).reshape(64, 64)
    assert samples[:, :30].min() >= 245


@pytest.mark.parametrize(
    ("form", "options"), [("MPO", {}), ("PNG", {"default_image": True}), ("WEBP", {}), ("AVIF", {})]
)
def test_of_several_pictures_the_first_is_shown_and_all_are_counted(
    form: str, options: dict[str, Any], tmp_path: Path, drawn: Drawn
) -> None:
    first, *others = [drawn.scene(300, 200, seed) for seed in range(3)]
    (tmp_path / "picture").write_bytes(saved(first, form, save_all=True, append_images=others, **options))
    found = examine(tmp_path / "picture")
    assert found["frames"] == 3
    assert perceptual.distance(look(found), of(first)) <= ALIKE


def exchanged() -> bytes:
    """A colour profile by which red means blue, and blue red."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
def test_what_is_shown_and_fingerprinted_has_the_colours_of_its_profile_where_that_holds(
    form: str, tmp_path: Path, server: InspectionServer
) -> None:
    red = Image.new("RGBA" if form == "PNG" else "RGB", (64, 48), (220, 30, 20))
    for name, profile in (("plain", None), ("profiled", exchanged()), ("broken", b"no profile at all")):
        (tmp_path / name).write_bytes(saved(red, form, icc_profile=profile))
    plain, profiled, broken = (
        server.inspect(tmp_path / name, Wanted(grey=64, colour=64)) for name in ("plain", "profiled", "broken")
    )
    assert plain.colour is not None
    assert profiled.colour is not None
    assert np.abs(profiled.colour.array()[20, 20].astype(int) - (20, 30, 220)).max() < 25
    assert np.abs(plain.colour.array()[20, 20].astype(int) - (220, 30, 20)).max() < 5
    assert broken.colour == plain.colour
    assert plain.grey == broken.grey
    assert profiled.grey is not None
    luma = Image.new("RGB", (1, 1), (20, 30, 220)).convert("L").tobytes()
    assert abs(profiled.grey.samples[0] - luma[0]) < 12


LEFT = {
    "JPEG": 40,
    "PNG": 40,
    "GIF": 40,
    "BMP": 40,
    "TIFF": 40,
    "WEBP": 40,
    "AVIF": 40,
    "HEIF": 40,
    "JPEG2000": 8,
}
"""How many of 256 bits the picture whose last tenth is missing may differ by."""


@pytest.mark.parametrize("form", LEFT)
def test_what_is_left_of_a_picture_that_ends_early_is_fingerprinted(form: str, tmp_path: Path, drawn: Drawn) -> None:
    scene = drawn.scene()
    whole = saved(scene, form)
    (tmp_path / "picture").write_bytes(whole[: len(whole) * 9 // 10])
    found = examine(tmp_path / "picture")
    assert (found["decode"], found["width"], found["height"]) == ("truncated", 900, 700)
    assert perceptual.distance(look(found), of(scene)) <= LEFT[form]


@pytest.mark.parametrize("form", ["WEBP", "AVIF", "HEIF", "JPEG2000", "GIF", "TIFF", "BMP"])
def test_the_bound_on_pixels_is_met_before_anything_is_decoded(form: str, tmp_path: Path, drawn: Drawn) -> None:
    path = tmp_path / "picture"
    path.write_bytes(saved(drawn.scene(100, 100), form)[:-9])  # it does not even end as it must
    told = {name: value for stage in stages(path, ORDINARY, pixels=9_999) for name, value in stage.items()}
    assert told["decode"] == "refused-limits"
    assert "100 x 100" in told["detail"]
    assert "samples" not in told


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    decoder=st.sampled_from(["WEBP", "AVIF", "HEIF", "JPEG2000", "JPEG"]),
    content=st.binary(max_size=60),
    cut=st.integers(1, 400),
)
def test_no_file_says_that_it_ends_where_it_cannot(decoder: str, content: bytes, cut: int, drawn: Drawn) -> None:
    whole = saved(Image.new("RGB", (40, 30)), decoder)
    for data in (content, whole[:cut], whole[:cut] + content):
        lacking = ending.missing(io.BytesIO(data), decoder)
        assert 0 <= lacking <= 256 << 20
        assert ending.filled(io.BytesIO(data), min(lacking, 1000)).read().startswith(data)
    assert ending.missing(io.BytesIO(whole), decoder) == 0


def test_a_file_lacks_what_was_cut_off() -> None:
    picture = Image.linear_gradient("L").convert("RGB")
    for form in ("WEBP", "AVIF", "HEIF", "JPEG2000"):
        whole = saved(picture, form)
        assert ending.missing(io.BytesIO(whole[:-40]), form) == 40
    stream = saved(picture, "JPEG2000", no_jp2=True)
    assert ending.missing(io.BytesIO(stream[:-40]), "JPEG2000") == 40
