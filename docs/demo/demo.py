"""The demonstration: the two exhibits of a news story archived, found again, judged, verified and rebuilt.

    python -m docs.demo.demo [--keep]

The law: every command is the real program in a process of its own, in a fresh archive, and every step checks that the
program did what the story says. Where it did not, the demonstration stops, says so and exits with 1.

The story's facts are those of a press report of 27 December 2024. Handles, links and the desk's editor are invented
(example.org), and so are the pictures (``docs.demo.drawing``).
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docs.demo import drawing
from docs.demo.telling import Teller

if TYPE_CHECKING:
    from collections.abc import Sequence

EDITOR = "Ida Example"
PHOTO, PAGE, REPOST = "captive-photo.jpg", "notebook-page.png", "notebook-repost.jpg"
_ROOT = Path(__file__).resolve().parents[2]
_LONGEST = 120
"""Seconds that one command may take, on a machine that is busy with other things."""


class StoryBroken(Exception):
    """The program did not do what the story says."""


class Demonstration:
    """The story, step by step, in one directory."""

    def __init__(self, directory: Path, teller: Teller) -> None:
        self.directory = directory
        self.tell = teller
        self.photo = self.page = self.repost = ""
        self.shown = self.root = ""

    def run(self) -> None:
        """Tell the whole story.

        Raises:
            StoryBroken: a step did not go as told.
        """
        for step in (
            self._the_agency,
            self._the_first_account,
            self._have_we_this_picture,
            self._the_second_account,
            self._claims_disagree,
            self._a_judgement,
            self._no_verdict_without_a_basis,
            self._all_that_is_known,
            self._intact,
            self._the_catalogue_is_lost,
            self._one_byte,
        ):
            step()

    def _the_agency(self) -> None:
        self.tell.heading("A news agency publishes a photograph")
        self.tell.story(
            "Friday, 27 December 2024. Yonhap, of Seoul, publishes a man held by Ukrainian soldiers, his face covered. "
            f"{EDITOR}, at a verification desk, takes it in with what the agency says of it. What the agency says is "
            "recorded as its claim, and as nothing more."
        )
        self._draw(PHOTO, drawing.captive_photo())
        self.photo = self._upload(
            PHOTO,
            *("--source", "Yonhap", "--source-kind", "news-agency", "--published", "2024-12-27"),
            *("--url", "https://yonhap.example.org/2024/12/27/captive"),
            *("--caption", "A man, his face covered, held by Ukrainian soldiers"),
            *("--claim", "He is the first North Korean soldier captured alive"),
            *("--claim", "Captured on 26 December, he died of his wounds the next day"),
        )
        dossier = self._ask("show", self.photo)
        captured = dossier["inspections"][0]["captured"]
        self._check(len(dossier["claims"]) == 2, "both claims of the agency are recorded")  # noqa: PLR2004 - as told above
        self._check(captured == "2024-12-26T15:42:10+02:00", "the camera's time is read, with its offset")
        self.tell.shown(f"kept byte for byte as {self.photo}, with 1 sighting and 2 claims")

    def _the_first_account(self) -> None:
        self.tell.heading("An account that monitors the war posts a notebook")
        self.tell.story(
            "An account close to Kyiv posts a page of a notebook, said to be a North Korean soldier’s: he has drawn "
            "himself facing a drone. Nobody has verified it."
        )
        self._draw(PAGE, drawing.notebook_page())
        self.page = self._upload(
            PAGE,
            *("--source", "Example Front Notes", "--source-kind", "partisan-monitoring-account"),
            *("--account", "telegram:example_front_notes"),
            *("--url", "https://telegram.example.org/example_front_notes/41"),
            *("--published", "2024-12-27T18:05:00+02:00"),
            *("--claim", "The notebook belonged to a North Korean soldier"),
        )
        self.tell.shown(f"kept byte for byte as {self.page}")

    def _have_we_this_picture(self) -> None:
        self.tell.heading("Have we this picture already?")
        self.tell.story(
            "Later a page turns up on another platform: other bytes, smaller, compressed hard, its edges cut. Before "
            "it is taken in, the desk asks. Asking changes nothing."
        )
        self._draw(REPOST, drawing.repost((self.directory / PAGE).read_bytes()))
        self._archiver("find", REPOST)
        found = self._ask("find", REPOST)
        matches = found["matches"]
        self._check(len(matches) == 1, "one picture is found")
        match = matches[0]
        self._check(match["item"].startswith(self.page), "what is found is the first account’s page")
        self._check(match["match"] == "look", "it is found by its look")
        self._check(match["distance"] <= match["threshold"], "it lies within the radius")
        self._check(match["status"] == "unverified", "it is unverified, since nobody has judged it")
        self.tell.shown(
            f"found by its look, {match['distance']} of 256 bits apart where {match['threshold']} are allowed; the "
            "captive photo, of another look, is not named"
        )

    def _the_second_account(self) -> None:
        self.tell.heading("The repost is taken in for what it is")
        self.tell.story(
            "The second account is a source of its own, and is recorded as one. That its picture is the first one’s "
            "is on the receipt, so that nobody counts two origins where there is one."
        )
        said = self._archiver(
            *("upload", REPOST, "--source", "Example War Monitor", "--source-kind", "partisan-monitoring-account"),
            *("--account", "x:example_war_monitor", "--published", "2024-12-27T21:40:00+02:00"),
            *("--url", "https://x.example.org/example_war_monitor/status/77"),
        )
        self.repost = self._receipt(said)
        self._check(f"looks like {self.page} (same look" in said, "the receipt names the look-alike")
        self._check(self.photo not in said, "the receipt does not name the captive photo")
        self.tell.shown(f"the receipt of {self.repost} names {self.page}")

    def _claims_disagree(self) -> None:
        self.tell.heading("Two capitals, two figures")
        self.tell.story("Seoul and Kyiv count differently. Both claims are kept, each under the name of who makes it.")
        for text, by in (
            ("More than 1,000 North Korean soldiers killed or wounded", "Joint Chiefs of Staff, Seoul"),
            ("More than 3,000 North Korean soldiers killed or wounded", "President of Ukraine"),
        ):
            said = self._archiver("claim", self.photo, text, "--by", by, "--kind", "event")
            self._check(re.search(r"^claim #\d+ recorded", said) is not None, "the claim is recorded, with a number")

    def _a_judgement(self) -> None:
        self.tell.heading("A person judges a claim")
        claim = self._claim("Captured on 26 December")
        self.tell.story(
            f"{EDITOR} has read the statement of South Korea’s intelligence service, which names an allied service as "
            f"its source. That is something, and not enough. Claim #{claim['number']} is judged so."
        )
        self._archiver(
            *("assess", f"claim:{claim['number']}", "--status", "partially-verified", "--by", EDITOR),
            *("--basis", "One intelligence service, citing another; no second origin"),
            *("--reliability", "B", "--credibility", "3", "--confidence", "moderate"),
        )
        judged = self._claim("Captured on 26 December")
        self._check(judged["status"] == "partially-verified", "the claim is partially verified")
        self._check(judged["assessments"][-1]["assessor"] == EDITOR, "the judgement bears its author’s name")

    def _no_verdict_without_a_basis(self) -> None:
        self.tell.heading("Nothing is verified by wishing")
        self.tell.story("Somebody in a hurry wants the photograph verified, and gives no reason.")
        self._archiver("assess", self.photo, "--status", "verified", "--by", EDITOR, code=2)
        self._check(self._ask("show", self.photo)["status"] == "unverified", "the photograph is still unverified")
        self.tell.shown("refused with exit code 2; the photograph is still unverified")

    def _all_that_is_known(self) -> None:
        self.tell.heading("All that is known of the photograph")
        self.shown = self._archiver("show", self.photo)
        for words in ("Yonhap (news-agency)", "partially-verified by Ida Example", "Joint Chiefs", "President of Ukr"):
            self._check(words in self.shown, f"`show` tells of {words!r}")

    def _intact(self) -> None:
        self.tell.heading("Is it still what was taken in?")
        self.tell.story("Every byte is read again, every signature checked, and the catalogue held against the log.")
        said = self._archiver("verify")
        found = re.search(r"^intact: 3 items .*log root ([0-9a-f]{64})$", said, re.MULTILINE)
        self._check(found is not None, "three items are intact, under one root")
        self.root = found[1] if found else ""

    def _the_catalogue_is_lost(self) -> None:
        self.tell.heading("The catalogue is lost, and made anew")
        self.tell.story("The database is deleted. All that it held is in the store: the bytes, and the signed log.")
        lost = sorted(path.name for path in (self.directory / "archive").glob("catalogue.db*"))
        self.tell.command(["rm", *(f"archive/{name}" for name in lost)])
        for name in lost:
            (self.directory / "archive" / name).unlink()
        self._check(bool(lost), "there was a catalogue to lose")
        said = self._archiver("rebuild")
        self._check(f"log root {self.root}" in said, "the rebuilt log ends at the same root")
        again = self._archiver("show", self.photo, silent=True)
        self._check(again == self.shown, "`show` answers, letter for letter, what it answered before")
        self.tell.aside(f"{len(again.splitlines())} lines, the same as above, letter for letter")
        self.tell.shown(f"the same root, {self.root[:12]}…, and the same answer")

    def _one_byte(self) -> None:
        self.tell.heading("One byte is altered")
        self.tell.story("Years later, on a disk of its own, a copy of the archive decays by a single bit.")
        self.tell.command(["cp", "-r", "archive", "decayed"])
        copy = Path(shutil.copytree(self.directory / "archive", self.directory / "decayed"))
        victim = next((copy / "store" / "objects").rglob(f"{self.photo}*"))
        content = bytearray(victim.read_bytes())
        at = len(content) // 2
        content[at] ^= 1
        victim.chmod(0o600)
        victim.write_bytes(content)
        self.tell.aside(f"byte {at:,} of {victim.name[:12]}… is turned from {content[at] ^ 1:#04x} to {content[at]:#04x}")
        said = self._archiver("--archive", "decayed", "verify", code=1)
        self._check("NOT INTACT: 1 finding" in said, "one thing is amiss")
        self._check(f"AMISS object-corrupt: {victim.name}" in said, "it is named")
        self._archiver("verify")
        self.tell.shown("the decayed copy is named, with exit code 1; the archive itself is intact")

    def _draw(self, name: str, content: bytes) -> None:
        (self.directory / name).write_bytes(content)

    def _upload(self, name: str, *words: str) -> str:
        """Take a file in; its item, shortened as the receipt shows it."""
        return self._receipt(self._archiver("upload", name, *words))

    def _receipt(self, said: str) -> str:
        receipt = re.search(r"^archived +([0-9a-f]{12})  .*sighting added", said, re.MULTILINE)
        self._check(receipt is not None, "the receipt says that it is archived, and that a sighting is added")
        return receipt[1] if receipt else ""

    def _claim(self, beginning: str) -> dict[str, Any]:
        claims = [c for c in self._ask("show", self.photo)["claims"] if c["text"].startswith(beginning)]
        self._check(len(claims) == 1, f"one claim begins with {beginning!r}")
        claim: dict[str, Any] = claims[0]
        return claim

    def _archiver(self, *words: str, code: int = 0, silent: bool = False) -> str:
        """Run a command before the reader's eyes; what it wrote, talk included."""
        self.tell.command(["archiver", *words])
        ran = self._process(words, subprocess.STDOUT)
        if not silent:
            self.tell.answer(ran.stdout)
        if code:
            self.tell.aside(f"exit code {ran.returncode}")
        self._check(ran.returncode == code, f"`archiver {' '.join(words)}` exits with {code}, not {ran.returncode}")
        return ran.stdout

    def _ask(self, *words: str) -> dict[str, Any]:
        """Ask for the same as JSON, behind the scenes."""
        ran = self._process([*words, "--json"], subprocess.PIPE)
        self._check(ran.returncode == 0, f"`archiver {' '.join(words)} --json` exits with 0: {ran.stderr}")
        told: dict[str, Any] = json.loads(ran.stdout)
        return told

    def _process(self, words: Sequence[str], errors: int) -> subprocess.CompletedProcess[str]:
        mine = {"ARCHIVER_HOME": str(self.directory / "archive"), "ARCHIVER_ACTOR": EDITOR, "PYTHONUTF8": "1"}
        path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        return subprocess.run(
            [sys.executable, "-m", "archiver", *words],
            cwd=self.directory,
            env={**os.environ, **mine, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            timeout=_LONGEST,
            check=False,
        )

    def _check(self, holds: bool, promise: str) -> None:  # noqa: FBT001 - reads as a sentence: check that, in words
        if not holds:
            raise StoryBroken(promise)


def main() -> int:
    """Run the demonstration; 0 when the program did all that the story says."""
    parser = argparse.ArgumentParser(prog="python -m docs.demo.demo", description="The archive, shown at work.")
    parser.add_argument("--keep", action="store_true", help="keep the pictures and the archive, and say where")
    keep = parser.parse_args().keep
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that has no check mark is no reason to stop
    tell, started = Teller(), time.monotonic()
    directory = Path(tempfile.mkdtemp(prefix="archiver-demo-"))
    tell.title("archiver: two exhibits, from first sight to proof")
    tell.story(
        "The commands are real and run now, in an archive of their own. The pictures are stand-ins drawn for this "
        "demonstration; handles and links are invented; the story is a press report’s."
    )
    try:
        Demonstration(directory, tell).run()
    except StoryBroken as error:
        sys.stderr.write(f"\n✗ The program did not do what the story says: {error}\n  All is kept in {directory}\n")
        return 1
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    tell.story("")
    if keep:
        tell.story(f"Pictures and archive are kept: ARCHIVER_HOME={directory}/archive")
    else:
        shutil.rmtree(directory)
    print(f"\nAll of it held, in {time.monotonic() - started:.0f} seconds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
