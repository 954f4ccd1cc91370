"""When a rule holds: each condition by a table of facts that fit and facts that just do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from facts.criteria import Place, Seen
from facts.events import Fact
from facts.history import Event, events
from facts.language import language
from members.programme import validate
from rewards.earning.told import going_on
from rewards.fold import Fold
from rewards.terms import Terms
from rewards.wording import Wording
from tests.builders import a_fact, a_line, an_order
from tests.engine.wording import a_programme, local
from tests.rewards.earning.cases import a_case, order, rule
from tests.rewards.paper import ONE_LEVEL, folded, line_of, posted, terms_of

RULE = "  - {kind: extra_points, slug: it, points: 5, where: {}, each: order, when: {%s}}"
SATURDAY = "2026-03-07 10:00"  # in New York
SAY = Wording(language("en"), "USD")


def paid(when: str, *facts: Fact) -> list[str]:
    """The facts that a rule with these conditions pays for."""
    fold = folded(line_of(a_programme(earning=RULE % when, levels=ONE_LEVEL)), facts)
    return [cause.split()[1].removeprefix("paid-") for cause, amount in posted(fold) if amount == 5]


def buy(at: str = SATURDAY, name: str = "A", *lines: Any, **more: Any) -> Fact:
    return an_order(name, *(lines or ("10.00",)), at=local(at), **more)


@pytest.mark.parametrize(
    ("when", "fact", "fits"),
    [
        ("weekdays: [sat]", buy("2026-03-07 00:00"), True), ("weekdays: [sat]", buy("2026-03-06 23:59:59"), False),
        ("weekdays: [sat]", buy("2026-03-07 23:59:59"), True), ("weekdays: [fri, sun]", buy(), False),
        ("hours: [10, 14]", buy("2026-03-07 10:00"), True), ("hours: [10, 14]", buy("2026-03-07 13:59:59"), True),
        ("hours: [10, 14]", buy("2026-03-07 14:00"), False), ("hours: [10, 14]", buy("2026-03-07 09:59:59"), False),
        ("weekdays: [sat], hours: [10, 14]", buy("2026-03-08 10:00"), False),
        ("since: 2026-03-07", buy("2026-03-07 00:00"), True), ("since: 2026-03-07", buy("2026-03-06 23:59"), False),
        ("until: 2026-03-07", buy("2026-03-07 23:59"), True), ("until: 2026-03-07", buy("2026-03-08 00:00"), False),
        ("since: 2026-03-01, until: 2026-03-06", buy(), False),
        ("dates: [03-07]", buy(), True), ("dates: [03-08, 2026-03-07]", buy(), True),
        ("dates: [2025-03-07]", buy(), False), ("dates: [02-29]", buy("2026-02-28 12:00"), True),
        ("dates: [02-29]", buy("2028-02-28 12:00"), False), ("dates: [02-29]", buy("2028-02-29 12:00"), True),
        ("channels: [web, app]", buy(channel="app"), True), ("channels: [web]", buy(channel="store:1"), False),
        ("channels: [web]", buy(), False), ("partners: [cafe]", buy(partner="cafe"), True),
        ("partners: [cafe]", buy(partner="kiosk"), False),
        ("tags: [bio]", buy(SATURDAY, "A", a_line("1", tags=["new", "bio"])), True),
        ("tags: [bio]", buy(SATURDAY, "A", a_line("1", tags=["new"])), False),
        ("skus: [sku-2]", buy(SATURDAY, "A", "1", "2"), True), ("skus: [sku-2]", buy(SATURDAY, "A", "2"), False),
        ("brands: [Leaf], categories: [FOOD > TEA]",
         buy(SATURDAY, "A", a_line("1", brand="Leaf", category=["FOOD", "TEA", "GREEN"])), True),
        ("brands: [Leaf], categories: [FOOD > TEA]", buy(SATURDAY, "A", a_line("1", brand="Leaf")), False),
        ('amount_min: "10"', buy(), True), ('amount_min: "10.01"', buy(), False),
        ('amount_min: "5", skus: [sku-2]', buy(SATURDAY, "A", "9", "4.99"), False),
        ('amount_min: "5", skus: [sku-2]', buy(SATURDAY, "A", "0", "5.00"), True),
        ("points_paid: [0, 0]", buy(), True), ("points_paid: [0, 0]", buy(points_paid="0.01"), False),
        ("points_paid: [0, 50]", buy(points_paid="5.00"), True),
        ("points_paid: [0, 50]", buy(points_paid="5.01"), False),
        ("points_paid: [50, 100]", buy(points_paid="5.00"), True),
        ("points_paid: [50, 100]", buy(points_paid="4.99"), False),
        ("purchases: [1]", buy(), True), ("purchases: [2]", buy(), False), ("purchase_every: 2", buy(), False),
    ],
)  # fmt: skip
def test_a_condition_holds_to_the_second_and_to_the_cent(when: str, fact: Fact, fits: bool) -> None:
    assert paid(when, fact) == (["A"] if fits else [])


def test_orders_are_numbered_as_they_happened_and_not_as_they_were_returned() -> None:
    facts = [buy(f"2026-03-0{day} 10:00", name) for day, name in enumerate("ABCDEFG", 1)]
    assert paid("purchases: [1, 3]", *facts) == ["A", "C"]
    assert paid("purchase_every: 3", *facts) == ["C", "F"]
    gone = a_fact("order.cancelled", {"order_id": "B"}, at=facts[-1].occurred_at, id="gone")
    assert paid("purchases: [1, 3]", gone, *facts) == ["A", "D"]
    assert paid("purchase_every: 3", gone, *facts[::-1]) == ["D", "G"]


def test_nobody_knows_the_number_of_an_order_that_was_not_counted() -> None:
    fold = Fold(line_of(a_programme(earning=RULE % "purchases: [1]", levels=ONE_LEVEL)), purchases=None)
    for event in events([buy(), buy("2026-03-08 10:00", "B")]):
        fold.apply(event)
    assert (posted(fold), fold.purchases) == ([], None)


def test_a_rule_for_other_facts_asks_their_fields() -> None:
    when = "when: {fields: [{name: photos, at_least: 1}]}"
    text = f"  - {{kind: fixed_points, slug: it, on: review.posted, points: 5, {when}}}"
    facts = [
        a_fact("review.posted", {"review_id": str(n), "photos": n}, at=local(SATURDAY), id=str(n))
        for n in (0, 2)
    ]
    assert posted(folded(line_of(a_programme(earning=text, levels=ONE_LEVEL)), facts)) == [("earn 2 it", 5)]


def test_what_comes_outside_a_rules_hours_is_no_step_on_its_way_either() -> None:
    text = """  - kind: criterion_bonus
    slug: it
    points: 5
    criterion: {kind: count, at_least: 2}
    when: {weekdays: [sat]}"""
    facts = [buy(name="A"), buy("2026-03-08 10:00", "B"), buy("2026-03-14 10:00", "C")]
    assert posted(folded(line_of(a_programme(earning=text, levels=ONE_LEVEL)), facts)) == [
        ("earn paid-C it", 5)
    ]


def test_a_rule_is_asked_only_about_what_can_move_it() -> None:
    """By its kind's own products, or else by those of its conditions; a season alone asks every order."""
    one = "kind: multiply, slug: a, factor: 2"
    assert rule(one).woken_by() is None
    assert rule(one + ", when: {tags: [bio]}").woken_by() == [("tag", "bio")]
    assert rule(one + ", where: {skus: [tea]}, when: {tags: [bio]}").woken_by() == [("sku", "tea")]
    assert rule(one + ", when: {since: 2026-03-01}").woken_by() == [("type", "order.paid")]
    rules: Terms = terms_of(a_programme(earning=f"  - {{{one}, when: {{tags: [bio]}}}}"))
    woken = [
        len(list(rules.woken(event)))
        for event in events([buy(), buy("2026-03-08 10:00", "B", a_line("1", tags=["bio"]))])
    ]
    assert woken == [0, 1]


