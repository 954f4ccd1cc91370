"""Climbing by every measure, over every time and with every way down: the engine against a climber on paper.

What is missing is brought to the last minor unit, and one less is not enough.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from facts.events import Fact
from facts.history import events
from rewards import tiers
from rewards.fold import Fold
from rewards.terms import Terms
from rewards.tiers import Ahead, Climb
from tests.builders import a_fact, an_order
from tests.engine.wording import a_programme
from tests.rewards.climbers import Climber, Deed, Rules
from tests.rewards.paper import line_of

STARTS = st.sampled_from([date(2024, 1, 20), date(2024, 2, 29), date(2023, 7, 15), date(2023, 12, 31)])
EARNING = '  - {kind: points_per_money, slug: base, points: 1, per: "1.00", tier_multiplier: false}'
LADDERS: dict[str, tuple[str, str, tuple[dict[str, int], ...], frozenset[int]]] = {
    "spend": ("spend", "threshold: 5|threshold: 12", ({}, {"spend": 500}, {"spend": 1200}), frozenset()),
    "points": ("points_earned", "threshold: 5|threshold: 12", ({}, {"points_earned": 5}, {"points_earned": 12}),
               frozenset()),
    "orders": ("orders", "threshold: 2|threshold: 4", ({}, {"orders": 2}, {"orders": 4}), frozenset()),
    "friends": ("referrals", "threshold: 1|threshold: 3", ({}, {"referrals": 1}, {"referrals": 3}), frozenset()),
    "all": ("spend", "threshold: 4|needs: {all: {spend: 8, orders: 3, review.posted: 1}}",
            ({}, {"spend": 400}, {"spend": 800, "orders": 3, "review.posted": 1}), frozenset()),
    "any": ("orders", "needs: {any: {orders: 2, review.posted: 3}}|needs: {any: {orders: 4, review.posted: 5}}",
            ({}, {"orders": 2, "review.posted": 3}, {"orders": 4, "review.posted": 5}), frozenset({1, 2})),
}  # fmt: skip
WINDOWS = st.sampled_from(["calendar_year", "rolling", "anniversary", "lifetime"])


@st.composite
def rules(draw: st.DrawFn) -> tuple[Rules, str]:
    """A ladder, for the climber on paper and as YAML."""
    basis, asked, levels, either = LADDERS[draw(st.sampled_from(sorted(LADDERS)))]
    window, keep, months = draw(WINDOWS), draw(st.booleans()), draw(st.sampled_from([1, 6, 13]))
    policy, grace = draw(st.sampled_from(["none", "one_step", "to_earned"])), draw(st.sampled_from([0, 9]))
    silver, gold = asked.split("|")
    ladder = f"""  basis: {basis}
  window: {{kind: {window}, keep: {"next_year" if keep else "this_year"}, months: {months}}}
  downgrade: {{policy: {policy}, grace_days: {grace}}}"""
    steps = f"""  levels:
    - {{slug: member, name: Member}}
    - {{slug: silver, name: Silver, {silver}}}
    - {{slug: gold, name: Gold, {gold}}}
"""
    text = a_programme(tiers=ladder, levels=steps, earning=EARNING, zone="UTC")
    return Rules(levels, either, window, keep, months, policy, grace), text


GAPS = st.sampled_from([0, 1, 3, 10, 10, 29, 31, 60, 95, 200, 366])
STORIES = st.lists(st.tuples(GAPS, st.sampled_from(["order", "order", "review", "friend"]), st.integers(1, 6)),
                   min_size=1, max_size=9)  # fmt: skip


def told(number: int, day: date, kind: str, amount: int) -> tuple[Fact, list[Deed]]:
    """A fact at noon, and what it counts for."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    if kind == "order":
        deeds = [(day, "spend", amount * 100), (day, "points_earned", amount), (day, "orders", 1)]
        return an_order(f"o{number}", f"{amount}.00", at=at), deeds
    if kind == "review":
        return a_fact("review.posted", {"review_id": f"r{number}"}, at=at, id=f"r{number}"), [
            (day, "review.posted", 1)
        ]
    data = {"referral": f"f{number}", "step": "1", "order": 1}
    return a_fact("referral.bought", data, at=at, id=f"f{number}", internal=True), [(day, "referrals", 1)]


