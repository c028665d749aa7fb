"""Many inclusion proofs in one pass are those that one pass each gives."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.custody.merkle import inclusion_proof, root, verify_inclusion
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


def test_only_hashes_of_the_proofs_are_kept() -> None:
    proofs = Proofs((sha256(number.to_bytes(4)).digest() for number in range(100_000)), 100_000, {77})
    assert len(proofs._nodes) < 40


@pytest.mark.parametrize(("size", "wanted"), [(131, {0}), (5, {5}), (5, {-1})])
def test_a_leaf_that_is_not_there_has_no_proof(size: int, wanted: set[int]) -> None:
    with pytest.raises(ValueError, match=r"leaf|leaves"):
        Proofs(LEAVES, size, wanted)
