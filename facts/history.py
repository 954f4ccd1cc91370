"""A member's history as the engine replays it: facts in their order, each as it stands after later news.

A refund or a cancellation is not an event of its own here: it changes the order that it is about, back
where the order happened. So the history with a line returned *is* the history without that line.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from facts.declared import OWN
from facts.events import Fact
from facts.orders import Order, effective
from facts.payments import COMMITTED, HELD, RELEASED, Subject, live, paid_with, used
from facts.products import Facets
from facts.returned import given_back

Key = tuple[datetime, str, str]


@dataclass(slots=True)
class Event:
    """One thing that counts: an order that was paid, a redemption, a review … `order` is net of refunds.

    `facets` are what rules and criteria are found by; worked out once, when they are asked for. `payment` are the
    points that were set aside for an order before it came, `delivered` is when the whole of an order had reached them,
    `told` when each of the shop's own facts was first told of it, by type.
    """

    key: Key
    type: str
    data: dict[str, Any]
    order: Order | None = None
    settled: datetime | None = None
    payment: dict[str, Any] | None = None
    delivered: datetime | None = None
    told: Mapping[str, datetime] = field(default_factory=dict[str, datetime])
    _facets: Facets | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.key[0]

    @property
    def facets(self) -> Facets:
        """What it has: its type, and what its lines are of."""
        if self._facets is None:
            self._facets = Facets(self.type, self.order.lines if self.order else ())
        return self._facets


CHANGES = frozenset({
    "order.refunded", "order.cancelled", "redemption.captured", "redemption.cancelled", "badge.cancelled",
    "game.cancelled", "gift.taken", "gift.cancelled",
    "guard.released", "guard.rejected", "referral.cancelled", "import.cancelled",
    COMMITTED, RELEASED,
})  # fmt: skip
_SETTLING = ("redemption.captured", "gift.taken")
DELIVERED = "order.delivered"
_SILENT = {"order.placed", DELIVERED}
_ABOUT = CHANGES | {DELIVERED}
_ORDER_LENGTH_MAX = 200


def object_of(kind: str, data: dict[str, Any]) -> str:
    """What a fact is about: `order:<id>`, `redemption:<id>`, `batch:<id>`, `game:<merge>`, `import:<item>`,
    `gift:<id>`, or `referral:<id>:<step>`.
    """
    if kind.startswith(("order.", "payment.")):
        return f"order:{data['order_id']}"
    if kind.startswith("redemption."):
        return f"redemption:{data['redemption_id']}"
    if kind.startswith("badge.") and data.get("batch"):
        return f"batch:{data['batch']}"
    if kind.startswith("gift."):
        return f"gift:{data['gift_id']}" + (":received" if kind == "gift.received" else "")
    if kind.startswith("game."):
        return f"game:{data['merge']}"
    if kind.startswith("referral."):
        return f"referral:{data['referral']}:{data['step']}"
    if kind.startswith("import."):
        return f"import:{data['item']}"
    return ""


def told_of(kind: str, data: dict[str, Any]) -> str:
    """The order that a shop's own fact names as its `order_id`, as `order:<id>`; "" when it names none."""
    name = data.get("order_id") if kind.startswith(OWN) else None
    plain = isinstance(name, str) and 0 < len(name) <= _ORDER_LENGTH_MAX and name.isprintable()
    return f"order:{name}" if plain else ""


def about_of(fact: Fact, waits: Container[str]) -> str:
    """What a fact is about, where the order that the shop's own facts of the types in `waits` name is what they are
    about; others of them are about nothing.
    """
    return object_of(fact.type, fact.data) or (told_of(fact.type, fact.data) if fact.type in waits else "")


def changes(kind: str) -> bool:
    """Whether facts of this type change an earlier event instead of being one."""
    return kind in CHANGES


def follows(kind: str) -> bool:
    """Whether facts of this type tell more of an order, and go where it went."""
    return kind in _ABOUT


def silent(kind: str) -> bool:
    """Whether facts of this type are kept, and are no event; a delivery says when points turn active, at most."""
    return kind in _SILENT


