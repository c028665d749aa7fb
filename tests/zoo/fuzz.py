"""Fuzzing of the parsers that are this program's own, by hand: ``python -m tests.zoo.fuzz PARSER [SECONDS]``.

Coverage leads the way (atheris, which is installed for it and is no dependency: ``pip install atheris``). A parser may
only raise what it says it raises, and what it gives back keeps its law; whatever else comes is written to
``crash-…`` in the working directory, together with what takes longer than ten seconds or more than two gigabytes.
Without words the parsers are listed.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.inspection.report import Report

    Try = Callable[[bytes], None]

_LONGEST: Final = 16_384
"""Bytes of an input: the composed files of every format are smaller."""

_WHOLE: Final = 60
"""Seconds, unless told otherwise."""


def _claims(data: bytes) -> None:
    """The whole of embedded metadata of a file, whose report must be believed."""
    from archiver.inspection import claims  # noqa: PLC0415 - loaded instrumented, and only what is fuzzed
    from archiver.inspection.child import Outcome  # noqa: PLC0415 - as above
    from archiver.inspection.sniff import HEAD, sniff  # noqa: PLC0415 - as above
    from archiver.inspection.testimony import read  # noqa: PLC0415 - as above

    media_type = sniff(data[:HEAD])
    if media_type is None:
        return
    said = claims.read(io.BytesIO(data), media_type).said
    line = json.dumps({**said, "decode": "ok"}, allow_nan=False).encode()
    report = read(Outcome(line + b'\n{"done":true}\n', 0.0))
    if report.decode != "ok":
        raise AssertionError("what embedded metadata says is not believed")
    _of_report(report)


def _of_report(report: Report) -> None:
    """What the statements of a file make of one another, which is worked out outside the child."""
    from datetime import UTC, datetime  # noqa: PLC0415 - as above

    from archiver.inspection.sanity.check import findings  # noqa: PLC0415 - as above
    from archiver.inspection.sanity.claims import Context  # noqa: PLC0415 - as above

    _carried(findings(report, Context(datetime(2026, 11, 26, tzinfo=UTC), "IMG-20241227-WA0001.jpg")))


def _marks(data: bytes) -> None:
    """Where content credentials are looked for, and what is read of a file that ends early."""
    from archiver.inspection import ending, pages  # noqa: PLC0415 - as above
    from archiver.inspection.credential_marks import marks  # noqa: PLC0415 - as above

    _FILE.write_bytes(data)
    with _FILE.open("rb") as handle:  # unlike memory, a file refuses places that no file has
        found = marks(handle)
        for decoder in ("WEBP", "HEIF", "JPEG2000"):
            ending.missing(handle, decoder)
        pages.count(handle)
    _carried([found.offset, found.length, found.remote and _bounded(found.remote)])


def _bounded(content: str) -> str:
    """Text as it is recorded."""
    from archiver.inspection.text import bounded  # noqa: PLC0415 - as above

    return bounded(content, 1000)


def _previews(data: bytes) -> None:
    """The previews of camera raw files, by each kind's own ways."""
    from archiver.inspection import previews  # noqa: PLC0415 - as above
    from archiver.inspection.decoding import Refused  # noqa: PLC0415 - as above
    from archiver.inspection.media_type import MediaType  # noqa: PLC0415 - as above

    if not data:
        return
    _FILE.write_bytes(data)
    for media_type in (MediaType.ADOBE_DNG, MediaType.OLYMPUS_ORF, MediaType.CANON_CR3, MediaType.FUJI_RAF):
        with _FILE.open("rb") as handle:
            try:
                previews.shown(handle, media_type)
            except Refused:
                continue


def _sniff(data: bytes) -> None:
    from archiver.inspection.sniff import HEAD, sniff  # noqa: PLC0415 - as above

    sniff(data[:HEAD])


def _xmp(data: bytes) -> None:
    from archiver.inspection import xmp  # noqa: PLC0415 - as above

    _carried(xmp.properties(data))


def _iptc(data: bytes) -> None:
    from archiver.inspection import iptc  # noqa: PLC0415 - as above

    _carried(iptc.data_sets(data))


def _icc(data: bytes) -> None:
    from archiver.inspection import embedded  # noqa: PLC0415 - as above

    _carried(embedded._profile(data))


def _png_text(data: bytes) -> None:
    from archiver.inspection import png_text  # noqa: PLC0415 - as above

    kind = ("tEXt", "zTXt", "iTXt", "tIME")[data[0] % 4] if data else "tEXt"
    for read in (lambda: png_text.text(kind, data[1:]), lambda: png_text.packet(data), lambda: png_text.profile(data)):
        try:
            found = read()
        except png_text.Unreadable:
            continue
        if not isinstance(found, bytes):
            _carried(found)


