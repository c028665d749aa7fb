"""The Merkle tree of the log: RFC 6962, section 2.1, and the same tree in RFC 9162, section 2.1.

* leaf hash = SHA-256(0x00 || data); node hash = SHA-256(0x01 || left || right); the empty tree's root = SHA-256("").
* A tree of n > 1 leaves splits at the largest power of two below n.

An inclusion proof does not bind the size of the tree: for some wrong sizes the same hashes lead to the same root. Take
the size, like the root, only from a signed checkpoint.

Everywhere below a *leaf* is a leaf hash of 32 bytes, not the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, Self

from archiver.custody.errors import Malformed, ProofUnverified

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HASH_BYTES = 32


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 over 0x00 and the data: 32 bytes."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 over 0x01 and both children: 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that appending needs to know of a tree: the roots of its perfect subtrees, from left to right.

    There is one node for every bit set in ``size``, the largest subtree first: 7 for 1,000,000 leaves. The literature
    calls this a compact range. ``str`` writes it as text for a database column, ``parse`` undoes that.
    """

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.nodes) != self.size.bit_count():
            raise Malformed(f"a tree of {self.size} leaves does not have {len(self.nodes)} perfect subtrees")
        if any(len(node) != HASH_BYTES for node in self.nodes):
            raise Malformed("a node of the tree is not 32 bytes long")

    def extend(self, leaves: Iterable[bytes]) -> Frontier:
        """The tree with these leaf hashes appended; this one stays as it is."""
        size, nodes = self.size, list(self.nodes)
        for leaf in leaves:
            node, ones = leaf, size
            while ones & 1:  # node_hash, written out: this loop runs once for every event ever recorded
                node = sha256(b"\x01" + nodes.pop() + node).digest()
                ones >>= 1
            nodes.append(node)
            size += 1
        return Frontier(size, tuple(nodes))

    @property
    def root(self) -> bytes:
        """The root hash, 32 bytes."""
        if not self.nodes:
            return sha256(b"").digest()
        *larger, node = self.nodes
        for left in reversed(larger):
            node = node_hash(left, node)
        return node

    def __str__(self) -> str:
        return ":".join([str(self.size), *(node.hex() for node in self.nodes)])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a frontier back.

        Raises:
            Malformed: the text was not written by ``str``.
        """
        size, *nodes = text.split(":")
        try:
            frontier = cls(int(size), tuple(bytes.fromhex(node) for node in nodes))
        except ValueError as error:
            raise Malformed(f"not a frontier: {text[:80]!r}") from error
        if str(frontier) != text:
            raise Malformed(f"not a frontier: {text[:80]!r}")
        return frontier


def root(leaves: Iterable[bytes]) -> bytes:
    """The root of the tree over these leaf hashes (RFC 6962, 2.1: MTH)."""
    return Frontier().extend(leaves).root


def inclusion_proof(leaves: Sequence[bytes], index: int, size: int) -> list[bytes]:
    """The hashes that lead from one leaf to the root, lowest first (RFC 6962, 2.1.1: PATH).

    Args:
        leaves: at least ``size`` leaf hashes.
        index: which leaf, from 0.
        size: the tree's size in leaves; hashes all of them, so the cost is linear in it.

    Raises:
        ValueError: there is no such leaf or no such tree.
    """
    if not 0 <= index < size <= len(leaves):
        raise ValueError(f"no leaf {index} in a tree of {size} over {len(leaves)} leaves")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root(leaves[middle:end]))
            end = middle
        else:
            path.append(root(leaves[start:middle]))
            start = middle
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> Literal[True]:
    """Check that a leaf stands at this index of the tree with this root (RFC 9162, 2.1.3.2).

    Args:
        leaf: the leaf hash.
        index: its place, from 0.
        size: the tree's size, from a signed checkpoint.
        proof: the hashes from ``inclusion_proof``.
        expected: the root, from the same checkpoint.

    Raises:
        ProofUnverified: it does not, or not by this proof.
    """
    if not 0 <= index < size:
        raise ProofUnverified(f"no leaf {index} in a tree of {size}")
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofUnverified("the inclusion proof is too long")
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            place, last = _rise(place, last)
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofUnverified("the inclusion proof is too short")
    if node != expected:
        raise ProofUnverified(f"leaf {index} is not in the tree of {size} with this root")
    return True


def consistency_proof(leaves: Sequence[bytes], first: int, second: int) -> list[bytes]:
    """The hashes that show that a tree only grew (RFC 6962, 2.1.2: PROOF).

    Args:
        leaves: at least ``second`` leaf hashes.
        first: the earlier size, at least 1: every tree extends the empty one, and nothing can prove it.
        second: the later size.

    Raises:
        ValueError: there are no such trees.
    """
    if not 1 <= first <= second <= len(leaves):
        raise ValueError(f"no trees of {first} and {second} over {len(leaves)} leaves")
    path, start, end, whole = [], 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(root(leaves[middle:end]))
            end = middle
        else:
            path.append(root(leaves[start:middle]))
            start, whole = middle, False
    if not whole:  # a verifier knows the earlier tree's root, but not the root of this part of it
        path.append(root(leaves[start:end]))
    return path[::-1]


def verify_consistency(
    first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]
) -> Literal[True]:
    """Check that the later tree begins with all leaves of the earlier one (RFC 9162, 2.1.4.2).

    Args:
        first: the earlier size, at least 1, from a signed checkpoint as is its root.
        first_root: the earlier root.
        second: the later size.
        second_root: the later root.
        proof: the hashes from ``consistency_proof``.

    Raises:
        ProofUnverified: it does not, or not by this proof.
    """
    if not 1 <= first <= second:
        raise ProofUnverified(f"a tree of {second} cannot extend a tree of {first}")
    if first == second:
        if proof or first_root != second_root:
            raise ProofUnverified("two different trees of one size")
        return True
    hashes = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not hashes:
        raise ProofUnverified("the consistency proof is too short")
    ones = (~(first - 1) & first).bit_length() - 1  # the right edge of the earlier tree's last perfect subtree
    place, last = first - 1 >> ones, second - 1 >> ones
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise ProofUnverified("the consistency proof is too long")
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            place, last = _rise(place, last)
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofUnverified("the consistency proof is too short")
    if (old, new) != (first_root, second_root):
        raise ProofUnverified(f"the tree of {second} does not extend the tree of {first}")
    return True


def _rise(place: int, last: int) -> tuple[int, int]:
    """Go up to where the node at ``place``, the last of its row, has a sibling to its left."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _split(size: int) -> int:
    """The largest power of two below ``size`` (> 1)."""
    return 1 << (size - 1).bit_length() - 1
