"""One order closes a tier, a challenge, a badge, a friend's first purchase and a place on a board; and it comes back.

What goes back with it, what stays, and what everybody concerned reads.
"""

from __future__ import annotations

import pytest

from app import database
from app.jobs.boards import follow_news
from app.jobs.friends import follow_late
from facts.language import codes, language
from members.actions.boards import enter
from members.game_cards import BadgesCard, ChallengesCard
from members.referral_codes import mine
from members.views.badges import badges
from members.views.boards import boards
from members.views.challenges import challenges
from tests.engine.test_games import awarded
from tests.engine.till import Till
from tests.engine.wording import a_programme

CLOSED = """
badges:
  - {slug: lost, name: Lost, criterion: {kind: largest, at_least: "90"}, prizes: [{points: 7}]}
  - {slug: kept, name: Kept, on_refund: keep, criterion: {kind: largest, at_least: "90"}, prizes: [{points: 9}]}
challenges:
  - slug: undone
    name: Undone
    criterion: {kind: sum, at_least: "120"}
    milestones: [{at: 120, prize: {points: 30}}]
  - slug: stays
    name: Stays
    on_refund: keep
    criterion: {kind: sum, at_least: "120"}
    milestones: [{at: 120, prize: {points: 40}}]
boards:
  - {slug: spent, name: Spent, criterion: {kind: sum, at_least: "1"}}
referrals:
  offers: [{slug: give, name: Give and get, sharer: {points: 50}, friend: {points: 10}, order_min: "20.00"}]
"""
SHARER, FRIEND, RIVAL = "1", "2", "3"
ANEW = "The order or its place in time has changed, so this was reckoned anew. "


@pytest.fixture
def shop(till: Till) -> Till:
    """The friend came on the sharer's link, and stands on the board beside a rival, behind them."""
    till.at("2026-03-01 12:00").open(a_programme() + CLOSED)
    till.post(till.order("own", "5.00", customer=SHARER), till.order("rival", "50.00", customer=RIVAL))
    with database.transaction(till.engine) as session:
        link = mine(session, till.member(session, SHARER), till.now)
        assert link
    till.later(hours=1).post(till.event("member.signed_up", {"referral_code": link.code}, FRIEND))
    till.later(hours=1).post(till.order("small", "1.00", customer=FRIEND))
    with database.transaction(till.engine) as session:
        for customer, alias in ((FRIEND, "Quiet Otter"), (RIVAL, "Brave Heron")):
            enter(session, till.member(session, customer), alias, till.now)
    follow(till)
    return till


def follow(till: Till) -> None:
    """The jobs that follow friends and boards."""
    follow_late(till.engine, till.now)
    follow_news(till.engine)


def place(till: Till) -> str:
    with database.reading(till.engine) as session:
        return boards(session, till.member(session, FRIEND), till.now, language("en")).boards[0].mine


def game(till: Till, code: str) -> tuple[BadgesCard, ChallengesCard]:
    with database.reading(till.engine) as session:
        me, reader = till.member(session, FRIEND), language(code)
        return badges(session, me, till.now, reader), challenges(session, me, till.now, reader)


def taken_back(till: Till, customer: str) -> dict[str, str]:
    """What was taken back, with its why."""
    rows = till.history(customer).entries
    return {card.amount: card.why for card in rows if card.title.startswith("Taken back")}


@pytest.mark.feature(30)
def test_the_return_of_the_order_that_closed_everything(shop: Till) -> None:
    assert place(shop) == "Place 2 of 2: $1"
    shop.later(days=1).post(shop.order("big", "120.00", customer=FRIEND))
    follow(shop)
    shop.later(hours=1).post(shop.order("next", "10.00", customer=FRIEND))
    follow(shop)
    assert (shop.tier(FRIEND), place(shop)) == ("silver", "Place 1 of 2: $131")
    assert {slug for slug, _, _ in awarded(shop, FRIEND)} == {"lost", "kept", "undone", "stays"}
    assert shop.balance(SHARER) == 5 + 50
    assert shop.balance(FRIEND) == 1 + 120 + 15 + 10 + 7 + 9 + 30 + 40

    shop.later(days=1).post(shop.refund("big", ("1", "120.00"), customer=FRIEND))
    follow(shop)
    assert (shop.tier(FRIEND), place(shop)) == ("member", "Place 2 of 2: $11")
    assert {slug for slug, _, _ in awarded(shop, FRIEND)} == {"kept", "stays"}
    assert shop.balance(SHARER) == 5
    assert shop.balance(FRIEND) == 1 + 10 + 9 + 40

    assert taken_back(shop, SHARER) == {"−50": f"{ANEW}A friend came on your invitation."}
    told = taken_back(shop, FRIEND)
    assert {amount: why.removeprefix(ANEW) for amount, why in told.items() if amount != "−15"} == {
        "−10": "You came on a friend's invitation.",
        "−7": "For the badge “Lost”.",
        "−30": "For a step of the challenge “Undone”.",
        "−120": "$120, at 1 point for each $1. Rounded down to whole points.",
    }
    assert told["−15"].startswith(f"{ANEW}$10 × 1.5")
    held, run = game(shop, "en")
    assert [one.name for one in held.earned] == ["Kept"]
    assert [(one.name, one.note) for one in held.past] == [
        ("Lost", "Taken back on 3 March: an order that it was earned with came back.")
    ]
    assert [one.name for one in run.done] == ["Stays"]
    assert [(one.name, one.progress, one.note) for one in run.joined] == [
        (
            "Undone",
            "$11 of $120",
            "Step 1 was taken back on 3 March: an order that it was earned with came back.",
        )
    ]
    notes = {
        (cards[0].past[0].note, cards[1].joined[0].note) for cards in (game(shop, code) for code in codes())
    }
    assert len(notes) == len(codes())
    assert len({shop.history(SHARER, code).entries[0].why for code in codes()}) == len(codes())
    shop.night()
    shop.proven()