def _structure(data: bytes) -> None:
    from archiver.inspection.blocks.directories import structure  # noqa: PLC0415 - as above

    found = structure(data)
    for entry in found.entries if found else []:
        if found is not None:
            found.numbers(data, entry)


def _text(data: bytes) -> None:
    from archiver.inspection.text import bounded, visible  # noqa: PLC0415 - as above

    _carried(
        [visible(data), bounded(data, 40), visible(data.decode("utf-16-le", "surrogatepass") if _even(data) else "")]
    )


def _even(data: bytes) -> bool:
    return len(data) % 2 == 0


def _file_name(data: bytes) -> None:
    from archiver.inspection.file_name import of_name  # noqa: PLC0415 - as above

    _carried(of_name("image/jpeg", os.fsdecode(data)))


def _report(data: bytes) -> None:
    """What a child that a file has taken over may say."""
    from archiver.inspection.child import Outcome  # noqa: PLC0415 - as above
    from archiver.inspection.testimony import read  # noqa: PLC0415 - as above

    report = read(Outcome(data + b'{"done":true}\n', 0.0))
    _carried([report.metadata, report.findings, report.places, report.credentials, report.detail, report.camera])
    _of_report(report)
    _ = report.fingerprints


def _der(data: bytes) -> None:
    from archiver.timestamp.der import NotDer, in_order, signed_data  # noqa: PLC0415 - as above
    from archiver.timestamp.errors import StampRefused  # noqa: PLC0415 - as above
    from archiver.timestamp.signer import check_signer  # noqa: PLC0415 - as above

    try:
        ordered = in_order(data)
        signed = signed_data(data)
    except NotDer:
        return
    if len(ordered) != len(data) or in_order(ordered) != ordered:
        raise AssertionError("sorting is not stable")
    try:
        if signed is not None:
            check_signer(data[signed.start : signed.end], data)
    except (StampRefused, ValueError, LookupError):  # all of which its one caller takes for a refusal
        return


def _note(data: bytes) -> None:
    from archiver.custody.checkpoint import Checkpoint  # noqa: PLC0415 - as above
    from archiver.custody.note import Verifier, verified_text  # noqa: PLC0415 - as above
    from archiver.errors import LogError  # noqa: PLC0415 - as above

    text = data.decode("utf-8", "surrogateescape")
    for read in (lambda: Verifier.parse(text), lambda: Checkpoint.parse(text), lambda: verified_text(text, [])):
        try:
            found = read()
        except LogError:
            continue
        if not text.startswith(str(found)):  # a checkpoint may go on with lines of others
            raise AssertionError("what was read is not written as it was")


def _batch(data: bytes) -> None:
    from archiver.custody import batch  # noqa: PLC0415 - as above
    from archiver.custody.errors import Malformed  # noqa: PLC0415 - as above

    batch.alike(data, data)
    try:
        batch.parse_loosely(data)
        read = batch.parse(data)
    except Malformed:
        return
    if batch.render(read) != data:
        raise AssertionError("what was read is not written as it was")


def _canonical(data: bytes) -> None:
    from archiver.custody import canonical  # noqa: PLC0415 - as above

    try:
        value = canonical.read(data)
        written = canonical.canonical(value)
    except ValueError:
        return
    if canonical.canonical(canonical.read(written)) != written:
        raise AssertionError("the canonical form is not stable")


def _manifest(data: bytes) -> None:
    from archiver.errors import InputRefused  # noqa: PLC0415 - as above
    from archiver.manifest.manifest import Manifest  # noqa: PLC0415 - as above
    from archiver.provenance import Provenance  # noqa: PLC0415 - as above

    for ending in (".csv", ".jsonl"):
        path = _FILE.with_suffix(ending)
        path.write_bytes(data)
        try:
            for _ in Manifest.open(path).rows(Provenance()):
                pass
        except InputRefused:
            continue


def _interchange(data: bytes) -> None:
    from archiver.errors import InputRefused  # noqa: PLC0415 - as above
    from archiver.facts.vocabulary import HashListForm  # noqa: PLC0415 - as above
    from archiver.interchange.lines import entries  # noqa: PLC0415 - as above

    _FILE.write_bytes(data)
    for form in HashListForm:
        try:
            for _ in entries(_FILE, form):
                pass
        except InputRefused:
            continue


def _pack(data: bytes) -> None:
    """A pack whose checksum holds, so that what stands behind it is read."""
    from archiver.derived import pack  # noqa: PLC0415 - as above

    whole = data + sha256(data).digest()
    try:
        read = pack.read(_PACKED, whole)
    except pack.InvalidPack:
        return
    if pack.write(_PACKED, read) != whole:
        raise AssertionError("what was read is not written as it was")


