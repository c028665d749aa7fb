"""A store URL has one spelling, no unknown word, and never a credential."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import InvalidStoreUrl, StoreError
from storage.guarantees import Guarantees, Versioning
from storage.local import LocalStore
from storage.s3 import S3Store
from storage.url import FileUrl, S3Url, StoreUrl, open_store, parse_store_url

if TYPE_CHECKING:
    from pathlib import Path

NAMES = st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,20}", fullmatch=True)
PATHS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=80).filter(
    lambda text: not text.startswith(("~", "//"))
)
S3_URLS = st.builds(
    S3Url,
    bucket=st.from_regex(r"[a-z0-9][a-z0-9.-]{1,20}[a-z0-9]", fullmatch=True),
    prefix=st.just("") | st.lists(NAMES, min_size=1, max_size=3).map("/".join),
    endpoint=st.sampled_from(["", "http://127.0.0.1:8333", "https://[::1]:9000", "https://s3.example.org/storage/v1"]),
    region=st.sampled_from(["", "eu-central-1", "de_fra"]),
    style=st.sampled_from(["", "path", "virtual"]),
    ca=st.just("")
    | st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"])).map(lambda text: f"/{text}"),
    profile=st.just("") | st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 ._@+:-]{0,20}", fullmatch=True),
)


@given(st.builds(FileUrl, PATHS) | S3_URLS)
def test_parse_undoes_str(url: StoreUrl) -> None:
    assert parse_store_url(str(url)) == url


@given(st.text(max_size=200) | st.text(max_size=100).map(lambda text: "s3://bucket/" + text))
def test_any_other_text_is_refused_in_our_own_words(text: str) -> None:
    try:
        url = parse_store_url(text)
    except InvalidStoreUrl:
        return
    assert parse_store_url(str(url)) == url


SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"  # noqa: S105 - an example, published as one


@pytest.mark.parametrize(
    "text",
    [
        f"s3://AKIAEXAMPLE:{SECRET}@bucket/prefix",
        f"s3://bucket?endpoint=http://AKIAEXAMPLE:{SECRET}@127.0.0.1:8333",
        f"s3://bucket?aws_secret_access_key={SECRET}",
        f"s3://bucket?{SECRET}=1",
        f"s3://bucket?endpoint=http://127.0.0.1:8333?key={SECRET}",
        f"s3://bucket?endpoint=http%3A//127.0.0.1:{SECRET}",
        f"s3://bucket?style={SECRET}",
        f"s3://bucket?region=%20{SECRET}",
        f"s3://bucket#{SECRET}",
        f"https://user:{SECRET}@example.org/bucket",
    ],
)
def test_a_credential_in_a_url_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(InvalidStoreUrl) as caught:
        parse_store_url(text)
    assert SECRET not in str(caught.value) + caught.value.hint
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "store",
        "file:",
        "file:~/store",
        "file://host/store",
        "s3://",
        "s3:bucket",
        "s3://B",
        "s3://bucket/../x",
        "s3://bucket?endpoint=ftp://x",
        "s3://bucket?color=red",
        "s3://bucket?ca=relative.pem",
        "s3://bucket?region=a&region=b",
        "s3://bucket?style=dns",
        "s3://bucket?region",
        "s3://[bucket",
        "s3://bucket/" + "a" * 5000,
    ],
)
def test_what_is_not_understood_is_an_error(text: str) -> None:
    with pytest.raises(InvalidStoreUrl):
        parse_store_url(text)


def test_a_file_uri_is_read_as_the_standard_says() -> None:
    assert parse_store_url("file:///srv/my%20archive") == FileUrl("/srv/my archive")
    assert parse_store_url("file:/srv/my%20archive") == FileUrl("/srv/my%20archive")


def test_a_relative_directory_is_relative_to_the_base(tmp_path: Path) -> None:
    store = open_store("file:store", base=tmp_path)
    assert isinstance(store, LocalStore)
    assert store.root == tmp_path / "store"
    assert not store.root.exists(), "making a store touches nothing"


def test_a_stores_url_opens_it_again() -> None:
    url = "s3://bucket/prefix?endpoint=http://127.0.0.1:1&region=eu-north-1&profile=press"
    store = open_store(url)
    assert isinstance(store, S3Store)
    assert store.url == url
    again = open_store(store.url)
    assert isinstance(again, S3Store)
    assert again.place == store.place


SOUND = Guarantees(
    refuses_wrong_checksum=True, create_only=True, versioning=Versioning.OFF, object_lock="off", private=True
)
GUARANTEES = st.builds(
    Guarantees,
    refuses_wrong_checksum=st.booleans(),
    create_only=st.booleans(),
    versioning=st.sampled_from(Versioning),
    object_lock=st.sampled_from(["none", "off", "governance 30 days", "enabled, no default retention"]),
    private=st.none() | st.booleans(),
    notes=st.lists(st.text()).map(tuple),
)


@given(GUARANTEES)
def test_recorded_guarantees_read_back_the_same(guarantees: Guarantees) -> None:
    assert Guarantees.from_json(guarantees.to_json()) == guarantees


@pytest.mark.parametrize(
    "change",
    [
        {"refuses_wrong_checksum": "yes"},
        {"create_only": 1},
        {"versioning": "perhaps"},
        {"private": "no"},
        {"notes": "none"},
        {"notes": [1]},
        {"more": True},
    ],
)
def test_guarantees_that_are_not_understood_are_not_guessed(change: dict[str, object]) -> None:
    record = SOUND.to_json()
    with pytest.raises(StoreError):
        Guarantees.from_json(record | change)
    with pytest.raises(StoreError):
        Guarantees.from_json(
            {name: value for name, value in record.items() if name not in change and name != "create_only"}
        )
