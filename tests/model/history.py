"""A member's whole history told to the oracle, from the start each time: what is there at a moment.

Facts are dictionaries as a till sends them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tests.model import moves, referred
from tests.model.arithmetic import key_of, left_of, local_day
from tests.model.away import called_off, returned
from tests.model.checkout import payments, taken
from tests.model.earning import buy, celebrate, told, visit
from tests.model.games import Play, Won
from tests.model.oracle import Ask, Stand
from tests.model.spending import adjust, bring, give, pin, receive
from tests.model.terms import Terms

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
    "lend",
    "came over",
    "moved out",
    "moved in",
    "friend",
    "friend joined",
    "signed",
    "visit",
    "birthday",
    "yearly",
    "said",
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
    for fact in sorted(effective(facts, terms.worth if terms.restored else None), key=key_of):
        for won in found.play.keep(key_of(fact)):
            found.prize(won)
        if fact["type"] == "away":
            found.pass_until(fact["at"])
            found.purses[fact["wallet"]].set_away(fact)
            continue
        found.begin(fact)
        for won in happen(found, fact):
            found.prize(won)
    for won in found.play.keep(None):
        found.prize(won)
    found.pass_until(now)
    return found


def effective(facts: list[Fact], worth: int | None = None) -> Iterator[Fact]:
    """What counts: orders with what is `left` of them, rewards that were not given back, points that were set aside.

    After it what was away and came back; of that nothing without the `worth` of points.
    """
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
    seen = set()
    for fact in ordered if worth else []:
        same = news[about(fact)]
        yield from called_off(fact, same)
        if fact["type"] == "paid" and fact["order"] not in seen:
            seen.add(fact["order"])
            yield from returned(fact, same, aside.get(fact["order"]), worth or 0)


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
        return play.review(key, day, found.climb(fact, told(points, "review.posted")))
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


WORTH = moves.WORTH | referred.WORTH | {
    "adjust": adjust, "bring": bring, "received": receive, "pin": pin, "visit": visit, "birthday": celebrate,
    "yearly": celebrate, "said": lambda found, fact: None,
}  # fmt: skip
