"""The queue of cases for staff: what was held back, how much of it and since when, and what was decided."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from facts.guards import Guard
from facts.language import N_, Language
from facts.refusals import Refusal
from members.case_cards import CaseCard, CasesCard, HeldCard
from members.case_tables import OPEN, REJECTED, RELEASED, HeldCase, HeldFact
from members.cases import evidence
from members.programme.versions import Timeline, Version, versions
from members.roles import Capability, Person
from members.tables import FactRow, Member
from members.views import reviews
from members.views.saying import day, timed, wording
from members.views.team import called
from rewards.wording import Wording

SHOWN_MAX, DECIDED_MAX, FACTS_MAX = 50, 20, 20
STATES = {
    OPEN: (N_("To be decided"), "caution"),
    RELEASED: (N_("Released"), "good"),
    REJECTED: (N_("Rejected"), "plain"),
}


def cases(session: Session, person: Person, now: datetime, language: Language) -> CasesCard:
    """The cases that wait, and the latest that were decided."""
    line = versions(session)
    waiting = session.exec(
        select(HeldCase).where(col(HeldCase.status) == OPEN).order_by(col(HeldCase.opened_at)).limit(SHOWN_MAX)
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    decided = session.exec(
        select(HeldCase).where(col(HeldCase.status).in_((RELEASED, REJECTED))).order_by(col(HeldCase.decided_at).desc())
        .limit(DECIDED_MAX).execution_options(populate_existing=True)
    ).all()  # fmt: skip
    desk = _Desk(session, [*waiting, *decided], line, person, now, language)
    count = session.exec(select(func.count()).select_from(HeldCase).where(col(HeldCase.status) == OPEN)).one()
    count += reviews.count(session)
    friends = reviews.cards(session, reviews.waiting(session, SHOWN_MAX), person, now, language)
    settled = reviews.cards(session, reviews.decided(session, DECIDED_MAX), person, now, language)
    words = language.plural("{n} case waits for a decision.", "{n} cases wait for a decision.", count)
    return CasesCard(
        (*(desk.card(case) for case in waiting), *friends),
        (*(desk.card(case) for case in decided), *settled),
        words,
    )


class _Desk:
    """What the cards of some cases need: names, and where the facts came from."""

    def __init__(self, session: Session, cases: Sequence[HeldCase], line: Timeline, person: Person, now: datetime,
                 language: Language) -> None:  # fmt: skip
        self.line, self.person, self.now, self.version = line, person, now, line.at(now)
        self.say = wording(self.version, language)
        ids = {case.member_id for case in cases}
        self.names_shown = person.may(Capability.SEE_MEMBERS)
        named = select(Member.member_id, Member.name).where(col(Member.member_id).in_(ids))
        self.names = dict(session.exec(named).all())
        self.who = called(session, {case.actor for case in cases if case.actor}, language)
        held = select(HeldFact.member_id, HeldFact.guard, HeldFact.source)
        of_these = held.where(col(HeldFact.member_id).in_(ids)).distinct()
        self.sources: dict[tuple[UUID, str], list[str]] = {}
        for member_id, guard, source in session.exec(of_these).all():
            self.sources.setdefault((member_id, guard), []).append(source)

    def card(self, case: HeldCase) -> CaseCard:
        """The card of one case."""
        say, may = self.say, self.person.may(Capability.DECIDE_CASES)
        guard = guard_of(case.guard, case.since, self.line)
        state, tone = STATES[case.status]
        sources = sorted(self.sources.get((case.member_id, case.guard), ()))
        return CaseCard(
            key=f"{case.member_id} {case.guard} {case.number}",
            name=self._name(case.member_id),
            path=f"/staff/member?id={case.member_id}" if self.names_shown else "",
            guard=say.words(guard.name) if guard else case.guard,
            state=say.text(state),
            tone=tone,
            found=_found(case, self.version, say, self.now),
            allowed=allowed(guard, say) if guard else "",
            sources=say.text("From {sources}", sources=say.listed(sources)) if sources else "",
            note=self._note(case),
            seen=evidence(case),
            may_release=may and case.status != RELEASED,
            may_reject=may and case.status != REJECTED,
        )

    def _name(self, member_id: UUID) -> str:
        if not self.names_shown:
            return self.say.text("A member")
        return self.names.get(member_id) or self.say.text("A member without a name")

    def _note(self, case: HeldCase) -> str:
        if case.decided_at is None:
            return ""
        when = day(case.decided_at, self.say, self.version.zone, self.now)
        return self.say.text(
            "{actor} on {day}: {reason}", actor=self.who[case.actor], day=when, reason=case.reason
        )


def guard_of(slug: str, at: datetime, line: Timeline) -> Guard | None:
    """The guard as it was in force then; None when it is not there."""
    return next((guard for guard in line.at(at).programme.guards if guard.slug == slug), None)


def _found(case: HeldCase, version: Version, say: Wording, now: datetime) -> str:
    """How much was held back, and when, or between when and when."""
    zone = version.zone
    first, last = (timed(day(at, say, zone, now, short=True), at, say.language, zone)
                   for at in (case.since, case.until))  # fmt: skip
    if first == last:
        return say.language.plural(
            "{n} action on {moment}", "{n} actions on {moment}", case.facts, moment=first
        )
    return say.language.plural(
        "{n} action between {first} and {last}", "{n} actions between {first} and {last}", case.facts,
        first=first, last=last,
    )  # fmt: skip


def allowed(guard: Guard, say: Wording) -> str:
    """How many the guard believes, and within how long."""
    span = guard.within.span
    minutes = span // timedelta(minutes=1)
    if minutes % 60:
        long = say.language.plural("{n} minute", "{n} minutes", minutes)
    elif minutes % (24 * 60):
        long = say.language.plural("{n} hour", "{n} hours", minutes // 60)
    else:
        long = say.days(minutes // (24 * 60))
    if guard.per:
        return say.text(
            "At most {n} about the same thing within {span} are believed.", n=guard.at_most, span=long
        )
    return say.text("At most {n} within {span} are believed.", n=guard.at_most, span=long)


def facts_of(
    session: Session, name: tuple[UUID, str, int], person: Person, now: datetime, language: Language
) -> tuple[HeldCard, ...]:
    """The first facts of a case: when and what, and for those who may see members also what they said."""
    case = session.get(HeldCase, name, populate_existing=True)
    if case is None:
        raise Refusal("case_unknown", N_("There is no such case."), path="case", status=404)
    version = versions(session).at(now)
    say, zone, open_book = wording(version, language), version.zone, person.may(Capability.SEE_MEMBERS)
    cards = [
        HeldCard(
            key=f"{row.source} {row.fact_id}",
            when=timed(day(row.occurred_at, say, zone, now, short=True), row.occurred_at, language, zone),
            type=row.type,
            said=", ".join(f"{name} {value}" for name, value in json.loads(row.data).items())
            if open_book
            else "",
        )
        for row in _facts(session, case)
    ]
    if len(cards) < case.facts:
        more = language.plural("and {n} more", "and {n} more", case.facts - len(cards))
        cards.append(HeldCard(key="more", said=more))
    return tuple(cards)


def _facts(session: Session, case: HeldCase) -> Sequence[FactRow]:
    """The facts that a case is about: those held back, or, when they were released, what lies within it."""
    query = select(FactRow).where(
        FactRow.member_id == case.member_id, col(FactRow.occurred_at) >= case.since,
        col(FactRow.occurred_at) <= case.until,
    ).order_by(col(FactRow.occurred_at), col(FactRow.fact_id)).limit(FACTS_MAX)  # fmt: skip
    if case.status == RELEASED:
        guard = guard_of(case.guard, case.since, versions(session))
        return session.exec(query.where(FactRow.type == (guard.on if guard else ""))).all()
    same = (col(HeldFact.member_id) == col(FactRow.member_id)) & (col(HeldFact.source) == col(FactRow.source))
    held = same & (col(HeldFact.fact_id) == col(FactRow.fact_id)) & (col(HeldFact.guard) == case.guard)
    return session.exec(query.join(HeldFact, held)).all()
