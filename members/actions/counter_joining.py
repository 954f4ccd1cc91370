"""Joining at the counter: who says yes aloud has a membership at once, and confirms it later from a letter.

Until then it is a draft: it collects points, and nothing is redeemed from it. Its owner takes it by joining with the
address (the draft becomes their account), or with the code from the letter into an account that they have already.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select, update

from facts.ids import id_from
from facts.language import N_, SOURCE, Language, language
from facts.refusals import Refusal
from members import letters
from members.actions import joining
from members.actions.claiming import make_code
from members.actions.identify import identify
from members.audit import audit
from members.intake import open_accounts
from members.programme.versions import in_force
from members.tables import Audit, Member

ENROLLED = "counter.joined"
WAY = "counter"
LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Whose membership it is; `known`: it was there before. `code` is for who gets no letter."""

    member_id: UUID
    known: bool
    code: str = ""


def enrol(
    session: Session,
    request: UUID,
    subject: str,
    say: Language,
    actor: str,
    now: datetime,
    *,
    agreed: bool,
    site: str,
    posted: bool,
) -> Enrolled:
    """Open a draft for `subject` (`email:…` or `phone:…`), who has agreed to be a member, and post them a letter.

    With `posted` false there is nobody who sends letters there: the code is given back to be written down. Somebody
    who has a membership already is given as they are; the same request is one membership, and a new code for it.
    """
    if not agreed:
        raise Refusal(
            "agree_missing", N_("Read it to them, and tick the box when they say yes."), path="agreed"
        )
    found = joining.account_of(session, subject)
    if found:
        return _again(session, found, request, actor, now, posted=posted)
    member_id = id_from(now, secrets.token_bytes(10))
    open_accounts(session, [member_id], now, joining.DRAFT)
    session.exec(update(Member).where(col(Member.member_id) == member_id).values(language=say.code))
    identify(session, member_id, subject, now)
    joining.agree(session, member_id, subject, joining.Wish(say.code, way=WAY), now)
    audit(session, actor, ENROLLED, f"member:{member_id}", {"request": str(request)}, now)
    code = make_code(session, member_id, secrets.token_bytes(10), actor, now)
    if posted:
        _write(session, member_id, subject, code, say, site, now)
    return Enrolled(member_id, known=False, code="" if posted else code)


def _again(
    session: Session, member: Member, request: UUID, actor: str, now: datetime, *, posted: bool
) -> Enrolled:
    """Somebody who is there: known, or made by this very request, whose answer (and code) did not arrive."""
    mine = _made_by(session, member.member_id, request, actor)
    if posted or not mine:
        return Enrolled(member.member_id, known=not mine)
    if member.status != joining.DRAFT:
        return Enrolled(member.member_id, known=True)
    code = make_code(session, member.member_id, secrets.token_bytes(10), actor, now)
    return Enrolled(member.member_id, known=False, code=code)


def _made_by(session: Session, member_id: UUID, request: UUID, actor: str) -> bool:
    at = Audit
    query = select(at.detail).where(
        at.object == f"member:{member_id}", at.actor == actor, at.action == ENROLLED
    )
    return any(json.loads(detail).get("request") == str(request) for detail in session.exec(query))


def _write(
    session: Session, member_id: UUID, subject: str, code: str, say: Language, site: str, now: datetime
) -> None:
    say = language(say.code)
    programme = in_force(session, now).programme
    shop = programme.words(programme.name, say.code)
    prefix = "" if say.code == SOURCE else f"/{say.code}"
    lines = [
        say.text("At our counter you said that you would like to be a member of {shop}. Welcome!", shop=shop),
        say.text("Your points are kept for you. Confirm with this address, and they are yours:"),
        f"{site}{prefix}/join",
        say.text(
            "You have a membership with another address? Sign in there, and type this code under “About me”:"
        ),
        code,
        say.text("If this was not you, do nothing: nobody gets in without this address."),
    ]
    channel, _, address = subject.partition(":")
    title = say.text("Your membership at {shop}", shop=shop)
    letters.post(
        session, channel, address, title, "\n\n".join(lines), now, person=str(member_id), lasts=LASTS
    )
