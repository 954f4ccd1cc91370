"""What staff decide about friends who look like somebody who was here already, and what a member says to it, once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from facts.language import N_
from facts.refusals import Refusal
from members import books, referral_steps
from members.actions.record import record
from members.approving import has_one_of
from members.audit import audit
from members.merged import latest_of, one_person
from members.referral_tables import Referral
from members.suspicion_tables import OPEN, PAID, REFUSED, Suspicion
from members.tables import Outbox

WORDS_LENGTH_MIN, WORDS_LENGTH_MAX = 3, 500
HELD = ("review", "refused")  # why nothing is paid, of a referral

Name = tuple[UUID, UUID]  # of whoever shared, and of the referral


def evidence(row: Suspicion) -> str:
    """What a case is about just now, as short as it can be said: whoever decides has seen this, or looks again."""
    appealed = row.appealed_at.isoformat() if row.appealed_at else ""
    return f"{row.status}|{row.counted}|{appealed}"


def pay(session: Session, name: Name, seen: str, actor: str, now: datetime) -> None:
    """Let the rewards of both go: they count from now on, or when the time for returns is over.

    It holds for good, unless something of another kind is found. `seen` is the evidence that was looked at; refuses
    (409) when there is other evidence by now, and whoever shared or is the friend (403), by their address.
    """
    _decide(session, name, seen, PAID, actor, now)


def refuse(session: Session, name: Name, seen: str, actor: str, now: datetime) -> None:
    """Pay nothing, to either of them; what was let go before goes back. Refuses other evidence, as `pay` does."""
    _decide(session, name, seen, REFUSED, actor, now)


def _decide(session: Session, name: Name, seen: str, verdict: str, actor: str, now: datetime) -> None:
    row = session.get(Suspicion, name, populate_existing=True)
    if row is None:
        raise Refusal("case_unknown", N_("There is no such case."), path="case", status=404)
    books.lock(session, [row.member_id, row.friend_id])
    both = (*one_person(session, row.member_id), *one_person(session, row.friend_id))
    if verdict == PAID and has_one_of(session, actor, both):
        raise Refusal("case_own", N_("This would pay you as well, so somebody else has to decide it."),
                      path="case", status=403)  # fmt: skip
    referral_steps.follow(session, [row.friend_id], now, record)  # what was found by now
    session.refresh(row)
    if row.status == verdict:
        raise Refusal("case_decided", N_("This has been decided already."), path="case", status=409)
    if not row.status or evidence(row) != seen:
        raise Refusal("case_changed", N_("The case has changed meanwhile. Look again, then decide."),
                      path="case", status=409)  # fmt: skip
    before, row.status = row.status, verdict
    row.decided, row.decided_at, row.actor = row.counted, now, actor
    session.add(row)
    session.flush()
    _settle(session, row, now)
    about = {"referral": row.referral_id.hex, "found": row.counted}
    audit(session, actor, f"friend.{verdict}", f"member:{row.member_id}", about, now,
          before={"status": before}, after={"status": verdict})  # fmt: skip


def appeal(session: Session, member_id: UUID, key: str, words: str, now: datetime) -> None:
    """A member says why a friend of theirs is a friend: staff see it, and decide, anew if they had decided already.

    Refuses a second time, and where nothing is held back. `key` is the referral's id in hexadecimal digits.
    """
    words = " ".join(words.split())
    if not WORDS_LENGTH_MIN <= len(words) <= WORDS_LENGTH_MAX:
        raise Refusal("words_missing", N_("Say it in {least} to {most} characters."), path="words",
                      least=WORDS_LENGTH_MIN, most=WORDS_LENGTH_MAX)  # fmt: skip
    books.lock(session, [member_id])
    row, found = _of(session, member_id, key)
    if row is None or found is None or found.reason not in HELD or row.status not in (OPEN, REFUSED):
        raise Refusal("nothing_held", N_("There is nothing to look at again."), status=409)
    if row.appealed_at:
        raise Refusal("appealed", N_("You have asked already. The shop has your words."), status=409)
    row.appeal, row.appealed_at = words, now
    if row.status == REFUSED:
        row.status, row.opened_at = OPEN, now
    session.add(row)
    session.flush()
    _settle(session, row, now)


def _of(session: Session, member_id: UUID, key: str) -> tuple[Suspicion | None, Referral | None]:
    """A member's own referral, and what was found of it."""
    try:
        referral_id = UUID(hex=key)
    except ValueError:
        return None, None
    persons = one_person(session, member_id)
    query = select(Suspicion).where(
        col(Suspicion.member_id).in_(persons), Suspicion.referral_id == referral_id
    )
    row = session.exec(query.execution_options(populate_existing=True)).first()
    found = session.get(Referral, (row.member_id, referral_id), populate_existing=True) if row else None
    return row, found


def _settle(session: Session, row: Suspicion, now: datetime) -> None:
    """Post what follows, and tell the pages that are open."""
    referral_steps.follow(session, [row.friend_id], now, record)
    members = {row.member_id, latest_of(session, row.member_id), row.friend_id}
    session.add(Outbox(members=" ".join(sorted(one.hex for one in members)), at=now))
    session.flush()
