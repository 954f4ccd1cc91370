"""Redeeming at the counter: staff choose, and the member proves that they want it.

Either their card was scanned a moment ago (a code that is good once), or they say yes on their own page. Both are good
for three minutes, for one redemption, at the price that was said when it was asked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select, update

from facts.language import N_
from facts.refusals import Refusal
from members import books, letting_know, proofs, takeover
from members.actions import joining
from members.actions.record import news_of
from members.actions.redeem import redeem
from members.actions.vouchers import hand_out, use_code
from members.audit import audit
from members.programme.versions import versions
from members.roles import MEMBER, Person
from members.sessions import digest
from members.tables import BrowserSession, Member, Outbox
from members.way_tables import Proof
from rewards.tables import Redemption

ASKED, SHOWN = "counter_asked", "counter_shown"
LASTS = timedelta(minutes=3)
WAITING, DONE, REFUSED, OVER = "waiting", "done", "refused", "over"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be redeemed, for whom, and for how many points. `request` is made by the device, once."""

    request: UUID
    member_id: UUID
    reward: str
    price: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a question: `waiting`, `done` (with the redemption), `refused` or `over`."""

    state: str
    member_id: UUID
    redemption_id: UUID | None = None


def subject_of(member_id: UUID) -> str:
    """Under which subject the questions to a member lie; `members.views.home` builds the same in SQL."""
    return f"counter:{member_id.hex}"


def shown(session: Session, member_id: UUID, actor: str, now: datetime) -> str:
    """A card was scanned, with a code of now: the token with which one redemption may follow."""
    return proofs.begin(session, SHOWN, {"member": str(member_id), "actor": actor}, now, lasts=LASTS)


def redeem_shown(
    session: Session, wish: Wish, token: str, actor: str, now: datetime, secret: bytes
) -> Redemption:
    """Redeem for whose card was scanned, and hand it over. The same request gives the same redemption again.

    What is asked about the same reward on the member's own page ends: a yes would pay for it once more.
    """
    before = _made_before(session, wish)
    if before:
        return before
    proof = proofs.end(session, SHOWN, token, now)
    if proof is None or (proof["member"], proof["actor"]) != (str(wish.member_id), actor):
        raise Refusal("card_not_shown", N_("Scan their card once more: it was too long ago."), status=409)
    made = _redeemed(session, wish, actor, now, secret)
    if _end_open(session, wish.member_id, now, wish.reward):
        _tell(session, wish.member_id, now)
    if takeover.check_card(session, wish.member_id, made.price, now):
        letting_know.tell(session, Person(str(wish.member_id), MEMBER), takeover.MUCH, now)
    return made


def _made_before(session: Session, wish: Wish) -> Redemption | None:
    mine = (Redemption.member_id == wish.member_id, Redemption.request_id == _name(wish.request))
    return session.exec(select(Redemption).where(*mine)).first()


def _name(request: UUID) -> str:
    return f"counter:{request}"


def _redeemed(session: Session, wish: Wish, actor: str, now: datetime, secret: bytes) -> Redemption:
    """At the price that was said, by a member who has confirmed, and into their hands."""
    books.lock(session, [wish.member_id])
    _confirmed(session, wish.member_id)
    reward = versions(session).at(now).programme.reward(wish.reward)
    if reward and not reward.at_counter:
        raise Refusal("reward_not_here", N_("This reward is not had at the counter: members get it on their own page."),
                      path="reward", status=409)  # fmt: skip
    made = redeem(session, wish.member_id, wish.reward, now, _name(wish.request), secret)
    if made.price != wish.price:
        raise Refusal("price_changed", N_("The price is another one now. Please begin again."), status=409)
    return hand_out(session, made, actor, now)


def _confirmed(session: Session, member_id: UUID) -> None:
    member = session.get(Member, member_id)
    if member is None or not is_open(session, member):
        raise Refusal("not_confirmed", N_("They have to confirm their membership first: our letter has the link."),
                      status=409)  # fmt: skip


def is_open(session: Session, member: Member) -> bool:
    """Whether somebody has come in as this member, so that there is a page on which they can say yes."""
    if member.status != joining.DRAFT:
        return member.status == joining.ACTIVE
    theirs = (BrowserSession.person == str(member.member_id), BrowserSession.role == MEMBER)
    return session.exec(select(BrowserSession.digest).where(*theirs).limit(1)).first() is not None


def ask(session: Session, wish: Wish, actor: str, now: datetime) -> UUID:
    """Ask the member on their own page; the id of the question. Another question that is open to them ends.

    Asking again with the same request is the same question.
    """
    _confirmed(session, wish.member_id)
    row = digest(str(wish.request))
    if session.get(Proof, row):
        return wish.request
    _end_open(session, wish.member_id, now)
    data = {"ask": str(wish.request), "member": str(wish.member_id), "reward": wish.reward, "price": wish.price,
            "actor": actor}  # fmt: skip
    session.add(Proof(digest=row, purpose=ASKED, subject=subject_of(wish.member_id), data=json.dumps(data),
                      created_at=now, expires_at=now + LASTS))  # fmt: skip
    _tell(session, wish.member_id, now)
    session.flush()
    return wish.request


def _end_open(session: Session, member_id: UUID, now: datetime, reward: str = "") -> bool:
    """End what is open on a member's page, about one reward or any; whether there was something."""
    mine = (Proof.purpose == ASKED, Proof.subject == subject_of(member_id), col(Proof.used_at).is_(None))
    rows = session.exec(select(Proof.digest, Proof.data).where(*mine)).all()
    ended = [one for one, data in rows if not reward or json.loads(data)["reward"] == reward]
    if ended:
        closing = update(Proof).where(col(Proof.digest).in_(ended), col(Proof.used_at).is_(None))
        session.execute(closing.values(used_at=now))
    return bool(ended)


