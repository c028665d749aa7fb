"""What is no good time stamp is refused, stored nowhere and asked for again; what could not be known is told."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from archiver.archive import Archive
from archiver.clock import SystemClock
from archiver.stamping import Outcome, stamped
from tests.archive.stamping import PARTS, covered, names, settings, stamp, take
from tests.servers.authority import POLICY, Manner

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.archive.desk import Desk
    from tests.servers.authority import Authority


def _other_letter(data: bytes) -> bytes:
    return data[:200] + (b"B" if data[200:201] == b"A" else b"A") + data[201:]


def test_an_authority_whose_certificate_was_revoked_stamps_no_more_and_what_it_stamped_before_holds(
    on_store: Desk, make_authority: Callable[..., Authority]
) -> None:
    authority = make_authority(revocation=True)
    authority.settings(on_store.home)
    take(on_store, 1)
    (first,) = stamp(on_store)
    assert [name.rpartition(".")[2] for name in names(on_store)] == ["crl", *PARTS]
    authority.revoke()
    take(on_store, 2)

    (refused,) = stamp(on_store, code=3)

    assert "was revoked on" in refused["detail"]
    assert len(names(on_store)) == 5
    assert on_store("verify", "--json").json["intact"]
    on_store.alter(first["place"].removesuffix("tsr") + "crl", _other_letter)
    assert on_store.faults() == [("stamp-refused", first["place"])]
    on_store.alter(first["place"].removesuffix("tsr") + "crl", lambda _: None)
    assert on_store("verify", "--json").json["intact"]  # the honest hole: that a list was there, nothing says


def test_an_authority_whose_list_cannot_be_had_stamps_and_that_is_told(
    local: Desk, make_authority: Callable[..., Authority]
) -> None:
    authority = make_authority(revocation=True)
    authority.revoked = b"<html>gone</html>"
    authority.settings(local.home)
    take(local, 1)

    (asked,) = stamp(local)

    assert asked["outcome"] == "stamped"
    assert "whether a certificate was revoked is not known" in asked["detail"]
    assert len(names(local)) == 4
    assert local("verify", "--json").json["intact"]


BAD = [manner for manner in Manner if manner not in {Manner.GOOD, Manner.STALE}]


@pytest.mark.parametrize("manner", BAD)
def test_what_is_no_good_stamp_is_refused_stored_nowhere_and_asked_for_again(
    local: Desk, authority: Authority, manner: Manner
) -> None:
    settings(local, seconds=2)
    authority.settings(local.home)
    take(local, 1)
    authority.manner = manner

    (refused,) = stamp(local, code=3)

    assert refused["outcome"] == "failed"
    assert refused["detail"]
    assert names(local) == []
    assert covered(local)[0]["size"] == 0
    authority.manner = Manner.GOOD
    assert [asked["outcome"] for asked in stamp(local)] == ["stamped"]


def test_a_replayed_answer_is_refused(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    authority.manner = Manner.STALE
    take(local, 1)
    stamp(local)
    take(local, 2)

    (refused,) = stamp(local, code=3)

    assert "another digest" in refused["detail"]
    authority.forget()


def test_an_authority_that_expired_or_that_nobody_trusts_is_refused(
    local: Desk, authority: Authority, make_authority: Callable[..., Authority]
) -> None:
    expired, impostor = make_authority(days=-5), make_authority()
    expired.settings(local.home, "expired")
    impostor.settings(local.home, "impostor")
    shutil.copy(authority.root, local.home / "impostor-root.pem")
    take(local, 1)

    refused = {asked["authority"]: asked["detail"] for asked in stamp(local, code=3)}

    assert "certificate has expired" in refused["expired"]
    assert "does not verify" in refused["impostor"]
    assert names(local) == []


def test_the_policy_that_is_asked_for_is_the_only_one_taken(local: Desk, authority: Authority) -> None:
    authority.settings(local.home, "right", policy=POLICY)
    authority.settings(local.home, "wrong", policy="1.2.3.4.2")
    take(local, 1)

    outcomes = {asked["authority"]: asked["outcome"] for asked in stamp(local, code=3)}

    assert outcomes == {"right": "stamped", "wrong": "failed"}


class Elsewhen(SystemClock):
    """A clock that is wrong."""

    def __init__(self, apart: timedelta) -> None:
        self._apart = apart

    def now(self) -> datetime:
        """The moment, wrong by as much."""
        return super().now() + self._apart


@pytest.mark.parametrize("days", [-2, 2])
def test_a_clock_that_is_days_off_is_told_by_the_stamp(local: Desk, authority: Authority, days: int) -> None:
    authority.settings(local.home)
    take(local, 1)
    archive = Archive(local.home, actor="Test Desk", clock=Elsewhen(timedelta(days=days)))
    if days < 0:
        authority.issue(3650, began=10)

    (asked,) = list(stamped(archive))
    archive.close()

    assert asked.outcome is Outcome.STAMPED
    assert "one of the clocks is wrong" in asked.detail
    assert asked.time is not None
    assert abs(datetime.fromisoformat(asked.time) - datetime.now(tz=UTC)) < timedelta(minutes=1)
    authority.issue(3650)


def test_a_signer_whose_certificate_has_ended_by_our_own_clock_is_refused(
    local: Desk, make_authority: Callable[..., Authority]
) -> None:
    authority = make_authority(days=30)  # whoever has its key in two months could set any time before
    authority.settings(local.home)
    take(local, 1)
    archive = Archive(local.home, actor="Test Desk", clock=Elsewhen(timedelta(days=60)))

    (asked,) = list(stamped(archive))
    archive.close()

    assert asked.outcome is Outcome.FAILED
    assert "not valid by this computer's clock" in asked.detail
    assert names(local) == []
