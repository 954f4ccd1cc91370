"""Points that wait: so many days, or for an order until it is delivered. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from facts.dates import day_of, midnight
from facts.history import Event
from facts.parts import Part

if TYPE_CHECKING:
    from rewards.terms import Terms


class Pending(Part):
    """Points of an order wait until it is delivered, and `pending_days` more; `at_most_days` after it in any case."""

    until: Literal["delivery"]
    at_most_days: Annotated[int, Field(ge=1, le=365)] = 30


def active_from(event: Event, own_days: int | None, terms: Terms, why: dict[str, Any]) -> datetime:
    """When points of an event can be spent; `own_days` are the rule's own. What waits for a delivery says so in its
    `why`.
    """
    policy, days = terms.points.pending, terms.points.pending_days if own_days is None else own_days
    if policy is None or own_days is not None or event.order is None:
        return _days_after(event.at, days, terms)
    latest = _days_after(event.at, policy.at_most_days, terms)
    if event.delivered is None:
        why["until"] = policy.until
        return latest
    return min(_days_after(max(event.at, event.delivered), days, terms), latest)


def _days_after(at: datetime, days: int, terms: Terms) -> datetime:
    """The local midnight so many days after the day of a moment; the moment itself for none."""
    return midnight(day_of(at, terms.zone) + days, terms.zone) if days else at
