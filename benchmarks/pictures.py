"""Folders of pictures to measure with: drawn once, kept in the benchmarks' cache."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from benchmarks.process import CACHE, PYTHON, run

if TYPE_CHECKING:
    from pathlib import Path

CAMERA = (4000, 3000)
"""12 megapixels."""
WEB = (1280, 960)
SMALL = (160, 120)


def folder(size: tuple[int, int], count: int) -> Path:
    """A folder with so many pictures of this size, each different from all others."""
    target = CACHE / f"pictures-3-{size[0]}x{size[1]}-{count}"
    if not target.exists():
        print(f"drawing {count:,} pictures of {size[0]} × {size[1]} …", flush=True)
        part = target.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        run([PYTHON, "-m", "benchmarks.drawing", str(part), str(count), str(size[0]), str(size[1])])
        part.rename(target)
    return target


def files(directory: Path) -> list[Path]:
    """The files of a folder, in order."""
    return sorted(path for path in directory.iterdir() if path.is_file())


def about(directory: Path) -> str:
    """How many files a folder has, and how large they are."""
    sizes = [path.stat().st_size for path in files(directory)]
    least, most, total = min(sizes) / 1e6, max(sizes) / 1e6, sum(sizes) / 1e6
    return f"{len(sizes):,} files of {least:.1f} to {most:.1f} MB, {total:,.0f} MB in all"
