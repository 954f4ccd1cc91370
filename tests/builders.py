"""Small builders: facts, programmes and what a member's account says, without ceremony."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlmodel import Session, col, select

from facts.events import Fact, parse
from members.programme import apply, load
from members.tables import Identity, Standing
from rewards.tables import Lot

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SHOP = "shop.example/orders"

PROGRAMME = """
regulars: 1
name: Corner Shop
currency: USD
timezone: America/New_York
languages: [en]
points:
  value: {points: 100, money: "1.00"}
  expiry: {kind: rolling, months: 12}
earning:
  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}
tiers:
  basis: points_earned
  window: {kind: calendar_year}
  levels:
    - {slug: member, name: Member, threshold: 0}
    - {slug: silver, name: Silver, threshold: 100, multiplier: 1.5}
    - {slug: gold, name: Gold, threshold: 300, multiplier: 2}
rewards: []
"""


loaded = lru_cache(maxsize=64)(load)  # what is frozen may be handed to several tests


def in_force(session: Session, text: str = PROGRAMME, **more: Any) -> None:
    """Make a programme the first version, in force for ever."""
    apply(session, loaded(text), base=None, effective_from=NOW, actor="test", now=NOW, **more)


def a_fact(kind: str, data: dict[str, Any], *, at: datetime = NOW, id: str = "", subject: str = "customer:1",
           source: str = SHOP, internal: bool = False) -> Fact:  # fmt: skip
    """Any fact, through the parser."""
    return parse({"specversion": "1.0", "id": id or f"{kind}-{at.isoformat()}", "source": source, "type": kind,
                  "time": at.isoformat(), "subject": subject, "data": data}, internal=internal)  # fmt: skip


def a_line(amount: str, line_id: str = "1", **more: Any) -> dict[str, Any]:
    """A line of an order."""
    return {"line_id": line_id, "sku": f"sku-{line_id}", "quantity": "1", "amount": amount} | more


def an_order(order_id: str, *lines: dict[str, Any] | str, at: datetime = NOW, subject: str = "customer:1",
             source: str = SHOP, id: str = "", **more: Any) -> Fact:  # fmt: skip
    """A paid order; a line may be given as its amount."""
    full = [line if isinstance(line, dict) else a_line(line, str(i)) for i, line in enumerate(lines, 1)]
    data = {"order_id": order_id, "currency": "USD", "lines": full} | more
    return a_fact("order.paid", data, at=at, id=id or f"paid-{order_id}", subject=subject, source=source)


def a_refund(order_id: str, *lines: tuple[str, str], at: datetime = NOW, id: str = "", subject: str = "customer:1",
             source: str = SHOP, **more: Any) -> Fact:  # fmt: skip
    """A refund of (line id, amount) pairs, one piece each."""
    name = id or f"refund-{order_id}"
    back = [{"line_id": line_id, "quantity": "1", "amount": amount} for line_id, amount in lines]
    data = {"order_id": order_id, "refund_id": name, "lines": back} | more
    return a_fact("order.refunded", data, at=at, id=name, subject=subject, source=source)


def days(count: float) -> timedelta:
    """So many days."""
    return timedelta(days=count)


def standing_of(session: Session, customer: str = "1", source: str = SHOP) -> Standing:
    """How a customer stands, read anew."""
    key = f"customer:{source}:{customer}"
    query = (
        select(Standing)
        .join(Identity, col(Identity.member_id) == col(Standing.member_id))
        .where(Identity.key == key)
    )
    return session.exec(query.execution_options(populate_existing=True)).one()


def open_lots(session: Session, standing: Standing) -> dict[str, int]:
    """What remains, by the cause of the lot."""
    query = select(Lot.cause, Lot.remaining).where(
        Lot.member_id == standing.member_id, col(Lot.remaining) != 0
    )
    return dict(session.exec(query).all())
