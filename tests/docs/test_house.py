"""The house's own rules that no linter knows."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOP_LEVEL = {
    "archiver", "storage", "cli.py", "tests", "docs", "README.md", "pyproject.toml", "Makefile", "LICENSE",
    "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", ".ci", "benchmarks", "requirements", ".gitignore",
}  # fmt: skip


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def test_locked_requirements_name_no_host_and_every_hash() -> None:
    for path in ROOT.glob("requirements/*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text, path.name
        pinned = re.findall(r"^[a-z0-9][^\n]*==", text, re.MULTILINE)
        assert pinned
        assert text.count("--hash=sha256:") >= len(pinned)


def test_nothing_stands_at_the_top_that_a_project_does_not_need() -> None:
    assert {path.split("/")[0] for path in _tracked()} <= TOP_LEVEL


def test_no_lock_file_and_no_machine_path_is_committed() -> None:
    forbidden = re.compile(r"(^|[^A-Za-z0-9_.~-])/(work|root|farm|home)/")
    for path in _tracked():
        assert not re.search(r"(uv\.lock|pylock.*\.toml|package-lock\.json)$", path)
        if (ROOT / path).suffix in {".py", ".md", ".toml", ".txt", ".in", ""}:
            assert not forbidden.search((ROOT / path).read_text(encoding="utf-8")), path


def test_every_decision_is_listed_in_the_order_of_its_number() -> None:
    folder = ROOT / "docs/decisions"
    page = (folder / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\* \[[0-9]+\. .*\]\(([^)]+)\)$", page, re.MULTILINE)
    assert listed == sorted(path.name for path in folder.glob("0*.md"))
