"""What moves points without earning them, plainly: rewards, payments, gifts, and what staff and imports do."""

from __future__ import annotations

from typing import Any

from tests.model.arithmetic import local_day
from tests.model.oracle import Stand

Fact = dict[str, Any]


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
        found.ladder.pins = [(fact["tier"], fact["until"])]
