"""Why an entry has its amount: the figures it follows from, and the amount computed from them again."""

from __future__ import annotations

import json
from typing import Any

from rewards.aside import CHOSEN
from rewards.earning import BY_KIND
from rewards.perks import ENTRY, PER_ORDER

OTHERS = ("spent", "held", "released", "expired", "extended", "adjusted", "forgiven", "prize", "transferred",
          "referral", "imported", "past", "given", "received", "restored", CHOSEN, ENTRY,
          PER_ORDER)  # fmt: skip
"""The entries that no earning rule makes; their why names the points they move."""
GIVEN = frozenset(
    {"adjusted", "forgiven", "prize", "transferred", "referral", "imported", "received", "restored"}
    | {CHOSEN, ENTRY, PER_ORDER}
)


def told(why: dict[str, Any]) -> str:
    """The JSON of a why, the same for the same figures."""
    return json.dumps(why, separators=(",", ":"), ensure_ascii=False)


def amount_of(why: dict[str, Any]) -> int:
    """The amount that follows from a why; raises `KeyError` or `ValueError` for one that makes no sense.

    Earning: the kind's own formula, then the smallest of the caps. A reversal takes back what it names.
    """
    kind = why["k"]
    if kind in BY_KIND:
        points = BY_KIND[kind].recompute(why)
        return min([points, *(cap[1] for cap in why.get("caps", ()))])
    if kind == "reversal":
        return -amount_of(why["of"])
    if kind in ("held", "released", "past", "extended"):
        return 0
    if kind in ("spent", "expired", "given"):
        return -why["points"]
    if kind in GIVEN:
        return why["points"]
    raise ValueError(f"no entry has the why {kind!r}")