@settings(max_examples=120, deadline=None)
@given(rules(), STORIES, STARTS)
def test_the_engine_climbs_as_the_climber_on_paper_does(
    made: tuple[Rules, str], story: list[tuple[int, str, int]], start: date
) -> None:
    plain, text = made
    fold, paper, day = Fold(line_of(text)), Climber(plain, start), start
    terms = fold.line.versions[0]
    day_before = start
    for number, (gap, kind, amount) in enumerate(story):
        day += timedelta(days=gap if number else 0)
        walk(paper, day_before, day)
        fact, deeds = told(number, day, kind, amount)
        (event,) = events([fact])
        fold.advance(event.at)
        ask(fold.climb, day, terms)
        fold.apply(event)
        paper.deeds += deeds[:-1]
        paper.do(deeds[-1])
        day_before = day
        assert seen(fold, terms) == (paper.level, paper.until), (text, story[: number + 1])
        ask(fold.climb, day, terms)
    for wait in (20, 200, 400):
        walk(paper, day_before, day := day_before + timedelta(days=wait))
        day_before = day
        fold.advance(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
        assert seen(fold, terms) == (paper.level, paper.until), (text, story, day)


def walk(paper: Climber, since: date, until: date) -> None:
    """Every morning after a day, up to another one."""
    for n in range((until - since).days):
        paper.dawn(since + timedelta(days=n + 1))


def seen(fold: Fold, terms: Terms) -> tuple[int, date | None]:
    """The level that the engine sees, and its last day."""
    until = fold.climb.until
    return terms.tiers.index(fold.climb.tier), date.fromordinal(until) if until else None


def ask(climb: Climb, today: date, terms: Terms) -> None:
    """What is said to be missing is just enough: to the next level, and to stay."""
    if not climb.tier:
        return
    day = today.toordinal()
    nearer = tiers.to_next(climb, day, terms)
    if nearer:
        wanted = terms.tiers.index(nearer.tier)
        by = nearer.by or day
        for brought, enough in offers(nearer):
            after = given_to(climb, by, brought)
            assert (tiers.earned(after, by, terms) >= wanted) is enough, (nearer, brought)
    stay = tiers.to_stay(climb, day, terms)
    if stay and stay.by is not None:
        end = tiers.drop_day(climb, terms)
        assert end is not None
        for brought, enough in offers(stay):
            after = given_to(climb, stay.by, brought)
            assert (tiers.earned(after, end, terms) >= terms.tiers.index(climb.tier)) is enough, (
                stay,
                brought,
            )


def offers(ahead: Ahead) -> list[tuple[dict[str, int], bool]]:
    """What could be brought, and whether it is enough: exactly what is missing, and one less of each part."""
    missing = {part.measure: part.amount for part in ahead.parts if part.amount}
    if not missing:
        return [({}, True)]
    if ahead.either:
        return [
            *(({name: n}, True) for name, n in missing.items()),
            ({name: n - 1 for name, n in missing.items()}, False),
        ]
    return [(missing, True), *((missing | {name: n - 1}, False) for name, n in missing.items())]


def given_to(climb: Climb, day: int, brought: dict[str, int]) -> Climb:
    """A copy of who stands there, with more on a day."""
    after, more = replace(climb, days=deepcopy(climb.days)), dict(brought)
    after.add(
        day, more.pop("spend", 0), more.pop("points_earned", 0), {name: n for name, n in more.items() if n}
    )
    return after


# --- another ladder by a new version ----------------------------------------------------------------------------

SILVER = "  levels:\n    - {slug: member, name: Member}\n    - {slug: silver, name: Silver, threshold: 3}\n"


def version(tiers: str) -> str:
    return a_programme(tiers=f"  {tiers}", levels=SILVER, earning=EARNING, zone="UTC")


def orders(fold: Fold, *days: str) -> str:
    """An order of a dollar on each of these days; the tier afterwards."""
    for day in days:
        (event,) = events([an_order(day, "1.00", at=datetime.fromisoformat(f"{day}T12:00+00:00"))])
        fold.apply(event)
    return fold.climb.tier


def test_days_remember_what_they_counted_when_the_basis_is_another_one() -> None:
    march = datetime(2026, 3, 1, tzinfo=UTC)
    by_spend = Fold(line_of(version("basis: points_earned"), (version("basis: spend"), march)))
    assert orders(by_spend, "2026-01-05", "2026-02-05") == "member"
    assert orders(by_spend, "2026-03-05") == "silver", "what was spent before counts"
    by_orders = Fold(line_of(version("basis: points_earned"), (version("basis: orders"), march)))
    assert orders(by_orders, "2026-01-05", "2026-02-05", "2026-03-05", "2026-03-06") == "member"
    assert orders(by_orders, "2026-03-07") == "silver", "orders count from the version on that asks for them"
    assert by_orders.climb.days[0] == [date(2026, 1, 5).toordinal(), 100, 1]
    assert by_orders.climb.days[-1] == [date(2026, 3, 7).toordinal(), 100, 1, {"orders": 1}]


def test_what_was_reached_for_a_lifetime_is_kept_for_a_period_of_another_window() -> None:
    text = version("window: {kind: lifetime}")
    fold = Fold(line_of(text, (version("window: {kind: calendar_year}"), datetime(2026, 3, 1, tzinfo=UTC))))
    assert orders(fold, "2021-01-05", "2022-02-05", "2025-02-05") == "silver"
    assert (fold.climb.until, len(fold.climb.days)) == (None, 2), "days of long ago are one"
    assert orders(fold, "2026-03-05") == "silver"
    assert fold.climb.until == date(2026, 12, 31).toordinal()
    fold.advance(datetime(2027, 1, 1, tzinfo=UTC))
    assert fold.climb.tier == "member"
