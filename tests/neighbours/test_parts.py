"""The index answers what comparing everything with everything answers, whatever state its files are in."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from archiver.derived.cache import FeatureCache
from archiver.fingerprint.features import Features
from archiver.neighbours import lists as lists_module
from archiver.neighbours import parts
from archiver.neighbours.lists import Hits, Lists, Sorted, poses
from archiver.neighbours.parts import PartsIndex, Variant
from archiver.neighbours.segment import DamagedSegment, Segment, merged, write
from archiver.neighbours.voting import votes
from tests.derived.made import SAMPLES, given, item, made

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from storage.local import LocalStore

RADIUS = 24


def _perturbed(features: Features, seed: int, flips: int = 9) -> Features:
    """A copy as a mangled picture gives it: a few bits of every code turned over, all points turned and scaled."""
    chance = np.random.default_rng(seed)
    bits = np.unpackbits(features.codes.astype(">u8").view(np.uint8), axis=1)
    for row in bits:
        row[chance.choice(128, flips, replace=False)] ^= 1
    points = features.points.copy()
    points[:, 2] *= 1.5
    points[:, 3] = (points[:, 3] + 1) % (2 * np.pi)
    codes = np.packbits(bits, axis=1).view(">u8").astype(np.uint64)
    return Features(features.width, features.height, points, codes)


def _brute(query: Features, held: dict[int, Features]) -> list[tuple[int, int, int]]:
    """Every pair within the radius, in plain Python: query's point, row, distance."""
    pairs = []
    for row, features in held.items():
        for point, code in enumerate(query.codes.tolist()):
            for other in features.codes.tolist():
                distance = sum((a ^ b).bit_count() for a, b in zip(code, other, strict=True))
                if distance <= RADIUS:
                    pairs.append((point, row, distance))
    return sorted(pairs)


def _pairs(hits: Hits) -> list[tuple[int, int, int]]:
    columns = (hits.points.tolist(), hits.rows.tolist(), hits.distances.tolist())
    return sorted(zip(*columns, strict=True))


@settings(max_examples=25)
@drawn(st.integers(0, 2**32), st.integers(1, 6), st.integers(0, 30))
def test_all_lists_give_every_pair_within_the_radius_and_probing_gives_no_other(
    seed: int, rows: int, flips: int
) -> None:
    held = {row: made(seed + row, 5) for row in range(rows)}
    query = _perturbed(held[0], seed, flips)
    lists = Lists.of(Sorted.of_rows(list(held.items())))
    expected = _brute(query, held)
    assert _pairs(lists.near(query.codes, RADIUS, doublings=None)) == expected
    probed = Counter(_pairs(lists.near(query.codes, RADIUS, doublings=6)))
    assert probed <= Counter(expected)
    surest = np.random.default_rng(seed).random((5, 128))
    assert Counter(_pairs(lists.near(query.codes, RADIUS, sureness=surest, doublings=3))) <= Counter(expected)


@settings(max_examples=25)
@drawn(st.integers(0, 2**32), st.integers(0, 3))
def test_bits_that_were_not_sure_are_turned_over_in_all_ways(seed: int, wrong: int) -> None:
    held = made(seed, 40)
    lists = Lists.of(Sorted.of_rows([(3, held)]))
    chance = np.random.default_rng(seed)
    sureness = chance.uniform(1, 2, (40, 128))
    codes = held.codes.copy()
    for point in range(40):
        unsure = chance.choice(lists.bits, min(wrong, lists.bits), replace=False)
        sureness[point, unsure] = 0.1
        for bit in unsure:
            codes[point, 0] ^= np.uint64(1) << np.uint64(63 - int(bit))
    hits = lists.near(codes, 3, sureness=sureness, doublings=3)
    assert sorted(hits.points.tolist()) == list(range(40))


def _variants(features: Features, number: int) -> list[tuple[int, Features]]:
    """Rows of near copies of a picture: in each code three bits behind the prefix are turned over."""
    chance = np.random.default_rng(7)
    turned = np.uint64(1) << chance.integers(0, 64, (number, len(features.codes), 3), dtype=np.uint64)
    copies = np.repeat(features.codes[np.newaxis], number, axis=0)
    copies[:, :, 1] ^= np.bitwise_xor.reduce(turned, axis=2)
    return [(row, Features(500, 400, features.points, codes)) for row, codes in enumerate(copies)]


