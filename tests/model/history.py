"""A member's whole history told to the oracle, from the start each time: what is there at a moment.

Facts are dictionaries as a till sends them.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from math import floor
from typing import Any

from tests.model.arithmetic import left_of, local_day
from tests.model.games import Play, Won
from tests.model.oracle import FAR, LEVELS, Pile, Stand, Terms

COUNTED = ("paid", "review", "adjust", "redeem", "join", "leave", "grant", "revoke", "bring")


def stand(
    terms: Terms, facts: list[dict[str, Any]], now: datetime, published: datetime | None, kept: Won | None
) -> Stand:
    """What a member has at `now`, from all facts there are, in the order in which they happened.

    `published` is when the programme's second version came, `kept` what the member won and keeps whatever is returned.
    """
    found = Stand(terms, play=Play(published, kept))
    seen: set[str] = set()
    for fact in sorted(facts, key=key_of):
        about = fact.get("order") or fact.get("redemption") or ""
        same = [
            other for other in facts if about and (other.get("order") or other.get("redemption")) == about
        ]
        if fact["type"] not in COUNTED or about in seen:
            continue
        seen.add(about) if about else None
        if any(other["type"] in ("cancel", "cancel-redemption") for other in same):
            continue
        left = (
            left_of(fact, [one for one in same if one["type"] == "refund"]) if fact["type"] == "paid" else []
        )
        if fact["type"] == "paid" and not left:
            continue
        for won in found.play.keep(key_of(fact)):
            found.prize(won)
        found.pass_until(fact["at"])
        for won in happen(found, fact, left, same):
            found.prize(won)
    for won in found.play.keep(None):
        found.prize(won)
    found.pass_until(now)
    return found


def key_of(fact: dict[str, Any]) -> tuple[datetime, str, str]:
    """A fact's place in history."""
    return (fact["at"], fact["source"], fact["id"])


def happen(
    found: Stand, fact: dict[str, Any], left: list[dict[str, Any]], same: list[dict[str, Any]]
) -> list[Won]:
    """One thing that happens (an order with what is `left` of it), and what was won with it."""
    key, day, play = key_of(fact), local_day(fact["at"]), found.play
    if fact["type"] == "paid":
        climbed = buy(found, fact, left)
        return play.order(key, day, left, found.tier, climbed)
    if fact["type"] == "review":
        points = found.grant(fact, "review", 25, promotional=False, days=None)
        return play.review(key, day, found.climb(fact["at"], 0, points))
    before = len(play.won)
    if fact["type"] == "adjust":
        adjust(found, fact)
    elif fact["type"] == "bring":
        end = FAR if fact["lasts"] else found.end_of(day, None)
        place = (fact["at"], fact["source"], fact["id"], "0000")
        name = f"import|{fact['source']}|{fact['id']}|0"
        found.put(Pile(name, fact["points"], False, fact["at"], end, place))
    elif fact["type"] == "join":
        play.join(day)
    elif fact["type"] == "leave":
        play.leave()
    elif fact["type"] == "grant":
        play.grant(key, fact["badge"], fact["level"])
    elif fact["type"] == "revoke":
        play.revoke(fact["badge"])
    else:
        found.take(fact["points"], fact["at"])
        if fact["held"]:
            given = [other["at"] for other in same if other["type"] == "hand-over"]
            found.holds[fact["redemption"]] = (fact["points"], given[0] if given else None)
    return play.won[before:]


def buy(found: Stand, fact: dict[str, Any], lines: list[dict[str, Any]]) -> bool:
    """Pay with points, earn with the tier held before, climb; returns whether a tier is reached."""
    paid = sum(line["paid"] for line in lines)
    if paid:
        found.take(paid, fact["at"])
    earning = [line for line in lines if line["sku"] != "card"]
    day = local_day(fact["at"])
    factor = LEVELS[found.tier][2] * 2 ** sum(
        day < until for until in found.play.boosts if found.terms.played
    )
    exact = sum(
        Fraction(line["amount"] - line["paid"], 100) * (2 if line["sku"] == "tea" else 1) for line in earning
    )
    points = floor(exact * factor)
    climbed = found.grant(fact, "base", points, promotional=False, days=None) if points else 0
    open_ = not found.terms.gift_days or day.strftime("%a").lower() in found.terms.gift_days
    pieces = open_ * sum(line["pieces"] for line in earning if line["sku"] == "gift" and line["amount"])
    if pieces:
        found.grant(fact, "gift", 7 * pieces, promotional=True, days=20)
    spend = sum(line["amount"] for line in lines) - paid
    return found.climb(fact["at"], spend, climbed) if spend or climbed else False


def adjust(found: Stand, fact: dict[str, Any]) -> None:
    """What staff gave is a pile of its own; what they took is spent."""
    if fact["points"] < 0:
        found.take(-fact["points"], fact["at"])
        return
    place = (fact["at"], fact["source"], fact["id"], "")
    end = found.end_of(local_day(fact["at"]), None)
    name = f"adjust|{fact['source']}|{fact['id']}"
    found.put(Pile(name, fact["points"], False, fact["at"], end, place))
