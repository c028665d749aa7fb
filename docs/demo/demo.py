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
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from docs.demo import drawing
from docs.demo.shell import Shell, StoryBroken, check
from docs.demo.telling import Teller

EDITOR = "Ida Example"
SEOUL, KYIV = "Joint Chiefs of Staff of South Korea", "President of Ukraine"
PHOTO, PAGE, REPOST = "captive.jpg", "notebook.png", "repost.jpg"


class Demonstration:
    """The story, step by step, in one directory."""

    def __init__(self, directory: Path, teller: Teller) -> None:
        self.directory = directory
        self.tell = teller
        self.shell = Shell(directory, teller, actor=EDITOR)
        self.photo = self.page = self.repost = ""
        self.shown = self.root = ""
        self.claims: list[int] = []

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
            self._one_origin,
            self._no_public_curiosity,
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
        dossier = self.shell.ask("show", self.photo)
        captured = dossier["inspections"][0]["captured"]
        self.claims = [claim["number"] for claim in dossier["claims"]]
        check(len(self.claims) == 2, "both claims of the agency are recorded")  # noqa: PLR2004 - as told above
        check(captured == "2024-12-26T15:42:10+02:00", "the camera's time is read, with its offset")
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
        self.shell.archiver("find", REPOST)
        found = self.shell.ask("find", REPOST)
        matches = found["matches"]
        check(len(matches) == 1, "one picture is found")
        match = matches[0]
        check(match["item"].startswith(self.page), "what is found is the first account’s page")
        check(match["match"] == "look", "it is found by its look")
        check(match["distance"] <= match["threshold"], "it lies within the radius")
        check(match["status"] == "unverified", "it is unverified, since nobody has judged it")
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
        said = self.shell.archiver(
            *("upload", REPOST, "--source", "Example War Monitor", "--source-kind", "partisan-monitoring-account"),
            *("--account", "x:example_war_monitor", "--published", "2024-12-27T21:40:00+02:00"),
            *("--url", "https://x.example.org/example_war_monitor/status/77"),
        )
        self.repost = self._receipt(said)
        check(f"looks like {self.page} (same look" in said, "the receipt names the look-alike")
        check(self.photo not in said, "the receipt does not name the captive photo")
        self.tell.shown(f"the receipt of {self.repost} names {self.page}")

    def _one_origin(self) -> None:
        self.tell.heading("Two accounts, two files, one origin")
        self.tell.story(
            "That the repost was cut from the first one’s page is for a person to say, once. From then on whoever asks "
            "for either is told that there are two sightings of it, and one origin."
        )
        self.shell.archiver(
            *("relate", self.repost, self.page, "--type", "prov:wasDerivedFrom", "--action", "c2pa.cropped"),
            *("--by", EDITOR, "--basis", "the same folds and strokes; cut at the edges"),
        )
        self.shell.archiver("find", REPOST)
        origins = [match["origins"] for match in self.shell.ask("find", REPOST)["matches"]]
        check([(each["sightings"], each["independent"]) for each in origins] == [(2, 1)] * 2, "there is one origin")
        self.tell.shown("2 sightings, 1 independent origin, and the reason stands beside it")

    def _no_public_curiosity(self) -> None:
        self.tell.heading("A prisoner of war is not for show")
        self.tell.story(
            "He is in the hands of the enemy. The desk says so, with its basis; from then on that is told before "
            "anything else, and a public export is refused."
        )
        self.shell.archiver(
            *("flag", self.photo, "--sensitivity", "prisoner-of-war", "--by", EDITOR),
            *("--basis", "Third Geneva Convention, article 13"),
        )
        self.shell.archiver("export", self.photo, "-o", "public", "--profile", "public", code=3)
        check(not (self.directory / "public").exists(), "nothing was written")
        said = self.shell.archiver("list")
        check("[prisoner-of-war] " + self.photo in said, "the flag stands before the item")
        self.tell.shown("refused, with the rule and who set the flag")

    def _claims_disagree(self) -> None:
        self.tell.heading("Two capitals, two figures")
        self.tell.story("Seoul and Kyiv count differently. Both claims are kept, each under the name of who makes it.")
        for text, by in (
            ("More than 1,000 North Korean soldiers killed or wounded", SEOUL),
            ("More than 3,000 North Korean soldiers killed or wounded", KYIV),
        ):
            said = self.shell.archiver("claim", self.photo, text, "--by", by, "--kind", "event")
            check(re.search(r"^claim #\d+ recorded", said) is not None, "the claim is recorded, with a number")

    def _a_judgement(self) -> None:
        self.tell.heading("A person judges a claim")
        claim = self.claims[-1]
        self.tell.story(
            f"{EDITOR} has read the statement of South Korea’s intelligence service, which names an allied service as "
            f"its source. That is something, and not enough. Claim #{claim} is judged so."
        )
        said = self.shell.archiver(
            *("assess", f"claim:{claim}", "--status", "partially-verified", "--by", EDITOR),
            *("--basis", "One intelligence service, citing another; no second origin"),
            *("--reliability", "B", "--credibility", "3", "--confidence", "moderate"),
        )
        check(f"claim #{claim} is partially-verified, says {EDITOR}" in said, "the judgement bears a name")

    def _no_verdict_without_a_basis(self) -> None:
        self.tell.heading("Nothing is verified by wishing")
        self.tell.story("Somebody in a hurry wants the photograph verified, and gives no reason.")
        self.shell.archiver("assess", self.photo, "--status", "verified", "--by", EDITOR, code=2)
        self.tell.shown("refused: no basis, no verdict")

    def _all_that_is_known(self) -> None:
        self.tell.heading("All that is known of the photograph")
        self.tell.story("Who showed it, who claims what, who judged, what the file says, how it came in.")
        self.shown = self.shell.archiver("show", self.photo)
        for words in ("Yonhap (news-agency)", f"partially-verified by {EDITOR}", SEOUL, KYIV):
            check(words in self.shown, f"`show` tells of {words!r}")
        check("status: unverified" in self.shown, "the refused verdict left no trace")
        self.tell.shown("four claims, one of them judged; the photograph itself is unverified, as it was")

    def _intact(self) -> None:
        self.tell.heading("Is it still what was taken in?")
        self.tell.story("Every byte is read again, every signature checked, and the catalogue held against the log.")
        said = self.shell.archiver("verify")
        found = re.search(r"^intact: 3 items .*log root ([0-9a-f]{64})$", said, re.MULTILINE)
        check(found is not None, "three items are intact, under one root")
        self.root = found[1] if found else ""

    def _the_catalogue_is_lost(self) -> None:
        self.tell.heading("The catalogue is lost, and made anew")
        self.tell.story("The database is deleted. All that it held is in the store: the bytes, and the signed log.")
        lost = sorted(path.name for path in (self.directory / "archive").glob("catalogue.db*"))
        self.tell.command(["rm", *(f"archive/{name}" for name in lost)])
        for name in lost:
            (self.directory / "archive" / name).unlink()
        check(bool(lost), "there was a catalogue to lose")
        said = self.shell.archiver("rebuild")
        check(f"log root {self.root}" in said, "the rebuilt log ends at the same root")
        again = self.shell.archiver("show", self.photo, silent=True)
        check(again == self.shown, "`show` answers, letter for letter, what it answered before")
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
        self.tell.aside(
            f"byte {at:,} of {victim.name[:12]}… is turned from {content[at] ^ 1:#04x} to {content[at]:#04x}"
        )
        said = self.shell.archiver("--archive", "decayed", "verify", code=1)
        check("NOT INTACT: 1 finding" in said, "one thing is amiss")
        check(f"AMISS object-corrupt: {victim.name}" in said, "it is named")
        self.shell.archiver("verify")
        self.tell.shown("the decayed copy is named, with exit code 1; the archive itself is intact")

    def _draw(self, name: str, content: bytes) -> None:
        (self.directory / name).write_bytes(content)

    def _upload(self, name: str, *words: str) -> str:
        """Take a file in; its item, shortened as the receipt shows it."""
        return self._receipt(self.shell.archiver("upload", name, *words))

    def _receipt(self, said: str) -> str:
        receipt = re.search(r"^archived +([0-9a-f]{12})  .*sighting added", said, re.MULTILINE)
        check(receipt is not None, "the receipt says that it is archived, and that a sighting is added")
        return receipt[1] if receipt else ""


