"""Badges and challenges as a shop and its members meet them: facts in by HTTP, awards and points out by the exports."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from app import database
from facts.events import OWN_SOURCE, Fact
from facts.refusals import Refusal
from members.actions import awards, record
from tests.engine.till import Till
from tests.engine.wording import a_programme

PROGRAMME = a_programme()

GAMES = """
badges:
  - slug: orders
    name: Regular
    levels: {formula: 2*level, levels: 3}
    criterion: {kind: count, at_least: 1}
    prizes: [{points: 10}, {points: 20, promotional: false}]
  - {slug: pioneer, name: Pioneer, edition: 2, criterion: {kind: event, where: {type: review.posted}}}
  - {slug: fresh, name: Fresh, expires_days: 10, criterion: {kind: sum, at_least: "50"}}
  - {slug: helper, name: Helper, criterion: {kind: manual}, prizes: [{points: 5}]}
  - {slug: kept, name: Kept, on_refund: keep, criterion: {kind: largest, at_least: "90"}, prizes: [{points: 7}]}
challenges:
  - slug: three
    name: "Three, six, ten"
    criterion: {kind: count, at_least: 3}
    milestones: [{at: 3, prize: {points: 30}}, {at: 6, prize: {points: 60}}, {at: 10, prize: {points: 100}}]
  - slug: thirty
    name: Thirty days
    join: opt_in
    days: 30
    repeats: on_joining
    criterion: {kind: count, at_least: 1}
    milestones: [{at: 2, prize: {points: 15}}]
  - slug: pot
    name: First come
    budget: 50
    criterion: {kind: count, at_least: 1, where: {type: social.shared}}
    milestones: [{at: 1, prize: {points: 25}}]
