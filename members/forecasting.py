"""What an order that is still to come would bring a member: the engine itself weighs it, and nothing is kept of that.

`POST /simulate` says the same of the same order; here nobody is locked, and the snapshot cannot be written to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from facts.events import Fact
from facts.money import decimal_text
from members import books, closing
from members.changes import Changes
from members.programme.versions import versions
from members.scarcity import Glimpse
from members.views.standing import unknown
from members.weighing import Weighing
from rewards.lots import POINTS

SOURCE, NAME = "forecast", "an order to come"
EARNED = "earned"


@dataclass(frozen=True, slots=True)
class Forecast:
    """Points that the order would bring, the tier that would be held then, and the moment after its last sure day.

    `beside` is what it would bring to the wallets beside points, by slug and in their smallest units.
    """

    points: int
    tier: str
    until: datetime | None
    beside: Mapping[str, int]


def forecast(session: Session, member_id: UUID, amount: int, at: datetime) -> Forecast:
    """What an order of `amount` (minor units, of nothing in particular) at a moment would bring; `at` is not past.

    Refuses a member who is not there, or whose account is closed.
    """
    account = books.seen(session, [member_id]).get(member_id)
    if account is None or closing.closed(account.standing.state):
        raise unknown()
    line = versions(session)
    programme = line.at(at).programme
    bought = {"line_id": "1", "sku": NAME, "quantity": "1", "amount": decimal_text(amount, programme.digits)}
    data = {"order_id": NAME, "currency": programme.currency, "lines": [bought]}
    account.news.append(Fact(SOURCE, NAME, "order.paid", at, f"member:{member_id}", data))
    weighing, changed = Weighing(account, line, at, Glimpse(session, line, [member_id], at)), Changes()
    if weighing.replays:  # somebody's clock is ahead
        books.read_history(session, [account])
        books.read_awards(session, [account])
    elif weighing.wants_lots():
        books.read_lots(session, [account])
    weighing.into(changed)
    given = Counter[str]()
    for row in changed.entries:
        given[row[2]] += row[4] if row[3] == EARNED else 0
    points, (stand,) = given.pop(POINTS, 0), changed.standings
    return Forecast(points, stand[6], stand[8], given)