@pytest.mark.parametrize("number", [4_200, 20_000])
def test_a_picture_in_thousands_of_variants_is_found_and_the_cost_is_bounded(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = made(1, 20)
    lists = Lists.of(Sorted.of_rows([*_variants(picture, number), (number, made(2, 20))]))
    hits = lists.near(picture.codes, RADIUS, sureness=np.ones((20, 128)), doublings=6)
    assert 0 < len(hits.points) <= 20 * 64 * lists_module.SAMPLE
    rows, weights = votes(hits, poses(picture.points), number + 1)
    most = np.bincount(hits.rows[np.isin(hits.rows, rows)]).max()
    assert most >= 4  # of the 20 points: the same rows are compared in all lists, where it can be
    assert len(rows[weights >= weights.max() / 2]) >= 20
    again = lists.near(picture.codes, RADIUS, sureness=np.ones((20, 128)), doublings=6)
    assert _pairs(again) == _pairs(hits)
    monkeypatch.setattr(lists_module, "MOST_SAMPLED", 3)
    few = lists.near(picture.codes, RADIUS, sureness=np.ones((20, 128)), doublings=6)
    assert len(set(few.points.tolist())) == 3


def test_other_pictures_are_found_beside_one_in_thousands_of_variants() -> None:
    picture, other = made(1, 20), made(2, 20)
    lists = Lists.of(Sorted.of_rows([*_variants(picture, 4_200), (4_200, other)]))
    hits = lists.near(other.codes, RADIUS, doublings=6)
    assert set(range(20)) <= set(hits.points[hits.rows == 4_200].tolist())


def test_a_vote_is_counted_once_for_a_point_and_by_the_agreement_of_turn_and_scale() -> None:
    # Row 1: two points agree about turn and scale. Row 2: one point resembles three times. Row 3: two that disagree.
    hits = Hits(
        np.array([0, 1, 0, 0, 0, 0, 1], np.int32),
        np.array([1, 1, 2, 2, 2, 3, 3], np.uint32),
        np.array([5, 5, 5, 9, 9, 5, 5], np.uint8),
        np.array([0x3000, 0x3010, 0x3000, 0x3000, 0x3000, 0x3000, 0x3090], np.uint16),
    )
    rows, weights = votes(hits, np.array([0x3000, 0x3010], np.uint16), 100)
    one, two, three = weights.tolist()
    assert rows.tolist() == [1, 2, 3]
    assert 0 < two < three  # the first point resembles three rows, the second two
    assert one == two + three


def test_no_hits_are_no_votes() -> None:
    rows, weights = votes(Hits.together([]), np.empty(0, np.uint16), 10)
    assert (len(rows), len(weights)) == (0, 0)


def _grown(home: Path, store: LocalStore, numbers: range) -> tuple[FeatureCache, PartsIndex]:
    cache = FeatureCache(home, lambda: store)
    cache.add(given(numbers))
    return cache, PartsIndex(cache)


def _answers(index: PartsIndex, numbers: range) -> list[list[tuple[str, int]]]:
    queries = [_perturbed(made(number), number) for number in numbers if number % 5 != 4]
    return [[(c.item, c.votes) for c in index.shortlist([Variant(query)], doublings=None)] for query in queries]


def test_the_tail_is_searched_as_segments_are(home: Path, store: LocalStore) -> None:
    cache, index = _grown(home, store, range(30))
    in_memory = _answers(index, range(30))
    assert not (cache.generation / "parts").exists()  # looking writes nothing while the tail is short
    assert [best[0][0] for best in in_memory] == [item(n) for n in range(30) if n % 5 != 4]
    index.grow()
    assert _answers(PartsIndex(cache), range(30)) == in_memory
    cache.add(given(range(30, 40)))
    assert index.shortlist([Variant(_perturbed(made(33), 1))])[0].item == item(33)


def test_a_long_tail_becomes_a_segment(home: Path, store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_TAIL", 20)
    monkeypatch.setattr(parts, "_MOST_ROWS", 16)
    cache, index = _grown(home, store, range(50))
    assert index.shortlist([Variant(made(3))])[0].item == item(3)
    assert [path.name for path in (cache.generation / "parts").glob("*.codes")] == ["segment-0-50.codes"]


def test_segments_are_few_and_merging_changes_no_answer(home: Path, store: LocalStore) -> None:
    cache, index = _grown(home, store, range(4))
    for start in range(4, 60, 4):
        cache.add(given(range(start, start + 4)))
        index.grow()
    assert len(list((cache.generation / "parts").glob("*.codes"))) <= 5
    fresh = FeatureCache(home.parent / "fresh", lambda: store)
    fresh.refresh()
    assert _answers(index, range(60)) == _answers(PartsIndex(fresh), range(60))


def test_merged_segments_are_byte_for_byte_what_the_same_rows_give_at_once(tmp_path: Path) -> None:
    found = [(row, made(row, 40)) for row in range(12)]
    whole = Sorted.of_rows(found)
    (tmp_path / "once").mkdir()
    once = write(tmp_path / "once", 0, 12, [whole], len(whole))
    some = []
    for first, end in ((0, 5), (5, 6), (6, 12)):
        codes = Sorted.of_rows(found[first:end])
        some.append(write(tmp_path, first, end, [codes], len(codes)))
    total = sum(len(each) for each in some)
    assert write(tmp_path, 0, 12, merged(some), total).path.read_bytes() == once.path.read_bytes()


def test_mirrored_and_other_variants_vote_by_themselves(home: Path, store: LocalStore) -> None:
    _, index = _grown(home, store, range(10))
    found = index.shortlist([Variant(made(99)), Variant(_perturbed(made(3), 3)), Variant(_perturbed(made(7), 3))], 2)
    assert {(each.item, each.variant) for each in found} == {(item(3), 1), (item(7), 2)}


def test_what_was_not_held_uses_up_no_place(home: Path, store: LocalStore) -> None:
    cache = FeatureCache(home, lambda: store)
    picture = made(1)
    copies = [(item(number), _perturbed(picture, number, number // 20), b"") for number in range(200)]
    cache.add(copies)
    index = PartsIndex(cache)
    asked: list[str] = []

    def held(items: Sequence[str]) -> set[str]:
        asked.extend(items)
        return {each for each in items if each in wanted}

    everything = [each.item for each in index.shortlist([Variant(picture)], 200)]
    assert set(everything) == {item(number) for number in range(200)}
    wanted = {everything[150], everything[3], everything[120]}
    found = [each.item for each in index.shortlist([Variant(picture), Variant(made(2))], 3, held=held)]
    assert found == [everything[3], everything[120], everything[150]]
    assert len(asked) == len(set(asked))
    asked.clear()
    assert [each.item for each in index.shortlist([Variant(picture)], 1, held=held)] == [everything[3]]
    assert len(asked) < 100  # no further down than needed
    wanted = set()
    assert index.shortlist([Variant(picture)], 3, held=held) == []


def test_a_query_without_points_and_an_empty_archive_have_no_candidates(home: Path, store: LocalStore) -> None:
    cache = FeatureCache(home, lambda: store)
    assert PartsIndex(cache).shortlist([Variant(made(1))]) == []
    cache.add([(item(0), None, SAMPLES)])
    index = PartsIndex(cache)
    index.grow()
    assert index.shortlist([Variant(made(1, 0)), Variant(made(1))]) == []


@pytest.mark.parametrize("damage", ["cut", "empty", "head", "foreign"])
def test_a_damaged_segment_is_made_again(home: Path, store: LocalStore, damage: str) -> None:
    cache, index = _grown(home, store, range(12))
    index.grow()
    expected = _answers(index, range(12))
    (path,) = (cache.generation / "parts").glob("*.codes")
    content = path.read_bytes()
    path.unlink()
    changed = {
        "cut": content[:-1],
        "empty": b"",
        "head": content[:12] + b"\x01" + content[13:],
        "foreign": content,
    }[damage]
    (path if damage != "foreign" else path.with_name("segment-0-11.codes")).write_bytes(changed)
    again = PartsIndex(FeatureCache(home, lambda: store))
    assert _answers(again, range(12)) == expected
    again.grow()
    assert path.read_bytes() == content


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@drawn(data=st.data())
def test_a_changed_byte_never_breaks_a_search_and_check_repairs_it(
    home: Path, store: LocalStore, data: st.DataObject
) -> None:
    cache, index = _grown(home, store, range(12))
    index.grow()
    (path,) = (cache.generation / "parts").glob("*.codes")
    content = path.read_bytes()
    section = data.draw(st.integers(0, len(content) // 4096 - 1)) * 4096
    at = section + data.draw(st.integers(0, 200))
    changed = bytearray(content)
    changed[at] ^= data.draw(st.integers(1, 255))
    path.unlink()
    path.write_bytes(changed)
    again = PartsIndex(FeatureCache(home, lambda: store))
    for number in (0, 1, 2):
        again.shortlist([Variant(made(number))])
        again.shortlist([Variant(made(number))], doublings=None)
    again.check()
    again.grow()
    (path,) = (cache.generation / "parts").glob("*.codes")
    restored = Segment(path)
    restored.check()
    assert restored.codes.firsts.tobytes() in content


def test_a_segment_whose_bytes_were_changed_is_not_merged(home: Path, store: LocalStore) -> None:
    cache, index = _grown(home, store, range(4))
    index.grow()
    (path,) = (cache.generation / "parts").glob("*.codes")
    changed = bytearray(path.read_bytes())
    changed[2 * 4096] ^= 1
    path.unlink()
    path.write_bytes(changed)
    with pytest.raises(DamagedSegment):
        Segment(path).check()
    cache.add(given(range(4, 12)))
    later = PartsIndex(cache)
    later.grow()
    assert later.check() == 0
    assert _answers(later, range(12)) == _answers(PartsIndex(FeatureCache(home, lambda: store)), range(12))
    assert [best[0][0] for best in _answers(later, range(4))] == [item(n) for n in range(4)]


def test_poses_are_steps_of_scale_and_angle() -> None:
    points = np.array([[0, 0, 1, 0], [0, 0, 2, np.pi], [0, 0, 4, 2 * np.pi - 1e-4]], np.float32)
    assert poses(points).tolist() == [0, (24 << 8) | 128, 48 << 8]