"""


@pytest.fixture
def game(till: Till) -> Till:
    till.open(PROGRAMME + GAMES)
    return till


def awarded(till: Till, customer: str = "1") -> list[tuple[str, int, str]]:
    """Slug, level and day of what a member holds, by `regulars export awards`."""
    who = till.standing(customer)["member"]
    rows = [
        json.loads(line) for line in till.run("export", "awards").stdout.splitlines() if line.startswith("{")
    ]
    mine = [row for row in rows if row["member_id"] == who and row["revoked_at"] is None]
    return [(row["slug"], row["level"], row["awarded_at"][:10]) for row in mine]


def prizes(till: Till, customer: str = "1") -> list[tuple[str, int]]:
    """What was given for achievements, by the ledger."""
    return [(row["rule"], row["amount"]) for row in till.entries(customer) if row["why"]["k"] == "prize"]


def orders(till: Till, n: int, **more: Any) -> None:
    for _ in range(n):
        till.later(hours=1).send(till.order(f"o{next(till.numbers)}", "1.00", **more))


@pytest.mark.feature(59)
def test_levels_of_one_badge_by_formula(game: Till) -> None:
    orders(game, 5)
    assert [(slug, level) for slug, level, _ in awarded(game) if slug == "orders"] == [
        ("orders", 1),
        ("orders", 2),
    ]
    assert [pair for pair in prizes(game) if pair[0] == "orders"] == [("orders", 10), ("orders", 20)]
    game.proven()


@pytest.mark.feature(69)
def test_milestones_pay_at_three_six_and_ten_each_once(game: Till) -> None:
    orders(game, 12)
    assert [pair for pair in prizes(game) if pair[0] == "three"] == [
        ("three", 30),
        ("three", 60),
        ("three", 100),
    ]


@pytest.mark.feature(70)
def test_thirty_days_from_taking_it_on_and_again(game: Till) -> None:
    orders(game, 1)
    join(game)
    orders(game, 1)
    game.later(days=30)
    orders(game, 2)
    assert ("thirty", 15) not in prizes(game)
    join(game)
    orders(game, 3)
    assert [pair for pair in prizes(game) if pair[0] == "thirty"] == [("thirty", 15)]
    join(game)
    orders(game, 2)
    assert [pair for pair in prizes(game) if pair[0] == "thirty"] == [("thirty", 15)] * 2


def join(
    game: Till, slug: str = "thirty", kind: str = "challenge.joined", at: datetime | None = None
) -> None:
    game.later(minutes=1)
    with database.transaction(game.engine) as session:
        member_id = game.member(session)
        name = f"{kind}:{next(game.numbers)}"
        data = (
            {"challenge": slug}
            if kind.startswith("challenge.")
            else {"badge": slug, "reason": "a test", "actor": "t"}
        )
        fact = Fact(OWN_SOURCE, name, kind, at or game.now, f"member:{member_id}", data)
        record(session, [fact], game.now)


def leave(game: Till, slug: str = "thirty") -> None:
    join(game, slug, "challenge.left")


@pytest.mark.feature(70)
def test_leaving_and_coming_back_neither_adds_days_nor_takes_away_what_was_reached(game: Till) -> None:
    orders(game, 1)
    join(game)
    orders(game, 1)
    leave(game)
    orders(game, 5)
    assert ("thirty", 15) not in prizes(game), "nothing counts for who has left"
    game.later(days=20)
    join(game)
    join(game)
    orders(game, 1)
    assert [pair for pair in prizes(game) if pair[0] == "thirty"] == [("thirty", 15)], "the first one is kept"
    leave(game)
    join(game)
    orders(game, 1)
    leave(game)
    game.later(days=9)
    join(game)
    game.later(days=20)
    orders(game, 1)
    assert [pair for pair in prizes(game) if pair[0] == "thirty"] == [("thirty", 15)] * 2, (
        "the second round's days"
    )
    game.proven()


@pytest.mark.feature(70)
def test_coming_back_does_not_make_days_longer(game: Till) -> None:
    orders(game, 1)
    join(game)
    orders(game, 1)
    game.later(days=29)
    leave(game)
    join(game)
    game.later(days=1)
    orders(game, 1)
    assert ("thirty", 15) not in prizes(game), "the days ran on"
    join(game)
    orders(game, 1)
    assert ("thirty", 15) not in prizes(game), "the new round begins from nothing"
    orders(game, 1)
    assert ("thirty", 15) in prizes(game)


@pytest.mark.feature(70)
def test_a_way_out_that_is_told_late_changes_what_counted(game: Till) -> None:
    """Out of order: the history decides, and what was paid goes back."""
    orders(game, 1)
    join(game)
    middle = game.later(minutes=30).now
    game.later(hours=1)
    orders(game, 2)
    assert game.balance() == 3 + 10 + 30 + 15
    join(game, kind="challenge.left", at=middle)
    assert ("thirty", 1) not in [pair[:2] for pair in awarded(game)]
    assert game.balance() == 3 + 10 + 30, "for the orders, the badge and the milestone at three"
    game.proven()


@pytest.mark.feature(60)
def test_an_edition_is_numbered_and_ends(game: Till) -> None:
    for customer in ("1", "2", "3"):
        game.later(hours=1).send(
            game.event("review.posted", {"review_id": f"r{customer}"}, customer=customer)
        )
    assert [bool(awarded(game, customer)) for customer in ("1", "2", "3")] == [True, True, False]


def test_a_budget_stops_by_itself(game: Till) -> None:
    for customer in ("1", "2", "3"):
        game.later(hours=1).send(game.event("social.shared", {"network": "vk"}, customer=customer))
    assert [prizes(game, customer) for customer in ("1", "2", "3")] == [[("pot", 25)], [("pot", 25)], []]


def test_a_refund_runs_back_through_badges_or_keeps_them(game: Till) -> None:
    game.send(game.order("big", "95.00"))
    assert {slug for slug, _, _ in awarded(game)} == {"fresh", "kept"}
    game.later(days=1).send(game.refund("big", ("1", "95.00")))
    assert {slug for slug, _, _ in awarded(game)} == {"kept"}
    assert [pair for pair in prizes(game) if pair[0] == "kept"] == [("kept", 7)]
    game.proven()


@pytest.mark.feature(64)
def test_expiry_revocation_and_giving_again(game: Till) -> None:
    game.send(game.order("a", "60.00"))
    first = [row for row in awarded(game) if row[0] == "fresh"]
    game.later(days=12).send(game.order("b", "60.00"))
    assert [row[0] for row in awarded(game) if row[0] == "fresh"] == ["fresh", "fresh"]
    assert first
    with database.transaction(game.engine) as session:
        member_id = game.member(session)
        awards.grant(session, member_id, "helper", 1, "Helped at the fair", "staff:test", game.now)
    assert ("helper", 5) in prizes(game)
    game.later(days=1)
    with database.transaction(game.engine) as session:
        awards.revoke(session, member_id, "helper", "A mistake of ours", "staff:test", game.now)
    assert "helper" not in {slug for slug, _, _ in awarded(game)}
    game.later(days=1)
    with database.transaction(game.engine) as session:
        awards.grant(session, member_id, "helper", 1, "No mistake at all", "staff:test", game.now)
        with pytest.raises(Refusal, match="already"):
            awards.grant(session, member_id, "helper", 1, "Twice is too much", "staff:test", game.now)
    assert "helper" in {slug for slug, _, _ in awarded(game)}
    game.proven()


@pytest.mark.feature(63)
def test_back_fill_shows_itself_first_gives_true_dates_and_can_be_undone(game: Till) -> None:
    game.send(game.order("early", "1.00"))
    day = game.now.date().isoformat()
    game.later(days=40)
    late = "  - {slug: late, name: Late, counts: from_beginning, criterion: {kind: count, at_least: 1}}\nchallenges:"
    game.open(PROGRAMME + GAMES.replace("challenges:", late))
    told = game.run("programme", "backfill", "--preview").stdout
    assert "1 member: 1 award would be given and 0 taken back; +0 points." in told
    assert awarded(game) == []
    told = game.run("programme", "backfill").stdout
    assert "1 member: 1 award was given and 0 taken back; +0 points." in told
    assert awarded(game) == [("late", 1, day)]
    assert "0 awards were given and 0 taken back" in game.run("programme", "backfill").stdout
    game.later(days=1).open(
        PROGRAMME + GAMES.replace("challenges:", late.replace("from_beginning", "from_now"))
    )
    assert "1 member: 0 awards were given and 1 taken back" in game.run("programme", "backfill").stdout
    assert awarded(game) == []
    game.proven()


@pytest.mark.parametrize(
    ("code", "word"), [("en", "For the badge “Regular”."), ("ru", "За значок «Regular».")]
)
def test_the_history_says_for_what(game: Till, code: str, word: str) -> None:
    orders(game, 2)
    assert word in str(game.history(code=code))


def test_what_is_kept_by_policy_gave_what_it_gave_even_after_staff_took_it_away(game: Till) -> None:
    """The refund does not take the prize back, and neither does a replay for another reason later on."""
    early = game.now
    game.later(days=1).send(game.order("big", "95.00"))
    game.later(days=1).send(game.refund("big", ("1", "95.00")))
    with database.transaction(game.engine) as session:
        awards.revoke(session, game.member(session), "kept", "A mistake of ours", "staff:test", game.now)
    assert game.balance() == 7
    game.later(days=1).send(game.order("late", "1.00", at=early))
    assert game.balance() == 1 + 7
    assert awarded(game) == []
    game.proven()


def test_what_is_kept_by_policy_is_not_given_again_where_staff_took_it_away_before(game: Till) -> None:
    """An earlier order that comes late reaches it before staff took it away: it is gone, and its prize stays."""
    early = game.now
    taken = game.later(days=1).now
    game.later(days=1).send(game.order("big", "95.00"))
    join(game, "kept", "badge.revoked", at=taken)
    assert "kept" in [slug for slug, _, _ in awarded(game)], "there was nothing yet to take away"
    game.later(days=1).send(game.order("bigger", "99.00", at=early))
    assert "kept" not in [slug for slug, _, _ in awarded(game)]
    assert [pair for pair in prizes(game) if pair[0] == "kept"] == [("kept", 7)] * 2, (
        "at its earlier place now"
    )
    game.proven()
