"""Files of every format, composed block by block, so that a test knows what stands in each block."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pillow_heif
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable

XMP = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    b'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="a darkroom"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)
COMMENT = b"seen at the bridge"
IPTC = b"\x1c\x01\x5a\x00\x03\x1b%G" + b"\x1c\x02\x78\x00\x0f" + "на мосту".encode()
EXTENDED_ID = b"0123456789ABCDEF0123456789ABCDEF"


def picture(size: tuple[int, int] = (40, 30)) -> Image.Image:
    """Noise, so that compressed data is full of every byte."""
    chance = np.random.default_rng(7)
    return Image.fromarray(chance.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))


def exif() -> bytes:
    """A TIFF structure with a maker note, a position and a thumbnail."""
    block = Image.Exif()
    block[0x010F] = "Leica"
    block.get_ifd(0x8769).update({0x9003: "2024:12:27 14:05:00", 0x927C: NOTE})
    block.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0), 18: "WGS-84"})
    whole = bytearray(block.tobytes().removeprefix(b"Exif\x00\x00"))
    order = "<" if whole[:2] == b"II" else ">"
    (first,) = struct.unpack_from(order + "I", whole, 4)
    (count,) = struct.unpack_from(order + "H", whole, first)
    struct.pack_into(order + "I", whole, first + 2 + 12 * count, len(whole))  # the directory of the thumbnail
    at = len(whole) + 2 + 12 * 2 + 4
    whole += struct.pack(order + "H", 2)
    whole += struct.pack(order + "HHII", 0x0201, 4, 1, at) + struct.pack(order + "HHII", 0x0202, 4, 1, len(THUMBNAIL))
    return bytes(whole + bytes(4) + THUMBNAIL)


NOTE = b"\x00its maker's own" * 7


def _thumbnail() -> bytes:
    content = io.BytesIO()
    picture((16, 12)).save(content, "JPEG", quality=50)
    return content.getvalue()


THUMBNAIL = _thumbnail()


def profile(name: str = "of this test") -> bytes:
    """A profile of the fourth version with a header and a description alone."""
    text = name.encode("utf-16-be")
    tag = b"mluc" + struct.pack(">IIIHHII", 0, 1, 12, 0x656E, 0x5553, len(text), 28) + text
    head = struct.pack(">I4s4s4s4s4s", 0, b"test", b"\x04\x30\x00\x00", b"mntr", b"RGB ", b"XYZ ") + bytes(12) + b"acsp"
    return head.ljust(128, b"\x00") + struct.pack(">I4sII", 1, b"desc", 144, len(tag)) + tag


def segment(marker: int, content: bytes) -> bytes:
    """A JPEG segment."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def resource(number: int, content: bytes) -> bytes:
    """One of Photoshop's image resources."""
    return b"8BIM" + struct.pack(">HHI", number, 0, len(content)) + content + b"\x00" * (len(content) & 1)


def data_set(record: int, number: int, value: bytes) -> bytes:
    """One of IPTC's data sets."""
    return bytes((0x1C, record, number)) + struct.pack(">H", len(value)) + value


def jpeg(*segments: bytes, size: tuple[int, int] = (40, 30), progressive: bool = False) -> bytes:
    """A JPEG with segments of ours behind its beginning."""
    content = io.BytesIO()
    picture(size).save(content, "JPEG", progressive=progressive)
    return content.getvalue()[:2] + b"".join(segments) + content.getvalue()[2:]


def whole_jpeg() -> bytes:
    """A JPEG with every kind of block."""
    icc, more = profile(), XMP.replace(b"CreatorTool", b"Nickname")
    extended = b"http://ns.adobe.com/xmp/extension/\x00" + EXTENDED_ID
    return jpeg(
        segment(0xE1, b"Exif\x00\x00" + exif()),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + XMP),
        segment(0xE1, extended + struct.pack(">II", len(more), 100) + more[100:]),
        segment(0xE1, extended + struct.pack(">II", len(more), 0) + more[:100]),
        segment(0xE2, b"ICC_PROFILE\x00\x02\x02" + icc[90:]),
        segment(0xE2, b"ICC_PROFILE\x00\x01\x02" + icc[:90]),
        segment(0xEB, b"JP\x00\x01" + struct.pack(">I", 1) + box(b"jumb", bytes(40))[:30]),
        segment(0xEB, b"JP\x00\x01" + struct.pack(">I", 2) + box(b"jumb", bytes(40))[:8] + bytes(18)),
        segment(0xED, b"Photoshop 3.0\x00" + resource(0x0404, IPTC) + resource(0x040C, bytes(28) + THUMBNAIL)),
        segment(0xFE, COMMENT),
        segment(0xFE, b"and once more"),
    )