def _tell(session: Session, member_id: UUID, now: datetime) -> None:
    """The member's open pages hear of it."""
    for members, at in news_of([member_id], now):
        session.add(Outbox(members=members, at=at))


def answered(session: Session, ask_id: UUID, actor: str, now: datetime) -> Answer:
    """What the member said, for who asked."""
    proof = session.get(Proof, digest(str(ask_id)))
    data: dict[str, Any] = json.loads(proof.data) if proof and proof.purpose == ASKED else {}
    if proof is None or data.get("actor") != actor:
        raise Refusal("ask_unknown", N_("There is no such question of yours."), status=404)
    member_id, made = UUID(data["member"]), data.get("redemption")
    if proof.used_at is None:
        return Answer(WAITING if proof.expires_at > now else OVER, member_id)
    return Answer(data.get("said", OVER), member_id, UUID(made) if made else None)


def made_of(session: Session, found: Answer) -> Redemption:
    """The redemption that a yes has led to."""
    return session.get_one(Redemption, (found.member_id, found.redemption_id))


def take_back(session: Session, ask_id: UUID, actor: str, now: datetime) -> Answer:
    """Stop asking: what was not answered yet cannot be answered any more."""
    found = answered(session, ask_id, actor, now)
    if found.state != WAITING or _closed(session, ask_id, found.member_id, now) is None:
        return answered(session, ask_id, actor, now)
    _tell(session, found.member_id, now)
    return Answer(OVER, found.member_id)


def confirm(
    session: Session, member_id: UUID, ask_id: UUID, known: bytes, now: datetime, secret: bytes
) -> Redemption:
    """The member says yes on their own page: it is redeemed and handed over, at the price that they were told.

    `known` is the digest of their browser session, for the take-over guard (`members.takeover`).
    """
    books.lock(session, [member_id])
    data = _closed(session, ask_id, member_id, now)
    if data is None:
        raise Refusal("ask_over", N_("This question is over. Please ask at the counter again."), status=409)
    wish = Wish(ask_id, member_id, data["reward"], data["price"])
    made = _redeemed(session, wish, data["actor"], now, secret)
    if takeover.check(session, member_id, known, made.price, now):
        letting_know.tell(session, Person(str(member_id), MEMBER), takeover.MUCH, now)
    _said(session, ask_id, data, DONE, redemption=str(made.redemption_id))
    return made


def decline(session: Session, member_id: UUID, ask_id: UUID, now: datetime) -> None:
    """The member says no; saying it of what is over changes nothing."""
    data = _closed(session, ask_id, member_id, now)
    if data is not None:
        _said(session, ask_id, data, REFUSED)
        _tell(session, member_id, now)


def _closed(session: Session, ask_id: UUID, member_id: UUID, now: datetime) -> dict[str, Any] | None:
    """What was asked, for the one who closes the question first: one statement."""
    closing = (
        update(Proof)
        .where(col(Proof.digest) == digest(str(ask_id)), col(Proof.purpose) == ASKED)
        .where(col(Proof.subject) == subject_of(member_id), col(Proof.used_at).is_(None))
        .where(col(Proof.expires_at) > now)
        .values(used_at=now)
        .returning(col(Proof.data))
    )
    found = session.execute(closing, execution_options={"synchronize_session": False}).first()
    return json.loads(found[0]) if found else None


def _said(session: Session, ask_id: UUID, data: dict[str, Any], said: str, **more: str) -> None:
    text = json.dumps({**data, "said": said, **more})
    session.execute(
        update(Proof).where(col(Proof.digest) == digest(str(ask_id))).values(data=text),
        execution_options={"synchronize_session": False},
    )


def take_voucher(
    session: Session, request: UUID, code: str, actor: str, now: datetime, secret: bytes
) -> Redemption:
    """Take a voucher's code, once; the same request gets the same answer. It is in the audit."""
    made = use_code(session, code, _name(request), now, secret)
    if made.used_at == now:
        about = {"member": str(made.member_id)}
        audit(session, actor, "redemption.used", f"redemption:{made.redemption_id}", about, now)
        _tell(session, made.member_id, now)
    return made
