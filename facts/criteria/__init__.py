"""One language for questions about what a member did, for badges, challenges, earning bonuses and segments.

Frozen dataclasses inside, YAML outside. A criterion is stepped by one event at a time and keeps a small state, so
that it costs the same for a new member and for one with ten thousand orders.
"""

from __future__ import annotations

from facts.criteria.combined import KINDS, All, Any_, Criterion, SoMany, goal
from facts.criteria.filters import Field, Filter
from facts.criteria.measures import COLLECTED_MAX, Count, Distinct, Largest, Measure, State, Sum
from facts.criteria.moments import Event, Manual, OnDate, TierReached
from facts.criteria.seen import TIER_REACHED, Place, Seen
from facts.criteria.streaks import Chain, Missed, Streak
from facts.criteria.windows import Calendar, Ever, Fixed, FromJoining, Rolling, Unit, period_days, period_of

__all__ = [
    "COLLECTED_MAX", "KINDS", "TIER_REACHED", "All", "Any_", "Calendar", "Chain", "Count", "Criterion", "Distinct",
    "Event", "Ever", "Field", "Filter", "Fixed", "FromJoining", "Largest", "Manual", "Measure", "Missed", "OnDate",
    "Place", "Rolling", "Seen", "SoMany", "State", "Streak", "Sum", "TierReached", "Unit", "goal", "period_days",
    "period_of",
]  # fmt: skip