def events(facts: Iterable[Fact]) -> list[Event]:
    """The events in `facts`, in order of history.

    An order paid twice under two fact ids counts once, where it was paid first. A cancelled order, redemption or
    batch of badges does not count at all, a captured redemption, or a gift that was taken, carries the moment it was
    `settled`. Points that were set aside for an order are an event of their own, at the moment at which they were.
    """
    ordered = sorted(facts, key=lambda fact: fact.key)
    return _events(ordered, live(ordered), _news(ordered))


def _events(
    ordered: Iterable[Fact], payments: Mapping[Subject, Fact], about: Mapping[Subject, Sequence[Fact]]
) -> list[Event]:
    seen: set[Subject] = set()
    found: list[Event] = []
    for fact in ordered:
        if changes(fact.type) or silent(fact.type) or fact.type == HELD:
            continue
        subject = (fact.source, object_of(fact.type, fact.data))
        if subject[1]:
            if subject in seen:
                continue
            seen.add(subject)
        event = _event(fact, about.get(subject, ()) if subject[1] else (), payments.get(subject))
        if event:
            found.append(event)
    if payments:
        found += [event for one in payments.items() if (event := _set_aside(*one, found, seen, about))]
        found.sort(key=lambda event: event.key)
    return found


def _news(ordered: Iterable[Fact]) -> dict[Subject, list[Fact]]:
    """What is told later of orders, redemptions and the like."""
    about: dict[Subject, list[Fact]] = {}
    for fact in ordered:
        if fact.type in _ABOUT:
            about.setdefault((fact.source, object_of(fact.type, fact.data)), []).append(fact)
        elif name := told_of(fact.type, fact.data):
            about.setdefault((fact.source, name), []).append(fact)
    return about


def events_and_returns(facts: Iterable[Fact]) -> list[Event]:
    """The events, and where points were given away that came back; an order that was paid twice is one."""
    ordered = sorted(facts, key=lambda fact: fact.key)
    payments, about = live(ordered), _news(ordered)
    found = _events(ordered, payments, about)
    paid = {(fact.source, object_of(fact.type, fact.data)) for fact in ordered if fact.type == "order.paid"}
    seen: set[tuple[Subject, str]] = set()
    for fact in ordered:
        subject = (fact.source, object_of(fact.type, fact.data))
        if subject in about and (fact.type == HELD or (subject, fact.type) not in seen):
            seen.add((subject, fact.type))
            back = given_back(fact, about[subject], payments.get(subject), came=subject in paid)
            found += [Event(*one) for one in back]
    return sorted(found, key=lambda event: event.key)


def _set_aside(
    subject: Subject,
    payment: Fact,
    found: Iterable[Event],
    seen: Container[Subject],
    about: Mapping[Subject, Iterable[Fact]],
) -> Event | None:
    """The event of a payment; None when its order came to nothing, or was there before and took the points itself."""
    news = about.get(subject, ())
    if any(other.type == "order.cancelled" for other in news):
        return None
    if subject not in seen:
        placed = next((other.occurred_at for other in news if other.type == COMMITTED), None)
        return Event(payment.key, HELD, payment.data, settled=placed)
    order = next((e for e in found if e.order and (e.key[1], f"order:{e.order.order_id}") == subject), None)
    if order is None or order.order is None or order.key < payment.key:
        return None
    points = used(order.order, payment.data)
    return Event(payment.key, HELD, payment.data | {"points": points}) if points else None


def _event(fact: Fact, news: Sequence[Fact], payment: Fact | None) -> Event | None:
    event = Event(fact.key, fact.type, fact.data)
    if any(other.type.endswith(".cancelled") and other.type in CHANGES for other in news):
        return None
    if fact.type == "order.paid":
        data = paid_with(fact.data, payment)
        event.order = effective(data, [other.data for other in news if other.type == "order.refunded"])
        event.payment = payment.data if payment else None
        if event.order and news:
            event.delivered = _delivered(event.order, news)
            event.told = {
                other.type: other.occurred_at for other in reversed(news) if other.type.startswith(OWN)
            }
        return event if event.order else None
    event.settled = next((other.occurred_at for other in news if other.type in _SETTLING), None)
    return event


def _delivered(order: Order, news: Iterable[Fact]) -> datetime | None:
    """When the last of the lines that are left had come; a delivery that names none is of all of them."""
    left = {line.line_id for line in order.lines}
    for fact in news:
        if fact.type == DELIVERED:
            left -= set(fact.data.get("line_ids") or left)
            if not left:
                return fact.occurred_at
    return None
