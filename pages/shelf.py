"""Badges: mine, what is nearest, what there is to be had; one touch to the detail; and what of the game is shown."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app.door import everybody, needs
from app.frame.member import arriving, member_page
from app.frame.visit import WAITING, Act, View, Visit, act, arrive, follow, seen, shop_address, spoken
from components.ahead import AHEAD, not_there, rows, there
from components.arranging import arranging
from components.badge import badge_sheet, near_badge, secret_row, shelf
from components.first import summary
from components.modal import modal
from components.play import play_link, quiet_note, switches
from components.primitives import BUTTONS, button, heading, icon, link_button, section
from components.sharing import proving, sharing
from components.states import empty
from components.words import t
from facts.ids import MemberId
from members.actions.play import switch
from members.actions.sharing import share, sign, unshare
from members.actions.shelf import let_go, put_first, shift
from members.game_cards import BadgeCard, BadgesCard, ProofCard
from members.roles import Capability
from members.views.badge_cards import proof
from members.views.badges import NEAREST, badges

NEAR = "m-0 grid list-none grid-cols-[minmax(0,1fr)] gap-3 p-0 md:grid-cols-2"
TOLD = "m-0 w-full rounded-button bg-caution-tint px-4 py-2 text-caution"


class BadgesState(Visit, rx.State):
    """The badges of whoever is behind the cookie; `shown` is the one whose detail is open, `told` is said in there."""

    card: BadgesCard = BadgesCard()
    shown: BadgeCard = BadgeCard()
    showing: bool = False
    arranging: bool = False
    copied: str = ""
    told: str = ""
    proof: ProofCard = ProofCard()

    @rx.event
    @needs(Capability.SEE_OWN)
    async def load(self):
        """Fill the page."""
        self.showing = self.arranging = False
        await arrive(self, self._view())

    @rx.event(background=True)
    @needs(Capability.SEE_OWN)
    async def keep_up(self):
        """Show what happens while the page is open."""
        await follow(self, self._view())

    @rx.event
    @everybody
    def show(self, key: str):
        """Open the detail of a badge that is on the page."""
        found = self._find(key)
        if found:
            self.shown, self.showing = found, True
            self.copied = self.told = ""
            self.proof = ProofCard()

    @rx.event
    @everybody
    def dismiss(self):
        """Close the detail."""
        self.showing = False

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def share(self, form: dict[str, str]):
        """Give the badge whose detail is open a public page."""
        slug, code, token = self.shown.slug, spoken(self).code, secrets.token_urlsafe(16)
        name = str(form.get("name", ""))
        await self._do(lambda session, member, now: share(session, member, slug, name, code, token, now))

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def stop_sharing(self):
        """Take its public page away."""
        slug = self.shown.slug
        await self._do(lambda session, member, _: unshare(session, member, slug))

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def sign(self):
        """Have it signed, once, and say where the credential is."""
        slug, address = self.shown.slug, shop_address()
        kept: list[UUID] = []

        def signed(session: Session, member: MemberId, now: datetime) -> None:
            kept[:] = [sign(session, member, slug, address, now, session.info["secret"]).credential_id]

        await self._do(signed)
        if kept and not self.told:
            self.proof = proof(kept[0], spoken(self))

    @rx.event
    @everybody
    def tell_copied(self, what: str):
        """Say that the link or the message was copied."""
        self.copied = what if what in ("link", "message") else ""

    @rx.event
    @everybody
    def arrange(self):
        """Begin to arrange the shelf, or end it."""
        self.arranging = not self.arranging

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def put_first(self, slug: str):
        """Put a badge among the first."""
        await self._do(lambda session, member, now: put_first(session, member, slug, now))

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def let_go(self, slug: str):
        """Let it stand among the others."""
        await self._do(lambda session, member, now: let_go(session, member, slug, now))

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def shift(self, slug: str, forward: bool):
        """Move it one place to the front, or to the back."""
        await self._do(
            lambda session, member, now: shift(session, member, slug, now, forward=forward is True)
        )

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def switch(self, part: str):
        """Switch a part of the game off, or on again."""
        await self._do(lambda session, member, now: switch(session, member, part, now))

    async def _do(self, action: Act) -> None:
        done = await act(self, self._view(), action)
        self.told = "" if done or not self.showing else self.said
        self.shown = self._find(self.shown.key) or self.shown

    def _find(self, key: str) -> BadgeCard | None:
        card = self.card
        every = (*card.nearest, *card.earned, *card.locked, *card.past)
        return next((one for one in every if one.key == key), None)

    def _view(self) -> View[BadgesCard]:
        return seen(self, partial(badges, address=shop_address()))


def page() -> rx.Component:
    """The page."""
    return member_page(BadgesState, _content(), path="/badges", again=BadgesState.load)


def _content() -> rx.Component:
    card = BadgesState.card
    return rx.el.div(
        heading(t("Badges")),
        summary(card, BadgesState.status != WAITING),
        arriving(BadgesState, _shown(AHEAD, _first()), _shown(card, _game())),
        class_name="mx-auto flex max-w-3xl flex-col gap-2 pt-2",
    )


def _shown(card: Any, game: Any) -> rx.Component:
    """The game, for who has not switched it off."""
    quiet = quiet_note(card, BadgesState.switch("game"))
    return rx.fragment(there(card.quiet, quiet), not_there(card.quiet, game, waits=True))


def _first() -> rx.Component:
    """The page as far as it is seen at once."""
    earned, locked = AHEAD.earned, AHEAD.locked
    arrange = rx.el.span(t("Arrange"), class_name=f"{BUTTONS['quiet']} -me-2 !px-2", aria_hidden="true")
    to_come = section(t("Still to be found"), shelf(locked, BadgesState.show, ahead=6, lazy=True))
    return rx.fragment(
        _almost(AHEAD),
        section(
            t("On your shelf"),
            shelf(earned, BadgesState.show, ahead=9),
            not_there(earned, _nothing()),
            more=there(getattr(earned, "1"), arrange),  # there are two of them
        ),
        not_there(getattr(earned, "3"), there(locked, to_come)),  # a second row would leave it no room
    )


def _almost(card: Any) -> Any:
    near = rows(card.nearest, NEAREST, lambda one: near_badge(one, BadgesState.show), NEAR)
    return there(card.nearest, section(t("Almost there"), near), waits=True)


def _game() -> rx.Component:
    card = BadgesState.card
    to_come = rx.el.div(
        shelf(card.locked, BadgesState.show),
        rx.cond(card.secrets > 0, secret_row(card.secrets, card.secret_picture, card.secret_words)),
        class_name="flex flex-col gap-5",
    )
    return rx.fragment(
        _almost(card),
        section(
            t("On your shelf"),
            rx.cond(card.earned.length() > 0, _mine(), _nothing()),
            more=rx.cond(card.earned.length() > 1, _arrange(), rx.fragment()),
        ),
        rx.cond((card.locked.length() > 0) | (card.secrets > 0), section(t("Still to be found"), to_come)),
        rx.cond(card.past.length() > 0, section(t("No longer yours"), shelf(card.past, BadgesState.show))),
        section(
            t("How you want to play"),
            switches(card.switches, BadgesState.switch),
            rx.el.p(
                t("What you earn is the same, whatever is shown."), class_name="m-0 mt-2 text-small text-soft"
            ),
            play_link("flame", t("Streaks"), t("Freezes, days away, and your clock"), "/streaks"),
        ),
        _detail(),
    )


def _mine() -> rx.Component | rx.Var[rx.Component]:
    earned = BadgesState.card.earned
    return rx.cond(
        BadgesState.arranging,
        arranging(
            earned,
            on_first=BadgesState.put_first,
            on_back=BadgesState.let_go,
            on_shift=BadgesState.shift,
        ),
        shelf(earned, BadgesState.show),
    )


def _arrange() -> rx.Component:
    words = rx.cond(BadgesState.arranging, t("Done"), t("Arrange"))
    return button(words, tone="quiet", on_click=BadgesState.arrange, class_name="-me-2 !px-2")


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
    told = rx.cond(BadgesState.told != "", rx.el.p(BadgesState.told, role="alert", class_name=TOLD))
    mine = rx.cond(
        shown.slug != "",
        rx.fragment(
            sharing(
                shown,
                BadgesState.copied,
                on_share=BadgesState.share,
                on_stop=BadgesState.stop_sharing,
                on_copied=BadgesState.tell_copied,
            ),
            proving(BadgesState.proof, BadgesState.sign),
            told,
        ),
    )
    return modal(
        badge_sheet(shown, close, mine),
        open=BadgesState.showing,
        on_dismiss=BadgesState.dismiss,
        label=shown.name,
    )
