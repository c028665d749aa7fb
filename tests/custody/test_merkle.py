"""The tree is RFC 6962's: the published vectors, an independent implementation, and proofs that cannot be bent."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from archiver.custody.errors import Malformed, ProofUnverified
from archiver.custody.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

LARGEST = 70

# The certificate-transparency reference inputs, and the roots and proofs published for them with the reference tree
# (github.com/transparency-dev/merkle, testonly): data, restated.
INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
L0, L1 = ROOTS[1], "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
L4, L5 = (
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
)
N23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
N45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
N67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
N47 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
INCLUSION = {
    (0, 1): [],
    (0, 2): [L1],
    (1, 2): [L0],
    (2, 3): [ROOTS[2]],
    (1, 5): [L0, N23, L4],
    (0, 8): [L1, N23, N47],
    (5, 8): [L4, N67, ROOTS[4]],
}
CONSISTENCY = {(1, 1): [], (1, 8): [L1, N23, N47], (2, 5): [N23, L4], (6, 8): [N45, N67, ROOTS[4]]}

LEAVES = [leaf_hash(data) for data in INPUTS]
MANY = [leaf_hash(f"event {number}".encode()) for number in range(LARGEST)]
TREE = InmemoryTree()
for number in range(LARGEST):
    TREE.append_entry(f"event {number}".encode())


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_come_out(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size]


def test_the_published_leaves_and_nodes_come_out() -> None:
    assert [leaf.hex() for leaf in (LEAVES[0], LEAVES[1], LEAVES[4], LEAVES[5])] == [L0, L1, L4, L5]
    assert node_hash(LEAVES[4], LEAVES[5]).hex() == N45


@pytest.mark.parametrize(("place", "proof"), INCLUSION.items(), ids=str)
def test_the_published_inclusion_proofs_come_out(place: tuple[int, int], proof: list[str]) -> None:
    index, size = place
    assert [node.hex() for node in inclusion_proof(LEAVES, index, size)] == proof
    expected = bytes.fromhex(ROOTS[size])
    assert verify_inclusion(LEAVES[index], index, size, [bytes.fromhex(node) for node in proof], expected)


@pytest.mark.parametrize(("sizes", "proof"), CONSISTENCY.items(), ids=str)
def test_the_published_consistency_proofs_come_out(sizes: tuple[int, int], proof: list[str]) -> None:
    assert [node.hex() for node in consistency_proof(LEAVES, *sizes)] == proof
    first, second = (bytes.fromhex(ROOTS[size]) for size in sizes)
    assert verify_consistency(sizes[0], first, sizes[1], second, [bytes.fromhex(node) for node in proof])


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_roots_and_inclusion_proofs_agree_with_an_independent_implementation(size: int) -> None:
    assert root(MANY[:size]) == TREE.get_root(size)
    for index in range(size):
        proof = inclusion_proof(MANY, index, size)
        oracle = TREE.prove_inclusion(index + 1, size)
        assert [MANY[index], *proof] == oracle.path
        assert verify_inclusion(MANY[index], index, size, proof, TREE.get_root(size))


@pytest.mark.parametrize("second", range(1, LARGEST + 1))
def test_consistency_proofs_between_all_sizes_are_those_of_the_definition_and_hold(second: int) -> None:
    later = TREE.get_root(second)
    for first in range(1, second + 1):
        proof, earlier = consistency_proof(MANY, first, second), TREE.get_root(first)
        assert verify_consistency(first, earlier, second, later, proof)
        assert proof == by_definition(MANY[:second], first)
        if first != second:
            with pytest.raises(ProofUnverified):
                verify_consistency(first, sha256(earlier).digest(), second, later, proof)


def by_definition(leaves: list[bytes], first: int, *, whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2, in its own words; ``root`` is held against another implementation above."""
    size = len(leaves)
    if first == size:
        return [] if whole else [root(leaves)]
    split = max(2**power for power in range(size.bit_length()) if 2**power < size)
    if first <= split:
        return [*by_definition(leaves[:split], first, whole=whole), root(leaves[split:])]
    return [*by_definition(leaves[split:], first - split, whole=False), root(leaves[:split])]