def main() -> int:
    """Run the demonstration; 0 when the program did all that the story says."""
    parser = argparse.ArgumentParser(prog="python -m docs.demo.demo", description="The archive, shown at work.")
    parser.add_argument("--keep", action="store_true", help="keep the pictures and the archive, and say where")
    keep = parser.parse_args().keep
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that has no check mark is no reason to stop
    directory = Path(tempfile.mkdtemp(prefix="archiver-demo-"))
    try:
        _tell(directory)
    except StoryBroken as error:
        keep = True  # whoever looks for the reason wants to see it
        sys.stderr.write(f"\n✗ The program did not do what the story says: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if keep:
            print(f"Pictures and archive are kept: export ARCHIVER_HOME={directory}/archive")
        else:
            shutil.rmtree(directory, ignore_errors=True)
    return 0


def _tell(directory: Path) -> None:
    tell, started = Teller(), time.monotonic()
    tell.title("archiver: two exhibits, from first sight to proof")
    tell.story(
        "The commands are real and run now, in an archive of their own. The pictures are stand-ins drawn for this "
        "demonstration; handles and links are invented; the story is a press report’s."
    )
    Demonstration(directory, tell).run()
    tell.story(f"Every step did as told, in {time.monotonic() - started:.0f} seconds.")


if __name__ == "__main__":
    sys.exit(main())
