"""Points that end together when nothing was done for long: each lot by the terms under which it was opened. Pure.

Such a lot has no date of its own. The engine keeps the last day of each type of fact that counts, so that an order
moves the end of ten thousand lots by writing one number; `expiry_due` may be too early, never too late, and is put
right when it comes. Being opened is as good as an activity for the lot itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from facts.dates import day_of
from facts.history import Event
from rewards.expiry import ends
from rewards.lots import EARNED, LONGER, POINTS, LotState
from rewards.terms import TermsLine

if TYPE_CHECKING:
    from rewards.fold import Fold

UNTIL = "until"  # beside the types of facts: a last day that staff gave


def keep_alive(fold: Fold, event: Event) -> None:
    """Remember that something was done."""
    fold.active[event.type] = day_of(event.at, fold.line.at(event.at).zone)


def end_of(fold: Fold, lot: LotState) -> datetime | None:
    """When what is left of a lot is lost, as far as is known; None for never, or for a lot that holds nothing."""
    if lot.kind != EARNED or lot.remaining <= 0:
        return None
    if lot.expires_at is not None or not fold.line.keeping:
        return lot.expires_at
    return idle_end(fold.line, fold.active, lot.at, lot.wallet)


def expiry_named(lot: LotState, end: datetime) -> str:
    """The cause of an expiry. An end that can move names its day: it may come, be taken back, and come again later."""
    moves = lot.expires_at is None or any(draw[0].startswith(LONGER) for draw in lot.draws)
    return f"expire|{lot.cause}@{end:%Y%m%d}" if moves else f"expire|{lot.cause}"


def idle_end(
    line: TermsLine, active: Mapping[str, int], since: datetime, wallet: str = POINTS
) -> datetime | None:
    """When a lot without a date that was opened at `since` ends; None for never."""
    terms = line.at(since)
    expiry = terms.of(wallet).points.expiry
    if expiry.kind != "inactivity":
        return None
    last = max(day_of(since, terms.zone), *(active.get(kind, 0) for kind in expiry.counted))
    given = active.get(UNTIL, 0) if wallet == POINTS else 0
    return ends(max(expiry.after(last), given), terms.zone)


def all_end(line: TermsLine, active: Mapping[str, int], due: datetime, now: datetime) -> datetime | None:
    """When points that end by inactivity do, from what the engine remembers without its lots; None for never.

    Lots that were opened since the last activity may last longer. `due` is when the engine looks at the lots again.
    """
    started = (one for one in reversed(line.versions) if one.number == 1 or one.effective_from <= now)
    terms = next((one for one in started if one.points.expiry.kind == "inactivity"), None)
    if terms is None:
        return None
    expiry = terms.points.expiry
    last = max((active[kind] for kind in expiry.counted if kind in active), default=None)
    return due if last is None else ends(max(expiry.after(last), active.get(UNTIL, 0)), terms.zone)
