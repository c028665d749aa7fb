"""How much memory and CPU an export of 1,000 items needs, against one of 100 and a plain bag of the same files.

Memory is resident bytes of the largest process at its largest. Both exports are for a court, out of one archive, so the
log that their proofs lead through is the same. The plain bag is made by the package ``bagit`` alone, over the very
files that the export wrote: what copying and hashing them costs without any proof, record or report.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from benchmarks.goal import Goal, finish
from benchmarks.pictures import SMALL, folder
from benchmarks.process import ARCHIVER, PYTHON, Used, run

MANY, FEW = 1000, 100
MOST_GROWTH, MOST_MEMORY = 1.4, 200
"""Times the memory of a tenth of the items; MB."""
MEGA = 10**6
_BAG = "import sys, bagit; bagit.make_bag(sys.argv[1], checksums=['sha256'])"


def measure(count: int = MANY) -> list[Goal]:
    """Upload, export a tenth, export all, and make a bag of the same."""
    pictures = folder(SMALL, count)
    print(f"export: {count:,} small pictures", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        archive = [*ARCHIVER, "--archive", f"{scratch}/archive"]
        uploaded = run([*archive, "upload", "--json", "--fast", str(pictures)])
        items = list(dict.fromkeys(json.loads(line)["item"] for line in uploaded.output.splitlines()))
        if len(items) != count:
            raise RuntimeError(f"{len(items)} of {count} files were archived")
        few = _export(archive, items[: count * FEW // MANY], Path(scratch) / "few")
        many = _export(archive, items, Path(scratch) / "many")
        plain = Path(scratch) / "plain"
        shutil.copytree(Path(scratch) / "many" / "data", plain)
        bag = run([PYTHON, "-c", _BAG, str(plain)])
    told = (
        f"{many.memory / MEGA:.0f} MB for {count:,} items, {few.memory / MEGA:.0f} MB for {len(items) * FEW // MANY:,}"
    )
    return [
        Goal(
            f"memory, exporting {count:,} items, against a tenth of them",
            many.memory / few.memory,
            MOST_GROWTH,
            "×",
            from_what=f"the largest process: {told}; a plain bag of the same files {bag.memory / MEGA:.0f} MB",
        ),
        Goal(
            f"memory, exporting {count:,} items",
            many.memory / MEGA,
            MOST_MEMORY,
            "MB",
            from_what=f"{many.cpu:.1f} s of CPU, {many.wall:.1f} s in all; a plain bag {bag.cpu:.1f} s of CPU",
        ),
    ]


def _export(archive: list[str], items: list[str], output: Path) -> Used:
    used = run([*archive, "export", *items, "-o", str(output), "--profile", "court", "--json"])
    done = json.loads(used.output)
    if len(done["items"]) != len(items) or done["sealed"]:
        raise RuntimeError(f"{len(done['items'])} of {len(items)} items left, {done['sealed']} events sealed")
    return used


if __name__ == "__main__":
    finish(measure())
