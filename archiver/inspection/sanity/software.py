"""Programs that name themselves in a file: those that edit, and those that generate.

The law: a program is told by a table of names, never by guessing. Cameras and phones write the version of their own
firmware into the same tag (``16.4.1``, ``HDR+ 1.0``, ``Ver.1.00``), so what is not in the table is not remarkable.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from archiver.facts.findings import FindingCode
from archiver.inspection.sanity.claims import finding, named, quoted, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.facts.inspection import Finding
    from archiver.inspection.report import Report

EDITORS: Final = re.compile(
    r"""(?<![a-z0-9])(?:
    adobe\ (?:photoshop|lightroom|camera\ raw|bridge|fireworks|illustrator|indesign|express|firefly)|photoshop|
    lightroom|gimp|affinity\ (?:photo|designer)|pixelmator|acorn|snapseed|picsart|vsco|facetune|faceapp|meitu|
    beautyplus|remini|airbrush|prequel|lensa|paint\.net|paint\ ?shop|corel(?:draw)?|photoscape|
    photo(?:fi)?ltre|photopea|pixlr|polarr|fotor|canva|picmonkey|befunky|luminar|aurora\ hdr|photomatix|dxo|
    optics\ pro|photolab|nik\ collection|on1|capture\ one|darktable|rawtherapee|aftershot|bibble|silkypix|
    digital\ photo\ professional|capture\ nx|nx\ studio|viewnx|picasa|iphoto|aperture|photos\ \d+\.\d+|acd\ systems|
    acdsee|imagemagick|graphicsmagick|irfanview|xnview|faststone|windows\ photo\ (?:editor|gallery)|
    microsoft\ (?:windows\ )?photo|microsoft\ office|microsoft\ paint|olympus\ (?:camedia\ )?master|idimager|
    noise\ ninja|photo\ desk|photo\ editor|krita|inkscape|topaz|gigapixel|photoimpact|ulead|arcsoft|paperport|
    ofotonow|finepix\ ?viewer|quicktime|gwenview|digikam|showfoto|ps\ express|instasize|inshot|capcut|youcam|
    sketchbook|procreate|clip\ studio
    )(?![a-z])""",
    re.IGNORECASE | re.VERBOSE,
)
"""Programs whose purpose is to change or export pictures, by the names that they write themselves; gathered from their
makers' documentation and from the values of ``Software`` in public collections of files."""

GENERATORS: Final = re.compile(
    r"(?<![a-z])(?:novelai|midjourney|stable diffusion|comfyui|automatic1111|invokeai|fooocus|draw things|dall[-·]?e|"
    r"adobe firefly|leonardo\.?ai|made with google ai)(?![a-z])",
    re.IGNORECASE,
)
"""Programs whose purpose is to generate pictures, by the names that they write themselves."""

SOURCE_TYPES: Final = frozenset(
    {"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic", "algorithmicMedia"}
)
"""IPTC NewsCodes, Digital Source Type (``cv.iptc.org/newscodes/digitalsourcetype``): what a program made, or parts."""

_SOURCE_TYPE: Final = re.compile(r"digitalsourcetype/([A-Za-z]+)")
_SOURCE_TYPE_NAMES: Final = re.compile(r"(?:.*/)?Iptc4xmpExt:DigitalSourceType(?:\[\d+\])?", re.IGNORECASE)
_HISTORY: Final = re.compile(r"xmpMM:History\[\d+\]/stEvt:softwareAgent")
_STEPS: Final = re.compile(r"(?<![a-z])steps: ?\d+,", re.IGNORECASE)
_SAMPLER: Final = re.compile(r"(?<![a-z])sampler: ?\w", re.IGNORECASE)
_GRAPH: Final = re.compile(r'"class_type"\s*:|"nodes"\s*:')
_GRAPH_KEYS: Final = ("prompt", "workflow")
_KEYS: Final = ("invokeai_metadata", "invokeai_graph", "sd-metadata", "dream", "fooocus_scheme")


def findings(report: Report) -> Iterator[Finding]:
    """One finding for all editing programs, and one for all declarations that the picture was generated."""
    editing = {f"{quoted(said)} ({where})" for where, said in _programs(report) if EDITORS.search(said)}
    if report.jpeg is not None and report.jpeg.ducky:
        editing.add("Photoshop's Save for Web (a segment APP12 that begins with Ducky)")
    if editing:
        yield finding(FindingCode.EDITING_SOFTWARE, f"named in the file: {', '.join(sorted(editing))}")
    generated = list(dict.fromkeys((*_declared(report), *_generators(report), *_recipes(report))))
    if generated:
        yield finding(FindingCode.GENERATED_DECLARED, "; ".join(generated))


def _programs(report: Report) -> Iterator[tuple[str, str]]:
    """Where a program names itself, and how. Each name once, at the first of the places."""
    places = (
        ("EXIF Software", texts(report, "Image", "Software")),
        ("EXIF ProcessingSoftware", texts(report, "Image", "ProcessingSoftware")),
        ("XMP xmp:CreatorTool", texts(report, "XMP", "xmp:CreatorTool")),
        ("XMP tiff:Software", texts(report, "XMP", "tiff:Software")),
        ("XMP xmpMM:History", list(named(report, "XMP", _HISTORY))),
        ("IPTC 2:65", texts(report, "IPTC", "2:65 Originating Program")),
        ("PNG Software", texts(report, "PNG", "Software")),
    )
    told = set()
    for where, names in places:
        for said in names:
            if said not in told:
                told.add(said)
                yield where, said


def _declared(report: Report) -> Iterator[str]:
    """The digital source type, from the property, or from the packet where it was not taken apart."""
    said = [*named(report, "XMP", _SOURCE_TYPE_NAMES), text(report, "XMP", "packet")]
    for each in said:
        for match in _SOURCE_TYPE.finditer(each):
            if match[1] in SOURCE_TYPES:
                yield f"XMP Iptc4xmpExt:DigitalSourceType is {match[1]}"


def _generators(report: Report) -> Iterator[str]:
    places = (*_programs(report), ("XMP photoshop:Credit", text(report, "XMP", "photoshop:Credit")))
    yield from (f"{where} names {quoted(said)}" for where, said in places if GENERATORS.search(said))


def _recipes(report: Report) -> Iterator[str]:
    """How a picture was generated, as the programs leave it in the file.

    ``parameters`` is written by AUTOMATIC1111's web interface (in a JPEG as the EXIF user comment), ``prompt`` and
    ``workflow`` by ComfyUI, the others by InvokeAI and Fooocus.
    """
    if _settings(text(report, "PNG", "parameters")):
        yield "the PNG text parameters holds the settings of a diffusion model"
    if _settings(text(report, "EXIF", "UserComment")):
        yield "the EXIF user comment holds the settings of a diffusion model"
    for key in _GRAPH_KEYS:
        if _GRAPH.search(text(report, "PNG", key)):
            yield f"the PNG text {key} holds a graph of generating steps"
    yield from (f"there is a PNG text {key}" for key in report.metadata.get("PNG", {}) if key.casefold() in _KEYS)


def _settings(said: str) -> bool:
    """Whether a number of steps and, behind it, a sampler are named."""
    steps = _STEPS.search(said)
    return steps is not None and _SAMPLER.search(said, steps.end()) is not None
