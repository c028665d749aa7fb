"""What the program is compared with: plain loops over the same files, each in a process of its own.

``python -m benchmarks.plain floor|phash FOLDER``:

* ``floor``: read, SHA-256, and one scaled decode with Pillow (``draft("L", (512, 512))``): the least that any program
  must do that hashes a file and looks at it once.
* ``phash``: ``imagehash.phash`` of the full decode, as its documentation has it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.pictures import files


def floor(folder: Path) -> None:
    """Read, hash, decode scaled."""
    import io  # noqa: PLC0415 - each loop loads what it needs, and no more
    from hashlib import sha256  # noqa: PLC0415 - as above

    from PIL import Image  # noqa: PLC0415 - as above

    for path in files(folder):
        data = path.read_bytes()
        sha256(data).hexdigest()
        with Image.open(io.BytesIO(data)) as picture:
            picture.draft("L", (512, 512))
            picture.load()


def phash(folder: Path) -> None:
    """Hash the full decode."""
    import imagehash  # noqa: PLC0415 - each loop loads what it needs, and no more
    from PIL import Image  # noqa: PLC0415 - as above

    for path in files(folder):
        with Image.open(path) as picture:
            str(imagehash.phash(picture))


if __name__ == "__main__":
    {"floor": floor, "phash": phash}[sys.argv[1]](Path(sys.argv[2]))
