"""What a viewer shows is what is fingerprinted: colours as the picture's profile means them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from archiver.fingerprint import perceptual, reduction
from archiver.fingerprint.colour import conversion
from tests.fingerprint import profiles

if TYPE_CHECKING:
    from tests.fingerprint.drawn import Drawn


def opened(image: Image.Image, form: str, profile: bytes | None, **options: Any) -> Image.Image:
    content = io.BytesIO()
    image.save(content, form, icc_profile=profile, **options)
    return Image.open(content)


def of(image: Image.Image) -> str:
    return perceptual.bits(perceptual.matrix(reduction.grey(image)))


def levels(image: Image.Image) -> np.ndarray[Any, Any]:
    return np.asarray(reduction.grey(image)).astype(int)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_a_negative_that_its_profile_shows_as_a_picture_is_found_as_what_is_seen(form: str, drawn: Drawn) -> None:
    scene = drawn.scene(1300, 1100)
    profile = profiles.rgb(profiles.SRGB, profiles.inverted)
    hidden = opened(ImageOps.invert(scene), form, profile)
    bare = opened(ImageOps.invert(scene), form, None)
    assert perceptual.distance(of(hidden), of(scene)) <= 8
    assert perceptual.distance(of(bare), of(scene)) > 200  # without its profile it is another picture


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_wide_gamut_is_seen_as_its_copy_in_srgb(form: str, drawn: Drawn) -> None:
    scene = drawn.scene(1300, 1100)
    wide = profiles.rgb(profiles.PROPHOTO, profiles.gamma(1.8))
    source, target = ImageCms.createProfile("sRGB"), ImageCms.getOpenProfile(io.BytesIO(wide))
    coded = ImageCms.profileToProfile(scene, source, target, outputMode="RGB")
    assert coded is not None
    options = {"quality": 95} if form == "JPEG" else {}
    profiled, passed_over = opened(coded, form, wide, **options), opened(coded, form, None, **options)
    own = levels(scene)
    assert np.abs(levels(profiled) - own).mean() < 1.5
    assert np.abs(levels(passed_over) - own).mean() > 5
    assert perceptual.distance(of(opened(coded, form, wide, **options)), of(scene)) <= 4


def test_a_grey_picture_has_the_tones_of_its_profile(drawn: Drawn) -> None:
    grey = drawn.scene(700, 600).convert("L")
    found = levels(opened(grey, "JPEG", profiles.grey(profiles.gamma(1.0)), quality=95))
    light = np.asarray(grey) / 255
    expected = 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    assert np.abs(found - expected).mean() < 3


def test_profiles_that_mean_srgb_change_nothing_whatever_they_are_called(drawn: Drawn) -> None:
    scene = drawn.scene(1300, 1100)
    built_in = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (built_in, profiles.rgb(profiles.SRGB, profiles.srgb_curve)):
        with_profile = opened(scene, "JPEG", profile)
        assert conversion(with_profile) is None
        assert reduction.grey(with_profile).tobytes() == reduction.grey(opened(scene, "JPEG", None)).tobytes()


@pytest.mark.parametrize(
    "profile",
    [
        pytest.param(b"no profile at all", id="no profile"),
        pytest.param(profiles.rgb(profiles.PROPHOTO, profiles.gamma(1.8))[:300], id="cut off"),
        pytest.param(profiles.grey(profiles.gamma(1.0)), id="of grey, in a coloured picture"),
    ],
)
def test_of_a_profile_that_does_not_hold_colours_are_taken_as_coded(profile: bytes, drawn: Drawn) -> None:
    scene = drawn.scene(700, 600)
    assert np.array_equal(levels(opened(scene, "PNG", profile)), levels(scene))


@pytest.mark.parametrize("mode", ["P", "RGBA", "LA", "CMYK", "I;16"])
def test_every_kind_of_picture_is_converted(mode: str, drawn: Drawn) -> None:
    scene = ImageOps.invert(drawn.scene(700, 600))
    if mode in {"LA", "I;16"}:
        scene, profile = scene.convert("L"), profiles.grey(profiles.inverted)
    else:
        profile = profiles.rgb(profiles.SRGB, profiles.inverted)
    if mode == "I;16":
        coded = Image.fromarray(np.asarray(scene).astype(np.uint16) * 257)
    else:
        coded = scene.quantize(256) if mode == "P" else scene.convert(mode)
    held = opened(coded, "TIFF" if mode == "CMYK" else "PNG", profile)
    assert held.mode == mode
    if mode == "CMYK":  # a profile of red, green and blue says nothing of four inks
        assert conversion(held) is None
        return
    assert perceptual.distance(of(held), of(ImageOps.invert(scene))) <= 12
    assert reduction.grey(held).mode == "L"


def test_transparency_is_kept_through_the_conversion_and_laid_over_white(drawn: Drawn) -> None:
    scene = ImageOps.invert(drawn.scene(700, 600)).convert("RGBA")
    mask = Image.new("L", scene.size, 255)
    mask.paste(0, (0, 0, 350, 600))
    scene.putalpha(mask)
    found = levels(opened(scene, "PNG", profiles.rgb(profiles.SRGB, profiles.inverted)))
    assert found[:, :340].min() == 255
    assert found[:, 360:].min() < 100
