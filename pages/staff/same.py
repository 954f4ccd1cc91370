"""One person, two accounts: staff see both side by side, make one of them, undo it, or make a code to claim a draft."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.staff_visit import Looked, StaffVisit, act, arrive, search_of, visited_page
from app.frame.visit import spoken
from components.primitives import button, crumb, skeleton
from components.staff_merge import both, claim_code, found, merge_form, merged_before, search_form
from components.words import t
from facts.language import N_
from facts.refusals import Refusal
from members.actions.approvals import merge_or_ask
from members.actions.claiming import make_code
from members.actions.merging import undo
from members.merge_cards import MergeCard
from members.roles import Capability, Person
from members.views.staff_merge import merge_card
from members.ways_back import UNDO_DAYS
from rewards.codes import CHANCE_BYTES

TITLE = N_("One person, two accounts")
DONE = N_("They are one account now. For {days} days this can be undone.")
ASKED = N_("Asked. They become one as soon as a second person agrees.")
UNDONE = N_("They are two accounts again. Everybody signs in anew.")


class SameState(StaffVisit, rx.State):
    """The account of the address and the one that was chosen beside it. `code` is shown once, when it was made."""

    card: MergeCard = MergeCard()
    code: str = ""
    _member: str = ""
    _other: str = ""
    _request: str = ""

    @rx.event
    @needs(Capability.MERGE_MEMBERS)
    async def load(self):
        """Fill the page."""
        self._member = str(self.router.url.query_parameters.get("id", ""))[:60]
        self._other, self.code, self._request = "", "", secrets.token_urlsafe(16)
        looked = Looked("member.viewed", f"member:{self._member}")
        await arrive(self, Capability.MERGE_MEMBERS, self._view, looked=looked)

    @rx.event
    @needs(Capability.MERGE_MEMBERS)
    async def search(self, form: dict[str, Any]):
        """Look for the other account."""
        text, self._other, self.code = str(form.get("wanted", ""))[:200].strip(), "", ""

        def view(session: Session, _person: Person, now: datetime) -> MergeCard:
            return merge_card(session, _uuid(self._member), None, text, now, spoken(self))

        looked = Looked("members.searched", search_of(text), _found)
        await arrive(self, Capability.MERGE_MEMBERS, view, looked=looked, rate="look_up")

    @rx.event
    @needs(Capability.MERGE_MEMBERS)
    async def choose(self, key: str):
        """Put an account beside this one; "" for none."""
        self._other, self.said = str(key)[:60], ""
        looked = Looked("member.viewed", f"member:{self._other}") if self._other else None
        await arrive(self, Capability.MERGE_MEMBERS, self._view, looked=looked)

    @rx.event
    @needs(Capability.MERGE_MEMBERS)
    async def merge(self, form: dict[str, Any]):
        """Make one account of the two."""
        reason, other, done = str(form.get("reason", ""))[:600], self._other, True

        def work(session: Session, person: Person, now: datetime) -> MergeCard:
            nonlocal done
            done = merge_or_ask(session, _uuid(other), _uuid(self._member), reason, person.actor, now,
                                request_id=self._request)  # fmt: skip
            return merge_card(session, _uuid(self._member), None, "", now, spoken(self))

        if await act(self, Capability.MERGE_MEMBERS, work):
            self._other, self._request = "", secrets.token_urlsafe(16)
            self.said = spoken(self).text(DONE, days=UNDO_DAYS) if done else spoken(self).text(ASKED)

    @rx.event
    @needs(Capability.MERGE_MEMBERS)
    async def undo(self, key: str):
        """Make two accounts of one again."""

        def work(session: Session, person: Person, now: datetime) -> MergeCard:
            undo(session, _uuid(key), person.actor, now)
            return self._view(session, person, now)

        await act(self, Capability.MERGE_MEMBERS, work, UNDONE)

    @rx.event
    @needs(Capability.MERGE_MEMBERS)
    async def make_code(self):
        """Make the code with which a person makes this draft their own."""
        made = ""

        def work(session: Session, person: Person, now: datetime) -> MergeCard:
            nonlocal made
            made = make_code(
                session, _uuid(self._member), secrets.token_bytes(CHANCE_BYTES), person.actor, now
            )
            return self._view(session, person, now)

        if await act(self, Capability.MERGE_MEMBERS, work):
            self.code = made

    def _view(self, session: Session, _person: Person, now: datetime) -> MergeCard:
        other = _uuid(self._other) if self._other else None
        return merge_card(session, _uuid(self._member), other, "", now, spoken(self))


def _found(card: MergeCard) -> dict[str, Any]:
    return {"members": [one.key for one in card.found]}


def _uuid(text: str) -> UUID:
    try:
        return UUID(str(text)[:60])
    except ValueError:
        raise Refusal("member_unknown", N_("There is no such member."), status=404) from None


def page() -> rx.Component:
    """The page."""
    return visited_page(
        SameState,
        _content(),
        rx.el.div(
            skeleton("h-24 w-full"), skeleton("h-64 w-full"), class_name="flex max-w-4xl flex-col gap-5"
        ),
        path="/staff/members/",
        title=t(TITLE),
        above=rx.el.span(
            crumb(t("Members"), "/staff/members"),
            rx.cond(SameState.card.one.name != "", rx.el.span(" / ", SameState.card.one.name)),
        ),
        again=SameState.load,
    )


def _content() -> rx.Component:
    card = SameState.card
    chosen = rx.fragment(
        both(card),
        merge_form(
            card, SameState.merge, button(t("Another account"), tone="plain", on_click=SameState.choose(""))
        ),
    )
    look = rx.fragment(search_form(SameState.search), found(card, SameState.choose))
    return rx.el.div(
        rx.cond(card.other.key != "", chosen, rx.fragment(both(card), look)),
        rx.cond(card.parts.length() > 0, merged_before(card, SameState.undo)),
        rx.cond(card.draft, claim_code(SameState.code, SameState.make_code)),
        class_name="flex max-w-4xl flex-col gap-6",
    )
