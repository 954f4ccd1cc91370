"""Grace for points that come back when their lot has ended meanwhile. Pure.

Where points were given away that came back later, the lots that they were taken from are remembered (the points never
left them, in the history that counts). When such a lot ends before the moment at which they came back, what of it was
away lasts a while from that moment on, in a lot of its own. A lot that was opened so has had its grace, and gets no
other.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from facts.dates import day_of, midnight
from facts.history import Event
from facts.money import Rounding, minor, ratio
from facts.returned import RETURNED
from rewards.lots import EARNED, POINTS, LotState, rank_of, spendable
from rewards.terms import Terms

if TYPE_CHECKING:
    from rewards.fold import Fold

KIND, AGAIN = "restored", "restore|"
Away = list[str | int]
"""The lot, its points that were away, when they came back and under which name; 1 when the lot is promotional, its
wallet, and 1 when it has ended.
"""


def shelter(fold: Fold, event: Event, terms: Terms) -> None:
    """Remember which lots points were away from, until the moment at which they came back."""
    back: datetime = event.data["at"]
    if back <= event.at or not fold.line.at(back).points.restored_grace_days:
        return
    wallet, left = event.data.get("wallet") or POINTS, event.data.get("points", 0)
    if "money" in event.data:
        of_it = terms.of(wallet)
        left = _worth(event.data["money"], of_it) - _worth(event.data.get("kept", 0), of_it)
    earned = rank_of(event.at, *event.key[1:], "")  # by what took them, which is weighed before this
    for lot in spendable(fold.lots.values(), event.at, wallet):
        if lot.rank.startswith(earned):
            continue
        away = sum(int(one[1]) for one in fold.away if one[0] == lot.cause)
        taken = min(left, lot.remaining - away)
        if taken > 0:
            left -= taken
            if not lot.cause.startswith(AGAIN):
                said = [
                    lot.cause,
                    taken,
                    back.isoformat(),
                    event.data["name"],
                    int(lot.promotional),
                    wallet,
                    0,
                ]
                fold.away.append(said)


def _worth(money: int, terms: Terms) -> int:
    """How many points an order takes that is paid with so much money's worth of them."""
    value = terms.points.value
    unit = minor(value.money, terms.digits)
    return ratio(money * value.points, unit, Rounding.HALF_UP) if unit else 0


def spare(fold: Fold, lot: LotState, points: int, end: datetime) -> None:
    """A lot has ended with so many points in it: those that were away then come back later."""
    for one in fold.away:
        if one[0] == lot.cause and not one[-1] and end <= _back(one):
            one[1], one[-1] = min(int(one[1]), points), 1
            points -= one[1]


def due(fold: Fold) -> datetime:
    """When the next points come back, or would have."""
    return min(backs(fold))


def backs(fold: Fold) -> Iterator[datetime]:
    """The moments at which points come back."""
    return (_back(one) for one in fold.away)


def come_back(fold: Fold, at: datetime) -> None:
    """Open what came back at this moment and had ended; what had not ended is in its lot."""
    ready = [one for one in fold.away if _back(one) <= at]
    fold.away = [one for one in fold.away if _back(one) > at]
    terms = fold.line.at(at)
    days = terms.points.restored_grace_days
    end = midnight(day_of(at, terms.zone) + days + 1, terms.zone)
    for name, points, _, what, promotional, wallet, ended in ready:
        if ended and days and int(points):
            cause, amount = f"{AGAIN}{what}|{name}", int(points)
            lot = LotState(cause, EARNED, amount, amount, bool(promotional), at, at, end,
                           rank_of(at, "", cause, ""), wallet=str(wallet))  # fmt: skip
            fold.open(lot, at)
            why = {"k": KIND, "points": amount}
            fold.post(cause, KIND, amount, at, why, "", terms.number, at, end, lot.wallet)


def _back(one: Away) -> datetime:
    return datetime.fromisoformat(str(one[2]))


KINDS = {RETURNED: shelter}
