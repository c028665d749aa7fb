"""Clusters are stars and no chains; what is kept apart is apart; the same rows give the same clusters."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.neighbours import pairs
from archiver.neighbours.clusters import clusters
from tests.neighbours.test_bands_and_pairs import lanes, rows

APART = st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=12)


@settings(max_examples=300)
@given(rows(), st.integers(0, 60), APART, st.sampled_from([4, 2048]))
def test_every_member_is_near_its_medoid_and_no_two_are_kept_apart(
    prints: list[int], radius: int, apart: list[tuple[int, int]], hot: int
) -> None:
    apart = [pair for pair in apart if max(pair) < len(prints) and pair[0] != pair[1]]
    with patch.object(pairs, "HOT", hot), patch.object(pairs, "_MANY", 3):
        found = clusters(lanes(prints), radius, apart=apart)
        again = clusters(lanes(prints), radius, apart=apart)

    assert found == again
    seen: list[int] = []
    for cluster in found:
        members = [cluster.medoid, *(row for row, _ in cluster.members)]
        assert len(members) == len(cluster) >= 2
        for row, distance in cluster.members:
            assert distance == (prints[row] ^ prints[cluster.medoid]).bit_count() <= radius
        assert not any(one in members and other in members for one, other in apart)
        seen += members
    assert len(seen) == len(set(seen))
    assert [len(cluster) for cluster in found] == sorted((len(cluster) for cluster in found), reverse=True)


@settings(max_examples=100)
@given(rows(), st.integers(0, 60))
def test_what_is_in_no_cluster_resembles_only_what_is_in_one(prints: list[int], radius: int) -> None:
    inside = {row for cluster in clusters(lanes(prints), radius) for row in (cluster.medoid, *dict(cluster.members))}
    outside = [row for row in range(len(prints)) if row not in inside]

    for one in outside:
        for other in outside:
            assert one == other or (prints[one] ^ prints[other]).bit_count() > radius


def test_a_chain_of_resemblance_is_no_cluster() -> None:
    chain = [(1 << 10 * step) - 1 for step in range(20)]  # each ten bits from the next

    found = clusters(lanes(chain), 10)

    assert max(len(cluster) for cluster in found) == 3


def test_what_lies_between_two_medoids_is_in_the_nearer_and_told_beside_the_other() -> None:
    one, other = 0, (1 << 20) - 1
    stars = [one, one ^ 1 << 200, one ^ 1 << 201, one ^ 1 << 202, other, other ^ 1 << 210, other ^ 1 << 211]
    between = (1 << 11) - 1  # 11 bits from the one, 9 from the other

    first, second = clusters(lanes([*stars, between]), 11)

    assert (first.medoid, dict(first.members).get(7), first.beside) == (0, None, 1)
    (near,) = [cluster for cluster in (first, second) if 7 in dict(cluster.members)]
    assert (near.medoid, dict(near.members)[7], near.beside) == (4, 9, 0)


def test_identical_rows_are_a_cluster_of_their_own() -> None:
    (cluster,) = clusters(lanes([5, 2**200, 5, 5]), 0)
    assert (cluster.medoid, cluster.members) == (0, ((2, 0), (3, 0)))
    assert clusters(lanes([]), 31) == []
    assert clusters(lanes([1, 2**255]), 0) == []
