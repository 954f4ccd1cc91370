"""A member's whole history told to the oracle, from the start each time: what is there at a moment.

Facts are dictionaries as a till sends them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from math import floor
from typing import Any

from tests.model.arithmetic import left_of, local_day
from tests.model.checkout import payments, taken
from tests.model.games import Play, Won
from tests.model.oracle import Ask, Stand
from tests.model.terms import CASHBACK_PERCENT, LEVELS, PER_ORDER, PER_ORDER_FROM, Terms

Fact = dict[str, Any]
COUNTED = (
    "paid",
    "review",
    "adjust",
    "redeem",
    "join",
    "leave",
    "grant",
    "revoke",
    "bring",
    "received",
    "pin",
)


def stand(
    terms: Terms,
    facts: list[Fact],
    now: datetime,
    published: datetime | None,
    kept: Won | None,
    ask: Ask | None = None,
) -> Stand:
    """What a member has at `now`, from all facts there are, in the order in which they happened.

    `published` is when the programme's second version came, `kept` what the member won and keeps whatever is returned.
    """
    found = Stand(terms, play=Play(published, kept))
    found.ask = ask or found.ask
    for fact in sorted(effective(facts), key=key_of):
        for won in found.play.keep(key_of(fact)):
            found.prize(won)
        found.begin(fact)
        for won in happen(found, fact):
            found.prize(won)
    for won in found.play.keep(None):
        found.prize(won)
    found.pass_until(now)
    return found


def key_of(fact: Fact) -> tuple[datetime, str, str]:
    """A fact's place in history."""
    return (fact["at"], fact["source"], fact["id"])


def effective(facts: list[Fact]) -> Iterator[Fact]:
    """What counts: orders with what is `left` of them, rewards that were not given back, points that were set aside."""
    ordered, news = sorted(facts, key=key_of), defaultdict[str, list[Fact]](list)
    for fact in ordered:
        news[about(fact)].append(fact)
    aside, seen = payments(ordered), set[str]()
    for fact in ordered:
        name = about(fact)
        same = news[name] if name else []
        if fact["type"] not in COUNTED or name in seen:
            continue
        seen |= {name} - {""}
        if any(other["type"] in ("cancel", "cancel-redemption") for other in same):
            continue
        if fact["type"] == "paid":
            yield from an_order(fact, same, aside.get(fact["order"]))
        else:
            given = [other["at"] for other in same if other["type"] == "hand-over"]
            yield fact | {"settled": given[0] if given else None}
    for name, payment in aside.items():
        if not any(other["type"] in ("cancel", "paid") for other in news[name]):
            placed = [other["at"] for other in news[name] if other["type"] == "place"]
            yield payment | {"settled": placed[0] if placed else None}


def about(fact: Fact) -> str:
    """What a fact is about, if there can be news of it."""
    return fact.get("order") or fact.get("redemption") or ""


def an_order(fact: Fact, same: list[Fact], payment: Fact | None) -> Iterator[Fact]:
    """An order with what is left of it, and before it what was set aside for it, as far as it takes that."""
    said = fact["paid"]
    meant = payment["money"] if said is None and payment else said or 0
    left = left_of(fact, meant, [one for one in same if one["type"] == "refund"])
    if not left:
        return
    paid = sum(line["paid"] for line in left)
    lines, come = {line["line"] for line in left}, None
    for news in same:
        if news["type"] == "delivered" and come is None:
            lines -= news["lines"] or lines
            come = None if lines else news["at"]
    takes = {"left": left, "wallet": "points", "points": paid, "payment": None, "come": come}
    if payment:
        used, beyond = taken(payment, paid), max(0, paid - payment["money"])
        takes |= {
            "wallet": payment["wallet"],
            "points": used,
            "beyond": beyond,
            "payment": payment["payment"],
        }
        if used and key_of(payment) < key_of(fact):
            yield payment | {"points": used, "settled": None}
    yield fact | takes


def happen(found: Stand, fact: Fact) -> list[Won]:
    """One thing that happens, and what was won with it."""
    key, day, play = key_of(fact), local_day(fact["at"]), found.play
    if fact["type"] == "paid":
        climbed = buy(found, fact)
        return play.order(key, day, fact["left"], found.ladder.held, climbed)
    if fact["type"] == "review":
        points = found.grant(fact, "review", 25)
        if found.terms.cash:
            found.grant(fact, "told", 5, wallet="xp")
        return play.review(key, day, found.climb(fact, 0, points, 0))
    before = len(play.won)
    if fact["type"] in ("join", "leave", "grant", "revoke"):
        by_hand(play, fact)
    else:
        WORTH.get(fact["type"], give)(found, fact)
    return play.won[before:]


