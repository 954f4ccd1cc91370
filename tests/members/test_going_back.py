"""Why somebody has a badge no more: an order came back, a guard holds what brought it, or something else was undone."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from badges.tables import HELD, RETURNED, UNCOUNTED, Award
from facts.events import Fact
from facts.language import language
from members.actions import record
from members.case_tables import HeldFact
from members.programme import versions
from members.views.badges import badges
from members.views.saying import wording
from members.views.staff_badges import badges_and_options
from tests.builders import NOW, a_fact, a_refund, an_order, in_force, standing_of
from tests.members.test_guarding import GUARDED, START, reviews
from tests.members.test_law import in_batches

HAD = """  - {slug: had, name: Had, criterion: {kind: count, at_least: 1, where: {type: KIND}}}
"""
LATER = START + timedelta(days=2)


def an_undoing(kind: str) -> Fact:
    if kind == "order.paid":
        return a_refund("o1", ("1", "10.00"), at=LATER)
    return a_fact("redemption.cancelled", {"redemption_id": "r"}, at=LATER, id="c", internal=True)


def why(session: Session, said: str) -> tuple[str, str, str]:
    """The reason of the badge that was lost, what its member reads, and what staff read."""
    member_id, line, say = standing_of(session).member_id, versions(session), language(said)
    lost = session.exec(select(Award).where(Award.member_id == member_id, Award.slug == "had")).one()
    (shown,) = (one for one in badges(session, member_id, LATER, say).past if one.name == "Had")
    cards, _ = badges_and_options(session, member_id, line, wording(line.at(LATER), say), LATER)
    return lost.reason, shown.note, next(card.note for card in cards if card.key == "had")


@pytest.mark.parametrize(
    ("kind", "reason", "said"),
    [
        ("order.paid", RETURNED, "n order that it was earned with came back."),
        ("redemption.made", UNCOUNTED, "omething that it was earned with no longer counts."),
    ],
)
def test_what_a_guard_held_before_is_no_reason_for_what_goes_back_later(
    session: Session, kind: str, reason: str, said: str
) -> None:
    in_force(session, GUARDED + HAD.replace("KIND", kind))
    made = {"redemption_id": "r", "reward": "tea", "points": 0, "held": True}
    first = [an_order("o1", "10.00", at=START - timedelta(hours=2)),
             a_fact("redemption.made", made, at=START - timedelta(hours=1), id="m", internal=True)]  # fmt: skip
    in_batches(session, [*first, *reviews(5, first[0].source)], random.Random(1))
    held = session.exec(select(HeldFact).where(HeldFact.member_id == standing_of(session).member_id)).all()
    assert len(held) == 5
    in_batches(session, [an_undoing(kind)], random.Random(1))
    found, read, noted = why(session, "en")
    assert found == reason
    assert read.endswith(said)
    assert noted.endswith(said)


def test_a_guard_is_the_reason_though_what_it_holds_did_not_bring_the_badge(session: Session) -> None:
    """The badge of the fourth review stands on three others, which a late one makes a burst."""
    in_force(session, GUARDED + HAD.replace("KIND", "review.posted").replace("at_least: 1", "at_least: 4"))
    source = "shop.example/orders"
    last = a_fact("review.posted", {"review_id": "last"}, at=START + timedelta(days=1), id="last")
    in_batches(session, [*reviews(3, source), last], random.Random(1))
    in_batches(session, [a_fact("review.posted", {"review_id": "late"}, at=START + timedelta(hours=1), id="late")],
               random.Random(1))  # fmt: skip
    found, read, _ = why(session, "en")
    assert (found, "too much came at once" in read) == (HELD, True)


def at_once(session: Session, *facts: Fact) -> None:
    """Record these in one batch, each of which has to count."""
    outcomes = record(session, facts, NOW)
    assert {outcome.status for outcome in outcomes} == {"recorded"}, outcomes


LATE = a_fact("review.posted", {"review_id": "late"}, at=START + timedelta(hours=1), id="late")


@pytest.mark.parametrize(
    ("beside", "reasons"),
    [
        (LATE, {"bought": RETURNED, "told": HELD}),
        (an_undoing("redemption.made"), {"bought": RETURNED, "tea": UNCOUNTED}),
    ],
    ids=["a burst", "a redemption called off"],
)
def test_what_comes_together_with_a_refund_takes_back_for_its_own_reason(
    session: Session, beside: Fact, reasons: dict[str, str]
) -> None:
    asked = {"bought": ("order.paid", 2), "told": ("review.posted", 4), "tea": ("redemption.made", 1)}
    in_force(session, GUARDED + "".join(
        HAD.replace("had", slug).replace("KIND", kind).replace("at_least: 1", f"at_least: {many}")
        for slug, (kind, many) in asked.items()
    ))  # fmt: skip
    made = {"redemption_id": "r", "reward": "tea", "points": 0, "held": True}
    last = a_fact("review.posted", {"review_id": "last"}, at=START + timedelta(days=1), id="last")
    first = [an_order("o1", "10.00", at=START - timedelta(hours=3)),
             an_order("o2", "10.00", at=START - timedelta(hours=2)),
             a_fact("redemption.made", made, at=START - timedelta(hours=1), id="m", internal=True),
             *reviews(3, last.source), last]  # fmt: skip
    in_batches(session, first, random.Random(1))
    at_once(session, an_undoing("order.paid"), beside)
    mine = (Award.member_id == standing_of(session).member_id, col(Award.slug).in_(asked))
    lost = session.exec(select(Award).where(*mine, col(Award.revoked_at).is_not(None))).all()
    assert {row.slug: row.reason for row in lost} == reasons