def test_a_case_without_a_moment_fulfils_no_condition() -> None:
    assert not rule("kind: multiply, slug: a, factor: 2, when: {weekdays: [mon]}").wants(a_case(order()))


def test_the_clock_is_read_once_for_all_rules() -> None:
    case = a_case(order())
    assert case.seen is None
    (case.event,) = events([buy()])
    assert case.seen is case.seen
    assert case.seen is not None
    assert case.seen.day == (local(SATURDAY) - timedelta(hours=5)).toordinal()


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("since: 2026-03-01, until: 2026-03-31", ["Only from 1 Mar 2026 to 31 Mar 2026."]),
        ("since: 2026-03-01", ["Only from 1 Mar 2026 on."]), ("until: 2026-03-31", ["Only until 31 Mar 2026."]),
        ("dates: [12-24, 2026-11-11]", ["Only on 24 December or 11 Nov 2026."]),
        ("weekdays: [sat], hours: [10, 14]", ["Only for this: an order on a Saturday between 10:00 and 14:00."]),
        ('amount_min: "50", channels: [web], partners: [cafe], tags: [bio]',
         ["Only for this: an order of $50 or more marked bio through web at partner cafe."]),
        ("purchases: [1]", ["Only with your first order."]),
        ("purchases: [7, 3]", ["Only with your order number 3 or 7."]),
        ("purchase_every: 5", ["Only with your orders number 5, 10, 15 and so on."]),
        ("points_paid: [0, 0]", ["Only for orders that are paid without points."]),
        ("points_paid: [0, 50]", ["Only when at most 50% of the order is paid with points."]),
        ("points_paid: [50, 100]", ["Only when at least 50% of the order is paid with points."]),
        ("points_paid: [20, 50]", ["Only when 20% to 50% of the order is paid with points."]),
    ],
)  # fmt: skip
def test_conditions_are_said(when: str, said: list[str]) -> None:
    assert rule(f"kind: multiply, slug: a, factor: 2, when: {{{when}}}").limits(SAY) == said


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("when: {weekday: [sat]}", "earning[0].when.weekday: “weekday” is not known here; did you mean “weekdays”?"),
        ("when: {weekdays: [saturday]}", "earning[0].when.weekdays[0]: “saturday” is not possible"),
        ("when: {hours: [14, 10]}", "earning[0].when.hours: this does not fit; hours are [from, until)"),
        ("when: {hours: [14]}", "earning[0].when.hours[1]: something is missing here"),
        ("when: {}", "earning[0].when: this does not fit; say when: give at least one condition"),
        ("when: {since: 2026-09-01, until: 2026-08-01}", "earning[0].when.until: “2026-08-01” does not fit; it ends"),
        ("when: {dates: [02-30]}", "earning[0].when.dates[0]: “02-30” does not fit; “02-30” is no day"),
        ("when: {purchases: [0]}", "earning[0].when.purchases[0]: “0” does not fit"),
        ("when: {points_paid: [50, 20]}", "earning[0].when.points_paid: this does not fit; a part is"),
        ('when: {amount_min: "5.001"}', "earning[0].when.amount_min: "),
        ("pause: {}", "earning[0].pause: this does not fit; say how long"),
        ("budget: 0", "earning[0].budget: “0” does not fit"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place_and_what_would_be_right(text: str, problem: str) -> None:
    (found,) = validate(a_programme(earning=f"  - {{kind: points_per_money, slug: a, points: 2, {text}}}"))
    assert problem in str(found)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("kind: fixed_points, slug: a, on: visit, points: 2, when: {purchases: [1]}",
         "earning[0].when.purchases: this does not fit; “visit” is no purchase: leave purchases out."),
        ('kind: fixed_points, slug: a, on: visit, points: 2, when: {amount_min: "5"}',
         "earning[0].when: this does not fit; “visit” has no lines: products and amounts belong to order.paid."),
        ("kind: multiply, slug: a, factor: 2, budget: 9",
         "earning[0].budget: “9” does not fit; this kind gives no points itself: limit a rule that does, and leave "
         "budget out."),
        ("kind: exclude, slug: a, where: {}, cap_per_week: 9", "earning[0].cap_per_week: “9” does not fit; this kind"),
    ],
)  # fmt: skip
def test_conditions_that_no_fact_of_the_rule_can_fulfil_are_refused(text: str, problem: str) -> None:
    (found,) = validate(a_programme(earning=f"  - {{{text}}}"))
    assert problem in str(found)


