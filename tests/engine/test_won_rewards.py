"""Rewards as prizes: facts in by HTTP, the reward waits for the member, and its code is used at the till."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app import database
from app.jobs.due import expire_redemptions, lapse_redemptions
from facts.language import language
from facts.refusals import Refusal
from members.actions import vouchers
from members.actions.redeem import code_of
from members.cards import VoucherCard
from members.programme import load
from members.views.rewards import rewards
from rewards.tables import Redemption
from tests.engine.till import Till
from tests.engine.wording import a_programme

SECRET = b"a secret of this test only, 32 bytes"
PROGRAMME = a_programme(
    rewards="""
  - {slug: coffee, kind: product, name: A coffee, price: 50, per_member: 1, valid_days: 20}
  - {slug: basket, kind: product, name: A basket, price: 50, fulfilment: by_staff, valid_days: 20}
  - {slug: last, kind: product, name: The last one, price: 50, stock: 1}
  - {slug: cake, kind: gift, name: A cake, price: 0, value: "200", occasion: {on: member.birthday}}
"""
)
GAMES = """
badges:
  - {slug: big, name: Big day, criterion: {kind: largest, at_least: "90"}, prizes: [{reward: basket}]}
challenges:
  - slug: three
    name: Three orders
    criterion: {kind: count, at_least: 3}
    milestones: [{at: 3, prize: {points: 5, reward: coffee}}]
"""


@pytest.fixture
def won(till: Till) -> Till:
    """A shop whose customer 1 has just won a coffee."""
    till.open(PROGRAMME + GAMES)
    for name in ("a", "b", "c"):
        till.later(hours=1).post(till.order(name, "10.00"))
    return till


def cards(till: Till, customer: str = "1") -> list[VoucherCard]:
    """What the member has and had, as their page says it."""

    def shown(made: Redemption) -> str:
        return code_of(made, SECRET) or ""

    with till._clock(), database.reading(till.engine) as session:  # pyright: ignore[reportPrivateUsage]
        card = rewards(session, till.member(session, customer), till.now, language("en"), shown)
        return [*card.mine, *card.past]


def take(till: Till, customer: str = "1") -> str:
    """The code of what was won."""
    with database.transaction(till.engine) as session:
        member_id, (card, *_) = till.member(session, customer), cards(till, customer)
        made = vouchers.take(session, member_id, _uuid(card.key), till.now, SECRET)
        return code_of(made, SECRET) or ""


def _uuid(text: str) -> Any:
    from uuid import UUID

    return UUID(text)


def use(till: Till, code: str) -> int:
    """What HTTP says when the till uses a code."""
    with till._clock():  # pyright: ignore[reportPrivateUsage]
        body = {"code": code, "used_in": "receipt 1"}
        return till.client.post("/api/v1/codes/use", json=body, headers=till.head).status_code


def stands(till: Till) -> list[tuple[str, str, bool]]:
    """Name, state, and whether it waits to be taken."""
    return [(card.name, card.state, card.won) for card in cards(till)]


@pytest.mark.feature(69)
def test_a_prize_waits_is_taken_once_and_used_once(won: Till) -> None:
    assert stands(won) == [("A coffee", "reserved", True)]
    assert cards(won)[0].words == "Won with “Three orders”. Take it until 12 Dec"
    before = won.balance()
    code = take(won)
    assert take(won) == code
    assert (len(code), won.balance()) == (20, before)
    assert (cards(won)[0].code, cards(won)[0].returnable) == (code, False)
    assert use(won, code) == 200
    assert [card.state for card in cards(won)] == ["used"]
    won.proven()


@pytest.mark.feature(69)
def test_what_was_won_costs_nothing_and_takes_nothing_from_what_one_may_buy(won: Till) -> None:
    won.adjust(100)
    take(won)
    answer = won.redeem("coffee")
    assert answer.status_code == 200, answer.text
    assert won.redeem("coffee").status_code == 409, "one for each member"
    assert sorted((card.state, card.returnable) for card in cards(won)) == [
        ("issued", False),
        ("issued", True),
    ]


PASS = """
  - {slug: coffee, kind: early_access, name: Sale, price: 50, access: The sale, valid_days: 20, access_until: UNTIL}
