"""Damaged bytes give way to whole ones, and are kept: in a directory, on SeaweedFS and on Ceph."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from storage import local_replace
from storage.digest import Digest
from storage.errors import NameTaken, ObjectMissing, SourceChanged, StoreError
from storage.layout import quarantine_name, quarantined_of
from storage.store import Put
from tests.storage.test_conformance import DATA, overwrite, put, whole

if TYPE_CHECKING:
    from storage.store import SingleStore as Store
    from storage.store import Stored
    from tests.storage.conftest import Place

SINGLE = [
    "directory",
    pytest.param("seaweedfs", marks=pytest.mark.server),
    pytest.param("ceph", marks=pytest.mark.server),
]
pytestmark = pytest.mark.parametrize("place", SINGLE, indirect=True)
"""Of several stores each is repaired by itself."""

NAME = "objects/sha256/ab/cd/one"
ROTTEN = DATA[:-1] + b"!"
ASIDE = quarantine_name(NAME, Digest.of(ROTTEN))


def mend(store: Store, data: bytes = DATA, found: bytes = ROTTEN, declared: bytes = DATA) -> Stored:
    aside = quarantine_name(NAME, Digest.of(found))
    right = Digest.of(declared)
    return store.replace(NAME, io.BytesIO(data), digest=right, size=len(declared), found=Digest.of(found), aside=aside)


@pytest.fixture
def damaged(place: Place, store: Store) -> Store:
    put(store, NAME, DATA)
    overwrite(place, NAME, ROTTEN)
    return store


def test_an_object_is_measured_whatever_it_is(damaged: Store) -> None:
    assert damaged.measure(NAME) == (Digest.of(ROTTEN), len(ROTTEN))
    with pytest.raises(ObjectMissing):
        damaged.measure("objects/none")


@pytest.mark.parametrize("rotten", [ROTTEN, DATA[:-1], DATA + b"!", b""], ids=["flipped", "cut", "grown", "emptied"])
def test_the_right_bytes_take_the_place_of_wrong_ones_which_are_kept(place: Place, store: Store, rotten: bytes) -> None:
    put(store, NAME, DATA)
    overwrite(place, NAME, rotten)

    assert mend(store, found=rotten).put is Put.CREATED

    assert whole(store, NAME, DATA) == DATA
    aside = quarantine_name(NAME, Digest.of(rotten))
    assert whole(store, aside, rotten) == rotten
    assert sorted(store.names()) == [NAME, aside]
    assert quarantined_of(aside) == (NAME, Digest.of(rotten))


def test_repeating_it_changes_nothing(damaged: Store) -> None:
    mend(damaged)

    assert mend(damaged).put is Put.ALREADY_THERE

    assert (damaged.measure(NAME)[0], damaged.measure(ASIDE)[0]) == (Digest.of(DATA), Digest.of(ROTTEN))


def test_what_was_put_aside_before_it_was_killed_is_no_obstacle(damaged: Store) -> None:
    put(damaged, ASIDE, ROTTEN)

    assert mend(damaged).put is Put.CREATED

    assert whole(damaged, NAME, DATA) == DATA
    assert whole(damaged, ASIDE, ROTTEN) == ROTTEN


def test_other_bytes_than_were_found_are_left_as_they_are(damaged: Store) -> None:
    with pytest.raises(StoreError, match="holds other bytes now"):
        mend(damaged, found=b"something else")

    assert damaged.measure(NAME)[0] == Digest.of(ROTTEN)
    assert list(damaged.names("quarantine/")) == []


def test_other_bytes_under_the_name_that_they_are_to_be_kept_under_stop_it(damaged: Store) -> None:
    put(damaged, ASIDE, b"not what it says")

    with pytest.raises(NameTaken):
        mend(damaged)

    assert damaged.measure(NAME)[0] == Digest.of(ROTTEN)
    assert damaged.measure(ASIDE)[0] == Digest.of(b"not what it says")


def test_bytes_that_are_not_the_right_ones_are_not_put_there(damaged: Store) -> None:
    for wrong in (DATA[:-1] + b"?", DATA[:-1]):
        with pytest.raises(SourceChanged):
            mend(damaged, data=wrong)

    assert damaged.measure(NAME)[0] == Digest.of(ROTTEN)


def test_what_is_missing_is_not_replaced_but_put(store: Store) -> None:
    with pytest.raises(ObjectMissing):
        mend(store)


def test_without_hard_links_a_copy_is_kept(damaged: Store, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    if place.server is not None:
        pytest.skip("a bucket has no links")
    monkeypatch.setattr(local_replace, "linked", lambda *_: False)  # what FAT answers

    assert mend(damaged).put is Put.CREATED

    assert whole(damaged, NAME, DATA) == DATA
    assert whole(damaged, ASIDE, ROTTEN) == ROTTEN
