"""What staff decide about facts that a guard holds back: they count after all, or they never do."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from facts.events import OWN_SOURCE, Fact
from facts.guards import micros
from facts.ids import id_for
from facts.language import N_
from facts.refusals import Refusal
from members import books
from members.actions.reasons import checked_reason
from members.actions.record import record
from members.audit import audit
from members.case_tables import GONE, REJECTED, RELEASED, HeldCase
from members.cases import evidence

Name = tuple[UUID, str, int]  # member, guard, number


def release(session: Session, name: Name, seen: str, reason: str, actor: str, now: datetime) -> None:
    """Let the facts of a case count, with their true dates; what they earn is paid at once.

    `seen` is the evidence (`members.cases.evidence`) that whoever decides has looked at. Refuses (409) when there is
    other evidence by now.
    """
    _decide(session, name, seen, RELEASED, reason, actor, now)


def reject(session: Session, name: Name, seen: str, reason: str, actor: str, now: datetime) -> None:
    """Let the facts of a case never count; if they were released before, what they earned goes back.

    Refuses what `release` refuses.
    """
    _decide(session, name, seen, REJECTED, reason, actor, now)


def _decide(
    session: Session, name: Name, seen: str, verdict: str, reason: str, actor: str, now: datetime
) -> None:
    """Write the decision down, on the case and as a fact, and let the facts be weighed anew by it.

    It is about everything from the first to the last fact of the case.
    """
    member_id, guard, number = name
    reason = checked_reason(reason, N_("Say why, in {least} to {most} characters."))
    books.lock(session, [member_id])
    case = session.get(HeldCase, name, populate_existing=True)
    if case is None or case.status == GONE:
        raise Refusal("case_unknown", N_("There is no such case."), path="case", status=404)
    if case.status == verdict:
        raise Refusal("case_decided", N_("This has been decided already."), path="case", status=409)
    if evidence(case) != seen:
        raise Refusal("case_changed", N_("The case has changed meanwhile. Look again, then decide."),
                      path="case", status=409)  # fmt: skip
    before = case.status
    case.status, case.reason, case.actor, case.decided_at = verdict, reason, actor, now
    session.add(case)
    session.flush()
    data = {"case": f"{guard}:{number}", "guard": guard, "since": micros(case.since), "until": micros(case.until),
            "reason": reason, "actor": actor}  # fmt: skip
    fact_id = f"{verdict}:{id_for(now, member_id.hex, guard, str(number))}"
    record(session, [Fact(OWN_SOURCE, fact_id, f"guard.{verdict}", now, f"member:{member_id}", data)], now)
    audit(session, actor, f"case.{verdict}", f"member:{member_id}", {"guard": guard, "case": number, "fact": fact_id},
          now, before={"status": before}, after={"status": verdict})  # fmt: skip