@pytest.mark.parametrize(
    ("when", "at", "said"),
    [
        ("hours: [10, 14]", "2026-03-07 10:00", "Now, until 14:00"), ("hours: [10, 14]", "2026-03-07 14:00", None),
        ("hours: [8, 9]", "2026-03-07 08:59", "Now, until 09:00"), ("hours: [18, 24]", "2026-03-07 23:59", "Now"),
        ("weekdays: [sat]", "2026-03-07 00:00", "Now"), ("weekdays: [sat]", "2026-03-08 00:00", None),
        ("weekdays: [sat], hours: [10, 14]", "2026-03-08 11:00", None),
        ("since: 2026-03-07", "2026-03-07 00:00", "Now"), ("since: 2026-03-07", "2026-03-06 23:59", None),
        ("since: 2026-03-08, hours: [10, 14]", "2026-03-07 11:00", None),
        ("until: 2026-03-07", "2026-03-07 12:00", "Now"), ("dates: [03-07]", "2026-03-07 12:00", "Now"),
        ("dates: [03-07]", "2026-03-08 12:00", None), ("channels: [web]", "2026-03-07 12:00", ""),
        ("purchase_every: 3", "2026-03-07 12:00", ""),
    ],
)  # fmt: skip
def test_what_is_said_while_the_clock_lets_a_rule_hold(when: str, at: str, said: str | None) -> None:
    asking = rule(f"kind: extra_points, slug: a, points: 5, where: {{}}, when: {{{when}}}").asking
    assert asking
    seen = Seen.of(Event((local(at), "", ""), "", {}), Place(ZoneInfo("America/New_York"), 0, 2))
    assert (going_on(asking, SAY) if asking.on_now(seen) else None) == said
    ahead = Wording(language("ar"), "USD")
    assert not said or going_on(asking, ahead) not in ("", said), "in the reader's words"
