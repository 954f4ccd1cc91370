"""The law with guards: any order of arrival holds the same facts back, pays the same, and opens the same cases."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from badges.tables import HELD, RETURNED, Award
from facts.events import Fact
from facts.language import language
from members.case_tables import HeldCase, HeldFact
from members.programme import versions
from members.prove import prove
from members.views.badges import badges
from members.views.saying import wording
from members.views.staff_badges import badges_and_options
from rewards.tables import Entry
from tests.budget import CALM, examples
from tests.builders import PROGRAMME, a_fact, a_refund, an_order, in_force, standing_of
from tests.members.test_law import in_batches, state

GUARDED = (
    PROGRAMME.replace(
        "tiers:\n",
        """  - {kind: fixed_points, slug: review, on: review.posted, points: 25}
  - {kind: fixed_points, slug: bottle, on: x.bottle, points: 40}
guards:
  - {slug: reviews, name: Reviews, on: review.posted, at_most: 3, within: {hours: 6}}
  - {slug: bottles, name: Bottles, on: x.bottle, per: shop, at_most: 1, within: {days: 3}}
  - {slug: orders, name: Orders, on: order.paid, at_most: 4, within: {days: 1}}
tiers:
""",
        1,
    ).replace("slug: member,", "slug: watch,")
    + """
badges:
  - {slug: voice, name: Voice, levels: {formula: 2*level, levels: 9}, criterion: {kind: count, at_least: 1,
     where: {type: review.posted}}, prizes: [{points: 7}]}
  - {slug: kept, name: Kept, on_refund: keep, levels: {formula: 2*level, levels: 4}, prizes: [{points: 50}],
     criterion: {kind: count, at_least: 1, where: {type: x.bottle}}}
  - {slug: big, name: Big, on_refund: keep, criterion: {kind: count, at_least: 2, where: {amount_min: "90"}}}
  - {slug: orders, name: Orders, criterion: {kind: count, at_least: 3}, prizes: [{points: 9}]}
"""
)
START = datetime(2026, 1, 30, 20, tzinfo=UTC)
MARCH = datetime(2026, 3, 4, 21, tzinfo=UTC)
DECIDED_AGAIN = [("review", 0, START + timedelta(hours=1)), ("release", 1, MARCH), ("review", 2, START),
                 ("bottle", 3, START), ("release", 4, START), ("bottle", 5, START)]  # fmt: skip
"""The later decision about a case is of another stretch, so that the first one's is held again."""
numbers = count()
moments = st.one_of(st.integers(0, 40), st.integers(0, 4000)).map(lambda n: START + timedelta(hours=n))


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, int, datetime]]:
    """Reviews, bottles, orders and what became of them, many of them close to each other."""
    kinds = st.sampled_from(
        ["review", "review", "bottle", "order", "order", "cancel", "refund", "release", "reject"]
    )
    return [(draw(kinds), i, draw(moments)) for i in range(draw(st.integers(1, 16)))]


def facts_of(history: list[tuple[str, int, datetime]], source: str) -> list[Fact]:
    """The history as facts of a source; a decision is about the two days before it."""
    found: list[Fact] = []
    orders = [i for what, i, _ in history if what == "order"]
    for what, i, at in history:
        more: Any = {"at": at, "id": f"f{i}", "source": source}
        if what == "review":
            found.append(a_fact("review.posted", {"review_id": f"r{i}"}, **more))
        elif what == "bottle":
            found.append(a_fact("x.bottle", {"shop": i % 2}, **more))
        elif what == "order":
            found.append(an_order(f"o{i}", "12.00", "7.50", **more))
        elif orders and what == "cancel":
            found.append(a_fact("order.cancelled", {"order_id": f"o{orders[0]}"}, **more))
        elif orders and what == "refund":
            found.append(a_refund(f"o{orders[-1]}", ("1", "12.00"), **more))
        elif what in ("release", "reject"):
            guard = ("reviews", "bottles", "orders")[i % 3]
            ends = [int((at - timedelta(days=n)).timestamp()) * 10**6 for n in (2, 0)]
            data = {"case": f"{guard}:1", "guard": guard, "since": ends[0], "until": ends[1], "reason": "a test",
                    "actor": "test"}  # fmt: skip
            found.append(
                a_fact(
                    f"guard.{what}d" if what == "release" else "guard.rejected", data, internal=True, **more
                )
            )
    return found


