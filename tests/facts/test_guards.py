"""Guards hold whole bursts, by the facts' own times; compared with counting every stretch by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from facts.guards import NAMES_MAX, Decision, Guard, GuardLine, Watch, latest, micros
from facts.history import Event

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_guard(**more: Any) -> Guard:
    """At most three reviews an hour, unless it says otherwise."""
    asked = {"slug": "g", "name": "G", "on": "review.posted", "at_most": 3, "within": {"hours": 1}}
    return Guard.model_validate(asked | more)


def line_of(*guards: Guard) -> GuardLine:
    """These guards, for ever."""
    return GuardLine([(START - timedelta(days=9000), guards)])


def an_event(minutes: int, name: str = "", **data: Any) -> Event:
    """A review so many minutes after the start."""
    return Event((START + timedelta(minutes=minutes), "shop", name or f"e{minutes}"), "review.posted", data)


def held(guard: Guard, *minutes: int) -> list[int]:
    """Which of these moments are held."""
    watch = Watch(line_of(guard))
    watch.sift([an_event(one, f"{i}") for i, one in enumerate(minutes)])
    return [one for i, one in enumerate(minutes) if an_event(one, f"{i}").key in watch.held]


@pytest.mark.parametrize(
    ("minutes", "wanted"),
    [
        ([0, 10, 20], []),
        ([0, 10, 20, 30], [0, 10, 20, 30]),
        ([0, 10, 20, 60], []),
        ([0, 10, 20, 59], [0, 10, 20, 59]),
        ([0, 50, 55, 59, 61, 200], [0, 50, 55, 59, 61]),
        ([0, 60, 70, 80, 90, 180], [60, 70, 80, 90]),
        ([5, 5, 5, 5], [5, 5, 5, 5]),
    ],
)
def test_the_whole_burst_is_held(minutes: list[int], wanted: list[int]) -> None:
    assert held(a_guard(), *minutes) == wanted


def test_objects_are_counted_apart() -> None:
    watch = Watch(line_of(a_guard(per="sku", at_most=1)))
    names = [{"sku": "tea"}, {"sku": "jam"}, {"sku": "tea"}, {}, {}]
    watch.sift([an_event(i, **data) for i, data in enumerate(names)])
    assert [key[2] for key in watch.held] == ["e0", "e2"]


def test_only_facts_with_such_fields_are_counted() -> None:
    watch = Watch(line_of(a_guard(at_most=1, fields=[{"name": "rating", "at_least": 5}])))
    watch.sift([an_event(0, rating=5), an_event(1, rating=4), an_event(2, rating=5)])
    assert [key[2] for key in watch.held] == ["e0", "e2"]


def test_another_question_begins_anew() -> None:
    before, after = a_guard(at_most=2), a_guard(at_most=1)
    line = GuardLine([(START, [before]), (START + HOUR / 2, [after])])
    watch = Watch(line)
    watch.sift([an_event(0), an_event(20), an_event(31), an_event(45)])
    assert [key[2] for key in watch.held] == ["e31", "e45"]


@given(
    minutes=st.lists(st.integers(0, 400), max_size=30).map(sorted),
    at_most=st.integers(1, 4),
    cut=st.integers(0, 30),
)
def test_in_two_parts_as_in_one(minutes: list[int], at_most: int, cut: int) -> None:
    """With the memory in between; what is held now and was not before is told."""
    guard, events = a_guard(at_most=at_most), [an_event(one, f"{i:02}") for i, one in enumerate(minutes)]
    wanted = {
        one.key
        for one in events
        if any(
            sum(start.at <= other.at < start.at + HOUR for other in events) > at_most
            and start.at <= one.at < start.at + HOUR
            for start in events
        )
    }
    whole = Watch(line_of(guard))
    whole.sift(events)
    assert set(whole.held) == wanted
    first = Watch(line_of(guard))
    first.sift(events[:cut])
    second = Watch.of(first.told(), first.line)
    second.sift(events[cut:])
    assert set(second.held) == wanted & {one.key for one in events[cut:]}
    late = wanted & {one.key for one in events[:cut]} - set(first.held)
    assert second.stirred == (min(late)[0] if late else None)
    assert second.told() == whole.told()


def moments(told: dict[str, Any]) -> dict[str, list[int]]:
    """The moments that are remembered, by name."""
    return {name: [at for at, _ in kept] for name, kept in told.get("seen", {}).items()}


@given(
    met=st.lists(st.tuples(st.integers(0, 90), st.sampled_from("abcdef")), max_size=30).map(sorted),
    cut=st.integers(0, 30),
)
def test_only_the_latest_names_are_remembered_in_two_parts_as_in_one(
    met: list[tuple[int, str]], cut: int
) -> None:
    guard = a_guard(per="sku", at_most=1)
    events = [an_event(minutes, f"{i:02}", sku=name) for i, (minutes, name) in enumerate(met)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("facts.guards.NAMES_MAX", 3)
        whole, first = Watch(line_of(guard)), Watch(line_of(guard))
        whole.sift(events)
        first.sift(events[:cut])
        assert len(first.told().get("seen", {})) <= 3
        if 0 < cut < len(events) and events[cut - 1].at < events[cut].at:  # what a checkpoint says in between
            assert moments(whole.told(events[cut].at)) == moments(first.told(events[cut].at))
        second = Watch.of(first.told(), first.line)
        second.sift(events[cut:])
        assert set(second.held) == set(whole.held) & {one.key for one in events[cut:]}
        assert second.told() == whole.told()


def test_a_name_that_was_forgotten_begins_anew() -> None:
    watch = Watch(line_of(a_guard(per="sku", at_most=1)))
    watch.sift([an_event(0, "first", sku="tea"), *(an_event(1, f"{i}", sku=i) for i in range(NAMES_MAX)),
                an_event(2, "again", sku="tea"), an_event(3, "twice", sku="tea")])  # fmt: skip
    assert [key[2] for key in watch.held] == ["again", "twice"]
    assert len(watch.told()["seen"]) == NAMES_MAX


def test_a_released_stretch_counts_and_the_latest_word_holds() -> None:
    events = [an_event(one) for one in range(5)]
    ends = micros(events[0].at), micros(events[-1].at)
    yes, no = Decision("g:1", "g", *ends, 10, True), Decision("g:1", "g", *ends, 20, False)
    for decisions, wanted in (([yes], 0), ([yes, no], 5), ([no, yes], 5)):
        watch = Watch(line_of(a_guard()), decisions=latest(decisions))
        watch.sift(events)
        assert len(watch.held) == wanted
        assert Watch.of(watch.told(), watch.line).decisions == watch.decisions


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"on": "review"}, "there is nothing to guard by that name"),
        ({"on": "order.refunded"}, "there is nothing to guard by that name"),
        ({"on": "points.adjusted"}, "there is nothing to guard by that name"),
        ({"within": {}}, "more than nothing"),
        ({"within": {"days": 31, "hours": 1}}, "31 days at most"),
        ({"at_most": 0}, "greater than or equal to 1"),
    ],
)
def test_a_guard_that_makes_no_sense_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        a_guard(**wrong)
