"""Badges: mine, what is nearest, what there is to be had; one touch to the detail; and what of the game is shown."""

from __future__ import annotations

from datetime import datetime

import reflex as rx
from sqlmodel import Session

from app import door
from app.door import Admitted
from app.frame.member import arriving, member_page
from app.frame.visit import Visit, arrive, follow, spoken
from components.badge import badge_sheet, near_badge, secrets, shelf, waiting_shelf
from components.modal import modal
from components.play import quiet_note, switches
from components.primitives import button, heading, icon, link_button, section
from components.states import empty
from components.words import t
from members.actions.play import calm
from members.game_cards import BadgeCard, BadgesCard
from members.roles import Capability, Person
from members.views.badges import badges
from members.views.playing import wishes_of


class BadgesState(Visit, rx.State):
    """The badges of whoever is behind the cookie; `shown` is the one whose detail is open."""

    card: BadgesCard = BadgesCard()
    shown: BadgeCard = BadgeCard()
    showing: bool = False

    @rx.event
    async def load(self):
        """Fill the page."""
        self.showing = False
        await arrive(self, self._view())

    @rx.event(background=True)
    async def keep_up(self):
        """Show what happens while the page is open."""
        await follow(self, self._view())

    @rx.event
    def show(self, key: str):
        """Open the detail of a badge that is on the page."""
        card = self.card
        every = (*card.nearest, *card.earned, *card.locked, *card.past)
        found = next((one for one in every if one.key == key), None)
        if found:
            self.shown, self.showing = found, True

    @rx.event
    def dismiss(self):
        """Close the detail."""
        self.showing = False

    @rx.event
    async def switch(self, part: str):
        """Switch a part of the game off, or on again."""
        language = spoken(self)

        def work(session: Session, person: Person, now: datetime) -> BadgesCard:
            off = wishes_of(session, person.member_id).calm
            calm(session, person.member_id, off ^ {part}, now)
            return self._view(language)(session, person, now)

        answer = await door.enter(self, Capability.PLAY_OWN, work)
        if isinstance(answer, Admitted):
            self._show(answer.value)
        else:
            self.said = answer.sentence(language)

    def _view(self, known=None):
        language = known or spoken(self)

        def view(session: Session, person: Person, now: datetime) -> BadgesCard:
            return badges(session, person.member_id, now, language)

        return view


def page() -> rx.Component:
    """The page."""
    return member_page(BadgesState, _content(), path="/badges", again=BadgesState.load)


def _content() -> rx.Component:
    waiting = section(t("On your shelf"), waiting_shelf(6))
    quiet = quiet_note(BadgesState.switch("game"))
    return rx.el.div(
        heading(t("Badges")),
        arriving(BadgesState, waiting, rx.cond(BadgesState.card.quiet, quiet, _game())),
        class_name="mx-auto flex max-w-3xl flex-col gap-2 pt-2",
    )


def _game() -> rx.Component:
    card = BadgesState.card
    near = rx.el.ul(
        rx.foreach(card.nearest, lambda one: near_badge(one, BadgesState.show)),
        class_name="m-0 grid list-none grid-cols-[minmax(0,1fr)] gap-3 p-0 md:grid-cols-2",
    )
    to_come = rx.el.div(
        shelf(card.locked, BadgesState.show),
        rx.cond(card.secrets > 0, secrets(card.secrets, card.secret_picture, card.secret_words)),
        class_name="flex flex-col gap-5",
    )
    return rx.fragment(
        rx.el.p(card.summary, class_name="m-0 text-soft tabular-nums"),
        rx.cond(card.nearest.length() > 0, section(t("Almost there"), near)),
        section(
            t("On your shelf"),
            rx.cond(card.earned.length() > 0, shelf(card.earned, BadgesState.show), _nothing()),
        ),
        rx.cond((card.locked.length() > 0) | (card.secrets > 0), section(t("Still to be found"), to_come)),
        rx.cond(card.past.length() > 0, section(t("No longer yours"), shelf(card.past, BadgesState.show))),
        section(
            t("How you want to play"),
            switches(card.switches, BadgesState.switch),
            rx.el.p(
                t("What you earn is the same, whatever is shown."), class_name="m-0 mt-2 text-small text-soft"
            ),
        ),
        _detail(),
    )


def _nothing() -> rx.Component:
    return empty(
        "medal",
        t("No badges yet"),
        t("The first ones come by themselves as you shop."),
        link_button(t("See the challenges"), to="/challenges", tone="plain"),
    )


def _detail() -> rx.Component:
    shown = BadgesState.shown
    close = button(
        icon("x"), tone="plain", on_click=BadgesState.dismiss, aria_label=t("Close"), class_name="!px-3"
    )
    return modal(
        badge_sheet(shown, close), open=BadgesState.showing, on_dismiss=BadgesState.dismiss, label=shown.name
    )
