"""Erasing a member: what is personal goes from every table, and the books stay as they were.

What is left under an id that means nobody any more: the entries, lots and sums of the ledger, claims (so that what
comes again is still a duplicate), what was scarce and was given, and consents, which name nobody. Facts, from which
all of it was computed, are gone, so nothing of this account is ever weighed again: what comes for it is refused.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, func, or_
from sqlmodel import Session, SQLModel, col, delete, select, update

from badges.board_tables import Alias, BoardCircle, BoardScore, LeagueSeat
from badges.credentials.tables import Credential, CredentialHolder
from badges.tables import Award, BadgeBatch, BadgeBatchLine, BadgePage, Player
from facts.ids import MemberId
from members import books, closing, funnel, pools, sessions, ways_back
from members.actions import boards
from members.actions.credentials import revoke
from members.audit import audit
from members.case_tables import HeldCase, HeldFact
from members.chain import sealed
from members.funnel_tables import Advocate
from members.merged import merged_into
from members.own_tables import Card, Device, Profile, Reminder
from members.referral_tables import Brought, MilestonesSaid, ReferralCode
from members.roles import MEMBER, Person
from members.suspicion_tables import Sign, Suspicion
from members.tables import BrowserSession, Claim, FactRow, Identity, Member, Standing
from members.taken import bought
from members.views.standing import unknown
from members.way_tables import Approval, ClaimCode, Letter, Login, Passkey, Proof
from rewards import pool, stock
from rewards.gift_tables import Gift, GiftCode, GiftTaken
from rewards.payment_tables import Payment
from rewards.redemption import State
from rewards.tables import Checkpoint, Entry, Redemption, RewardCode, TierChange

ERASED = "erased"
THEIRS: tuple[type[SQLModel], ...] = (
    FactRow, HeldFact, HeldCase, Checkpoint, TierChange, Award, BadgeBatchLine, BadgePage, Player, BoardScore,
    LeagueSeat, Alias, Credential, CredentialHolder, Card, Device, Reminder, ClaimCode, RewardCode, Identity,
    ReferralCode, Brought, Advocate, MilestonesSaid, Sign, Gift, GiftCode, GiftTaken,
)  # fmt: skip
"""All rows of the member go from these."""


def erase(session: Session, member_id: UUID, actor: str, now: datetime) -> None:
    """Erase a member for good. Doing it twice changes nothing; somebody unknown is refused.

    SQLite overwrites what is deleted here; the caller folds the journal in afterwards (`app.database.fold_in`).
    """
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete=ON")
    if not books.lock(session, [member_id]):
        raise unknown()
    profile = session.get(Profile, member_id, populate_existing=True)
    if profile and profile.erased_at:
        return
    for part in merged_into(session, member_id):
        erase(session, part, actor, now)
    keys = list(session.exec(select(Identity.key).where(Identity.member_id == member_id)))
    boards.leave(session, member_id, now)
    sessions.end_all(session, Person(str(member_id), MEMBER), now)  # pages that are open close at once
    _leave_circles(session, member_id)
    _take_back_signatures(session, member_id, now)
    _forget_ways_in(session, member_id, keys)
    _forget_what_waits(session, member_id, keys)
    _forget_words(session, member_id)
    unused = _close_redemptions(session, member_id, now)
    funnel.gone(session, member_id)
    session.execute(
        update(Payment)
        .where(col(Payment.member_id) == member_id, col(Payment.closed_at).is_(None))
        .values(state="released", closed_at=now)
    )
    pool.forget(session, member_id)
    for table in THEIRS:
        columns: Any = table
        session.execute(delete(table).where(columns.member_id == member_id))
    _close_account(session, member_id, now)
    by = "member" if actor == f"{MEMBER}:{member_id}" else actor
    audit(session, by, "member.erased", f"member:{member_id}", {}, now)
    stock.give_back(session, unused)


def _leave_circles(session: Session, member_id: UUID) -> None:
    """Leagues of the past keep the seat, and not the name."""
    query = select(BoardCircle).where(col(BoardCircle.people).contains(member_id.hex))
    for circle in session.exec(query.with_for_update()).all():
        people = [["", "", *rest] if who == member_id.hex else [who, alias, *rest]
                  for who, alias, *rest in json.loads(circle.people)]  # fmt: skip
        circle.people = json.dumps(people, ensure_ascii=False, separators=(",", ":"))
        session.add(circle)
    session.flush()


def _take_back_signatures(session: Session, member_id: UUID, now: datetime) -> None:
    """A copy that somebody has is answered with “revoked”: the place in the status list stays."""
    standing = select(Credential.award_id).where(
        Credential.member_id == member_id, col(Credential.revoked_at).is_(None)
    )
    for award in session.exec(standing).all():
        revoke(session, member_id, award, "engine:erasure", ERASED, now)


def _forget_ways_in(session: Session, member_id: UUID, keys: list[str]) -> None:
    person = str(member_id)
    addresses = [key.partition(":")[2] for key in keys if key.startswith(("email:", "phone:"))]
    theirs: tuple[tuple[type[SQLModel], Any], ...] = (
        (BrowserSession, (col(BrowserSession.person) == person) & (col(BrowserSession.role) == MEMBER)),
        (Login, (col(Login.person) == person) & (col(Login.role) == MEMBER)),
        (Passkey, (col(Passkey.person) == person) & (col(Passkey.role) == MEMBER)),
        (Letter, or_(col(Letter.person) == person, col(Letter.address).in_(addresses))),
        (Proof, or_(col(Proof.subject).in_([*keys, person, f"{MEMBER}:{person}"]),
                    *(col(Proof.data).contains(one, autoescape=True) for one in (person, *addresses)))),
    )  # fmt: skip
    for table, which in theirs:
        session.execute(delete(table).where(which))


def _forget_what_waits(session: Session, member_id: UUID, keys: list[str]) -> None:
    """What waits for them never counts; its id stays known, so that it does not come in again."""
    waits = col(Claim.waiting_for).in_([*keys, closing.waits_for(member_id)])
    nobody = update(Claim).where(waits).values(member_id=member_id, waiting_for=None, envelope=None)
    session.execute(nobody)


def _forget_words(session: Session, member_id: UUID) -> None:
    """What staff wrote of them: the chain has its digest, and the salt goes with the words."""
    written = select(Entry).where(Entry.member_id == member_id, col(Entry.why).contains('"salt":'))
    for entry in session.exec(written).all():
        entry.why = sealed(entry.why)
        session.add(entry)
    about = or_(
        col(Approval.object) == f"member:{member_id}",
        cast(col(Approval.detail), Text).contains(str(member_id)),
    )
    session.execute(update(Approval).where(about).values(detail="{}", reason="", said=""))
    ways_back.forget_those_of(session, member_id)
    session.execute(update(Suspicion).where(col(Suspicion.member_id) == member_id).values(appeal=""))
    _forget_what_was_said_of(session, member_id)
    _forget_batches_of_one(session, member_id)
    session.flush()


def _forget_what_was_said_of(session: Session, friend_id: UUID) -> None:
    """What whoever brought them said, so that the reward is paid after all: it may say who they are."""
    brought = session.get(Brought, friend_id, populate_existing=True)
    if brought is None:
        return
    of_them = (
        col(Suspicion.member_id) == brought.sharer_id,
        col(Suspicion.referral_id) == brought.referral_id,
    )
    session.execute(update(Suspicion).where(*of_them).values(appeal=""))


def _forget_batches_of_one(session: Session, member_id: UUID) -> None:
    """What staff wrote for a batch that was about nobody else."""
    mine = select(BadgeBatchLine.batch_id).where(BadgeBatchLine.member_id == member_id)
    alone = (
        select(BadgeBatchLine.batch_id)
        .where(col(BadgeBatchLine.batch_id).in_(mine))
        .group_by(col(BadgeBatchLine.batch_id))
        .having(func.count() == 1)
    )
    session.execute(update(BadgeBatch).where(col(BadgeBatch.batch_id).in_(alone)).values(reason=ERASED))


def _close_redemptions(session: Session, member_id: UUID, now: datetime) -> Counter[str]:
    """Nothing can be fetched or used any more; returns what goes back on the shelf. What was won never stood there."""
    theirs = (Redemption.member_id == member_id, col(Redemption.closed_at).is_(None))
    held = select(Redemption.reward, Redemption.version).where(*theirs, bought()).with_for_update()
    unused = pools.shelved(session, session.exec(held))
    mine = update(Redemption).where(col(Redemption.member_id) == member_id)
    session.execute(mine.values(code_sealed=None, used_in=""))
    still = mine.where(col(Redemption.closed_at).is_(None))
    session.execute(still.values(state=State.EXPIRED, closed_at=now))
    return unused


def _close_account(session: Session, member_id: UUID, now: datetime) -> None:
    stand = session.get_one(Standing, member_id, populate_existing=True)
    sums = {name: kept for name, kept in json.loads(stand.state).items() if name == "wallets"}
    stand.state, stand.game = closing.marked(json.dumps(sums, separators=(",", ":")), closing.ERASED), "{}"
    stand.tier, stand.tier_since, stand.tier_until, stand.tier_progress = "", None, None, 0
    stand.due_at = None
    member = session.get_one(Member, member_id, populate_existing=True)
    member.name = member.language = member.zone = ""
    member.status = ERASED
    profile = session.get(Profile, member_id) or Profile(member_id=member_id, salt=b"")
    profile.birthday, profile.birthday_at, profile.skipped = "", None, ""
    profile.letters_to = ""
    profile.salt, profile.erased_at = secrets.token_bytes(16), now
    session.add(profile)
    session.flush()


def erase_those_who_left(
    session: Session, before: datetime, actor: str, now: datetime, limit: int
) -> list[MemberId]:
    """Erase those who left before a moment and did not come back, at most `limit`; returns whom."""
    query = select(Profile.member_id).where(col(Profile.left_at) < before, col(Profile.erased_at).is_(None))
    gone = [MemberId(one) for one in session.exec(query.order_by(col(Profile.member_id)).limit(limit))]
    for member_id in gone:
        erase(session, member_id, actor, now)
    return gone