"""


@pytest.mark.parametrize(("days", "waits"), [(2, [("Sale", "reserved", True)]), (-1, [])])
def test_a_pass_that_was_won_waits_no_longer_than_what_it_opens(
    till: Till, days: int, waits: list[tuple[str, str, bool]]
) -> None:
    end = (till.now + timedelta(days=days)).isoformat()
    till.open(
        a_programme(rewards=PASS.replace("UNTIL", end)) + "challenges:" + GAMES.partition("challenges:")[2]
    )
    for name in ("a", "b", "c"):
        till.later(hours=1).post(till.order(name, "10.00"))
    assert stands(till) == waits
    till.later(days=3)
    with pytest.raises((Refusal, ValueError)):
        take(till)


@pytest.mark.parametrize("taken", [False, True])
def test_a_return_takes_back_what_was_not_used_and_an_order_brings_it_again(won: Till, taken: bool) -> None:
    code = take(won) if taken else ""
    won.later(hours=1).post(won.refund("c", ("1", "10.00")))
    assert stands(won) == [("A coffee", "cancelled", False)]
    assert cards(won)[0].words == "It went back with what it was won for."
    assert not code or use(won, code) == 404
    with pytest.raises(Refusal):
        take(won)
    won.later(days=1).post(won.order("d", "10.00"))
    assert stands(won) == [("A coffee", "reserved", True)]
    fresh = take(won)
    assert (fresh != code, use(won, fresh)) == (True, 200)


def test_a_code_that_was_called_off_stays_so(won: Till) -> None:
    first = take(won)
    won.later(hours=1).post(won.refund("c", ("1", "10.00")))
    won.later(days=1).post(won.order("d", "10.00"))
    second = take(won)
    assert [use(won, code) for code in (first, second)] == [404, 200]


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("after", ["{points: 30}", "{reward: basket}", "{reward: coffee, points: 1}"])
def test_what_is_won_is_what_the_version_of_its_day_gives(till: Till, late: bool, after: str) -> None:
    """Whatever the order of arrival: one prize, of the version in which the badge was earned."""
    big = (
        PROGRAMME
        + 'badges:\n  - {slug: big, name: Big, criterion: {kind: largest, at_least: "90"}, prizes: [%s]}\n'
    )
    till.open(big % "{reward: coffee}")
    first = till.order("first", "95.00", at=till.now)
    till.later(days=2).open(big % after)
    second = till.order("second", "95.00", at=till.later(days=1).now)
    till.post(*((second, first) if late else (first, second)))
    found = [(name, state) for name, state, _ in stands(till)]
    assert found == [("A coffee", "reserved")]
    assert till.balance() == 190, "and no points of the other version"
    till.proven()


@pytest.mark.parametrize(("days", "there"), [(19, True), (21, False)])
def test_history_that_comes_late_brings_no_reward_whose_time_would_be_over(
    won: Till, days: int, there: bool
) -> None:
    won.later(days=days)
    old = [won.order(f"old-{n}", "10.00", customer="9", at=won.now - timedelta(days=days)) for n in range(3)]
    won.post(*old)
    assert bool(cards(won, "9")) is there


def test_what_was_used_stays_used(won: Till) -> None:
    assert use(won, take(won)) == 200
    won.later(hours=1).post(won.refund("c", ("1", "10.00")))
    won.later(hours=1).post(won.order("d", "10.00"))
    assert [state for _, state, _ in stands(won)] == ["used"]


def test_the_same_orders_again_and_a_late_one_bring_nothing_more(won: Till) -> None:
    code = take(won)
    won.send(*(won.order(name, "10.00") for name in ("a", "b", "c")))
    won.post(won.order("late", "10.00", at=won.now.replace(hour=1)))
    assert stands(won) == [("A coffee", "issued", False)]
    assert cards(won)[0].code == code


def test_what_nobody_takes_lapses_and_brings_no_points(won: Till) -> None:
    before, facts = won.balance(), won.facts()
    won.later(days=21)
    assert lapse_redemptions(won.engine, won.now) == 1
    assert stands(won) == [("A coffee", "cancelled", False)]
    assert cards(won)[0].words == "You won it, and its time is over."
    assert (won.balance(), won.facts()) == (before, facts)
    with pytest.raises(Refusal):
        take(won)
    won.post(won.order("late", "10.00", at=won.now.replace(year=2025)))
    assert stands(won) == [("A coffee", "cancelled", False)], "a late fact does not bring it back"


def test_what_was_taken_and_not_used_expires(won: Till) -> None:
    code = take(won)
    won.later(days=21)
    assert expire_redemptions(won.engine, won.now) == 1
    assert (stands(won), use(won, code)) == ([("A coffee", "expired", False)], 404)


def test_staff_hand_a_prize_over_at_the_counter(won: Till) -> None:
    won.later(hours=1).post(won.order("big", "95.00"))
    basket = next(card for card in cards(won) if card.name == "A basket")
    assert (basket.words, basket.won) == ("Won with “Big day”. Yours at the counter until 12 Dec", False)
    before = won.balance()
    with database.transaction(won.engine) as session:
        member_id = won.member(session)
        with pytest.raises(Refusal):
            vouchers.take(session, member_id, _uuid(basket.key), won.now, SECRET)
        vouchers.hand_over(session, member_id, _uuid(basket.key), "staff:kim", won.now)
    assert (won.balance(), {name: state for name, state, _ in stands(won)}["A basket"]) == (
        before,
        "used",
    )
    won.proven()


def test_nobody_orders_under_the_name_of_a_prize(won: Till) -> None:
    won.adjust(100)
    answer = won.redeem("coffee", request="prize:challenge:three:0:2")
    assert (answer.status_code, answer.json()["code"]) == (422, "request_malformed")


def test_nobody_takes_what_somebody_else_won(won: Till) -> None:
    won.post(won.order("x", "10.00", customer="2"))
    key = _uuid(cards(won)[0].key)
    with database.transaction(won.engine) as session, pytest.raises(Refusal, match="no such redemption"):
        vouchers.take(session, won.member(session, "2"), key, won.now, SECRET)


@pytest.mark.parametrize(
    ("reward", "said"),
    [
        ("cofee", "there is no reward “cofee”"),
        ("last", "“last” has a stock, and whoever wins it could come too late"),
        ("cake", "“cake” costs nothing, and what is given away counts at its price"),
    ],
)
def test_a_prize_must_be_there_for_whoever_wins_it(reward: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        load(PROGRAMME + GAMES.replace("reward: coffee", f"reward: {reward}"))
    assert said in str(refused.value) or said in repr(refused.value.__dict__)


@pytest.mark.parametrize("part", ["goals", "boards"])
def test_places_and_goals_bring_points_or_a_badge(part: str) -> None:
    prize = "prize: {reward: coffee}"
    text = {
        "goals": f"goals:\n  - {{slug: g, name: G, criterion: {{kind: count, at_least: 1}}, target: 9, {prize}}}\n",
        "boards": "boards:\n  - {slug: b, name: B, criterion: {kind: count, at_least: 1}, "
        f"prizes: [{{places: '1', {prize}}}]}}\n",
    }[part]
    with pytest.raises(Refusal) as refused:
        load(PROGRAMME + text)
    assert "leave out reward" in repr(refused.value.__dict__) + str(refused.value)


def test_a_budget_counts_what_a_reward_is_worth(till: Till) -> None:
    pot = GAMES.replace(
        "    criterion: {kind: count, at_least: 3}",
        "    budget: 120\n    criterion: {kind: count, at_least: 3}",
    )
    till.open(PROGRAMME + pot)
    for customer in ("1", "2", "3"):
        for name in "abc":
            till.later(hours=1).post(till.order(f"{customer}{name}", "10.00", customer=customer))
    assert [len(cards(till, customer)) for customer in ("1", "2", "3")] == [1, 1, 0], (
        "a coffee is worth 50, and 5 beside"
    )