def stands(session: Session, source: str) -> dict[str, Any]:
    """Everything of `state`, what is held and the open cases."""
    told = state(session, source)
    member_id = standing_of(session, source=source).member_id
    held = session.exec(select(HeldFact).where(HeldFact.member_id == member_id)).all()
    cases = session.exec(
        select(HeldCase).where(HeldCase.member_id == member_id, HeldCase.status == "open")
    ).all()
    return told | {
        "held": sorted((row.guard, row.at, row.fact_id) for row in held),
        "cases": sorted((row.guard, row.facts, row.since, row.until) for row in cases),
    }


@given(history=histories(), seed=st.integers())
@example(history=DECIDED_AGAIN, seed=0)
@settings(max_examples=examples(20, full=60), deadline=None, suppress_health_check=CALM)
def test_any_order_of_arrival_holds_the_same(
    session: Session, history: list[tuple[str, int, datetime]], seed: int
) -> None:
    number = next(numbers)
    straight, shuffled = f"gs{number}", f"gt{number}"
    if not any(what in ("review", "bottle", "order") for what, _, _ in history):
        return
    in_batches(session, sorted(facts_of(history, straight), key=lambda fact: fact.key), random.Random(1))
    mixed = facts_of(history, shuffled)
    random.Random(seed).shuffle(mixed)
    in_batches(session, mixed, random.Random(seed))
    assert stands(session, shuffled) == stands(session, straight)
    assert prove(session).flaws == []


@pytest.fixture(autouse=True)
def guarded(session: Session) -> None:
    in_force(session, GUARDED)


def reviews(many: int, source: str, minutes: int = 1) -> list[Fact]:
    """So many reviews, one after the other."""
    return [a_fact("review.posted", {"review_id": f"r{i}"}, at=START + timedelta(minutes=minutes * i), id=f"r{i}",
                   source=source) for i in range(many)]  # fmt: skip


def test_what_was_paid_before_the_burst_was_one_is_taken_back_with_its_reason(session: Session) -> None:
    in_batches(session, reviews(3, "burst"), random.Random(2))
    assert standing_of(session, source="burst").balance == 3 * 25 + 7
    in_batches(session, reviews(9, "burst")[3:], random.Random(2))
    standing = standing_of(session, source="burst")
    assert (standing.balance, len(stands(session, "burst")["held"])) == (0, 9)
    entries = session.exec(
        select(Entry).where(Entry.member_id == standing.member_id).order_by(col(Entry.seq))
    ).all()
    told = [(entry.kind == "reversal", entry.amount) for entry in entries]
    assert told == [(False, n) for n in (25, 25, 7, 25)] + [(True, -n) for n in (25, 25, 7, 25)]
    assert [entry.why.endswith('"for":"held"}') for entry in entries] == [False] * 4 + [True] * 4
    cases = session.exec(select(HeldCase).where(HeldCase.member_id == standing.member_id)).all()
    assert [(case.number, case.status, case.facts) for case in cases] == [(1, "open", 9)]


def test_what_passed_long_ago_is_remembered_no_more(session: Session) -> None:
    in_batches(session, reviews(3, "calm", minutes=100), random.Random(1))
    assert '"watch":{' in standing_of(session, source="calm").state
    later = a_fact("x.bottle", {"shop": 1}, at=START + timedelta(days=4), id="b", source="calm")
    in_batches(session, [later], random.Random(1))
    assert "reviews|" not in standing_of(session, source="calm").state


def at_hours(kind: str, hours: int, source: str) -> Fact:
    """An order, or a bottle brought back to shop 1, so many hours after the start. A month begins 33 hours after it."""
    more: Any = {"at": START + timedelta(hours=hours), "id": f"{kind}{hours}", "source": source}
    if kind == "order":
        return an_order(f"o{hours}", "10.00", **more)
    return a_fact("x.bottle", {"shop": 1}, **more)


def test_a_late_fact_reaches_back_over_the_turn_of_a_month(session: Session) -> None:
    for kind, hours in (("bottle", 10), ("order", 200), ("bottle", 60)):
        in_batches(session, [at_hours(kind, hours, "late")], random.Random(1))
    assert [row[2] for row in stands(session, "late")["held"]] == ["bottle10", "bottle60"]
    assert standing_of(session, source="late").balance == 10


