"""Accounts that are closed: left for now, erased, or merged into another one.

What was bought while somebody has left waits for them to come back; what comes for an erased account is refused.
The mark stands in what the engine remembers of the account, which is at hand wherever facts are weighed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, tuple_
from sqlmodel import Session, col

from facts.events import OWN_SOURCE, to_envelope
from facts.history import changes
from facts.language import N_
from facts.refusals import Refusal
from members import sets
from members.books import Account
from members.claims import Admission
from members.tables import Claim

LEFT, ERASED, MERGED = "left", "erased", "merged"
_MARK = '{"closed":"'


def marked(state: str, why: str) -> str:
    """What the engine remembers, with the mark that the account is closed."""
    return f'{_MARK}{why}"' + ("," if len(unmarked(state)) > len("{}") else "") + unmarked(state)[1:]


def unmarked(state: str) -> str:
    """The same without a mark."""
    if not state.startswith(_MARK):
        return state
    kept = json.loads(state)
    del kept["closed"]
    return json.dumps(kept, separators=(",", ":"))


def closed(state: str) -> str:
    """`left`, `erased`, `merged`, or "" for an account that is open."""
    return state[len(_MARK) :].partition('"')[0] if state.startswith(_MARK) else ""


def only_open(accounts: dict[UUID, Account]) -> dict[UUID, Account]:
    """The accounts that are open."""
    return {key: account for key, account in accounts.items() if not closed(account.standing.state)}


def merged(accounts: dict[UUID, Account]) -> list[UUID]:
    """The accounts that became part of another one."""
    return [key for key, account in accounts.items() if closed(account.standing.state) == MERGED]


def waits_for(member_id: UUID) -> str:
    """Under which name facts wait for somebody who has left."""
    return f"member:{member_id}"


def open_ones(
    session: Session, ones: Sequence[Admission], accounts: dict[UUID, Account]
) -> Sequence[Admission]:
    """The facts of accounts that are open; those of the others wait or are refused, and their accounts are left out."""
    shut = {
        key: why
        for key, account in accounts.items()
        if (why := closed(account.standing.state)) and why != MERGED
    }
    if not shut:
        return ones
    for key in shut:
        del accounts[key]
    theirs = [one for one in ones if one.member_id in shut]
    for one in theirs:
        assert one.member_id is not None
        ours = one.fact.source == OWN_SOURCE and not changes(
            one.fact.type
        )  # a redemption that lapses waits too
        if shut[one.member_id] == LEFT and not ours:
            one.status = "waiting"
        else:
            one.status = "refused"
            text = N_("This account is closed.")
            one.refusal = Refusal("account_closed", text, path="subject", status=409)
    _keep_waiting(session, [one for one in theirs if one.status == "waiting"])
    gone = [(one.fact.source, f"fact:{one.fact.id}") for one in theirs if one.status == "refused"]
    if gone:
        session.execute(delete(Claim).where(tuple_(col(Claim.source), col(Claim.key)).in_(gone)))
    return [one for one in ones if one.member_id not in shut]


def _keep_waiting(session: Session, ones: Sequence[Admission]) -> None:
    rows = [
        (one.fact.source, f"fact:{one.fact.id}", None, waits_for(one.member_id),
         json.dumps(to_envelope(one.fact), ensure_ascii=False))
        for one in ones if one.member_id
    ]  # fmt: skip
    columns = ("source", "key", "member_id", "waiting_for", "envelope")
    sets.write(session, [sets.upserted(Claim, columns, rows, ("source", "key"))])
