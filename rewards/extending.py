"""More time for points, and for what is in a wallet beside them: staff give a lot, or all, another last day. Pure.

The lot keeps its place in the ledger; only its day moves, and what it was before is kept in its draws, so that a replay
begins with the day that it had then. A day that is no later than the lot's own changes nothing.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from facts.history import Event
from rewards.expiry import ends
from rewards.idle import UNTIL
from rewards.lots import EARNED, POINTS
from rewards.terms import Terms

if TYPE_CHECKING:
    from rewards.fold import Fold

KIND, EXTENDED = "extended", "points.extended"


def extend(fold: Fold, event: Event, terms: Terms) -> None:
    """Let lots last to the end of a day: one, or all of points or of the wallet that the fact names. Points that end by
    inactivity are kept to it all together.
    """
    wallet = event.data.get("wallet") or POINTS
    _, source, fact_id = event.key
    last, named, points = date.fromisoformat(event.data["until"]), event.data.get("lot", ""), 0
    end = ends(last.toordinal(), terms.zone)
    assert end is not None
    for lot in fold.lots.values():
        mine = lot.kind == EARNED and lot.wallet == wallet and lot.remaining > 0 and named in ("", lot.cause)
        if mine and lot.expires_at is not None and lot.expires_at < end:
            lot.last_until(end, event.at)
            points += lot.remaining
    if not named and wallet == POINTS:  # a later version may let points end by inactivity
        fold.active[UNTIL] = max(fold.active.get(UNTIL, 0), last.toordinal())
    why = {"k": KIND, "points": points, "until": event.data["until"], "reason": event.data["reason"]}
    why |= {"salt": event.data["salt"]} if event.data.get("salt") else {}
    fold.post(f"extend|{source}|{fact_id}", KIND, 0, event.at, why, "", terms.number, wallet=wallet)


KINDS = {EXTENDED: extend}
