"""Points of an order that wait until it is delivered, or until a fact of the shop's own: from when they can be spent,
whatever order the news come in.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from facts.events import Fact
from facts.language import codes, language
from members.programme import ProgrammeInvalid, load
from rewards.fold import Fold
from rewards.lasting import becoming
from rewards.wording import Wording
from tests.builders import SHOP, a_fact, a_refund, an_order
from tests.engine.wording import a_programme
from tests.rewards.paper import folded, line_of, lot, terms_of

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # in New York
WAITING = "  pending: {until: delivery, at_most_days: 30}\n  expiry: {kind: never}"
AFTER = "  pending_days: 14\n" + WAITING
ACCEPTED = WAITING.replace("delivery", "x.accepted")
DECLARED = """facts:
  x.accepted: {name: accepting the goods, fields: {order_id: {type: text}}}
  x.ride: {name: a ride, fields: {km: {type: integer}}}
  x.number: {name: a number, fields: {order_id: {type: integer}}}
"""
LATEST = datetime(2026, 4, 1, 4, tzinfo=UTC)  # clocks were put forward meanwhile


def day(count: float) -> datetime:
    return NOON + timedelta(days=count)


def delivered(at: datetime, *lines: str, name: str = "d") -> Fact:
    data = {"order_id": "A"} | ({"line_ids": list(lines)} if lines else {})
    return a_fact("order.delivered", data, at=at, id=name)


def accepted(
    at: datetime, order: str = "A", name: str = "x", kind: str = "x.accepted", source: str = SHOP
) -> Fact:
    return a_fact(kind, {"order_id": order}, at=at, id=name, source=source)


def bought() -> Fact:
    return an_order("A", "60.00", "40.00", at=NOON)


def active(facts: Sequence[Fact], points: str = WAITING) -> datetime:
    return lot(made(facts, points), "earn paid-A base").active_from


def made(facts: Sequence[Fact], points: str = WAITING) -> Fold:
    return folded(line_of(DECLARED + a_programme(points=points)), facts)


@pytest.mark.parametrize(
    ("points", "news", "since"),
    [
        (WAITING, [], LATEST),
        (WAITING, [delivered(day(3))], day(3)),
        (WAITING, [delivered(day(50))], LATEST),
        (WAITING, [delivered(day(-1))], NOON),  # paid after it had come
        (WAITING, [delivered(day(3), "1")], LATEST),
        (WAITING, [delivered(day(3), "1"), delivered(day(6), "2", name="e")], day(6)),
        (WAITING, [delivered(day(3), "1"), delivered(day(6), name="e")], day(6)),
        (WAITING, [delivered(day(3), "1"), a_refund("A", ("2", "40.00"), at=day(9))], day(3)),
        (WAITING, [delivered(day(3), "9")], LATEST),
        (AFTER, [delivered(day(3))], datetime(2026, 3, 19, 4, tzinfo=UTC)),
        (AFTER, [delivered(day(20))], LATEST),
        (AFTER, [], LATEST),
        (ACCEPTED, [], LATEST),
        (ACCEPTED, [accepted(day(3))], day(3)),
        (ACCEPTED, [accepted(day(50))], LATEST),
        (ACCEPTED, [accepted(day(-1))], NOON),
        (ACCEPTED, [accepted(day(6)), accepted(day(3), name="y")], day(3)),
        (ACCEPTED, [accepted(day(3)), a_refund("A", ("2", "40.00"), at=day(9))], day(3)),
        (ACCEPTED, [accepted(day(3), "B"), delivered(day(3)), accepted(day(3), name="z", kind="x.packed"),
                    accepted(day(3), name="o", source="other.example")], LATEST),
        ("  pending_days: 14\n" + ACCEPTED, [accepted(day(3))], datetime(2026, 3, 19, 4, tzinfo=UTC)),
        (WAITING, [accepted(day(3))], LATEST),
    ],
)  # fmt: skip
def test_points_are_active_from_the_delivery_of_the_last_line_and_at_the_latest_after_so_many_days(
    points: str, news: list[Fact], since: datetime
) -> None:
    for arrived in permutations([bought(), *news]):
        assert active(arrived, points) == since


def test_only_what_is_not_known_to_have_come_says_that_it_waits_for_it() -> None:
    for points, news, waits in ((WAITING, [], "delivery"), (WAITING, [delivered(day(3))], None),
                                (ACCEPTED, [], "x.accepted"), (ACCEPTED, [accepted(day(3))], None)):  # fmt: skip
        (posting,) = made([bought(), *news], points).postings
        assert json.loads(posting.why).get("until") == waits


def test_rules_own_days_and_what_is_no_order_do_not_wait_for_a_delivery() -> None:
    earning = """  - {kind: points_per_money, slug: base, points: 1, per: "1.00", pending_days: 2}
  - {kind: fixed_points, slug: review, on: review.posted, points: 5}"""
    facts = [bought(), a_fact("review.posted", {"review_id": "v"}, at=NOON, id="v")]
    fold = folded(line_of(a_programme(points=AFTER, earning=earning)), facts)
    assert lot(fold, "earn paid-A base").active_from == datetime(2026, 3, 4, 5, tzinfo=UTC)
    assert lot(fold, "earn v review").active_from == datetime(2026, 3, 16, 4, tzinfo=UTC)


def test_a_programme_that_does_not_wait_for_it_takes_no_notice_of_a_delivery() -> None:
    plain = made([bought(), delivered(day(3))], "  expiry: {kind: never}")
    assert plain.postings == made([bought()], "  expiry: {kind: never}").postings


def test_waiting_shorter_than_its_own_days_is_refused() -> None:
    with pytest.raises(ProgrammeInvalid, match=r"points\.pending\.at_most_days.*wait 14 days at least"):
        load(a_programme(points="  pending_days: 14\n  pending: {until: delivery, at_most_days: 3}"))
    with pytest.raises(
        ProgrammeInvalid, match=r"points\.pending\.until.*use delivery, or a fact of your own"
    ):
        load(a_programme(points="  pending: {until: payment}"))


@pytest.mark.parametrize(
    ("declared", "kind", "said"),
    [(DECLARED, "x.acepted", "“x.acepted” is not declared; did you mean “x.accepted”"),
     ("", "x.accepted", "“x.accepted” is not declared; declare it under facts, with a field order_id that is a text"),
     (DECLARED, "x.ride", "“x.ride” does not say which order it is about; give it a field order_id that is a text"),
     (DECLARED, "x.number", "“x.number” does not say which order it is about")],
)  # fmt: skip
def test_a_fact_that_points_wait_for_has_to_say_which_order_it_is_about(
    declared: str, kind: str, said: str
) -> None:
    with pytest.raises(ProgrammeInvalid) as refused:
        load(declared + a_programme(points=f"  pending: {{until: {kind}}}"))
    (problem,) = refused.value.problems
    assert problem.path == "points.pending.until"
    assert said in str(problem)
    for code in set(codes()) - {"en"}:
        assert problem.problem.sentence(language(code)) != str(problem.problem)


def test_the_rules_page_says_when_points_are_ones_own_in_every_language() -> None:
    said = ("  pending_days: 14", WAITING, AFTER, ACCEPTED, "  pending_days: 14\n" + ACCEPTED)
    policies = [terms_of(DECLARED + a_programme(points=points)).points for points in said]
    for code in codes():
        assert len({becoming(policy, Wording(language(code), "USD")) for policy in policies}) == len(policies)