def by_hand(play: Play, fact: Fact) -> None:
    """What members and staff do in the game."""
    if fact["type"] == "join":
        play.join(local_day(fact["at"]))
    elif fact["type"] == "leave":
        play.leave()
    elif fact["type"] == "grant":
        play.grant(key_of(fact), fact["badge"], fact["level"])
    else:
        play.revoke(fact["badge"])


def bring(found: Stand, fact: Fact) -> None:
    """What a member had elsewhere, for as long as points last here or for ever."""
    more: dict[str, Any] = {"end": found.points.lasting.forever} if fact["lasts"] else {}
    found.put(fact, f"import|{fact['source']}|{fact['id']}|0", "0000", fact["points"], **more)


def receive(found: Stand, fact: Fact) -> None:
    """A gift, part by part, each with the end that it had."""
    for number, (points, promotional, end) in enumerate(fact["parts"]):
        name = f"gift|{fact['source']}|{fact['id']}|{number}"
        found.put(fact, name, f"{number:04}", points, promotional=promotional, end=end)


def give(found: Stand, fact: Fact) -> None:
    """Points for a reward, a gift or a payment: at once, or set aside until they are spent."""
    purse = found.purses[fact.get("wallet", "points")]
    if fact.get("gift"):
        purse.take(fact["points"], fact["at"], lambda pile: pile.gift)
    else:
        purse.take(fact["points"], fact["at"])
    if fact["held"]:
        purse.holds[fact.get("payment") or fact["redemption"]] = (fact["points"], fact["settled"])


def pay(found: Stand, fact: Fact) -> None:
    """What an order takes of what was set aside for it, and what it takes beyond that."""
    purse, per = found.purses[fact["wallet"]], 100 if fact["wallet"] == "cash" else found.terms.worth
    if not fact["payment"]:
        points = (2 * fact["points"] * per + 100) // 200
    else:
        aside, _ = purse.holds.pop(fact["payment"], (0, None))
        points = fact["points"] - aside + (2 * fact["beyond"] * per + 100) // 200
    if points:
        purse.take(points, fact["at"])


def buy(found: Stand, fact: Fact) -> bool:
    """Pay with points, earn with the tier held before, climb; returns whether a tier is reached."""
    pay(found, fact)
    lines, terms, tier = fact["left"], found.terms, found.ladder.held
    earning = [line for line in lines if line["sku"] != "card"]
    day = local_day(fact["at"])
    factor = LEVELS[tier][1] * 2 ** sum(day < until for until in found.play.boosts if terms.played)
    exact = sum(
        Fraction(max(0, line["amount"] - line["paid"]), 100) * (2 if line["sku"] == "tea" else 1)
        for line in earning
    )
    points = found.grant(fact, "base", floor(exact * factor)) if floor(exact * factor) else 0
    if terms.cash:
        found.grant(fact, "back", floor(exact * factor * CASHBACK_PERCENT), wallet="cash")
        found.grant(fact, "step", floor(exact / 10), wallet="xp")
    pieces = {
        sku: sum(line["pieces"] for line in earning if line["sku"] == sku and line["amount"])
        for sku in ("gift", "plain")
    }
    open_ = not terms.gift_days or day.strftime("%a").lower() in terms.gift_days
    if pieces["gift"] and open_:
        found.grant(fact, "gift", 7 * pieces["gift"], days=20)
    if pieces["plain"] and terms.budget is not None:
        points += found.grant(fact, "plain", 6 * pieces["plain"])
    amount = sum(line["amount"] for line in lines)
    if terms.perks and tier and amount >= PER_ORDER_FROM:
        slot = f"tier:{LEVELS[tier][0]}"
        found.put_earned(fact, f"order|{fact['source']}|{fact['id']}|{slot}", slot, PER_ORDER)
    return found.climb(fact, max(0, amount - sum(line["paid"] for line in lines)), points, 1)


def adjust(found: Stand, fact: Fact) -> None:
    """What staff gave is a pile of its own; what they took is spent."""
    wallet = fact.get("wallet", "points")
    if fact["points"] < 0:
        found.purses[wallet].take(-fact["points"], fact["at"])
        return
    found.put(fact, f"adjust|{fact['source']}|{fact['id']}", "", fact["points"], wallet)


def pin(found: Stand, fact: Fact) -> None:
    """Staff give a level until a day, or take it off; one whose last day is over changes nothing."""
    if fact["until"] is None or fact["until"] >= local_day(fact["at"]):
        found.ladder.pin = (fact["tier"], fact["until"])


WORTH = {"adjust": adjust, "bring": bring, "received": receive, "pin": pin}
