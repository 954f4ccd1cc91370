"""Cases: what guards hold back, for staff to release or to reject, and friends who may be no newcomers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.staff_visit import Looked, StaffVisit, act, arrive, visited_page
from app.frame.visit import HERE, spoken
from components.entries import waiting_entries
from components.primitives import section
from components.staff_cases import case_question, case_rows
from components.states import empty
from components.words import t
from facts.language import N_
from facts.refusals import Refusal
from members.actions.cases import reject, release
from members.actions.suspicions import pay, refuse
from members.case_cards import CaseCard, CasesCard, HeldCard
from members.roles import Capability, Person
from members.views.cases import cases, facts_of

TITLE = N_("Cases")


class CasesState(StaffVisit, rx.State):
    """The queue. `facts` are those of the case that is `looking`; `asking` is the one that is being decided.

    `_seen` is the evidence that was shown when it was asked about.
    """

    card: CasesCard = CasesCard()
    facts: list[HeldCard] = []
    looking: str = ""
    asking: str = ""
    asking_name: str = ""
    releasing: bool = False
    _seen: str = ""

    @rx.event
    @needs(Capability.SEE_CASES)
    async def load(self):
        """Fill the page."""
        self.looking = self.asking = self.asking_name = ""
        self.facts = []
        await arrive(self, Capability.SEE_CASES, self._view)

    @rx.event
    @needs(Capability.SEE_CASES)
    async def look(self, key: str):
        """Open (or close) the facts of a case."""
        wanted, words = str(key)[:200], spoken(self)
        if self.looking == wanted:
            self.looking, self.facts = "", []
            return

        def view(session: Session, person: Person, now: datetime) -> CasesCard:
            self.facts = list(facts_of(session, _named(wanted), person, now, words))
            self.looking = wanted
            return self._view(session, person, now)

        self.looking, self.facts = "", []
        await arrive(self, Capability.SEE_CASES, view, looked=Looked("case.viewed", f"case:{wanted}"))

    @rx.event
    @needs(Capability.DECIDE_CASES)
    def ask(self, key: str, verdict: str):
        """Ask why a case is to be released or rejected; "" for not."""
        card = self._card(str(key))
        self.asking, self.asking_name, self._seen = card.key, card.name, card.seen
        self.releasing = verdict == "release"
        self.said = ""

    @rx.event
    @needs(Capability.SEE_CASES, Capability.DECIDE_CASES)
    async def decide(self, form: dict[str, Any]):
        """Release or reject the case that was asked about."""
        wanted, seen, reason = self.asking, self._seen, str(form.get("case_reason", ""))[:600]
        verb = release if self.releasing else reject
        done = N_("Released. It is paid.") if self.releasing else N_("Rejected. It stays out.")

        def work(session: Session, person: Person, now: datetime) -> CasesCard:
            verb(session, _named(wanted), seen, reason, person.actor, now)
            return self._view(session, person, now)

        if await act(self, Capability.DECIDE_CASES, work, done):
            self.asking = self.asking_name = self.looking = ""
            self.facts = []
        elif self.status == HERE:
            await arrive(self, Capability.SEE_CASES, self._view)
            if (
                self._card(wanted).seen != seen
            ):  # what was refused is shown as it is now, to be looked at again
                self.asking = self.asking_name = self.looking = ""
                self.facts = []

    @rx.event
    @needs(Capability.SEE_CASES, Capability.DECIDE_CASES)
    async def settle(self, key: str, verdict: str):
        """Pay for a friend, or do not: one tap, by what is on the page."""
        wanted, paid = str(key)[:200], str(verdict) == "pay"
        verb, seen = pay if paid else refuse, self._card(wanted).seen
        done = N_("Paid, to both.") if paid else N_("Not paid. It can be decided anew here.")

        def work(session: Session, person: Person, now: datetime) -> CasesCard:
            verb(session, _friend(wanted), seen, person.actor, now)
            return self._view(session, person, now)

        if not await act(self, Capability.DECIDE_CASES, work, done) and self.status == HERE:
            said = self.said
            await arrive(self, Capability.SEE_CASES, self._view)
            self.said = said

    def _card(self, key: str) -> CaseCard:
        cards = {card.key: card for card in (*self.card.open, *self.card.decided)}
        return cards.get(key, CaseCard())

    def _view(self, session: Session, person: Person, now: datetime) -> CasesCard:
        return cases(session, person, now, spoken(self))


def _named(key: str) -> tuple[UUID, str, int]:
    """Member, guard and number of a case."""
    member, _, rest = key.partition(" ")
    guard, _, number = rest.partition(" ")
    try:
        return UUID(member), guard, int(number) if number.isdecimal() and len(number) < 10 else 0
    except ValueError:
        raise Refusal("case_unknown", N_("There is no such case."), path="case", status=404) from None


def _friend(key: str) -> tuple[UUID, UUID]:
    """Who shared, and the referral, of a case about a friend."""
    _, _, rest = key.partition(" ")
    member, _, referral = rest.partition(" ")
    try:
        return UUID(member), UUID(referral)
    except ValueError:
        raise Refusal("case_unknown", N_("There is no such case."), path="case", status=404) from None


def page() -> rx.Component:
    """The page."""
    return visited_page(
        CasesState,
        _content(),
        section(t(TITLE), waiting_entries(4), class_name="max-w-4xl"),
        path="/staff/cases",
        title=t("What waits for a decision"),
        above=CasesState.card.words,
        again=CasesState.load,
    )


def _content() -> rx.Component:
    card = CasesState.card
    nothing = empty(
        "smile",
        t("Nothing waits"),
        t("What a guard holds back is decided here. Members earn nothing for it until then."),
    )
    return rx.el.div(
        section(t(TITLE), rx.cond(card.open.length() > 0, case_rows(card.open, CasesState), nothing)),
        rx.cond(card.decided.length() > 0, section(t("Decided lately"), case_rows(card.decided, CasesState))),
        case_question(CasesState),
        class_name="flex max-w-4xl flex-col gap-4",
    )
