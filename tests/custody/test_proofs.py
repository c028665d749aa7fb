"""Many inclusion proofs in one pass are those that one pass each gives."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.custody.merkle import consistency_proof, inclusion_proof, root, verify_consistency, verify_inclusion
from archiver.custody.proofs import Proofs

LEAVES = [sha256(bytes([number])).digest() for number in range(130)]


@given(st.integers(1, 130).flatmap(lambda size: st.tuples(st.just(size), st.sets(st.integers(0, size - 1)))))
def test_every_path_is_the_one_of_the_definition(case: tuple[int, set[int]]) -> None:
    size, wanted = case
    proofs = Proofs(iter(LEAVES), size, wanted)
    assert proofs.root == root(LEAVES[:size])
    for place in wanted:
        path = proofs.path(place)
        assert path == inclusion_proof(LEAVES, place, size)
        assert verify_inclusion(LEAVES[place], place, size, path, proofs.root)


@given(st.integers(1, 130).flatmap(lambda size: st.tuples(st.just(size), st.sets(st.integers(1, size)))))
def test_that_a_tree_grew_is_shown_as_by_the_definition(case: tuple[int, set[int]]) -> None:
    size, earlier = case
    proofs = Proofs(iter(LEAVES), size, (), earlier)
    for first in earlier:
        grown = proofs.growth(first)
        assert grown == consistency_proof(LEAVES, first, size)
        assert verify_consistency(first, root(LEAVES[:first]), size, proofs.root, grown)


@pytest.mark.parametrize("first", [0, -1, 6])
def test_a_tree_that_is_none_or_larger_is_not_grown_from(first: int) -> None:
    with pytest.raises(ValueError, match="tree"):
        Proofs(LEAVES, 5, (), {first})


def test_only_hashes_of_the_proofs_are_kept() -> None:
    proofs = Proofs((sha256(number.to_bytes(4)).digest() for number in range(100_000)), 100_000, {77})
    assert len(proofs._nodes) < 40


@pytest.mark.parametrize(("size", "wanted"), [(131, {0}), (5, {5}), (5, {-1})])
def test_a_leaf_that_is_not_there_has_no_proof(size: int, wanted: set[int]) -> None:
    with pytest.raises(ValueError, match=r"leaf|leaves"):
        Proofs(LEAVES, size, wanted)
