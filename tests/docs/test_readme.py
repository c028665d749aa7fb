"""The README's commands are run, in their order, as a newcomer would type them."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from docs.demo import drawing

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _commands() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def _run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ARCHIVER_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    photo = drawing.captive_photo()
    (tmp_path / "photo.jpg").write_bytes(photo)
    (tmp_path / "repost.jpg").write_bytes(drawing.repost(photo))
    (tmp_path / "collected").mkdir()
    (tmp_path / "collected" / "page.png").write_bytes(drawing.notebook_page())
    return tmp_path


def test_every_command_of_the_readme_works(folder: Path) -> None:
    assert len(_commands()) > 10
    item = claim = ""
    for line in _commands():
        words = [{"ITEM": item, "CLAIM": claim}.get(word, word) for word in shlex.split(line)]
        done = _run(words, folder)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        if words[1] == "upload" and not item:
            listed = json.loads(_run(["archiver", "list", "--json"], folder).stdout.splitlines()[-1])
            item, claim = listed["item"], str(listed["claims"][0]["number"])
        if words[1] == "find" and {"repost.jpg", "--json"} <= set(words):
            assert [m["item"] for m in json.loads(done.stdout)["matches"]] == [item]
    assert (folder / "original.jpg").read_bytes() == (folder / "photo.jpg").read_bytes()


def test_the_two_commands_of_the_readme_are_make_targets() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test"):
        assert f"make {target}" in README
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_every_relative_link_of_the_documentation_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    assert len(pages) > 8
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
