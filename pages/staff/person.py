"""One member as staff sees them: how they stand, what they have, every entry with its why, and a hand to help."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.member import Anchor
from app.frame.staff_visit import Looked, act, arrive, visited_page
from app.frame.visit import spoken
from components.entries import ROWS, long_entry, waiting_entries
from components.primitives import BUTTONS, button, crumb, section, skeleton
from components.staff_person import (
    adjustment,
    badges_by_hand,
    figure,
    held_badges,
    known,
    same_person,
    voucher,
)
from components.staff_referrals import friends_of_member
from components.states import empty
from components.words import t
from facts.language import N_
from members.actions.awards import grant, revoke
from members.actions.giving import call_off
from members.actions.vouchers import hand_over
from members.cards import LineCard
from members.roles import Capability, Person
from members.staff_cards import PersonCard
from members.views.history import order_lines
from members.views.staff_people import person_card
from pages.staff.person_by_hand import ByHand, a_uuid, forms

TITLE = N_("Member")
_LEVEL = re.compile(r"\d{1,2}\Z", re.ASCII)


class PersonState(ByHand, rx.State):
    """The member of the address. `lines` are those of the one entry that is open."""

    lines: list[LineCard] = []
    open_entry: str = ""

    @rx.event
    @needs(Capability.SEE_MEMBERS)
    async def load(self):
        """Fill the page."""
        self._member = str(self.router.url.query_parameters.get("id", ""))[:60]
        self._request, self.open_entry, self.wrong = secrets.token_urlsafe(16), "", ""
        looked = Looked("member.viewed", f"member:{self._member}")
        await arrive(self, Capability.SEE_MEMBERS, self._view, looked=looked)

    @rx.event
    @needs(Capability.SEE_MEMBERS)
    async def older(self):
        """Show the entries before the ones that are shown."""
        before, shown = self.card.older, self.card.ledger
        if not before:
            return

        def view(session: Session, person: Person, now: datetime) -> PersonCard:
            card = person_card(session, self._id(), person, now, spoken(self), int(before))
            return _joined(shown, card)

        await arrive(self, Capability.SEE_MEMBERS, view)

    @rx.event
    @needs(Capability.SEE_MEMBERS)
    async def look_behind(self, key: str):
        """Open (or close) the order behind an entry."""
        if self.open_entry == key or not key.isdecimal() or len(key) > 12:
            self.open_entry = ""
            return
        words, shown = spoken(self), self.card

        def view(session: Session, _person: Person, _now: datetime) -> PersonCard:
            self.lines = list(order_lines(session, self._id(), int(key), words))
            return shown

        self.open_entry = key
        await arrive(self, Capability.SEE_MEMBERS, view)

    @rx.event
    @needs(Capability.USE_CODES)
    async def hand_over(self, key: str):
        """Hand a reserved reward over."""

        def work(session: Session, person: Person, now: datetime) -> PersonCard:
            hand_over(session, self._id(), a_uuid(key), person.actor, now)
            return person_card(session, self._id(), person, now, spoken(self))

        await act(self, Capability.USE_CODES, work, N_("Handed over."))

    @rx.event
    @needs(Capability.ADJUST_POINTS)
    async def give_back(self, key: str):
        """Call a redemption, or a gift, off; the points return."""

        def work(session: Session, person: Person, now: datetime) -> PersonCard:
            call_off(session, self._id(), a_uuid(key), person.actor, now)
            return person_card(session, self._id(), person, now, spoken(self))

        await act(
            self, Capability.ADJUST_POINTS, work, N_("Called off. The points are back where they came from.")
        )

    @rx.event
    @needs(Capability.ADJUST_POINTS)
    async def give_badge(self, form: dict[str, Any]):
        """Give a badge, up to a level, by hand."""
        if self._again("badge", form):
            return
        badge, _, level = str(form.get("badge", ""))[:100].rpartition(" ")
        reason, step = str(form.get("badge_reason", ""))[:600], int(level) if _LEVEL.match(level) else 0

        def work(session: Session, person: Person, now: datetime) -> PersonCard:
            grant(
                session,
                self._id(),
                badge,
                step,
                reason,
                person.actor,
                now,
                request_id=self._request,
            )
            return self._view(session, person, now)

        if await act(self, Capability.ADJUST_POINTS, work, N_("Given. The member sees it with your reason.")):
            self._next("badge")

    @rx.event
    @needs(Capability.ADJUST_POINTS)
    async def take_badge(self, form: dict[str, Any]):
        """Take a badge away, all its levels."""
        if self._again("taking", form):
            return
        badge, reason = str(form.get("taken", ""))[:100], str(form.get("taking_reason", ""))[:600]

        def work(session: Session, person: Person, now: datetime) -> PersonCard:
            revoke(session, self._id(), badge, reason, person.actor, now)
            return self._view(session, person, now)

        done = N_("Taken away. The member sees it with your reason.")
        if await act(self, Capability.ADJUST_POINTS, work, done):
            self._next("taking")


def _joined(shown: Any, card: PersonCard) -> PersonCard:
    return replace(card, ledger=(*shown, *card.ledger))


def page() -> rx.Component:
    """The page."""
    card = PersonState.card
    above = rx.el.span(
        crumb(t("Members"), "/staff/members"),
        rx.cond(card.since != "", rx.el.span(" / ", card.since)),
    )
    return visited_page(
        PersonState,
        _content(),
        _waiting(),
        path="/staff/members/",
        title=rx.cond(card.name != "", card.name, t(TITLE)),
        above=above,
        actions=[rx.cond(card.may_adjust, _to_by_hand())],
        aside=rx.cond(card.may_adjust, _by_hand()),
        again=PersonState.load,
    )


def _content() -> rx.Component:
    card = PersonState.card
    figures = rx.el.dl(
        rx.foreach(card.figures, figure),
        class_name="m-0 flex flex-wrap gap-px overflow-hidden rounded-panel border border-line bg-line",
    )
    vouchers = rx.el.ul(
        rx.foreach(card.vouchers, lambda one: voucher(one, card, PersonState)), class_name=ROWS
    )
    return rx.el.div(
        known(card),
        figures,
        rx.cond(card.vouchers.length() > 0, section(t("Rewards"), vouchers)),
        rx.cond(
            card.badges.length() > 0,
            section(t("Badges"), held_badges(card)),
        ),
        friends_of_member(PersonState.friends),
        section(
            t("History"),
            _ledger(),
            more=rx.el.span(t("As the member reads it"), class_name="text-small text-soft"),
        ),
        rx.cond(card.may_merge, same_person(card)),
        class_name="flex max-w-4xl flex-col gap-5",
    )


def _ledger() -> rx.Component:
    card = PersonState.card
    rows = rx.foreach(
        card.ledger,
        lambda entry: long_entry(
            entry, PersonState.open_entry == entry.key, PersonState.lines, PersonState.look_behind(entry.key)
        ),
    )
    nothing = empty("receipt", t("Nothing yet"), t("The first order will be here."))
    more = button(t("Show older"), tone="plain", on_click=PersonState.older, class_name="mt-3 w-full")
    return rx.fragment(
        rx.cond(card.ledger.length() > 0, rx.el.ul(rows, class_name=ROWS), nothing),
        rx.cond(card.older != "", more),
    )


def _to_by_hand() -> rx.Component:
    """On narrow screens what is done by hand stands below all that is known of the member: the way there."""
    return Anchor.create(
        t("Give or take points"), href="#beside", class_name=f"{BUTTONS['plain']} no-underline lg:hidden"
    )


def _by_hand() -> rx.Component:
    card = PersonState.card
    return rx.el.div(
        adjustment(card, PersonState.wrong, PersonState.adjust, turn=PersonState.turns["points"]),
        rx.cond(
            (card.options.length() > 0) | (card.takable.length() > 0),
            badges_by_hand(
                card,
                PersonState.give_badge,
                PersonState.take_badge,
                giving=PersonState.turns["badge"],
                taking=PersonState.turns["taking"],
            ),
        ),
        forms(PersonState),
        class_name="flex flex-col gap-8",
    )


def _waiting() -> rx.Component:
    return rx.el.div(
        skeleton("h-7 w-56"),
        skeleton("h-24 w-full"),
        section(t("History"), waiting_entries(6)),
        class_name="flex max-w-4xl flex-col gap-5",
    )
