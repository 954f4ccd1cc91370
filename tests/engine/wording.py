"""Programmes, moments and lines for the till, written shortly."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

LEVELS = """  levels:
    - {slug: member, name: Member, threshold: 0}
    - {slug: silver, name: Silver, threshold: 100, multiplier: 1.5}
    - {slug: gold, name: Gold, threshold: 300, multiplier: 2}
"""


def a_programme(
    points: str = "",
    earning: str = "",
    tiers: str = "",
    rewards: str = "",
    zone: str = "America/New_York",
    levels: str = LEVELS,
) -> str:
    """A programme in which a dollar earns a point; each argument is YAML for one of its parts."""
    return f"""
regulars: 1
name: Corner Shop
currency: USD
timezone: {zone}
languages: [en]
points:
  value: {{points: 100, money: "1.00"}}
{points or "  expiry: {kind: rolling, months: 12}"}
earning:
{earning or '  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}'}
tiers:
{tiers or "  window: {kind: calendar_year}"}
{levels}
rewards:{" []" if not rewards else ""}
{rewards}
"""


def local(text: str, zone: str = "America/New_York") -> datetime:
    """A moment written in local time, such as `2026-03-01 00:00`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def whole(text: str) -> Any:
    """JSON in which a number that is not whole is an error."""

    def refuse(number: str) -> Any:
        raise AssertionError(f"{number} is no integer")

    return json.loads(text, parse_float=refuse, parse_constant=refuse)


def line_of(given: str | dict[str, Any], number: int) -> dict[str, Any]:
    if isinstance(given, dict):
        return {"line_id": str(number), "sku": f"sku-{number}", "quantity": "1"} | given
    return {"line_id": str(number), "sku": f"sku-{number}", "quantity": "1", "amount": given}