def test_a_cancelled_order_lets_the_others_go_over_the_turn_of_a_month(session: Session) -> None:
    hours = (28, 29, 30, 31, 34)
    in_batches(session, [at_hours("order", one, "gone") for one in hours], random.Random(1))
    assert len(stands(session, "gone")["held"]) == 5
    gone = a_fact("order.cancelled", {"order_id": "o34"}, at=START + timedelta(days=9), id="c", source="gone")
    in_batches(session, [gone], random.Random(1))
    told = stands(session, "gone")
    assert (told["held"], told["cases"]) == ([], [])
    assert standing_of(session, source="gone").balance == 4 * 10 + 9


def test_a_tier_may_be_called_watch(session: Session) -> None:
    """The word stands in the standing's memory, and guards remember nothing yet."""
    first = a_fact("x.other", {}, at=START, id="o", source="named")
    in_batches(session, [first], random.Random(1))
    assert '"tier":"watch"' in standing_of(session, source="named").state
    in_batches(session, reviews(1, "named"), random.Random(1))
    assert standing_of(session, source="named").balance == 25


@pytest.mark.parametrize(("late", "left"), [(50, 0), (15, 40)])
def test_a_badge_that_is_kept_is_not_kept_because_of_a_burst(session: Session, late: int, left: int) -> None:
    """Neither where the burst holds the fact that brought it, nor where it holds one that helped."""
    source = f"farmed{late}"
    in_batches(session, [at_hours("bottle", one, source) for one in (10, 90)], random.Random(1))
    assert standing_of(session, source=source).balance == 2 * 40 + 50
    in_batches(session, [at_hours("bottle", late, source)], random.Random(1))
    told = stands(session, source)
    assert (told["balance"], told["awards"]) == (left, {})


def test_a_badge_that_is_kept_stays_when_its_order_goes_back_and_other_orders_are_held(
    session: Session,
) -> None:
    big = [an_order(f"b{day}", "95.00", at=START + timedelta(days=day), source="kept") for day in (3, 6)]
    in_batches(session, big, random.Random(1))
    back = a_refund("b3", ("1", "95.00"), at=START + timedelta(days=7), source="kept")
    in_batches(session, [back], random.Random(1))
    in_batches(session, [at_hours("order", 200 + one, "kept") for one in range(5)], random.Random(1))
    told = stands(session, "kept")
    assert (len(told["held"]), list(told["awards"])) == (5, [("badge", "big", 0, 1)])


@pytest.mark.parametrize(
    ("first", "then", "reason", "said", "noted"),
    [
        ((1, 2, 3), (4, 5), HELD, "too much came at once", "A guard holds back what it was earned with."),
        ((1, 2, 99), (3, 4, 5), HELD, "too much came at once", "A guard holds back what it was earned with."),
        (
            (1, 2, 3),
            (),
            RETURNED,
            "an order that it was earned with came back",
            "An order that it was earned with",
        ),
    ],
)
def test_a_badge_that_goes_back_says_whether_a_guard_or_a_return_took_it(
    session: Session, first: tuple[int, ...], then: tuple[int, ...], reason: str, said: str, noted: str
) -> None:
    source = f"gone{first[-1]}-{len(then)}"
    in_batches(session, [at_hours("order", one, source) for one in first], random.Random(1))
    assert [name[1] for name in stands(session, source)["awards"]] == ["orders"]
    back = a_refund("o3", ("1", "10.00"), at=START + timedelta(hours=5), source=source)
    in_batches(session, [at_hours("order", one, source) for one in then] or [back], random.Random(1))
    member_id, now = standing_of(session, source=source).member_id, START + timedelta(days=9)
    lost = session.exec(select(Award).where(Award.member_id == member_id, Award.slug == "orders")).one()
    assert (lost.reason, lost.revoked_at is None) == (reason, False)
    (shown,) = badges(session, member_id, now, language("en")).past
    assert said in shown.note
    line = versions(session)
    (card,), _ = badges_and_options(session, member_id, line, wording(line.at(now), language("en")), now)
    assert card.note.startswith(noted)
