"""What waits for a second person: asked for by one of the staff, open until somebody decides or three days are over.

Only rows here; `members.actions.approvals` says what is done when somebody agrees.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlmodel import Session, col, func, select, update

from badges.tables import BadgeBatchLine
from facts.language import N_
from facts.refusals import Refusal
from members.audit import audit
from members.tables import Identity
from members.way_tables import Approval, Staff

IN_BULK, ASKED = "badges.in_bulk", "asked"
LASTS = timedelta(days=3)
WAITING, DONE, REFUSED, WITHDRAWN, EXPIRED = "waiting", "done", "refused", "withdrawn", "expired"


def id_of(actor: str) -> str:
    """Who an actor is, whatever their role: `owner:kim` and `support:kim` are one person."""
    return actor.partition(":")[2]


def has_one_of(session: Session, actor: str, member_ids: Collection[UUID]) -> bool:
    """Whether one of these accounts is the actor's, as far as their address among the staff says so."""
    row = session.get(Staff, id_of(actor))
    known = session.get(Identity, f"email:{row.email}") if row else None
    return known is not None and known.member_id in member_ids


def ask(session: Session, action: str, thing: str, detail: dict[str, Any], reason: str, actor: str, now: datetime,
        *, request_id: str) -> UUID:  # fmt: skip
    """Write down what somebody wants to be done to `thing`. The same `request_id` of an actor is asked once.

    `detail` is all that the action needs. It is kept here, and only the names of its parts go into the audit.
    """
    expire(session, now)
    approval_id = ask_id(actor, action, thing, request_id)
    if session.get(Approval, approval_id):
        return approval_id
    session.add(
        Approval(
            approval_id=approval_id,
            action=action,
            object=thing,
            detail=json.dumps(detail, ensure_ascii=False, sort_keys=True),
            reason=reason,
            asked_by=actor,
            asked_at=now,
            expires_at=now + LASTS,
        )
    )
    session.flush()
    audit(
        session, actor, "approval.asked", f"approval:{approval_id}", {"action": action, "object": thing}, now
    )
    return approval_id


def ask_id(actor: str, action: str, thing: str, request_id: str) -> UUID:
    """What a request is called: the same one twice is one."""
    return uuid5(NAMESPACE_OID, f"{actor}\x1f{action}\x1f{thing}\x1f{request_id}")


def take(session: Session, approval_id: UUID, status: str, actor: str, said: str, now: datetime) -> Approval:
    """Decide what waits, once: whoever comes second is refused (409), as is what waited too long (410)."""
    mine = (col(Approval.approval_id) == approval_id, col(Approval.status) == WAITING)
    row = session.get(Approval, approval_id, populate_existing=True)
    if row is None:
        raise Refusal("approval_unknown", N_("There is no such request."), path="approval", status=404)
    if row.status == WAITING and row.expires_at <= now:
        raise Refusal("approval_expired", N_("This waited too long. It has to be asked for again."),
                      path="approval", status=410)  # fmt: skip
    decided = {"status": status, "decided_by": actor, "decided_at": now, "said": said}
    done = session.connection().execute(update(Approval).where(*mine).values(**decided))
    if done.rowcount != 1:
        raise Refusal("approval_decided", N_("This has been decided already."), path="approval", status=409)
    session.refresh(row)
    if status != DONE:
        _let_go(session, row)
    detail = {"action": row.action, "object": row.object, "asked_by": row.asked_by}
    word = {DONE: "agreed"}.get(status, status)
    audit(session, actor, f"approval.{word}", f"approval:{approval_id}", detail, now)
    return row


def expire(session: Session, now: datetime) -> int:
    """Close what waited too long; how many that were."""
    over = session.exec(select(Approval).where(Approval.status == WAITING, Approval.expires_at <= now)).all()
    for row in over:
        row.status, row.decided_at = EXPIRED, now
        session.add(row)
        _let_go(session, row)
        detail = {"action": row.action, "object": row.object, "asked_by": row.asked_by}
        audit(session, "engine:approvals", "approval.expired", f"approval:{row.approval_id}", detail, now)
    return len(over)


def _let_go(session: Session, row: Approval) -> None:
    """What was made ready for it: the lines of a list of badges are left out."""
    if row.action == IN_BULK:
        batch = str(json.loads(row.detail)["batch"])
        lines = (col(BadgeBatchLine.batch_id) == batch, col(BadgeBatchLine.state) == ASKED)
        session.connection().execute(update(BadgeBatchLine).where(*lines).values(state="left_out"))


def withdraw_all(session: Session, asked_by: str, actor: str, now: datetime) -> None:
    """Take back all that a person has asked for: they have another role now, or are gone."""
    open_ones = select(Approval).where(Approval.status == WAITING, Approval.expires_at > now)
    for row in session.exec(open_ones).all():
        if id_of(row.asked_by) == id_of(asked_by):
            take(session, row.approval_id, WITHDRAWN, actor, "", now)


def waiting(session: Session, now: datetime) -> int:
    """How much waits; an index holds only that."""
    query = select(func.count()).select_from(Approval)
    return session.exec(query.where(Approval.status == WAITING, Approval.expires_at > now)).one()
