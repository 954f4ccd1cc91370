"""Small builders for criteria: baskets and other events at moments of a place, and a walk along them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from facts.criteria import Criterion, Place, Seen, goal
from facts.history import Event
from facts.orders import order_of

CRITERION: TypeAdapter[Any] = TypeAdapter(Criterion)
NEW_YORK = ZoneInfo("America/New_York")
HOME = Place(NEW_YORK, date(2026, 1, 1).toordinal())


def asked(kind: str, **fields: Any) -> Any:
    return CRITERION.validate_python({"kind": kind, **fields})


def at(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    """A moment of the clock on the wall, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def a_basket(when: datetime, *lines: dict[str, Any] | str, **more: Any) -> Event:
    """An order; a line may be given as its amount."""
    full = [
        {
            "line_id": str(i),
            "sku": f"sku-{i}",
            "quantity": "1",
            **({"amount": line} if isinstance(line, str) else line),
        }
        for i, line in enumerate(lines or ("10.00",), 1)
    ]
    data = {"order_id": when.isoformat(), "currency": "USD", "lines": full, **more}
    return Event((when, "s", when.isoformat()), "order.paid", data, order_of(data))


def an_event(kind: str, when: datetime, **data: Any) -> Event:
    return Event((when, "s", f"{kind}-{when.isoformat()}"), kind, data)


def walked(criterion: Any, events: Iterable[Event], place: Place = HOME, enough: int = 0) -> Any:
    """The state after all events, one by one."""
    state: Any = None
    for event in events:
        state = criterion.step(
            state, Seen.of(event, place), enough or goal(criterion.target, criterion.decimals, place)
        )
    return state


def comes_to(criterion: Any, events: Iterable[Event], day: str, place: Place = HOME, enough: int = 0) -> int:
    """The value on a day."""
    return int(
        criterion.value(walked(criterion, events, place, enough), date.fromisoformat(day).toordinal(), place)
    )


def is_met(criterion: Any, events: list[Event], day: str, place: Place = HOME) -> bool:
    """Whether it is fulfilled on a day."""
    return comes_to(criterion, events, day, place) >= goal(criterion.target, criterion.decimals, place)
