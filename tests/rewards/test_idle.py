"""Points that end when nothing was done for long: by hand, and against a walk over all days that knows no engine."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.events import Fact
from facts.history import events
from facts.language import codes, language
from members.books import fold_of, state_of
from members.programme import ProgrammeInvalid, load
from rewards.fold import Fold, needs_lots
from rewards.lasting import lasting
from rewards.terms import TermsLine
from rewards.wording import Wording
from tests.builders import a_fact, an_order
from tests.engine.wording import a_programme
from tests.rewards.paper import ONE_LEVEL, folded, left, line_of, posted, terms_of

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # in New York
BASE = '  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}\n'


def programme(policy: str, zone: str = "America/New_York", earning: str = "") -> str:
    return a_programme(
        points=f"  expiry: {{kind: inactivity, {policy}}}", levels=ONE_LEVEL, zone=zone, earning=earning
    )


def day(count: float) -> datetime:
    return NOON + timedelta(days=count)


def order(name: str, at: datetime, dollars: int = 10, **more: str) -> Fact:
    return an_order(name, f"{dollars}.00", at=at, **more)


def visit(name: str, at: datetime) -> Fact:
    return a_fact("visit", {}, at=at, id=name)


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


# policy → (last activity, the day after the last one), by the shop's own calendar
ENDS = [
    ("months: 12", [("2024-02-29", "2025-03-01"), ("2023-02-28", "2024-02-29"), ("2026-12-31", "2028-01-01")]),
    ("months: 6", [("2023-08-31", "2024-03-01"), ("2024-08-31", "2025-03-01"), ("2026-04-25", "2026-10-26")]),
    ("days: 90", [("2023-12-01", "2024-03-01"), ("2026-01-01", "2026-04-02")]),
    ("months: 12, round_to: year", [("2024-02-29", "2026-01-01")]),
    ("months: 3, round_to: month", [("2023-11-05", "2024-03-01")]),
]  # fmt: skip


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Moscow", "Asia/Riyadh"])
def test_all_points_end_together_so_long_after_the_last_order(zone: str) -> None:
    for policy, days in ENDS:
        for last, gone in days:
            at = local(f"{last}T23:30", zone)
            facts = [order("A", at - timedelta(days=60)), order("B", at, 7)]
            ends = local(f"{gone}T00:00", zone)
            fold = folded(line_of(programme(policy, zone)), facts, ends - timedelta(microseconds=1))
            assert left(fold) == {"earn paid-A base": 10, "earn paid-B base": 7}, (policy, last)
            fold.advance(ends)
            assert left(fold) == {}, (policy, last)
            assert [(one.kind, one.amount, one.at) for one in fold.postings[2:]] == [
                ("expired", -10, ends), ("expired", -7, ends)]  # fmt: skip


def test_only_what_is_named_keeps_points_and_being_opened_keeps_the_lot_itself() -> None:
    earning = BASE + "  - {kind: fixed_points, slug: review, on: review.posted, points: 5}"
    facts = [
        order("A", day(0)),
        visit("v", day(80)),
        a_fact("review.posted", {"review_id": "r"}, at=day(85), id="r"),
    ]
    by_order = folded(line_of(programme("days: 90", earning=earning)), facts, day(92))
    assert left(by_order) == {"earn r review": 5}
    by_visit = folded(line_of(programme("days: 90, activities: [visit]", earning=earning)), facts, day(92))
    assert left(by_visit) == {"earn paid-A base": 10, "earn r review": 5}
    assert left(folded(line_of(programme("days: 90, activities: [visit]", earning=earning)), facts, day(172))) == {
        "earn r review": 5}  # fmt: skip


def test_a_late_order_between_keeps_what_had_ended_and_one_that_went_back_kept_nothing() -> None:
    line = line_of(programme("days: 90"))
    first, between, last = order("A", day(0)), order("B", day(70), 3), order("C", day(130), 4)
    assert left(folded(line, [first, last])) == {"earn paid-C base": 4}
    assert left(folded(line, [last, first, between])) == {
        "earn paid-A base": 10, "earn paid-B base": 3, "earn paid-C base": 4}  # fmt: skip
    gone = a_fact("order.cancelled", {"order_id": "B"}, at=day(140), id="gone")
    assert left(folded(line, [first, between, last, gone])) == {"earn paid-C base": 4}


def test_another_version_leaves_points_the_terms_under_which_they_came() -> None:
    yearly = a_programme(points="  expiry: {kind: rolling, months: 12}", levels=ONE_LEVEL)
    by_visits = programme("days: 30, activities: [visit]")
    line = line_of(programme("days: 90"), (yearly, day(50)), (by_visits, day(100)))
    facts = [order("A", day(0)), order("B", day(60), 5), order("C", day(110), 6)]
    assert left(folded(line, facts, day(145))) == {"earn paid-A base": 10, "earn paid-B base": 5}
    assert left(folded(line, [*facts, visit("v", day(130))], day(145))) == {
        "earn paid-A base": 10, "earn paid-B base": 5, "earn paid-C base": 6}  # fmt: skip
    assert left(folded(line, [*facts, visit("v", day(130))], day(205))) == {"earn paid-B base": 5}


def test_points_without_a_date_are_used_after_those_with_one() -> None:
    gift = "  - {kind: extra_points, slug: more, points: 5, each: order, expires_days: 60, where: {skus: [sku-1]}}"
    earning = BASE + gift
    facts = [order("A", day(0)), order("B", day(1), points_paid="0.06")]
    fold = folded(line_of(programme("days: 90", earning=earning)), facts)
    assert left(fold)["earn paid-A base"] == 9
    assert "earn paid-A more" not in left(fold)


@pytest.mark.parametrize(
    ("policy", "path", "said"),
    [("{kind: inactivity, activities: [visits]}", "points.expiry.activities[0]", "nobody does “visits”"),
     ("{kind: inactivity, activities: [order.placed]}", "points.expiry.activities[0]", "order.paid"),
     ("{kind: rolling, activities: [visit]}", "points.expiry.activities", "activities belongs to inactivity"),
     ("{kind: inactivity, dates: [12-31]}", "points.expiry.dates", "dates belongs to calendar")],
)  # fmt: skip
def test_activities_that_do_not_exist_are_refused_at_their_place(policy: str, path: str, said: str) -> None:
    with pytest.raises(ProgrammeInvalid) as invalid:
        load(a_programme(points=f"  expiry: {policy}"))
    (problem,) = invalid.value.problems
    assert problem.path == path
    assert said in str(problem)


def test_an_own_fact_that_is_not_declared_is_named() -> None:
    text = (
        a_programme(points="  expiry: {kind: inactivity, activities: [x.came]}")
        + "facts:\n  x.come: {name: Came}\n"
    )
    with pytest.raises(ProgrammeInvalid, match=r"points\.expiry\.activities\[0\].*did you mean “x.come”"):
        load(text)


def test_what_keeps_points_is_said_in_every_language() -> None:
    for code in codes():
        said = lasting(terms_of(programme("months: 6, activities: [order.paid, visit, x.came]")).points,
                       Wording(language(code), "USD"))  # fmt: skip
        assert "came" in said


# --- against a walk over days -------------------------------------------------------------------------------

things = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from(["order", "order", "visit"])), min_size=1, max_size=9
)


def by_walking(history: list[tuple[int, str]], length: int, kinds: set[str], until: int) -> dict[int, int]:
    """What is left of the points of each order by its place, when one walks over the days with a pencil."""
    start, there = NOON.astimezone(ZoneInfo("America/New_York")).date(), dict[int, tuple[date, int]]()
    last = date.min
    for number in range(until + 1):
        today = start + timedelta(days=number)
        there = {i: one for i, one in there.items() if today <= max(last, one[0]) + timedelta(days=length)}
        for i, (at, what) in enumerate(history):
            if at == number:
                last = today if what in kinds else last
                if what == "order":
                    there[i] = (today, i + 1)
    return {i: points for i, (_, points) in there.items()}


@settings(max_examples=60, deadline=None)
@given(
    things, st.sampled_from([20, 45, 90]), st.sets(st.sampled_from(["order", "visit"]), min_size=1), st.data()
)
def test_any_history_in_any_batches_leaves_what_a_walk_over_all_days_leaves(
    history: list[tuple[int, str]], length: int, kinds: set[str], data: st.DataObject
) -> None:
    types = {"order": "order.paid", "visit": "visit"}
    line = line_of(
        programme(f"days: {length}, activities: {json.dumps(sorted(types[one] for one in kinds))}")
    )
    facts = [order(str(i), day(at), i + 1) if what == "order" else visit(str(i), day(at))
             for i, (at, what) in enumerate(history)]  # fmt: skip
    until = data.draw(st.integers(max(at for at, _ in history), 500))
    whole = folded(line, facts, day(until))
    wanted = {
        f"earn paid-{i} base": points for i, points in by_walking(history, length, kinds, until).items()
    }
    assert left(whole) == wanted
    batched = in_batches(line, facts, data.draw(st.integers(1, 4)), day(until))
    assert (left(batched), sorted(posted(batched))) == (wanted, sorted(posted(whole)))


def in_batches(line: TermsLine, facts: list[Fact], size: int, until: datetime) -> Fold:
    """Forward only, as members are weighed: the older lots are at hand only when they are asked for."""
    every, fold = events(facts), Fold(line)
    kept = dict(fold.lots)
    for begin in range(0, len(every), size):
        batch = every[begin : begin + size]
        postings, fold = fold.postings, fold_of(state_of(fold), line)
        whole = needs_lots(fold, 0, batch)
        fold.lots, fold.postings = dict(kept) if whole else {}, postings
        fold.older_due = None if whole else fold.expiry_due
        for event in batch:
            fold.apply(event)
        kept |= fold.lots
    fold.lots = kept
    fold.older_due = None
    fold.advance(until)
    return fold
