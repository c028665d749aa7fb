"""Affiliations: who is said to act for whom, from when to when, and what that leaves of independent origins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.archive.sourcing import WHY, origins, profile, published

if TYPE_CHECKING:
    from tests.archive.desk import Desk


def affiliate(desk: Desk, subject: str, *words: str, by: str = "Ada", code: int = 0) -> None:
    basis = ("--basis", "its profile says so", "--by", by)
    desk(
        "source", "affiliate", subject, "--with", "The Army", "--kind", "officially-operated", *basis, *words, code=code
    )


def test_sources_that_are_said_to_act_for_one_are_one_origin_and_the_reason_is_told(on_catalogue: Desk) -> None:
    item = published(on_catalogue, "telegram:one", "x:two")
    on_catalogue("source", "add", "The Army", "--kind", "armed-force")
    place = on_catalogue.counts()["events"] - 1
    affiliate(on_catalogue, "telegram:one")
    affiliate(on_catalogue, "x:two", "--valid", "2022/..")

    count, reasons = origins(on_catalogue, item)

    assert count == 1
    assert "telegram:one is officially operated by The Army, says Ada" in reasons[0]
    told = on_catalogue("show", item).out
    assert "2 sightings, 1 independent origin" in told
    assert "2 sightings, 1 independent origin" in on_catalogue("find", item).out
    assert "2 sightings, 2 independent origins" in on_catalogue("show", item, "--as-of", f"#{place}").out
    army = profile(on_catalogue, "The Army")
    assert {each["source"] for each in army["affiliates"]} == {"telegram:one", "x:two"}
    (tie,) = profile(on_catalogue, "x:two")["affiliations"]
    assert (tie["organisation"], tie["valid"], tie["asserted_by"], tie["status"]) == (
        *("The Army", "2022/..", "Ada"),
        "unverified",
    )
    assert [line["item"] for line in on_catalogue("list", "--affiliation", "The Army", "--json").lines] == [item]


@pytest.mark.parametrize("verdict", ["refuted", "withdrawn"])
def test_an_affiliation_that_is_refuted_ties_nothing_together_any_more(on_catalogue: Desk, verdict: str) -> None:
    item = published(on_catalogue, "telegram:one", "x:two")
    on_catalogue("source", "add", "The Army")
    for subject in ("telegram:one", "x:two"):
        affiliate(on_catalogue, subject)
    (tie,) = profile(on_catalogue, "x:two")["affiliations"]
    place = on_catalogue.counts()["events"] - 1

    judged = ("--by", "B. Check", "--basis", "the profile was forged")
    on_catalogue("assess", f"affiliation:{tie['number']}", "--status", verdict, *judged)

    assert origins(on_catalogue, item)[0] == 2
    assert "1 independent origin" in on_catalogue("show", item, "--as-of", f"#{place}").out
    (told,) = profile(on_catalogue, "x:two")["affiliations"]
    assert (told["status"], told["assessments"][0]["assessor"]) == (verdict, "B. Check")


def test_what_was_asserted_is_taken_back_by_whoever_asserted_it_and_by_nobody_else(on_catalogue: Desk) -> None:
    item = published(on_catalogue, "telegram:one", "x:two")
    on_catalogue("source", "add", "The Army")
    affiliate(on_catalogue, "telegram:one")
    affiliate(on_catalogue, "x:two")
    affiliate(on_catalogue, "x:two", by="Ben")

    affiliate(on_catalogue, "x:two", "--retract", by="Carl", code=3)
    affiliate(on_catalogue, "x:two", "--retract")
    assert origins(on_catalogue, item)[0] == 1  # Ben still asserts it
    affiliate(on_catalogue, "x:two", "--retract", by="Ben")

    assert origins(on_catalogue, item)[0] == 2
    shown = profile(on_catalogue, "x:two")
    assert shown["affiliations"] == []
    assert [(said["state"], said["asserted_by"]) for said in shown["history"]] == [
        *(("stated", "Ada"), ("stated", "Ben")),
        *(("retracted", "Ada"), ("retracted", "Ben")),
    ]
    affiliate(on_catalogue, "x:two", "--retract", code=3)


def test_an_affiliation_outside_its_dates_ties_nothing_together(on_catalogue: Desk) -> None:
    item = published(on_catalogue, "telegram:one", "x:two")
    on_catalogue("source", "add", "The Army")
    affiliate(on_catalogue, "telegram:one", "--valid", "2020/2023")
    affiliate(on_catalogue, "x:two")
    assert origins(on_catalogue, item)[0] == 2

    affiliate(on_catalogue, "telegram:one", "--valid", "2020/2025")

    assert origins(on_catalogue, item)[0] == 1


def test_what_one_asserts_for_two_periods_stands_for_both_and_is_taken_back_one_by_one(on_catalogue: Desk) -> None:
    on_catalogue("source", "add", "The Army")

    def periods() -> list[str | None]:
        return [each["valid"] for each in profile(on_catalogue, "x:two")["affiliations"]]

    said = ("x:two", "--with", "The Army", "--kind", "officially-operated", "--by", "Ada", "--basis")
    first = on_catalogue("source", "affiliate", *said, "b", "--valid", "2020/2021", "--json").json
    second = on_catalogue("source", "affiliate", *said, "b", "--valid", "2023/..")
    on_catalogue("source", "affiliate", *said, "b")

    assert periods() == ["2020/2021", "2023/..", None]
    assert first["superseded"] is None
    assert "asserts the same for other periods too, which stand beside it: 2020/2021" in second.err
    again = on_catalogue("source", "affiliate", *said, "another page", "--valid", "2020/2021")
    assert f"it supersedes #{first['number']}" in again.err
    assert periods() == ["2023/..", None, "2020/2021"]

    refused = on_catalogue("source", "affiliate", *said, "b", "--retract", code=2)
    assert "2020/2021 (#" in refused.err
    assert "2023/.. (#" in refused.err
    on_catalogue("source", "affiliate", *said, "b", "--retract", "--valid", "2022", code=3)
    on_catalogue("source", "affiliate", *said, "b", "--retract", "--valid", "2020/2021")
    assert periods() == ["2023/..", None]
    on_catalogue("source", "affiliate", *said, "b", "--retract", "--valid", "none")
    assert periods() == ["2023/.."]
    on_catalogue("source", "affiliate", *said, "b", "--retract")
    assert periods() == []
    root = on_catalogue.root()
    on_catalogue("rebuild")
    assert (periods(), on_catalogue.root()) == ([], root)


@pytest.mark.parametrize(("valid", "count"), [("2020/2021", 2), ("2024/..", 1)])
def test_an_affiliation_ties_by_any_of_the_periods_that_one_asserts(local: Desk, valid: str, count: int) -> None:
    item = published(local, "telegram:one", "x:two")
    local("source", "add", "The Army")
    affiliate(local, "x:two")
    affiliate(local, "telegram:one", "--valid", valid)

    affiliate(local, "telegram:one", "--valid", "2018/2019")

    assert origins(local, item)[0] == count


def test_affiliations_are_followed_over_others_and_through_merged_records(on_catalogue: Desk) -> None:
    item = published(on_catalogue, "telegram:one", "The Ministry")
    for name in ("Press Office", "Press Bureau"):
        on_catalogue("source", "add", name)
    said = ("--kind", "employed-by", "--basis", "its imprint", "--by", "Ada")
    on_catalogue("source", "affiliate", "telegram:one", "--with", "Press Bureau", *said)
    on_catalogue("source", "affiliate", "Press Office", "--with", "The Ministry", *said)
    assert origins(on_catalogue, item)[0] == 2

    on_catalogue("source", "edit", "Press Office", "--merge", "Press Bureau", *WHY)

    count, (reason,) = origins(on_catalogue, item)
    assert count == 1
    assert "Press Office is employed by The Ministry" in reason


def test_an_account_that_is_not_known_is_recorded_with_its_affiliation_and_said(local: Desk) -> None:
    local("source", "add", "The Army")
    words = ("--with", "The Army", "--kind", "self-declared", "--basis", "its profile", "--by", "Ada")

    first = local("source", "affiliate", "x:new", *words)

    assert "the account x:new was not known" in first.err
    assert "was not known" not in local("source", "affiliate", "x:new", *words).err
    assert "already recorded" in local("source", "affiliate", "x:new", *words).out
