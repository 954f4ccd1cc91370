"""A programme with many earning rules, of every kind there is, about things that people really buy."""

from __future__ import annotations

from itertools import cycle, islice
from typing import Any

from app.cli.bench.criteria import DEPARTMENTS, SHELVES
from members.programme import Programme
from members.programme.reading import check
from rewards.earning import BY_KIND, Rule
from rewards.wallets import Wallet

ACTIVE = 60
CASH, STEPS = "bench-cash", "bench-steps"
WALLETS: dict[str, dict[str, Any]] = {
    CASH: {"kind": "cashback", "name": "Cashback"},
    STEPS: {"kind": "experience", "name": "Steps"},
}
KINDS: dict[str, dict[str, Any]] = {
    "exclude": {},
    "multiply": {"factor": "1.5", "stack": "best"},
    "points_per_money": {"points": 1, "per": "2.00"},
    "cashback": {"percent": "1", "wallet": CASH},
    "extra_points": {"points": 5},
    "fixed_points": {"on": "review.posted", "points": 10},
    "criterion_bonus": {"points": 20, "criterion": {"kind": "count", "at_least": 5}},
}
"""What each kind says besides the place that it is about."""
LIMITS: tuple[dict[str, Any], ...] = (
    {},
    {"when": {"weekdays": ["mon", "wed", "sat"], "hours": [8, 20]}},
    {"cap_per_day": 50, "cap_per_week": 200, "cap_per_month": 500},
    {"when": {"purchase_every": 3}, "promotional": True, "expires_days": 30},
    {"pause": {"days": 2}},
    {"budget": 10**12},
    {"when": {"amount_min": "5.00"}, "pending_days": 14},
)
"""Conditions and limits; each kind has each of them, as far as it can."""


def with_rules(programme: Programme, active: int = ACTIVE) -> Programme:
    """The programme with as many earning rules as it takes to have `active` in all, and with wallets for some."""
    more = max(0, active - len(programme.earning))
    turns = ((kind, limits) for limits in cycle(LIMITS) for kind in KINDS)
    made = [
        _rule(number, kind, limits, place)
        for number, ((kind, limits), place) in enumerate(
            islice(zip(turns, cycle((*SHELVES, *DEPARTMENTS)), strict=False), more)
        )
    ]
    wallets = {slug: Wallet.model_validate(one) for slug, one in WALLETS.items()} if more else {}
    whole = programme.model_copy(
        update={"earning": [*programme.earning, *made], "wallets": {**programme.wallets, **wallets}}
    )
    check(whole)
    return whole


def _rule(number: int, kind: str, limits: dict[str, Any], place: str) -> Rule:
    model, said = BY_KIND[kind], {**KINDS[kind], "slug": f"many-{number}", "kind": kind}
    if "where" in model.model_fields:
        said["where"] = {"categories": [place]}
    if kind == "criterion_bonus":
        said["criterion"] = {**said["criterion"], "where": {"categories": [place]}}
    if model.recompute is Rule.recompute:  # nothing to limit
        limits = {}
    elif kind == "fixed_points":  # no order to ask about
        limits = {name: value for name, value in limits.items() if name == "cap_per_day"}
    return model.model_validate({**said, **limits})
