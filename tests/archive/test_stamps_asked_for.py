"""Whom the settings name is asked for a stamp once, and anew before it ends; one that fails stops no upload."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archiver.settings import Settings
from tests import drawing
from tests.archive.desk import Desk, run
from tests.archive.stamping import covered, names, settings, stamp, take
from tests.servers.authority import POLICY, Manner

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.authority import Authority


def test_who_is_stamped_already_is_not_asked_again_until_the_log_grows(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    take(local, 1)
    first = stamp(local)
    before = names(local)

    (again,) = stamp(local)

    assert again == first[0] | {"outcome": "already-stamped"}
    assert authority.asked == 1
    assert names(local) == before
    take(local, 2)
    (grown,) = stamp(local)
    assert grown["outcome"] == "stamped"
    assert grown["size"] > again["size"]
    assert local("verify", "--json").json["stamps"] == 2


def test_looking_asks_nobody(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    take(local, 1)

    local("status")
    local("verify")
    local("checkpoint")

    assert authority.asked == 0


def test_one_that_fails_stops_no_other_and_only_that_one_is_asked_again(
    local: Desk, authority: Authority, make_authority: Callable[..., Authority]
) -> None:
    other = make_authority()
    authority.settings(local.home, "first")
    other.settings(local.home, "second")
    authority.manner = Manner.UNAVAILABLE
    take(local, 1)

    assert [asked["outcome"] for asked in stamp(local, code=3)] == ["failed", "stamped"]
    authority.manner = Manner.GOOD
    assert [asked["outcome"] for asked in stamp(local)] == ["stamped", "already-stamped"]
    assert other.asked == 1


def test_only_who_is_named_is_asked_and_nobody_without_a_trusted_root(
    local: Desk, authority: Authority, make_authority: Callable[..., Authority]
) -> None:
    take(local, 1)
    assert "names no time-stamping authority" in local("stamp", code=2).err
    other = make_authority()
    authority.settings(local.home, "first")

    assert "no root certificate is trusted" in local("stamp", "--tsa", other.url, code=2).err
    assert other.asked == 0
    other.settings(local.home, "second")
    assert [asked["authority"] for asked in stamp(local, "--tsa", other.url)] == ["second"]
    assert [asked["authority"] for asked in stamp(local, "--tsa", "first")] == ["first"]
    assert (authority.asked, other.asked) == (1, 1)


def test_an_empty_log_is_not_stamped(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    local("stamp", code=1)
    assert authority.asked == 0


def test_the_log_is_stamped_anew_before_the_certificate_ends(
    local: Desk, make_authority: Callable[..., Authority]
) -> None:
    authority = make_authority(days=30)
    authority.settings(local.home)
    take(local, 1)
    (soon,) = stamp(local)
    assert soon["outcome"] == "stamped"
    assert covered(local)[0]["renew"]
    assert "`archiver stamp` renews it" in local("status").out

    (same,) = stamp(local)  # the authority has no later certificate: nothing would be gained
    assert same["outcome"] == "no-later"
    assert len(names(local)) == 4

    authority.issue(3650)
    (renewed,) = stamp(local)
    assert renewed["outcome"] == "stamped"
    assert renewed["place"].endswith("/tsa.2.tsr")
    assert renewed["ends"] > soon["ends"]
    assert not covered(local)[0]["renew"]
    assert [asked["outcome"] for asked in stamp(local)] == ["already-stamped"]
    assert local("verify", "--json").json["stamps"] == 2


def test_an_upload_ends_with_a_stamp_where_that_is_asked_for(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)

    answer = local("upload", "--stamp", local.file("1.jpg", drawing.jpeg(drawing.photo(1))))

    assert "stamped         tsa: " in answer.err
    assert covered(local)[0]["unstamped"] == 0


def test_the_settings_can_ask_for_it(local: Desk, authority: Authority) -> None:
    settings(local, on_upload="true")
    authority.settings(local.home)

    take(local, 1)

    assert covered(local)[0]["unstamped"] == 0


@pytest.mark.parametrize("manner", [Manner.UNAVAILABLE, Manner.HTML_AS_REPLY, Manner.SILENCE])
def test_an_authority_that_fails_never_fails_an_upload(local: Desk, authority: Authority, manner: Manner) -> None:
    settings(local, on_upload="true", seconds=1)
    authority.settings(local.home)
    authority.manner = manner

    answer = local("upload", local.file("1.jpg", drawing.jpeg(drawing.photo(1))))

    assert "failed          tsa: " in answer.err
    assert local("verify", "--json").json["intact"]
    (local.home / "tsa-root.pem").unlink()
    assert "cannot be read" in local("upload", local.file("2.jpg", drawing.jpeg(drawing.photo(2)))).err


def test_an_upload_that_cannot_be_stamped_is_refused_before_it_begins(local: Desk) -> None:
    local("upload", "--stamp", local.file("1.jpg", drawing.jpeg(drawing.photo(1))), code=2)

    assert local.counts()["items"] == 0


def test_what_the_settings_say_survives_being_written(local: Desk, authority: Authority) -> None:
    settings(local, on_upload="true", renew_days=7, seconds=3)
    authority.settings(local.home, policy=POLICY)
    before = Settings.load(local.home)

    before.save(local.home)

    assert Settings.load(local.home) == before
    assert before.stamps.authorities[0].policy == POLICY
    assert (before.stamps.on_upload, before.stamps.renew_days, before.stamps.seconds) == (True, 7, 3)


@pytest.mark.parametrize(
    "lines",
    [
        "stamps = 3",
        "[stamps]\nrenew_days = 0",
        "[stamps]\nurl = 'https://tsa.example'",
        "[stamps]\nauthorities = ['https://tsa.example']",
        "[stamps.authorities]\na = 'https://tsa.example'",
        "[stamps.authorities.a]\nurl = 'https://tsa.example'",
        "[stamps.authorities.a]\nroots = 'a.pem'",
        "[stamps.authorities.a]\nurl = 'ftp://tsa.example'\nroots = 'a.pem'",
        "[stamps.authorities.a]\nurl = 'https://user:word@tsa.example'\nroots = 'a.pem'",
        "[stamps.authorities.a]\nurl = 'https://tsa.example'\nroots = 'a.pem'\npolicy = 'any'",
        "[stamps.authorities.a]\nurl = 'https://tsa.example'\nroots = 'a.pem'\nname = 'b'",
        "[stamps.authorities.A]\nurl = 'https://tsa.example'\nroots = 'a.pem'",
        "[stamps.authorities.'../a']\nurl = 'https://tsa.example'\nroots = 'a.pem'",
    ],
)
def test_settings_that_are_not_understood_are_refused(local: Desk, lines: str) -> None:
    path = local.home / "archive.toml"
    text = path.read_text()
    path.write_text(lines + "\n" + text if lines.startswith("stamps =") else text + "\n" + lines + "\n")

    answer = run("--archive", local.home, "status")

    assert answer.code == 2
    assert "archive.toml" in answer.err
