"""Friends who are looked at before anything is paid, in words: for staff with the evidence, for the member without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from facts.language import N_, Language
from members.actions.suspicions import HELD, evidence
from members.case_cards import CaseCard
from members.programme.versions import Timeline, versions
from members.referral_tables import Referral
from members.roles import Capability, Person
from members.suspecting import found_in
from members.suspicion_tables import OPEN, PAID, REFUSED, Suspicion
from members.tables import Member
from members.views.saying import day, wording
from members.views.team import called
from rewards.wording import Wording

KEY = "friend"  # what the keys of these cases begin with
STATES = {
    OPEN: (N_("To be decided"), "caution"),
    PAID: (N_("Paid"), "good"),
    REFUSED: (N_("Not paid"), "plain"),
}
PERSON = N_("This looks like the same household or device as yours, or as another friend's.")
HASTE = N_("Many friends came within a short time.")
RETURNS = N_("Purchases went back more than once.")
NO_NEWCOMER = N_("It is not certain that somebody new has come.")
TOLD = {"velocity": HASTE, "returns": RETURNS, "not_first": NO_NEWCOMER, "disposable": NO_NEWCOMER}
WAITS = N_("The shop looks at it. Until then neither of you is paid.")
NOT_PAID = N_("The shop has looked at it, and pays nothing for it.")
NOT_AFTER_ALL = N_("The shop has looked at it once more, and pays nothing for it.")


# --- for the member ---------------------------------------------------------------------------------------


def reviews(session: Session, rows: Iterable[Referral]) -> dict[UUID, Suspicion]:
    """What was found of those friends of one member for whom something is held back, by referral."""
    held = [row for row in rows if row.reason in HELD]
    if not held:
        return {}
    which = (col(Suspicion.member_id).in_({row.member_id for row in held}),
             col(Suspicion.referral_id).in_([row.referral_id for row in held]))  # fmt: skip
    return {one.referral_id: one for one in session.exec(select(Suspicion).where(*which)).all()}


def review(row: Suspicion, say: Wording) -> tuple[str, str, str]:
    """How far a friend is who is looked at: a word or two, its tone, and why. No sign is named, nor what it weighs."""
    kinds = row.counted.split()
    sentence = say.text(TOLD.get(kinds[0] if kinds else "", PERSON))
    if row.status == REFUSED:
        told = NOT_AFTER_ALL if row.appealed_at else NOT_PAID
        return say.text("Not paid"), "plain", f"{sentence} {say.text(told)}"
    return say.text("Under review"), "caution", f"{sentence} {say.text(WAITS)}"


# --- for staff --------------------------------------------------------------------------------------------


def waiting(session: Session, limit: int) -> Sequence[Suspicion]:
    """What waits for a decision, the oldest first."""
    query = select(Suspicion).where(Suspicion.status == OPEN).order_by(col(Suspicion.opened_at)).limit(limit)
    return session.exec(query.execution_options(populate_existing=True)).all()


def decided(session: Session, limit: int) -> Sequence[Suspicion]:
    """What was decided, the latest first."""
    query = select(Suspicion).where(col(Suspicion.status).in_((PAID, REFUSED)))
    latest = query.order_by(col(Suspicion.decided_at).desc()).limit(limit)
    return session.exec(latest.execution_options(populate_existing=True)).all()


def count(session: Session) -> int:
    """How many wait."""
    return session.exec(select(func.count()).select_from(Suspicion).where(Suspicion.status == OPEN)).one()


def cards(
    session: Session, rows: Sequence[Suspicion], person: Person, now: datetime, language: Language
) -> list[CaseCard]:
    """A card for each."""
    if not rows:
        return []
    line, shown = versions(session), person.may(Capability.SEE_MEMBERS)
    say = wording(line.at(now), language)
    ids = {one for row in rows for one in (row.member_id, row.friend_id)}
    names = dict(
        session.exec(select(Member.member_id, Member.name).where(col(Member.member_id).in_(ids))).all()
    )
    who = called(session, {row.actor for row in rows if row.actor}, language)
    came = dict(
        session.exec(
            select(Referral.referral_id, Referral.came_at).where(
                col(Referral.member_id).in_({row.member_id for row in rows}),
                col(Referral.referral_id).in_([row.referral_id for row in rows]),
            )
        ).all()
    )
    return [
        _card(row, came.get(row.referral_id, now), names if shown else {}, who, line, person, now, say)
        for row in rows
    ]


def _card(
    row: Suspicion, came_at: datetime, names: dict[UUID, str], who: dict[str, str], line: Timeline, person: Person,
    now: datetime, say: Wording,
) -> CaseCard:  # fmt: skip
    may, shown = person.may(Capability.DECIDE_CASES), person.may(Capability.SEE_MEMBERS)
    state, tone = STATES[row.status]
    signals = line.at(came_at).programme.referrals.signals
    weights = signals.weights.model_dump()
    weight = sum(weights.get(kind, 0) for kind in row.counted.split())
    nameless = say.text("A member without a name") if shown else say.text("A member")
    note = ""
    if row.decided_at and row.status != OPEN:
        when = day(row.decided_at, say, line.at(now).zone, now)
        note = say.text("{actor} on {day}", actor=who[row.actor], day=when)
    friend = names.get(row.friend_id) or nameless
    came = day(came_at, say, line.at(now).zone, now)
    return CaseCard(
        key=f"{KEY} {row.member_id} {row.referral_id}",
        name=names.get(row.member_id) or nameless,
        path=f"/staff/member?id={row.member_id}" if shown else "",
        guard=say.text("A friend who may be no newcomer"),
        state=say.text(state),
        tone=tone,
        found=say.text("Brought {friend} on {day}", friend=friend, day=came),
        allowed=say.text("Together {weight}; from {threshold} on it waits.", weight=say.language.number(weight),
                         threshold=say.language.number(signals.threshold)),
        note=note,
        seen=evidence(row),
        may_release=may and row.status != PAID,
        may_reject=may and row.status != REFUSED,
        reasons=_reasons(row, say),
        appeal=say.text("They say: {words}", words=row.appeal) if row.appeal and shown else "",
        friend=True,
    )  # fmt: skip


def _reasons(row: Suspicion, say: Wording) -> tuple[str, ...]:
    """The evidence, a sentence for each kind: how many, and never what."""
    found = found_in(row)
    return tuple(_reason(kind, found[kind][1], say.language) for kind in row.counted.split() if kind in found)


def _reason(kind: str, n: int, say: Language) -> str:
    """One kind of evidence about `n` accounts, or purchases."""
    others = say.plural("{n} other account", "{n} other accounts", n)
    told = {
        "email": N_("The same mailbox, spelled in another way: {accounts}"),
        "phone": N_("The same phone number: {accounts}"),
        "device": N_("The same browser: {accounts}"),
        "payment": N_("The same means of payment: {accounts}"),
        "address": N_("The same delivery address: {accounts}"),
        "network": N_("The same network: {accounts}"),
        "name": N_("Nearly the same name: {accounts}"),
        "crowd": N_("Many at one delivery address: {accounts}"),
        "farm": N_("A browser or a means of payment of several others who were brought: {accounts}"),
    }
    if kind in told:
        return say.text(told[kind], accounts=others)
    if kind == "returns":
        return say.plural("{n} purchase went back whole", "{n} purchases went back whole", n)
    alone = {
        "disposable": N_("A mailbox that is made to be thrown away"),
        "velocity": N_("Many friends of theirs came at once"),
        "not_first": N_("Bought here before they came"),
    }
    return say.text(alone[kind])