def _carried(value: Any) -> None:
    """What JSON, UTF-8 and a database can carry: no lone surrogate, no NUL."""
    written = json.dumps(value, ensure_ascii=False, allow_nan=False)
    written.encode()
    if "\\u0000" in written:
        raise AssertionError("a NUL came through")


_FOLDER: Final = Path(tempfile.mkdtemp(prefix="zoo-fuzz-"))
_FILE: Final = _FOLDER / "input"
_PACKED: Final = "a:b"

PARSERS: Final[dict[str, Try]] = {
    "claims": _claims,
    "marks": _marks,
    "previews": _previews,
    "structure": _structure,
    "xmp": _xmp,
    "iptc": _iptc,
    "icc": _icc,
    "png-text": _png_text,
    "sniff": _sniff,
    "text": _text,
    "file-name": _file_name,
    "report": _report,
    "der": _der,
    "note": _note,
    "batch": _batch,
    "canonical": _canonical,
    "manifest": _manifest,
    "interchange": _interchange,
    "pack": _pack,
}


def seeds(parser: str) -> list[bytes]:
    """What fuzzing of a parser begins with."""
    from archiver.derived import pack  # noqa: PLC0415 - only for the process that fuzzes
    from archiver.manifest.columns import Format  # noqa: PLC0415 - as above
    from archiver.manifest.template import template  # noqa: PLC0415 - as above
    from tests.inspection import composed  # noqa: PLC0415 - as above

    files = [make() for make in composed.WHOLE.values()]
    if parser in {"batch", "canonical", "note"}:
        return _of_a_log(parser)
    if parser == "der":
        return [_answer()]
    if parser == "previews":
        from tests.inspection import raw_files  # noqa: PLC0415 - as above

        small = composed.jpeg()
        return [
            make(small, small) for make in (raw_files.dng, raw_files.cr2, raw_files.orf, raw_files.raf, raw_files.cr3)
        ]
    texts = {
        "xmp": [composed.XMP],
        "iptc": [composed.IPTC],
        "icc": [composed.profile()],
        "structure": [composed.exif(), composed.whole_tiff(), composed.long_chain(20)],
        "png-text": [b"\x00Title\x00text", b"\x03" + bytes(7), b"\x02Title\x00\x00\x00de\x00Titel\x00text"],
        "report": [
            b'{"media_type":"image/png","findings":[{"code":"polyglot","detail":"a PDF","offset":3}],"places":{}}\n'
        ],
        "manifest": ["".join(f"{line}\n" for line in template(layout)).encode() for layout in Format],
        "interchange": [b"algorithm,bits,quality,label\n", b"hash=" + b"5a" * 32 + b",90,case 7\n"],
        "pack": [pack.write(_PACKED, [pack.Entry(bytes(32), b"ab", bytes(pack.SAMPLES))])[:-32]],
        "sniff": [file[:200] for file in files],
    }
    return texts.get(parser, files)


def _of_a_log(parser: str) -> list[bytes]:
    from archiver.custody.batch import render  # noqa: PLC0415 - only for the process that fuzzes
    from archiver.custody.keys import SigningKey  # noqa: PLC0415 - as above
    from archiver.custody.note import Verifier  # noqa: PLC0415 - as above
    from tests.custody.conftest import ORIGIN, build  # noqa: PLC0415 - as above

    key = SigningKey.generate()
    batches = build(key, [2, 1])
    if parser == "note":
        text, _, signature = batches[0].checkpoint.rpartition("\n\n")
        return [
            each.encode() for each in (batches[0].checkpoint, text + "\n", str(Verifier(ORIGIN, key.public)), signature)
        ]
    return [render(batch) for batch in batches]


def _answer() -> bytes:
    """What a time-stamping authority answers."""
    from archiver.timestamp.token import query_over  # noqa: PLC0415 - as above
    from tests.servers.authority import Authority  # noqa: PLC0415 - as above

    folder = _FOLDER / "authority"
    folder.mkdir()
    with Authority(folder) as authority:
        return authority.answer(query_over(b"data"))


def main(words: list[str]) -> None:
    """Fuzz one parser for so many seconds."""
    if not words or words[0] not in PARSERS:
        sys.exit("\n".join(PARSERS))
    import atheris  # noqa: PLC0415 - no dependency

    with atheris.instrument_imports(include=["archiver"]):
        PARSERS[words[0]](b"")  # each loads what it tries when it is first called
    corpus = _FOLDER / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds(words[0])):
        (corpus / str(number)).write_bytes(seed)
    seconds = words[1] if len(words) > 1 else str(_WHOLE)
    options = [f"-max_total_time={seconds}", f"-max_len={_LONGEST}", "-timeout=10", "-rss_limit_mb=2048"]
    atheris.Setup([sys.argv[0], *options, "-print_final_stats=1", str(corpus)], PARSERS[words[0]])
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
