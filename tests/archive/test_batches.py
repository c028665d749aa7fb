"""The same events make the same rows, in whatever transactions they come and in whatever order they were said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from archiver.catalogue.catalogue import Catalogue
from archiver.catalogue.filters import Filter
from archiver.catalogue.listing import listed
from archiver.catalogue.mirror import LogHead, SealedBatch, SealedEvent, add_batch
from archiver.catalogue.tables import PROJECTED
from archiver.facts.acquisition import Acquisition
from archiver.facts.assessment import Assessment
from archiver.facts.claim import Claim
from archiver.facts.handling import Sensitivity, Tag
from archiver.facts.sighting import Sighting
from archiver.facts.source import account_identity
from archiver.facts.vocabulary import AssessmentStatus, SensitivityFlag, TargetKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archiver.facts.fact import Fact

ITEM, OTHER = "a" * 64, "b" * 64
ACCOUNT = account_identity("telegram", "first")
MOMENT = "2026-11-23T14:53:53.123456Z"


def history() -> list[Fact]:
    """What is said of an item before it comes, and after; in between another one comes that nobody spoke of."""
    judged = Assessment(
        item=ITEM,
        target_kind=TargetKind.ITEM,
        target=ITEM,
        status=AssessmentStatus.INCONCLUSIVE,
        assessor="A. Judge",
        basis="one source",
        assessed=MOMENT,
    )
    return [
        Sighting(item=ITEM, account=ACCOUNT, caption="a drawing in a notebook", observed=MOMENT),
        Claim(item=ITEM, text="It belonged to a soldier"),
        judged,
        Tag(item=ITEM, scheme="own", code="notebook"),
        Acquisition(item=OTHER, size=1, taken_in=MOMENT),
        Acquisition(item=ITEM, size=2, taken_in=MOMENT, note="sent by hand"),
        Sensitivity(item=ITEM, flag=SensitivityFlag.PERSONAL_DATA, by="A. Judge", basis="a name in it"),
        Acquisition(item=ITEM, size=2, taken_in=MOMENT, note="sent again"),
        Sighting(item=ITEM, account=ACCOUNT, caption="the same drawing", observed=MOMENT),
    ]


def projected(home: Path, cuts: list[int]) -> Catalogue:
    """A catalogue of the history, cut into transactions at these places."""
    catalogue = Catalogue("sqlite:catalogue.db", origin="test", home=home)
    catalogue.ensure()
    facts = [(fact.identity(), fact) for fact in history()]
    for first, end in zip([0, *cuts], [*cuts, len(facts)], strict=True):
        events = tuple(
            SealedEvent(number, fact.kind_of_fact, fact.subject(), MOMENT, "Test Desk", identity, "{}")
            for number, (identity, fact) in enumerate(facts[first:end], first)
        )
        with catalogue.engine.begin() as connection:
            batch = SealedBatch(LogHead(end, ""), "", events)
            add_batch(connection, first, batch, facts[first:end], published=True)
    return catalogue


def rows(catalogue: Catalogue) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the projection, by table."""
    with catalogue.engine.connect() as connection:
        return {
            of.name: [tuple(row) for row in connection.execute(sa.select(of).order_by(*of.primary_key.columns))]
            for of in PROJECTED
        }


@pytest.fixture
def at_once(tmp_path: Path) -> Iterator[Catalogue]:
    """The history in one transaction."""
    (tmp_path / "once").mkdir()
    catalogue = projected(tmp_path / "once", [])
    yield catalogue
    catalogue.close()


@pytest.mark.parametrize("cuts", [[1], [4], [5], [1, 2, 3, 4, 5, 6, 7, 8]], ids=str)
def test_the_rows_are_the_same_in_whatever_transactions_they_come(
    at_once: Catalogue, tmp_path: Path, cuts: list[int]
) -> None:
    catalogue = projected(tmp_path, cuts)
    assert rows(catalogue) == rows(at_once)
    catalogue.close()


@pytest.mark.parametrize(
    "chosen",
    [
        Filter(words=[("notebook", None)]),
        Filter(words=[("soldier", "claim"), ("again", "note")]),
        Filter(sources=[ACCOUNT]),
        Filter(status="inconclusive"),
        Filter(tag="own:notebook"),
        Filter(sensitivity="personal-data"),
    ],
)
def test_what_was_said_of_an_item_before_it_came_finds_it(tmp_path: Path, chosen: Filter) -> None:
    catalogue = projected(tmp_path, [1, 2, 3, 4, 5])
    with catalogue.asking() as questions:
        assert listed(questions, chosen).items == [ITEM]
        assert listed(questions.at(4), chosen).items == []
    catalogue.close()
