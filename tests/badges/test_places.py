"""Places, counts and leagues by tables and properties, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.places import Zones, above, moved, moves, places, zones

scores_of = st.lists(st.integers(1, 10**11), max_size=40)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([], []),
        ([9], [1]),
        ([9, 7, 7, 3], [1, 2, 2, 4]),
        ([5, 5, 5], [1, 1, 1]),
        ([8, 5, 5, 5, 1], [1, 2, 2, 2, 5]),
    ],
)
def test_ties_share_a_place_and_the_next_counts_all_before_it(scores: list[int], expected: list[int]) -> None:
    assert places(scores) == expected


def how_many_above(counts: dict[tuple[int, int], int], score: int) -> int:
    """What the pages ask the database, asked of a dict."""
    return sum(
        number
        for level, first, end in above(score)
        for (at, bucket), number in counts.items()
        if at == level and bucket >= first and (end is None or bucket < end)
    )


@given(scores_of, st.integers(0, 10**11))
def test_the_tree_counts_everybody_above_once(scores: list[int], mine: int) -> None:
    counts = moved((0, score) for score in scores)
    assert how_many_above(counts, mine) == sum(score > mine for score in scores)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=40))
def test_the_tree_follows_changes(changes: list[tuple[int, int]]) -> None:
    counts = moved((0, before) for before, _ in changes)
    for bucket, number in moved(changes).items():
        counts[bucket] = counts.get(bucket, 0) + number
    after = {bucket: number for bucket, number in counts.items() if number}
    assert after == moved((0, score) for _, score in changes)


@given(scores_of)
def test_a_place_never_asks_for_more_than_the_buckets_of_five_levels(scores: list[int]) -> None:
    for score in scores:
        ranges = list(above(score))
        assert len(ranges) == 5
        assert all(end - first < 128 for _, first, end in ranges if end is not None)


@pytest.mark.parametrize(
    ("members", "division", "expected"),
    [
        (20, 0, (5, 0)),
        (20, 1, (5, 5)),
        (20, 2, (0, 5)),
        (8, 1, (2, 2)),
        (2, 0, (1, 0)),
        (2, 1, (1, 0)),
        (1, 1, (0, 0)),
    ],
)
def test_zones_of_a_circle(members: int, division: int, expected: tuple[int, int]) -> None:
    assert zones(members, division, 3, 20, 5, 5) == Zones(*expected)


def test_the_best_climb_and_the_last_go_down() -> None:
    found = moves(list(range(20, 0, -1)), Zones(5, 5))
    assert found == [1] * 5 + [0] * 10 + [-1] * 5


@pytest.mark.parametrize(
    ("scores", "zone", "expected"),
    [
        ([9, 8, 8, 1], Zones(2, 1), [1, 1, 1, -1]),  # all who share the last place that climbs, climb
        ([9, 8, 1, 1], Zones(1, 1), [1, 0, 0, 0]),  # who shares the first place that goes down, stays
        ([4, 4, 4, 4], Zones(1, 1), [1, 1, 1, 1]),
    ],
)
def test_a_tie_at_an_edge_is_decided_kindly(scores: list[int], zone: Zones, expected: list[int]) -> None:
    assert moves(scores, zone) == expected


@given(st.lists(st.integers(1, 30), min_size=1, max_size=20), st.integers(0, 2))
def test_nobody_both_climbs_and_falls_and_equals_fare_alike(scores: list[int], division: int) -> None:
    scores.sort(reverse=True)
    found = moves(scores, zones(len(scores), division, 3, 20, 5, 5))
    assert sorted(found, reverse=True) == found
    assert len({(score, move) for score, move in zip(scores, found, strict=True)}) == len(set(scores))
    assert division < 2 or 1 not in found
    assert division > 0 or -1 not in found