@st.composite
def inclusions(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(st.integers(1, LARGEST))
    return draw(st.integers(0, size - 1)), size


def flip(data: bytes, bit: int) -> bytes:
    return (int.from_bytes(data) ^ 1 << bit).to_bytes(len(data))


@given(inclusions(), st.data())
def test_a_tampered_inclusion_proof_fails(place: tuple[int, int], data: st.DataObject) -> None:
    index, size = place
    proof, expected = inclusion_proof(MANY, index, size), root(MANY[:size])
    bit = data.draw(st.integers(0, 255))
    parts = [MANY[index], expected, *proof]
    chosen = data.draw(st.integers(0, len(parts) - 1))
    leaf, wanted, *path = [flip(part, bit) if number == chosen else part for number, part in enumerate(parts)]
    with pytest.raises(ProofUnverified):
        verify_inclusion(leaf, index, size, path, wanted)
    with pytest.raises(ProofUnverified):
        verify_inclusion(MANY[index], index, size, [*proof, expected], expected)
    for longer in (node_hash(expected, leaf), node_hash(leaf, expected)):
        with pytest.raises(ProofUnverified, match="too long"):
            verify_inclusion(MANY[index], index, size, [*proof, leaf], longer)
    if proof:
        with pytest.raises(ProofUnverified, match="too short"):
            verify_inclusion(MANY[index], index, size, proof[:-1], expected)


@given(inclusions(), st.integers(-2, LARGEST + 1))
def test_a_leaf_is_proved_for_its_own_index_only(place: tuple[int, int], other: int) -> None:
    index, size = place
    if other != index:
        with pytest.raises(ProofUnverified):
            verify_inclusion(MANY[index], other, size, inclusion_proof(MANY, index, size), root(MANY[:size]))


def test_an_inclusion_proof_does_not_bind_the_size_so_the_size_must_come_from_a_checkpoint() -> None:
    """A known property of RFC 6962 proofs, pinned so that nobody relies on the contrary."""
    assert verify_inclusion(MANY[0], 0, 7, inclusion_proof(MANY, 0, 8), root(MANY[:8]))


@given(st.integers(2, LARGEST), st.data())
def test_a_tampered_consistency_proof_fails(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, second - 1))
    proof = consistency_proof(MANY, first, second)
    parts = [root(MANY[:first]), root(MANY[:second]), *proof]
    chosen, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    earlier, later, *path = [flip(part, bit) if number == chosen else part for number, part in enumerate(parts)]
    with pytest.raises(ProofUnverified):
        verify_consistency(first, earlier, second, later, path)
    for path in (proof[:-1], [*proof, parts[1]], []):
        with pytest.raises(ProofUnverified):
            verify_consistency(first, parts[0], second, parts[1], path)


def test_two_histories_have_no_consistency_proof() -> None:
    other = [leaf_hash(b"forged"), *MANY[1:]]
    for first in range(1, 20):
        for second in range(first, 21):
            proof = consistency_proof(other, first, second)
            with pytest.raises(ProofUnverified):
                verify_consistency(first, root(MANY[:first]), second, root(other[:second]), proof)


@pytest.mark.parametrize(("first", "second"), [(0, 3), (4, 3), (-1, 3)])
def test_an_impossible_consistency_is_refused(first: int, second: int) -> None:
    with pytest.raises(ProofUnverified):
        verify_consistency(first, root([]), second, root(MANY[:3]), [])
    with pytest.raises(ValueError, match="no trees"):
        consistency_proof(MANY, first, second)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3), (0, LARGEST + 1)])
def test_there_is_no_proof_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(MANY, index, size)


@given(st.lists(st.integers(0, 20), max_size=6))
def test_a_frontier_grown_in_any_steps_has_the_whole_trees_root(steps: list[int]) -> None:
    frontier, used = Frontier(), 0
    for step in steps:
        frontier = frontier.extend((MANY * 2)[used : used + step])
        used += step
    assert (frontier.size, frontier.root) == (used, root((MANY * 2)[:used]))


def test_extending_leaves_the_earlier_frontier_as_it_was() -> None:
    earlier = Frontier().extend(MANY[:3])
    earlier.extend(MANY[3:])
    assert earlier.root == root(MANY[:3])


@given(st.integers(0, LARGEST))
def test_a_frontier_survives_a_database_column(size: int) -> None:
    frontier = Frontier().extend(MANY[:size])
    assert Frontier.parse(str(frontier)) == frontier


@pytest.mark.parametrize(
    "text",
    [
        *["", "x", "-1", "1", "0:", " 0", "00", "+0", "\N{ARABIC-INDIC DIGIT ZERO}"],
        *[f"1:{L0.upper()}", f"1:{L0[:-2]}", f"2:{L0}:{L0}", f"1:{L0}\n", f"1: {L0}"],
    ],
)
def test_another_spelling_of_a_frontier_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        Frontier.parse(text)
