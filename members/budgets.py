"""Budgets of challenges that are nearly gone: said once to staff, before the challenge stops by itself."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from badges.goal_tables import BudgetAlert
from members import sets
from members.audit import audit

ALERT_PERCENT = 80

log = logging.getLogger(__name__)


def alert(session: Session, near: Mapping[str, int], taken: Mapping[str, int], now: datetime) -> None:
    """Record, audit and log that budgets are nearly gone; nothing for one of which that was said before.

    `near` are the budgets by `challenge:<slug>`, `taken` what was given of each. The counters are locked by now.
    """
    rows = [(key, budget, taken.get(key, 0), now) for key, budget in sorted(near.items())]
    columns, tail = ("key", "budget", "taken", "at"), "ON CONFLICT (key, budget) DO NOTHING"
    for key, budget in sets.insert(session, BudgetAlert, columns, rows, tail, ("key", "budget")):
        given = taken.get(key, 0)
        audit(session, "engine:budgets", "budget.alert", key, {"budget": budget, "taken": given}, now)
        log.warning("%s has given %s of its budget of %s points", key, given, budget)
