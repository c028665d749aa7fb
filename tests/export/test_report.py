"""``report.html``: a page that people read, that holds nothing but itself, and that no stranger's words can steer."""

from __future__ import annotations

import base64
import io
import os
import re
import shutil
import ssl
import subprocess
from hashlib import sha256
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from archiver.export import report
from archiver.export.markup import said, tag
from archiver.facts.handling import Sensitivity, Sharing
from archiver.facts.vocabulary import RelationState, SensitivityFlag, TrafficLight
from tests import drawing
from tests.export.story import HOSTILE, copies, record
from tests.export.stranger import verify

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk
    from tests.export.story import Story
    from tests.servers.authority import Authority

BROWSER = shutil.which("chromium")
needs_a_browser = pytest.mark.skipif(
    BROWSER is None and not os.environ.get("CI"), reason="chromium is not installed: .ci/run installs it"
)


class Page(HTMLParser):
    """What a browser would make of a page: its elements, and its text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """The element ends that began last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text."""
        self.text += data


def export(desk: Desk, *words: object, profile: str = "court") -> Path:
    out = desk.files / f"out-{profile}"
    desk("export", *words, "-o", out, "--profile", profile)
    return out / "data/report.html"


@pytest.fixture
def court(told: Story) -> Path:
    return export(told.desk, told.agency, "case:kursk")


def test_at_one_item_no_more_than_a_few_pairs_are_drawn_and_the_others_are_named(
    local: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = drawing.photo(3)
    first, *copies = [local.take(f"{q}.jpg", drawing.jpeg(picture, quality=q), "--fast") for q in (90, 60, 50, 40)]
    for copy in copies:
        local("relate", copy, first, "--type", "prov:alternateOf", "--by", "An Editor", "--basis", "the same cloud")
    monkeypatch.setattr(report, "MOST_BESIDE", 1)

    text = export(local, first, *copies).read_text()

    sections = text.split('<article id="item-')[1:]
    drawn, left_out = (
        [part.count(words) for part in sections] for words in ('class="compared"', report._TOO_MANY[:30])
    )
    assert max(drawn) == 1
    assert sum(drawn) >= 3  # a copy's own place shows what the original's had no room for
    assert sum(left_out) >= 2


def test_the_page_holds_nothing_but_itself_and_leads_nowhere_but_into_the_bundle(court: Path) -> None:
    page = Page(court.read_text())

    assert page.open == []
    kinds = {name for name, _ in page.elements}
    assert kinds.isdisjoint({"script", "iframe", "object", "embed", "form", "link", "base", "svg", "video"})
    for name, attributes in page.elements:
        assert [key for key in attributes if key.startswith("on") or key == "style"] == []
        if name == "img":
            assert (attributes["src"] or "").startswith("data:image/jpeg;base64,")
            assert attributes["alt"]
        elif name == "a":
            target = attributes["href"] or ""
            anchors = [told["id"] for _, told in page.elements if "id" in told]
            assert target.removeprefix("#") in anchors if target.startswith("#") else (court.parent / target).is_file()
        else:
            assert not attributes.keys() & {"src", "href"}
    policy = next(each["content"] or "" for _, each in page.elements if each.get("http-equiv"))
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy


def test_the_page_answers_the_six_questions_and_says_what_is_not_proved(court: Path, told: Story) -> None:
    text = Page(court.read_text()).text

    for words in (
        *("1. Who captured it, and when?", "2. Who had access to it?", "3. Was it altered since it was taken in?"),
        *("4. If it was altered: by whom?", "5. Can this be repeated?", "6. Are there later alterations?"),
        *("Provenance", "Sightings", "Claims", "Assessments of the item", "Relations", "Custody"),
        *("What is not proved of this item", "What this bundle does not prove"),
        *("captured 2024-12-26T09:30:00", "Anybody can write that into a file", "Not by one bit"),
        *("1,000 were killed", "More than 3,000 were killed", "the numbers differ", "the same scratches"),
        *("contradicts claim #", "“More than 3,000 were killed”, claimed by Kyiv"),
        *(told.agency, told.repost, "D. Editor", "Yonhap", "Ada"),
    ):
        assert words in text, words


def test_the_page_says_by_when_what_it_tells_existed_and_what_no_stamp_covers(
    told: Story, authority: Authority
) -> None:
    authority.settings(told.desk.home, "notary")
    told.desk("stamp")
    told.desk("claim", told.agency, "Said later", "--by", "Kyiv")

    text = Page(export(told.desk, told.agency).read_text()).text

    acquired = told.desk.show(told.agency)["acquisitions"][0]["number"]
    assert f"Event #{acquired}, its acquisition, existed by 20" in text
    assert "as the time-stamping authority notary says" in text
    assert "1 event in this bundle came later, and no time stamp covers them" in text
    assert sha256(ssl.PEM_cert_to_DER_cert(authority.root.read_text())).hexdigest() in text


def test_without_a_stamp_the_page_says_that_all_times_are_the_archives_own(court: Path) -> None:
    assert "none: all times here are the archive's own" in Page(court.read_text()).text


def test_what_strangers_wrote_is_text_and_turns_nothing_around(court: Path) -> None:
    markup = court.read_text()

    assert HOSTILE not in markup
    assert HOSTILE in Page(markup).text
    assert "\u202e" not in markup
    assert "\\u202e" in markup


@given(st.text())
def test_any_text_stays_text(text: str) -> None:
    page = Page(tag("p", said(text), title=text))
    assert [name for name, _ in page.elements if name not in {"p", "bdi", "span"}] == []
    assert page.open == []
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x08\x1b]", tag("p", text, title=text))


def pictures(path: Path) -> list[Image.Image]:
    found = re.findall(r'src="data:image/jpeg;base64,([^"]+)"', path.read_text())
    return [Image.open(io.BytesIO(base64.b64decode(each))).convert("RGB") for each in found]


def detail(image: Image.Image) -> float:
    """How much of the picture is beyond a few patches of tone: mean difference, 0 to 255."""
    patches = image.resize((4, 3), Image.Resampling.BOX).resize(image.size, Image.Resampling.BICUBIC)
    return float(np.abs(np.asarray(image, np.int16) - np.asarray(patches, np.int16)).mean())


def test_a_sensitive_picture_is_not_in_the_page_and_another_one_is(local: Desk) -> None:
    plain, shown = (local.take(f"{n}.jpg", drawing.jpeg(drawing.photo(n))) for n in (1, 2))
    flag = Sensitivity(item=shown, flag=SensitivityFlag.PRISONER_OF_WAR, by="D. Editor", basis="he is held")
    record(local, flag)
    out = local.files / "out"
    local("export", plain, shown, "-o", out, "--profile", "court", "--acknowledge-sensitive")

    path = out / "data/report.html"
    by_item = dict(zip(sorted((plain, shown)), pictures(path), strict=True))
    assert detail(by_item[plain]) > 20
    assert detail(by_item[shown]) < 6
    page = Page(path.read_text())
    assert ("a", {"href": f"originals/{shown}.jpg"}) in page.elements
    assert "Care is owed" in page.text
    assert not by_item[plain].getexif()


@pytest.mark.parametrize("label", TrafficLight)
def test_care_is_owed_to_what_bears_a_label_that_sets_a_limit_at_the_item_and_in_the_list(
    local: Desk, label: TrafficLight
) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    record(local, Sharing(item=item, tlp=label, by="D. Editor", basis="a source asked for it"))

    text = Page(export(local, item).read_text()).text

    limited = label is not TrafficLight.CLEAR
    assert (text.count("Care is owed before"), text.count(", care is owed")) == ((1, 1) if limited else (0, 0))
    assert ("sets no limit" in text) is not limited
    assert f"{label}, set by D. Editor because: a source asked for it" in text


def test_what_may_show_the_same_is_hidden_with_it_and_a_flag_of_today_hides_what_was_known_yesterday(
    local: Desk,
) -> None:
    one, other = (local.take(f"{n}.jpg", drawing.jpeg(drawing.photo(n))) for n in (1, 2))
    then = local.counts()["events"] - 1
    record(local, copies(one, other, RelationState.SUGGESTED))
    record(local, Sensitivity(item=other, flag=SensitivityFlag.GRAPHIC_VIOLENCE, by="D. Editor", basis="x"))

    said = ("--profile", "court", "--acknowledge-sensitive")
    local("export", one, "-o", local.files / "suggested", *said)
    local("export", other, "-o", local.files / "earlier", "--as-of", f"#{then}", *said)

    for name in ("suggested", "earlier"):
        (picture,) = pictures(local.files / name / "data/report.html")
        assert detail(picture) < 6


@pytest.mark.parametrize("more", [(), ("--records-only",)])
def test_the_picture_of_an_original_that_stays_is_not_in_the_page(told: Story, more: tuple[str, ...]) -> None:
    out = told.desk.files / "out"
    told.desk("export", told.agency, "-o", out, "--profile", "partner", *more)

    assert pictures(out / "data/report.html") == []
    text = Page((out / "data/report.html").read_text()).text
    assert "The original is not in this bundle" in text
    assert [secret for secret in ("Ada", "by hand", "A. Photographer", "Test Desk", "51.5") if secret in text] == []


def test_what_cannot_be_drawn_is_told_without_a_picture(local: Desk) -> None:
    (receipt,) = local.upload(local.file("a.jpg", drawing.jpeg(drawing.photo(1))[:400]))
    path = export(local, receipt["item"])

    assert pictures(path) == []
    assert "No small picture could be made" in Page(path.read_text()).text
    verify(path.parents[1], code=2)


def browse(path: Path, target: Path, *words: str) -> str:
    """Show a page in a real browser; what the browser had to say."""
    assert BROWSER, "this machine has no chromium: .ci/run installs it"
    done = subprocess.run(
        [
            BROWSER,
            *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr"),
            *(f"--user-data-dir={target.parent / 'profile'}", "--window-size=1000,1400", *words, path.as_uri()),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stderr


@needs_a_browser
def test_a_browser_shows_and_prints_the_page(court: Path, tmp_path: Path) -> None:
    said = browse(court, tmp_path / "page.png", f"--screenshot={tmp_path / 'page.png'}")

    assert "Content Security Policy" not in said
    with Image.open(tmp_path / "page.png") as image:
        shown = np.asarray(image.convert("RGB"))
    assert tuple(shown[5, 5]) == (0xF4, 0xF4, 0xF1)  # the style sheet was let through by its digest
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) > 1000  # the pictures are there
    browse(court, tmp_path / "page.pdf", f"--print-to-pdf={tmp_path / 'page.pdf'}", "--no-pdf-header-footer")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF-")


@needs_a_browser
def test_on_a_narrow_screen_nothing_runs_out_of_the_page_and_on_paper_there_are_pages(
    court: Path, tmp_path: Path
) -> None:
    browse(court, tmp_path / "page.png", f"--screenshot={tmp_path / 'page.png'}", "--window-size=400,9000")

    with Image.open(tmp_path / "page.png") as image:
        edge = np.asarray(image.convert("RGB"))[:, -3]
        assert image.width == 400
    assert len(np.unique(edge, axis=0)) == 1  # the margin, from top to bottom
    browse(court, tmp_path / "page.pdf", f"--print-to-pdf={tmp_path / 'page.pdf'}", "--no-pdf-header-footer")
    pages = re.findall(rb"/Type ?/Page\b", (tmp_path / "page.pdf").read_bytes())
    assert len(pages) >= 3  # the head, and each item on a page of its own


@needs_a_browser
def test_a_browser_runs_and_fetches_nothing_even_if_somebody_smuggled_it_in(court: Path, tmp_path: Path) -> None:
    smuggled = '<script>document.body.textContent = "taken over"</script><img src="http://127.0.0.1:9/x.png"><main>'
    page = tmp_path / "page.html"
    page.write_text(court.read_text().replace("<main>", smuggled))

    said = browse(page, tmp_path / "page.png", f"--screenshot={tmp_path / 'page.png'}")

    assert said.count("Content Security Policy") >= 2
    with Image.open(tmp_path / "page.png") as image:
        assert len(np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0)) > 1000


@pytest.mark.parametrize(
    ("state", "said_so"),
    [
        ("confirmed", "confirmed: this one shows the same as "),
        ("rejected", "rejected: that this one shows the same as "),
        ("suggested", "suggested, and nobody decided: this one shows the same as "),
    ],
)
def test_what_was_decided_of_two_pictures_reads_as_a_sentence(local: Desk, state: str, said_so: str) -> None:
    one, other = (local.take(f"{number}.jpg", drawing.jpeg(drawing.photo(number))) for number in (1, 2))
    (number,) = record(local, copies(one, other, RelationState(state)))

    text = Page(export(local, one).read_text(encoding="utf-8")).text

    assert f"#{number} {said_so}{other[:12]}" in text
