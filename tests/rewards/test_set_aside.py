"""Points that are set aside on paper: for an order, a reward or a gift; what comes of each, to the last field."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from facts.events import OWN_SOURCE, Fact
from facts.history import Event
from facts.refusals import Refusal
from rewards.effects import Posting
from rewards.fold import Fold
from rewards.lots import DEBT, EARNED, HELD, LotState
from tests.builders import SHOP, a_fact, a_refund, an_order
from tests.engine.wording import a_programme
from tests.rewards.paper import ONE_LEVEL, folded, left, line_of, lot, posted

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # in New York
WALLETS = """
wallets:
  cash: {kind: cashback, name: Cash, value: {money: "1", pays: "2"}, negative_balance: {policy: debt, limit: 3}}
  xp: {kind: experience, name: XP}
"""
NOTHING = "  - {kind: fixed_points, slug: hello, on: member.signed_up, points: 1}"
LINE = line_of(a_programme(points="  expiry: {kind: never}", earning=NOTHING, levels=ONE_LEVEL) + WALLETS)


def days(count: float) -> datetime:
    return NOON + timedelta(days=count)


def own(kind: str, name: str, at: datetime, source: str = OWN_SOURCE, **data: Any) -> Fact:
    return a_fact(kind, data, at=at, id=name, source=source, internal=True)


def given(points: int, name: str = "x", at: datetime = NOON, **more: Any) -> Fact:
    said = {"adjustment_id": name, "points": points, "reason": "eggs", "actor": "ann"}
    return own("points.adjusted", name, at, **said, **more)


def payment(points: int, money: str, at: datetime, wallet: str = "") -> Fact:
    return own("payment.held", "h", at, SHOP, payment_id="p", order_id="B", points=points, money=money,
               wallet=wallet)  # fmt: skip


def paid(money: str) -> Fact:
    return an_order("B", "50.00", at=days(2), points_paid=money)


def reward(points: int, at: datetime, held: bool = True, **more: Any) -> Fact:
    return own("redemption.made", "m", at, redemption_id="r", reward="mug", points=points, held=held, **more)


def after(*facts: Fact, now: datetime | None = None) -> Fold:
    return folded(LINE, facts, now)


def last(fold: Fold) -> tuple[Posting, Any]:
    """The last posting, and its why."""
    posting = fold.postings[-1]
    return replace(posting, why=""), json.loads(posting.why)


def entry(cause: str, kind: str, amount: int, at: datetime, wallet: str = "points") -> Posting:
    return Posting(cause, kind, amount, at, None, None, "", 1, "", wallet)


HOLD, SPEND = f"hold|{SHOP}|payment:p", f"spend|{SHOP}|order:B"


def test_for_an_order_they_wait_and_are_spent_with_it() -> None:
    waiting = after(given(100), payment(40, "0.40", days(1)))
    assert last(waiting) == (entry(HOLD, "held", 0, days(1)), {"k": "held", "points": 40, "order": "B"})
    assert waiting.lots[HOLD] == LotState(
        HOLD, HELD, 40, 40, False, days(1), days(1), None, f"20260303170000000000\x1f{SHOP}\x1fp\x1f")  # fmt: skip
    fold = after(given(100), payment(40, "0.40", days(1)), paid("0.40"))
    assert last(fold) == (entry(SPEND, "spent", -40, days(2)), {"k": "spent", "points": 40, "order": "B"})
    assert fold.lots[HOLD].draws == [(SPEND, days(2), 40)]
    assert left(fold) == {f"adjust {OWN_SOURCE} x": 60}


def test_what_an_order_takes_beyond_them_is_spent_besides() -> None:
    fold = after(given(100), payment(40, "0.40", days(1)), paid("0.55"))
    assert last(fold)[0] == entry(SPEND, "spent", -55, days(2))
    assert lot(fold, f"adjust {OWN_SOURCE} x").draws[-1] == (SPEND, days(2), 15)
    assert left(fold) == {f"adjust {OWN_SOURCE} x": 45}
    short = after(given(50), payment(40, "0.40", days(1)), paid("0.55"))
    (debt,) = [one for one in short.lots.values() if one.kind == DEBT]
    assert (debt.cause, debt.remaining, debt.at) == (f"debt|{SPEND}", -5, days(2))


def test_what_an_order_does_not_take_stays_with_it() -> None:
    """The half of it went back: half of the points are used, and the rest is free again."""
    back = a_refund("B", ("1", "25.00"), at=days(3))
    fold = after(given(100), payment(40, "0.40", days(1)), paid("0.40"), back)
    assert ("spend order:B", -20) in posted(fold)
    free = after(given(100), payment(40, "0.40", days(1)), paid("0.00"))
    assert posted(free) == [(f"adjust {OWN_SOURCE} x", 100)]


def test_cashback_pays_at_its_own_rate_and_is_owed_by_itself() -> None:
    coins = given(100, wallet="cash")
    fold = after(coins, payment(40, "0.80", days(1), "cash"), paid("0.90"))
    assert last(fold) == (
        entry(SPEND, "spent", -45, days(2), "cash"),
        {"k": "spent", "points": 45, "order": "B", "wallet": "cash"},
    )
    assert fold.lots[HOLD].wallet == "cash"
    assert fold.wallets["cash"][0] == 55
    owing = after(coins, given(9, "y"), payment(100, "2.00", days(1), "cash"), paid("2.10"))
    assert [(one.cause, one.kind, one.amount, one.wallet) for one in owing.postings[3:]] == [
        (SPEND, "spent", -105, "cash"), (f"forgive|{SPEND}", "forgiven", 2, "cash")]  # fmt: skip
    assert [(one.remaining, one.wallet) for one in owing.lots.values() if one.remaining] == [
        (9, "points"), (-3, "cash")]  # fmt: skip


def test_for_a_reward_they_wait_until_it_is_handed_over() -> None:
    hold, spend = f"hold|{OWN_SOURCE}|redemption:r", f"spend|{OWN_SOURCE}|redemption:r"
    facts = [given(100), reward(30, days(1))]
    assert last(after(*facts)) == (
        entry(hold, "held", 0, days(1)), {"k": "held", "points": 30, "reward": "mug"})  # fmt: skip
    captured = own("redemption.captured", "c", days(4), redemption_id="r")
    fold = after(*facts, captured, now=days(5))
    assert last(fold) == (
        entry(spend, "spent", -30, days(4)), {"k": "spent", "points": 30, "reward": "mug"})  # fmt: skip
    assert (fold.lots[hold].draws, fold.settlements) == ([(spend, days(4), 30)], [])
    assert left(fold) == {f"adjust {OWN_SOURCE} x": 70}
    waits = after(*facts, captured, now=days(3.9))
    assert [at for at, _ in waits.settlements] == [days(4)]
    early = after(*facts, own("redemption.captured", "c", days(1), redemption_id="r"), now=days(1))
    assert last(early)[0] == entry(spend, "spent", -30, days(1))


def test_several_are_settled_in_the_order_of_their_moments() -> None:
    made = [own("redemption.made", f"m{name}", days(at), redemption_id=name, reward="mug", points=5, held=True)
            for name, at in (("a", 1), ("b", 1.5))]  # fmt: skip
    ends = [own("redemption.captured", f"c{name}", days(at), redemption_id=name)
            for name, at in (("a", 9), ("b", 6))]  # fmt: skip
    fold = after(given(100), *made, *ends)
    assert [at for at, _ in fold.settlements] == [days(6), days(9)]
    fold.advance(days(20))
    assert [(one.cause.rpartition(":")[2], one.at) for one in fold.postings if one.kind == "spent"] == [
        ("b", days(6)), ("a", days(9))]  # fmt: skip


def test_a_reward_that_is_had_at_once_is_paid_at_once() -> None:
    fold = after(given(100), reward(30, days(1), held=False))
    assert last(fold) == (
        entry(f"spend|{OWN_SOURCE}|redemption:r", "spent", -30, days(1)),
        {"k": "spent", "points": 30, "reward": "mug"},
    )
    assert [one.kind for one in fold.lots.values()] == ["earned"]


def test_what_waits_in_a_wallet_is_spent_in_it() -> None:
    made = Event((days(1), OWN_SOURCE, "m"), "redemption.made",
                 {"redemption_id": "r", "reward": "mug", "points": 30, "held": True, "wallet": "cash"},
                 settled=days(4))  # fmt: skip
    fold = after(given(100, wallet="cash"))
    fold.apply(made)
    fold.advance(days(4))
    assert last(fold)[0] == entry(f"spend|{OWN_SOURCE}|redemption:r", "spent", -30, days(4), "cash")


def test_who_has_too_few_owes_the_rest() -> None:
    fold = after(given(20), reward(30, days(1)))
    assert left(fold) == {f"hold {OWN_SOURCE} redemption:r": 30, f"debt hold {OWN_SOURCE} redemption:r": -10}
    cash = after(given(20, wallet="cash"), given(9, "y"), payment(21, "0.42", days(1), "cash"))
    assert [(one.kind, one.remaining, one.wallet, one.at) for one in cash.lots.values() if one.kind == DEBT] == [
        (DEBT, -1, "cash", days(1))]  # fmt: skip


def test_experience_is_not_set_aside() -> None:
    with pytest.raises(Refusal, match=r"^This cannot be spent\.$") as refused:
        after(given(20, wallet="xp"), payment(5, "0.05", days(1), "xp"))
    assert (refused.value.code, refused.value.status) == ("wallet_stays", 409)


def test_a_gift_is_given_when_it_is_taken() -> None:
    facts = [given(20), own("gift.given", "g", days(1), gift_id="g", points=8)]
    fold = after(*facts, own("gift.taken", "t", days(3), gift_id="g"), now=days(4))
    assert last(fold) == (
        entry(f"spend|{OWN_SOURCE}|gift:g", "given", -8, days(3)),
        {"k": "given", "points": 8, "gift": True},
    )


def test_a_name_may_have_colons() -> None:
    fold = after(given(20), own("gift.given", "g", days(1), gift_id="a:b:c", points=8))
    assert (
        fold.lots[f"hold|{OWN_SOURCE}|gift:a:b:c"].rank
        == f"20260303170000000000\x1f{OWN_SOURCE}\x1fa:b:c\x1f"
    )


def test_a_received_gift_is_opened_as_it_was() -> None:
    lots = [{"points": 7, "promotional": True, "expires_at": days(9).isoformat()}, {"points": 30}]
    fold = after(own("gift.received", "g", days(2), gift_id="g", points=37, lots=lots))
    cause = f"gift|{OWN_SOURCE}|g"
    rank = f"20260304170000000000\x1f{OWN_SOURCE}\x1fg"
    assert list(fold.lots.values()) == [
        LotState(f"{cause}|0", "earned", 7, 7, True, days(2), days(2), days(9), f"{rank}\x1f0000"),
        LotState(f"{cause}|1", "earned", 30, 30, False, days(2), days(2), None, f"{rank}\x1f0001"),
    ]
    assert [replace(one, why="") for one in fold.postings] == [
        Posting(f"{cause}|0", "received", 7, days(2), days(2), days(9), "", 1, ""),
        Posting(f"{cause}|1", "received", 30, days(2), days(2), None, "", 1, ""),
    ]
    assert [json.loads(one.why) for one in fold.postings] == [
        {"k": "received", "points": 7}, {"k": "received", "points": 30}]  # fmt: skip
    owing = after(given(-4), own("gift.received", "g", days(2), gift_id="g", points=37, lots=lots))
    assert left(owing) == {f"gift {OWN_SOURCE} g 0": 3, f"gift {OWN_SOURCE} g 1": 30}
    assert [draw[1] for one in owing.lots.values() for draw in one.draws] == [days(2), days(2)]


def test_points_that_are_worth_no_money_pay_for_nothing() -> None:
    """A shop may still say that an order was paid with points: it takes none."""
    text = a_programme(points="  expiry: {kind: never}", levels=ONE_LEVEL)
    worthless = line_of(text.replace('money: "1.00"', 'money: "0"'))
    fold = folded(worthless, [given(100), paid("5.00")])
    assert posted(fold) == [(f"adjust {OWN_SOURCE} x", 100), ("earn paid-B base", 45)]
    beyond = folded(worthless, [given(100), payment(40, "0.40", days(1)), paid("5.00")])
    assert posted(beyond)[2] == ("spend order:B", -40)


@pytest.mark.parametrize(
    ("more", "ends"),
    [({}, None), ({"lasts_days": 5}, datetime(2026, 3, 9, 4, tzinfo=UTC)), ({"lasts_days": None}, None)],
)
def test_points_that_were_chosen_are_there_at_once_go_first_and_last_so_long_as_was_said(
    more: dict[str, Any], ends: datetime | None
) -> None:
    fold = after(given(100), reward(0, days(1), held=False, brings=30, **more))
    cause = f"chosen|{OWN_SOURCE}|m"
    assert fold.lots[cause] == LotState(
        cause, EARNED, 30, 30, True, days(1), days(1), ends,
        f"20260303170000000000\x1f{OWN_SOURCE}\x1fm\x1f")  # fmt: skip
    assert last(fold) == (
        Posting(cause, "earned", 30, days(1), days(1), ends, "", 1, ""),
        {"k": "chosen", "points": 30, "reward": "mug"},
    )
    spent = after(given(100), reward(0, days(1), held=False, brings=30, **more), given(-40, "y", days(2)))
    assert left(spent) == {f"adjust {OWN_SOURCE} x": 90}


def test_what_was_held_for_nothing_brings_nothing() -> None:
    fold = after(given(100), reward(40, days(1), held=True, brings=30))
    assert [cause for cause in fold.lots if cause.startswith("chosen")] == []
    assert posted(fold)[-1] == (f"hold {OWN_SOURCE} redemption:r", 0)
