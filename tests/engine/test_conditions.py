"""Happy hours, first and n-th orders, pauses and budgets, as a shop meets them: by HTTP and by the exports."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select, update

from app import database
from badges.goal_tables import BudgetAlert
from badges.tables import Scarce
from facts.language import language
from members.programme import in_force
from members.tables import Audit, Standing
from members.views.budgets import budget_alerts
from members.views.reckoning import reckon
from members.views.rules import rules
from members.views.rules_document import rules_document
from members.views.saying import wording
from tests.engine.till import Till
from tests.engine.wording import a_programme

ONE_LEVEL = "  levels:\n    - {slug: member, name: Member, threshold: 0}\n"
BASE = '  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}\n'
HAPPY = BASE + (
    "  - {kind: multiply, slug: happy, name: Happy hours, factor: 2, "
    "when: {weekdays: [sat], hours: [10, 14], since: 2026-07-01, until: 2026-11-30}}\n"
)
REVIEW = "  - {kind: fixed_points, slug: review, on: review.posted, points: 40%s}\n"


def whys(till: Till) -> list[tuple[str, int, Any]]:
    """Rule, amount and what stood in the way, entry by entry."""
    return [(row["rule"], row["amount"], row["why"].get("caps")) for row in till.entries()]


@pytest.mark.feature(15)
def test_happy_hours_are_those_of_the_shops_clock_and_are_seen_on_the_rules_page_and_in_the_why(
    till: Till,
) -> None:
    till.at("2026-11-14 09:00").open(a_programme(earning=HAPPY, levels=ONE_LEVEL))
    for at in (
        "2026-11-14 09:59:59",
        "2026-11-14 10:00",
        "2026-11-14 13:59:59",
        "2026-11-14 14:00",
        "2026-11-13 11:00",
    ):
        till.at("2026-11-14 15:00").post(till.order(at, "10.00", at=till.at(at).now))
    got = {row["cause"].split("paid-")[1].split("|")[0]: row["amount"] for row in till.entries()}
    assert got == {"2026-11-14 09:59:59": 10, "2026-11-14 10:00": 20, "2026-11-14 13:59:59": 20,
                   "2026-11-14 14:00": 10, "2026-11-13 11:00": 10}  # fmt: skip
    assert any("$10 × 2" in entry.why for entry in till.history().entries)
    assert any("10 × 2" in entry.why or "× ٢" in entry.why for entry in till.history(code="ar").entries)
    with database.reading(till.engine) as session:

        def told(at: str, code: str = "en") -> list[str]:
            return [
                one.now for one in rules(session, till.at(at).now, language(code)).earn if one.key == "happy"
            ]

        assert told("2026-11-14 11:00") == ["Now, until 14:00"]
        assert told("2026-11-14 11:00", "ru") == ["Сейчас, до 14:00"]
        assert told("2026-11-14 14:00") == [""]
        assert told("2026-12-05 11:00") == [], "its season is over"
        twice = [one.points for one in reckon(session, till.at("2026-11-14 11:00").now, language("en"), "10")]
        once = [one.points for one in reckon(session, till.at("2026-11-14 15:00").now, language("en"), "10")]
        assert (twice, once) == (["20 points"], ["10 points"])
        when = rules_document(session, till.now)["earning"][1]["when"]
        assert (when["weekdays"], when["hours"], when["until"]) == (["sat"], [10, 14], "2026-11-30")
    till.proven()


@pytest.mark.feature(15)
def test_an_order_is_told_beforehand_what_it_would_bring_in_the_happy_hours(till: Till) -> None:
    till.at("2026-11-14 11:00").open(a_programme(earning=HAPPY, levels=ONE_LEVEL))
    answer = till.would(till.order("A", "10.00"))
    assert answer.status_code == 200, answer.text
    assert [entry["amount"] for entry in answer.json()["effects"]] == [20]
    assert till.entries() == []


NUMBERED = BASE + (
    "  - {kind: fixed_points, slug: hello, on: visit, points: 1}\n"
    "  - {kind: extra_points, slug: first, points: 100, where: {}, each: order, when: {purchases: [1]}}\n"
    "  - {kind: extra_points, slug: third, points: 30, where: {}, each: order, when: {purchase_every: 3}}\n"
)


def numbered(till: Till) -> dict[str, str]:
    """With which order each of the two rules paid."""
    found = [cause.split() for cause in till.lots()]
    return {rule: name.rpartition("-")[2] for _, name, rule in sorted(found) if rule in ("first", "third")}


@pytest.mark.feature(16)
def test_the_first_and_the_third_order_are_those_of_history_whatever_comes_late_or_goes_back(
    till: Till,
) -> None:
    till.open(a_programme(earning=NUMBERED, levels=ONE_LEVEL))
    till.post(till.event("visit", {}))
    for name in "ABCD":
        till.later(hours=1).post(till.order(name, "10.00"))
    assert numbered(till) == {"first": "A", "third": "C"}
    till.post(till.refund("A", ("1", "10.00")))
    assert numbered(till) == {"first": "B", "third": "D"}
    till.post(till.order("late", "10.00", at=till.now - timedelta(days=60)))
    assert numbered(till) == {"first": "late", "third": "C"}
    till.proven()


@pytest.mark.feature(16)
def test_who_shopped_before_orders_were_numbered_is_no_first_time_customer(till: Till) -> None:
    """A standing that an earlier release wrote knows no number: the history is weighed once more, and then it does."""
    till.at("2026-11-10 12:00").open(a_programme(earning=BASE, levels=ONE_LEVEL))
    for name in "AB":
        till.later(days=1).post(till.order(name, "10.00"))
    with database.transaction(till.engine) as session:
        state = session.exec(select(Standing.state)).one()
        assert '"purchases":2' in state
        session.execute(update(Standing).values(state=state.replace(',"purchases":2', "")))
    till.later(days=1).open(a_programme(earning=NUMBERED, levels=ONE_LEVEL))
    till.later(hours=1).post(till.order("C", "10.00"))
    assert numbered(till) == {"third": "C"}
    till.later(hours=1).post(till.order("D", "10.00"))
    assert (numbered(till), till.balance()) == ({"third": "C"}, 4 * 10 + 30)
    till.proven()


@pytest.mark.feature(17)
def test_a_pause_a_week_and_a_month_keep_their_reasons_and_say_what_was_not_given(till: Till) -> None:
    text = REVIEW % ", pause: {hours: 1}, cap_per_week: 60, cap_per_month: 70"
    till.at("2026-11-02 09:00").open(a_programme(earning=text, levels=ONE_LEVEL))
    for days, minutes in ((0, 0), (0, 59), (0, 60), (0, 180), (7, 0)):
        till.at("2026-11-02 10:00").later(days=days, minutes=minutes)
        till.post(till.event("review.posted", {"review_id": f"{days}-{minutes}"}))
    week, month = "rule_week", "rule_month"
    assert whys(till) == [
        ("review", 40, None), ("review", 0, [[week, 20], [month, 30], ["pause", 0]]),
        ("review", 20, [[week, 20], [month, 30]]), ("review", 0, [[week, 0], [month, 10]]),
        ("review", 10, [[week, 60], [month, 10]]),
    ]  # fmt: skip
    said = [entry.why for entry in reversed(till.history().entries)]
    assert said == [
        "40 points each time.",
        "40 points each time. This was too soon after the last time. Not given: 40 points.",
        "40 points each time. Limited for the week: 20 points were still possible. Not given: 20 points.",
        "40 points each time. Limited for the week: 0 points were still possible. Not given: 40 points.",
        "40 points each time. Limited for the month: 10 points were still possible. Not given: 30 points.",
    ]
    for code in ("ru", "ar"):
        others = [entry.why for entry in till.history(code=code).entries]
        assert len(set(others)) == 5
        assert not any("Limited" in text or "Not given" in text for text in others)
    till.proven()


@pytest.mark.feature(17)
def test_who_sends_reviews_backwards_gains_nothing_by_it(till: Till) -> None:
    """The pause is kept in the order of history: a late earlier fact moves it, and the next one is taken back."""
    till.at("2026-11-02 09:00").open(a_programme(earning=REVIEW % ", pause: {hours: 1}", levels=ONE_LEVEL))
    till.at("2026-11-02 13:00")
    for minutes in (90, 50, 0):
        at = till.now - timedelta(minutes=120 - minutes)
        till.post(till.event("review.posted", {"review_id": str(minutes)}, at=at, id=f"r{minutes}"))
    assert till.lots() == {"earn r0 review": 40, "earn r90 review": 40}
    till.proven()


BUDGET = REVIEW % ", name: Say something, budget: 100"


@pytest.mark.feature(18)
def test_a_budget_is_first_come_stops_by_itself_and_warns_at_four_fifths(till: Till) -> None:
    till.open(a_programme(earning=BUDGET, levels=ONE_LEVEL))
    for customer in "1234":
        till.later(minutes=1).post(
            till.event("review.posted", {"review_id": customer}, customer, id=f"r{customer}")
        )
    assert [till.balance(customer) for customer in "1234"] == [40, 40, 0, 0]
    assert whys(till)[2:] == [("review", 0, [["budget", 0]])] * 2
    assert till.history("3").entries[0].why == (
        "40 points each time. All points of this campaign have been given. Not given: 40 points."
    )
    with database.reading(till.engine) as session:
        assert session.get_one(Scarce, "rule:review").taken == 80
        assert [(one.key, one.budget, one.taken) for one in session.exec(select(BudgetAlert))] == [
            ("rule:review", 100, 80)
        ]
        assert len(session.exec(select(Audit).where(col(Audit.action) == "budget.alert")).all()) == 1
        version = in_force(session, till.now)
        (said,) = budget_alerts(
            session, version, {"rule:review": 80}, wording(version, language("en")), till.now
        )
        assert said == "“Say something” has 20 points ($0.20) of its budget of 100 left. Then it stops."
    till.proven()


@pytest.mark.feature(18)
def test_what_a_budget_gave_is_not_decided_again(till: Till) -> None:
    """A late fact, a return and an order sent twice leave the budget as it is; the one who came too late stays so."""
    rule = '  - {kind: points_per_money, slug: base, points: 1, per: "1.00", budget: 100}\n'
    till.open(a_programme(earning=rule, levels=ONE_LEVEL))
    till.later(days=1).post(till.order("A", "60.00", customer="1"))
    till.later(days=1).post(till.order("B", "50.00", customer="2"))
    till.post(till.order("C", "40.00", customer="3"))
    assert [till.balance(one) for one in "123"] == [60, 0, 40]
    till.later(days=1).post(till.refund("A", ("1", "60.00"), customer="1"))
    till.post(till.order("late", "10.00", at=till.now - timedelta(days=30), customer="3"))
    assert [till.balance(one) for one in "123"] == [0, 0, 40], "what was decided stays taken"
    till.post(till.refund("B", ("1", "10.00"), customer="2"))
    assert till.send(till.order("C", "40.00", customer="3"))[0]["status"] == "duplicate"
    assert [till.balance(one) for one in "123"] == [0, 0, 40]
    with database.reading(till.engine) as session:
        assert session.get_one(Scarce, "rule:base").taken == 100
    till.proven()


@pytest.mark.feature(18)
def test_an_order_that_a_tier_would_raise_keeps_what_the_spent_budget_gave_it(till: Till) -> None:
    rule = '  - {kind: points_per_money, slug: base, points: 1, per: "1.00", budget: 100}\n'
    gold = ONE_LEVEL + "    - {slug: gold, name: Gold, threshold: 300, multiplier: 1.1}\n"
    tiers = "  basis: spend\n  window: {kind: calendar_year}"
    till.open(a_programme(earning=rule, tiers=tiers, levels=gold))
    till.later(days=1).post(till.order("A", "40.00", customer="2"))
    till.later(days=1).post(till.order("B", "60.00"))
    assert [till.balance(one) for one in "12"] == [60, 40]
    till.post(till.order("late", "300.00", at=till.now - timedelta(days=10)))
    assert [till.balance(one) for one in "12"] == [60, 40], "66 do not fit, and 60 were given"
    assert any("All points of this campaign have been given. Not given: 6 points." in entry.why
               for entry in till.history().entries)  # fmt: skip
    till.proven()


@pytest.mark.feature(18)
def test_an_order_to_which_a_return_leaves_more_of_the_day_keeps_what_the_spent_budget_gave_it(
    till: Till,
) -> None:
    rule = '  - {kind: points_per_money, slug: base, points: 1, per: "1.00", cap_per_day: 50, budget: 50}\n'
    till.open(a_programme(earning=rule, levels=ONE_LEVEL))
    till.later(minutes=1).post(till.order("A", "30.00"))
    till.later(minutes=1).post(till.order("B", "30.00"))
    assert till.balance() == 30 + 20
    till.later(minutes=1).post(till.refund("A", ("1", "30.00")))
    assert till.balance() == 20, "30 do not fit, since what A was given stays taken"
    till.proven()
