"""The tree of RFC 6962: the vectors of the specification, and every small tree proved from every leaf and size."""

from __future__ import annotations

import pytest
from pymerkle import InmemoryTree

from yukuaiban.core.merkle import (
    BOTH,
    SHA256,
    SM3,
    Digest,
    Frontier,
    available,
    consistency,
    consistent,
    grown,
    included,
    inclusion,
    over,
)

ROOTS = {
    0: (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b",
    ),
    1: (
        "e6c410a9745b0151d82d1a9f007b81f378a1588c3fb63dc634a2ab001379c3d2",
        "2add25f72b1f91371c54dd28022a8a3132c0cb5283e26a094a8e6b03f7df393b",
    ),
    3: (
        "f1aed069e1b79c5f12193e715059c468eff1559a5c989c6d7c46bc29f4f84f6c",
        "b57085cd9e716f82d8e0518e34cadef8e68989f8b0b564cc5def750b7bbf01ef",
    ),
    5: (
        "2f4e0d79b7e066069be4d391a858023d0acd245505ab6913a8fd69726b65741d",
        "969a012a2ce68caf7a00f3c316b63642b6f5b1e02b959c91980fd754c53bf605",
    ),
    8: (
        "d12334b61aa2f244f11754c40896641551d64cd5c79fa0f9760d2ec3079d1834",
        "5173a9fb4f63b8f58eb587573dafa77203e77c3acaede051140bae192e0be554",
    ),
}
INCLUSION_2_OF_5 = (
    "f1fbbbe36a7c26642bf89e87d44e785402b9e723cd9b190566ff6a5f8a1de294",
    "82bbd1c5de08394573f035ab3871ffaa6d8aba80baf47c7b28fb2b167f18464e",
    "929a82444d49121b8f9f31e6a720898d3bc0e591699ac8133f3bc28b27ead191",
)
CONSISTENCY_3_TO_5 = (
    "30415163f9aea87a7f53b3679c4d75318ee1367567efb6b2183c0e875ab02b4e",
    *INCLUSION_2_OF_5,
)
SIZES = 40


def leaves(count: int, digest: Digest = SHA256) -> list[bytes]:
    return [digest.leaf(f"leaf{number}".encode()) for number in range(count)]


def hexed(proof: list[bytes]) -> tuple[str, ...]:
    return tuple(part.hex() for part in proof)


@pytest.mark.parametrize("size", ROOTS)
def test_the_roots_of_the_specification(size):
    assert tuple(grown(each, leaves(size, each)).root().hex() for each in BOTH) == ROOTS[size]


def test_the_proofs_of_the_specification():
    stretch = over(SHA256, leaves(5))
    assert hexed(inclusion(stretch, 2, 5)) == INCLUSION_2_OF_5
    assert hexed(consistency(stretch, 3, 5)) == CONSISTENCY_3_TO_5


def test_roots_and_proofs_agree_with_another_library():
    oracle = InmemoryTree(algorithm="sha256")
    tree = Frontier(SHA256)
    mine = leaves(SIZES)
    for number in range(SIZES):
        oracle.append_entry(f"leaf{number}".encode())
        tree.add(mine[number])
        assert tree.root() == oracle.get_root()
    for size in range(1, SIZES + 1):
        stretch = over(SHA256, mine)
        for index in range(size):
            # The library counts from 1; its path holds the leaf itself and follows the order of positions.
            path = oracle.prove_inclusion(index + 1, size).path
            assert sorted(path) == sorted([mine[index], *inclusion(stretch, index, size)])


@pytest.mark.parametrize("digest", BOTH, ids=lambda each: each.name)
def test_every_leaf_of_every_small_tree_is_proved_and_nothing_else(digest):
    mine = leaves(SIZES, digest)
    for size in range(1, SIZES + 1):
        root = grown(digest, mine[:size]).root()
        for index in range(size):
            proof = inclusion(over(digest, mine), index, size)

            def holds(leaf, proof=proof, root=root, index=index, size=size):
                return included(digest, leaf, index=index, size=size, proof=proof, root=root)

            assert holds(mine[index])
            assert not holds(mine[(index + 1) % SIZES])
            assert not holds(mine[index], proof=[*proof, b"x" * 32])
            assert not holds(mine[index], root=b"x" * 32)
            assert not holds(mine[index], index=size)
            assert not proof or not holds(mine[index], proof=proof[:-1])
            assert size == 1 or not holds(mine[index], index=(index + 1) % size)


def test_every_small_tree_continues_each_smaller_one_and_no_other():
    mine, other = leaves(SIZES), leaves(SIZES)
    other[0] = b"y" * 32
    roots = [grown(SHA256, mine[:size]).root() for size in range(SIZES + 1)]
    strange = [grown(SHA256, other[:size]).root() for size in range(SIZES + 1)]
    for size in range(1, SIZES + 1):
        for old in range(1, size + 1):
            proof = consistency(over(SHA256, mine), old, size)

            def holds(old_root, root, proof=proof, old=old, size=size):
                return consistent(SHA256, old=old, size=size, old_root=old_root, root=root, proof=proof)

            assert holds(roots[old], roots[size])
            assert not holds(strange[old], roots[size])
            assert not holds(roots[old], strange[size])
            assert not holds(roots[old], roots[size], proof=[*proof, b"x" * 32])
            assert not proof or not holds(roots[old], roots[size], proof=proof[:-1])
            assert not proof or not holds(roots[old], roots[size], proof=[b"x" * 32, *proof[1:]])
            assert old == size or not holds(roots[size], roots[old], old=size, size=old)


def test_the_empty_tree_begins_every_tree_but_needs_its_own_root():
    empty, root = Frontier(SHA256).root(), grown(SHA256, leaves(3)).root()
    assert consistent(SHA256, old=0, size=3, old_root=empty, root=root, proof=[])
    assert not consistent(SHA256, old=0, size=3, old_root=root, root=root, proof=[])
    assert not consistent(SHA256, old=0, size=3, old_root=empty, root=root, proof=[root])


def test_a_frontier_goes_on_from_where_it_was_packed():
    whole = grown(SM3, leaves(SIZES, SM3))
    for size in range(SIZES):
        half = grown(SM3, leaves(size, SM3))
        again = Frontier.unpacked(SM3, size, half.packed())
        for leaf in leaves(SIZES, SM3)[size:]:
            again.add(leaf)
        assert (again.size, again.root()) == (SIZES, whole.root())


@pytest.mark.parametrize(("size", "data"), [(1, b""), (3, b"x" * 32), (2, b"x" * 33), (0, b"x" * 32)])
def test_a_frontier_of_another_size_is_refused(size, data):
    with pytest.raises(ValueError, match="has not"):
        Frontier.unpacked(SHA256, size, data)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_no_proof_is_made_for_a_leaf_outside_the_tree(index, size):
    with pytest.raises(ValueError, match="no leaf"):
        inclusion(over(SHA256, leaves(3)), index, size)


@pytest.mark.parametrize(("old", "size"), [(0, 3), (4, 3)])
def test_no_proof_is_made_from_nothing_or_backwards(old, size):
    with pytest.raises(ValueError, match="no proof"):
        consistency(over(SHA256, leaves(3)), old, size)


def test_a_hash_function_that_openssl_lacks_is_noticed():
    assert available(SHA256)
    assert not available(Digest("no-such-function"))
