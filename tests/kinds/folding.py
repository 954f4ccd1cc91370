"""A drawn programme and a drawn history, folded on paper: no database, and what both come to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from facts.history import Event
from members.books import fold_of, state_of
from members.programme import Programme
from rewards.earning.rule import in_order
from rewards.fold import Fold
from rewards.terms import Terms, TermsLine
from rewards.why import amount_of

ALWAYS = datetime(1, 1, 2, tzinfo=UTC)


def terms(programme: Programme, number: int = 1, since: datetime = ALWAYS) -> Terms:
    """The terms of a programme."""
    return Terms(number, since, programme.points, programme.tiers, in_order(list(programme.earning)),
                 programme.zone, programme.currency, programme.digits, wallets=programme.wallets)  # fmt: skip


def folded(line: TermsLine, events: Iterable[Event], end: datetime, fold: Fold | None = None) -> Fold:
    """What the engine makes of events, up to `end`; `fold` is what it knew before."""
    fold = fold or Fold(line)
    for event in events:
        fold.apply(event)
    fold.advance(end)
    return fold


def written_down(fold: Fold, line: TermsLine) -> Fold:
    """The same fold as a later batch finds it: its memory from JSON, its lots from their rows."""
    again = fold_of(state_of(fold), line)
    again.lots, again.settlements = deepcopy(fold.lots), list(fold.settlements)
    again.last = fold.last
    return again


def from_checkpoint(
    line: TermsLine, events: Sequence[Event], end: datetime, since: datetime, full: Fold
) -> Fold:
    """A replay from a checkpoint at `since`, with the lots as they are read back from `full`."""
    before = folded(line, [event for event in events if event.at < since], since)
    again = fold_of(state_of(before), line)
    again.lots = {lot.cause: lot for old in full.lots.values() if (lot := old.as_of(since))}
    again.settlements = list(before.settlements)
    again.expiry_due = again.next_expiry()
    again.last = (since, "", "")
    return folded(line, [event for event in events if event.at >= since], end, again)


def stands(fold: Fold) -> dict[str, Any]:
    """What a member has: open lots with what is left of them and how long, tier, and what rules remember."""
    lots = {lot.cause: (lot.wallet, lot.kind, lot.remaining, lot.promotional, lot.active_from, lot.expires_at)
            for lot in fold.lots.values() if lot.remaining}  # fmt: skip
    memory = json.loads(state_of(fold))
    memory.pop("expiry", None)
    return {"lots": lots, "memory": memory}


def broken(fold: Fold) -> list[str]:
    """The laws of the ledger that what was posted breaks; nothing where all hold."""
    found: list[str] = []
    whys = [json.loads(posting.why) for posting in fold.postings]
    for posting, why in zip(fold.postings, whys, strict=True):
        if amount_of(why) != posting.amount:
            found.append(f"{posting.cause}: its why comes to {amount_of(why)}, and it is {posting.amount}")
    causes = Counter(posting.cause for posting in fold.postings)
    found += [f"{cause} is there {times} times" for cause, times in causes.items() if times > 1]
    posted, left = Counter[str](), Counter[str]()
    for posting in fold.postings:
        posted[posting.wallet] += posting.amount
    for lot in fold.lots.values():
        left[lot.wallet] += lot.remaining
        drawn = sum(draw[2] for draw in lot.draws)
        least, most = sorted((0, lot.amount))
        if lot.amount - drawn != lot.remaining or not least <= lot.remaining <= most:
            found.append(
                f"{lot.cause}: {lot.remaining} are left of {lot.amount}, of which {drawn} were drawn"
            )
    found += [f"{wallet}: entries come to {posted[wallet]}, lots to {left[wallet]}"
              for wallet in posted | left if posted[wallet] != left[wallet]]  # fmt: skip
    return found
