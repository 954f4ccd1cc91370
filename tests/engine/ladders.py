"""Ladders for tests: windows, downgrades and zones, by short names."""

from __future__ import annotations

PLAIN = '  - {kind: points_per_money, slug: base, points: 1, per: "1.00", tier_multiplier: false}'


def ladder(window: str, downgrade: str = "", basis: str = "points_earned") -> str:
    """The YAML of the tiers, levels apart."""
    return f"  basis: {basis}\n  window: {window}\n" + (f"  downgrade: {downgrade}" if downgrade else "")


YEAR, NEXT, HALF = (
    "{kind: calendar_year}",
    "{kind: calendar_year, keep: next_year}",
    "{kind: rolling, months: 6}",
)
NY, BERLIN = "America/New_York", "Europe/Berlin"
STEP, STEP_GRACE, NONE = "{policy: one_step}", "{policy: one_step, grace_days: 14}", "{policy: none}"
EARNED, EARNED_GRACE = "{policy: to_earned}", "{policy: to_earned, grace_days: 10}"
