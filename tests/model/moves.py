"""What goes from one account of a person to another, plainly: piles, debts, levels that were given or brought along.

Everything keeps its dates and its place in the order of burning. Levels that were earned stay where they were earned.
"""

from __future__ import annotations

from typing import Any

from tests.model.arithmetic import local_day
from tests.model.lasting import FAR
from tests.model.oracle import Stand
from tests.model.purse import Pile, Purse

Fact = dict[str, Any]


def contents(purse: Purse) -> list[Pile]:
    """All piles of a wallet, waiting ones too, the oldest first."""
    there = [pile for pile in purse.piles if pile.left]
    return sorted(there, key=lambda pile: (pile.opened or pile.place[0], pile.name))


def move_out(found: Stand, fact: Fact) -> None:
    """So many points leave, waiting ones too. What is missing is owed where the fact says so, or else as anything."""
    purse, points = found.purses[fact["wallet"]], fact["points"]
    for pile in sorted(purse.piles, key=lambda pile: pile.order):
        if fact["at"] < (pile.end or FAR):
            part = min(points, pile.left)
            pile.left -= part
            points -= part
    if fact["owes"]:
        purse.owed += [points] if points else []
    else:
        purse.miss(points)


def move_in(found: Stand, fact: Fact) -> None:
    """They come in their piles; bare points pay what is owed, and last as long as anything."""
    purse, at, day = found.purses[fact["wallet"]], fact["at"], local_day(fact["at"])
    for number, pile in enumerate(fact["piles"]):
        kind = "transfer" if pile.gift else "moved"
        name = f"{kind}|{fact['source']}|{fact['id']}|{number}"
        purse.put(
            Pile(name, pile.left, pile.promotional, pile.start, day, pile.end, pile.place, pile.gift, at)
        )
    if not fact["piles"]:
        name, place = f"transfer|{fact['source']}|{fact['id']}|0", (at, fact["source"], fact["id"], "0")
        purse.put(Pile(name, fact["points"], False, at, day, purse.lasting.forever, place, True, at))


def come_over(found: Stand, fact: Fact) -> None:
    """What was paid for entering levels is not paid again; levels that were brought along or given count here too."""
    ladder, day = found.ladder, local_day(fact["at"])
    found.entered |= fact["entered"]
    ladder.lent_too = [*ladder.lent_too, *fact["lent"]]
    if fact["lent"]:
        ladder.rise(day)
    ladder.pins = [*ladder.pins, *fact["pins"]]


def lend(found: Stand, fact: Fact) -> None:
    """A level that was had in another programme."""
    found.ladder.lend(local_day(fact["at"]), fact["tier"], fact["until"])


WORTH = {"moved out": move_out, "moved in": move_in, "came over": come_over, "lend": lend}
