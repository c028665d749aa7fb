"""What the program is compared with: plain loops over the same files, each in a process of its own.

``python -m benchmarks.plain floor|least|phash FOLDER``:

* ``floor``: read, SHA-256, and one scaled decode with Pillow (``draft("L", (512, 512))``): the least that any program
  must do that hashes a file and looks at it once.
* ``least``: the same, reduced to the 64 × 64 samples that the fingerprint is made of: what no way of making it can
  spare, before anything is copied, stored, signed or recorded.
* ``phash``: ``imagehash.phash`` of the full decode, as its documentation has it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.pictures import files


def floor(folder: Path, *, reduced: bool = False) -> None:
    """Read, hash, decode scaled; and reduce to 64 × 64 samples."""
    import io  # noqa: PLC0415 - each loop loads what it needs, and no more
    from hashlib import sha256  # noqa: PLC0415 - as above

    from PIL import Image  # noqa: PLC0415 - as above

    for path in files(folder):
        data = path.read_bytes()
        sha256(data).hexdigest()
        with Image.open(io.BytesIO(data)) as picture:
            picture.draft("L", (512, 512))
            picture.load()
            if reduced:
                picture.resize((64, 64), Image.Resampling.LANCZOS)


def least(folder: Path) -> None:
    """The floor, and the reduction that ``imagehash.phash`` makes."""
    floor(folder, reduced=True)


def phash(folder: Path) -> None:
    """Hash the full decode."""
    import imagehash  # noqa: PLC0415 - each loop loads what it needs, and no more
    from PIL import Image  # noqa: PLC0415 - as above

    for path in files(folder):
        with Image.open(path) as picture:
            str(imagehash.phash(picture))


if __name__ == "__main__":
    {"floor": floor, "least": least, "phash": phash}[sys.argv[1]](Path(sys.argv[2]))
