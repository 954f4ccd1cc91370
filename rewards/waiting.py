"""Points that wait: so many days, or for an order until it is delivered, or until one of the shop's own facts. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, field_validator

from facts.dates import day_of, midnight
from facts.declared import OWN
from facts.history import Event
from facts.parts import Part
from facts.said import Said

if TYPE_CHECKING:
    from rewards.terms import Terms

DELIVERY = "delivery"


class Pending(Part):
    """Points of an order wait until it is delivered, or until a fact of the shop's own type `until` names it, and
    `pending_days` more; `at_most_days` after it in any case.
    """

    until: str
    at_most_days: Annotated[int, Field(ge=1, le=365)] = 30

    @field_validator("until")
    @classmethod
    def _can_come(cls, until: str) -> str:
        if until != DELIVERY and not until.startswith(OWN):
            raise ValueError(Said("use delivery, or a fact of your own, such as x.accepted"))
        return until

    @property
    def told_by(self) -> str:
        """The type of the shop's own fact that points wait for; "" for the delivery."""
        return "" if self.until == DELIVERY else self.until


def active_from(event: Event, own_days: int | None, terms: Terms, why: dict[str, Any]) -> datetime:
    """When points of an event can be spent; `own_days` are the rule's own. What waits for something that has not
    happened says for what in its `why`.
    """
    policy, days = terms.points.pending, terms.points.pending_days if own_days is None else own_days
    if policy is None or own_days is not None or event.order is None:
        return _days_after(event.at, days, terms)
    latest = _days_after(event.at, policy.at_most_days, terms)
    came = event.told.get(policy.until) if policy.told_by else event.delivered
    if came is None:
        why["until"] = policy.until
        return latest
    return min(_days_after(max(event.at, came), days, terms), latest)


def _days_after(at: datetime, days: int, terms: Terms) -> datetime:
    """The local midnight so many days after the day of a moment; the moment itself for none."""
    return midnight(day_of(at, terms.zone) + days, terms.zone) if days else at