def chunk(kind: bytes, content: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(*chunks: bytes, behind: Iterable[bytes] = ()) -> bytes:
    """A PNG with chunks of ours behind its header, and others behind its pixels."""
    content = io.BytesIO()
    picture().save(content, "PNG")
    whole = content.getvalue()
    return whole[:33] + b"".join(chunks) + whole[33:-12] + b"".join(behind) + whole[-12:]


def whole_png() -> bytes:
    """A PNG with every kind of block."""
    return png(
        chunk(b"iCCP", b"name\x00\x00" + zlib.compress(profile())),
        chunk(b"eXIf", exif()),
        chunk(b"tEXt", b"Comment\x00" + "Grüße".encode("latin-1")),
        chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + XMP),
        chunk(b"caBX", bytes(40)),
        behind=(
            chunk(b"zTXt", b"Software\x00\x00" + zlib.compress(b"a program")),
            chunk(b"iTXt", b"Title\x00\x01\x00de\x00Titel\x00" + zlib.compress("Brücke".encode())),
            chunk(b"tIME", struct.pack(">HBBBBB", 2024, 12, 27, 14, 5, 0)),
        ),
    )


def riff(kind: bytes, content: bytes) -> bytes:
    """A RIFF chunk."""
    return kind + struct.pack("<I", len(content)) + content + b"\x00" * (len(content) & 1)


def whole_webp() -> bytes:
    """A WebP with every kind of block."""
    content = io.BytesIO()
    picture().save(content, "WEBP", icc_profile=profile(), exif=b"Exif\x00\x00" + exif(), xmp=XMP)
    whole = content.getvalue() + riff(b"C2PA", bytes(21))
    return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:]


def gif(*extensions: bytes) -> bytes:
    """A GIF with extensions of ours before its trailer."""
    content = io.BytesIO()
    picture().convert("P").save(content, "GIF")
    return content.getvalue()[:-1] + b"".join(extensions) + b";"


def sub_blocks(content: bytes) -> bytes:
    """Data in GIF's sub-blocks."""
    pieces = (content[at : at + 255] for at in range(0, len(content), 255))
    return b"".join(bytes((len(piece),)) + piece for piece in pieces) + b"\x00"


def whole_gif() -> bytes:
    """A GIF with every kind of block."""
    catch = b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
    return gif(
        b"!\xff\x0bXMP DataXMP" + XMP + catch,
        b"!\xff\x0bICCRGBG1012" + sub_blocks(profile()),
        b"!\xfe" + sub_blocks(COMMENT * 20),
    )


def whole_tiff() -> bytes:
    """A TIFF with every kind of block."""
    content = io.BytesIO()
    block = Image.Exif()
    block[0x010F] = "Leica"
    block[0x02BC] = XMP
    block[0x83BB] = IPTC
    block.get_ifd(0x8769).update({0x9003: "2024:12:27 14:05:00", 0x927C: NOTE})
    block.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0)})
    block[0x8769] = block[0x8825] = 0  # Pillow writes the directories that have an entry
    picture().save(content, "TIFF", exif=block, icc_profile=profile())
    return content.getvalue()


def whole_heif() -> bytes:
    """A HEIC with EXIF, XMP, a profile and a box of content credentials."""
    content = io.BytesIO()
    image = picture((64, 64))
    image.info["icc_profile"] = profile()
    pillow_heif.from_pillow(image).save(content, exif=exif(), xmp=XMP)
    return content.getvalue() + box(b"uuid", bytes.fromhex("d8fec3d61b0e483c92975828877ec481") + bytes(30))


def whole_avif() -> bytes:
    """An AVIF with EXIF and XMP."""
    content = io.BytesIO()
    picture((64, 64)).save(content, "AVIF", exif=exif(), xmp=XMP, icc_profile=profile())
    return content.getvalue()


def box(kind: bytes, content: bytes) -> bytes:
    """A box of the ISO base media family."""
    return struct.pack(">I", len(content) + 8) + kind + content


def whole_jp2() -> bytes:
    """A JPEG 2000 with XMP, a profile and a comment."""
    content = io.BytesIO()
    picture((64, 64)).save(content, "JPEG2000", comment=COMMENT)
    whole = content.getvalue()
    uuid = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
    return whole + box(b"uuid", uuid + XMP)


def bmp() -> bytes:
    """A BMP."""
    content = io.BytesIO()
    picture().save(content, "BMP")
    return content.getvalue()


def long_chain(directories: int) -> bytes:
    """A TIFF of so many directories, each the next one's predecessor and each with a description."""
    whole = bytearray(b"II*\x00\x08\x00\x00\x00")
    for number in range(directories):
        whole += struct.pack("<HHHII", 1, 0x010E, 2, 4, 0x41414141)
        whole += struct.pack("<I", len(whole) + 4 if number + 1 < directories else 0)
    return bytes(whole)


WHOLE = {
    "jpeg": whole_jpeg,
    "png": whole_png,
    "webp": whole_webp,
    "gif": whole_gif,
    "tiff": whole_tiff,
    "heif": whole_heif,
    "avif": whole_avif,
    "jp2": whole_jp2,
    "bmp": bmp,
}
"""Of each format a file with every kind of block that the format has."""
