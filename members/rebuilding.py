"""Rebuilding: members' histories weighed again from the beginning, compared with what stands. Reads only.

What the facts come to must be what the books say: each lot with its draws, the tier, and the entries. An account that
was erased has no facts any more, and is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select as statement
from sqlmodel import Session, col, select

from facts.refusals import Refusal
from members import books
from members.books import Account
from members.changes import Changes
from members.closing import ERASED, closed, unmarked
from members.filling import filled, narrow, to_fill
from members.programme.versions import Timeline, versions
from members.prove import Flaw
from members.scarcity import Glimpse
from members.tables import Standing
from members.weighing import Weighing

BATCH = 100
_PLACES = {
    "balance": 1,
    "debt": 2,
    "held": 3,
    "tier": 6,
    "tier_since": 7,
    "tier_until": 8,
    "tier_progress": 9,
    "state": 14,
}
"""What of a standing is compared, and where it stands in a row that a weighing writes."""
_EARLY = "expiry"  # in the state: when the engine looks at the lots again, which may be too early


def not_given(session: Session) -> list[str]:
    """What counts from the beginning and was not given to everybody: before that, histories depend on when they were
    weighed last, and nobody can weigh them again to the same. By the keys of tracks.
    """
    line = versions(session)
    return sorted(set(to_fill(line)) - filled(session, line))


def rebuild_all(
    reading: Callable[[], AbstractContextManager[Session]],
    now: datetime,
    step: Callable[[int], None] | None = None,
    but: Collection[UUID] = (),
) -> Iterator[Flaw]:
    """`rebuild` for everybody `but` some, each batch at a moment of its own, so that no snapshot is held for hours.

    `step` is told how many members were weighed since it was last called.
    """
    last, key = UUID(int=0), col(Standing.member_id)
    while True:
        with reading() as session:
            ids = session.exec(select(key).where(key > last).order_by(key).limit(BATCH)).all()
            found = list(rebuild(session, [one for one in ids if one not in but], versions(session), now))
        if not ids:
            return
        yield from found
        last = ids[-1]
        if step:
            step(len(ids))


def rebuild(session: Session, member_ids: Sequence[UUID], line: Timeline, now: datetime) -> Iterator[Flaw]:
    """The first row of each of these members that is not what their facts come to."""
    accounts = {
        member_id: account
        for member_id, account in books.seen(session, member_ids).items()
        if account.standing.as_of and closed(account.standing.state) != ERASED
    }
    for member_id in [key for key, account in accounts.items() if not _readable(account.standing.state)]:
        del accounts[member_id]
        yield Flaw(member_id, "standing", "what the engine remembers cannot be read")
    if not accounts:
        return
    for account in accounts.values():
        account.since = datetime.min.replace(tzinfo=now.tzinfo)
    books.read_awards(session, list(accounts.values()))
    line, scarcity = narrow(line, filled(session, line)), Glimpse(session, line, sorted(accounts), now)
    weighings = [_weighing(account, line, scarcity) for _, account in sorted(accounts.items())]
    books.read_history(session, [weighing.account for weighing in weighings])
    told = _told(session, sorted(accounts))
    for weighing in weighings:
        member_id = weighing.account.standing.member_id
        problem = _first_wrong(weighing, told[member_id])
        if problem:
            yield Flaw(member_id, *problem)


def _weighing(account: Account, line: Timeline, scarcity: Glimpse) -> Weighing:
    """The whole history of an account, up to where it stands and no further."""
    assert account.standing.as_of is not None
    return Weighing(account, line, account.standing.as_of, scarcity, anew=True)


def _told(session: Session, member_ids: Sequence[UUID]) -> dict[UUID, Any]:
    columns = [
        col(Standing.member_id),
        col(Standing.seq),
        *(col(getattr(Standing, name)) for name in _PLACES),
    ]
    return {row[0]: row for row in session.execute(statement(*columns).where(columns[0].in_(member_ids)))}


def _first_wrong(weighing: Weighing, told: Any) -> tuple[str, str] | None:
    changed = Changes()
    try:
        weighing.into(changed)
    except Refusal as refusal:
        return "standing", f"its history cannot be weighed again: {refusal.sentence()}"
    if changed.lots_gone:
        return f"lot {changed.lots_gone[0][1]}", "by the facts it should not be there"
    if changed.lots:
        return f"lot {min(changed.lots)[1]}", "by the facts it is another one"
    if changed.entries:
        return f"entry {told.seq + 1}", f"by the facts there should be one of {changed.entries[0][4]} more"
    for name, place in _PLACES.items():
        said, right = getattr(told, name), changed.standings[0][place]
        if name == "state":
            problem = _forgotten(said, right)
            if problem:
                return "standing", problem
        elif said != right:
            return "standing", f"{name} says {said}, by the facts it is {right}"
    return None


def _readable(state: str) -> bool:
    try:
        return isinstance(json.loads(state), dict)
    except ValueError:
        return False


def _forgotten(said: str, right: str) -> str | None:
    """What the engine remembers of a member and should not, or the other way round. What is missing since an earlier
    release wrote it is counted anew when it is asked for.
    """
    known: dict[str, Any] = json.loads(unmarked(said))
    for name, value in json.loads(right).items():
        if name != _EARLY and known.pop(name, value if name in books.LATER else None) != value:
            return f"what the engine remembers of {name} is not what the facts come to"
    known.pop(_EARLY, None)
    return f"the engine remembers {min(known)}, and the facts do not" if known else None
