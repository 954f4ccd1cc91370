"""Rewards: what I can have now, soon and later; redeeming, and what I have with its codes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app import door
from app.door import Admitted, Turned, everybody, needs
from app.frame.fresh import Fresh, fresh_sheet, needs_code, session_of
from app.frame.member import arriving, member_page
from app.frame.visit import Visit, arrive, follow, spoken
from components.ahead import ahead_rows, only_if
from components.entries import ROWS
from components.first import place, waits
from components.modal import modal
from components.primitives import button, heading, icon, section
from components.rewards import (
    code_sheet,
    nothing_at_all,
    nothing_now,
    redeem_button,
    reward_ahead,
    reward_row,
    voucher,
    voucher_ahead,
)
from components.words import t
from facts.language import N_
from members import letting_know, takeover
from members.actions.redeem import cancel, code_of, redeem
from members.actions.vouchers import show_code, take
from members.cards import RewardCard, RewardsCard, VoucherCard
from members.roles import Capability, Person
from members.views.rewards import rewards


class RewardsState(Fresh, Visit, rx.State):
    """The catalogue for whoever is behind the cookie; `asked` is the reward whose confirmation is open."""

    card: RewardsCard = RewardsCard()
    asked: RewardCard = RewardCard()
    shown: VoucherCard = VoucherCard()
    asking: bool = False
    showing: bool = False
    _request: str = ""

    @rx.event
    @needs(Capability.SEE_OWN)
    async def load(self):
        """Fill the page."""
        self.asking = self.showing = False
        await arrive(self, self._view())

    @rx.event(background=True)
    @needs(Capability.SEE_OWN)
    async def keep_up(self):
        """Show what happens while the page is open."""
        await follow(self, self._view())

    @rx.event
    @everybody
    def ask(self, slug: str):
        """Open the confirmation for a reward that can be had now. The request is one, however often it is sent."""
        found = next((card for card in self.card.now if card.slug == slug), None)
        if found:
            self.asked, self.asking, self._request = found, True, secrets.token_urlsafe(16)

    @rx.event
    @everybody
    def dismiss(self):
        """Close what is open over the page."""
        self.asking = self.showing = False

    @rx.event
    @everybody
    def show(self, key: str):
        """Open the code of one of my rewards."""
        found = next((card for card in self.card.mine if card.key == key), None)
        if found:
            self.shown, self.showing = found, True

    @rx.event
    @needs(Capability.REDEEM_OWN)
    async def confirm(self):
        """Redeem the reward that was asked for, and show its code."""
        slug, request, language = self.asked.slug, self._request, spoken(self)
        known, self.asking = session_of(self), False
        if not slug or not request:
            return

        def work(session: Session, person: Person, now: datetime) -> tuple[str, RewardsCard]:
            made = redeem(session, person.member_id, slug, now, request, session.info["secret"])
            if takeover.check(session, person.member_id, known, made.price, now):
                letting_know.tell(session, person, takeover.MUCH, now)
            return str(made.redemption_id), self._view(language)(session, person, now)

        answer = await door.enter(self, Capability.REDEEM_OWN, work)
        if isinstance(answer, Turned) and needs_code(answer.refusal):
            self._ask_for_code(answer.sentence(language))
            return
        if not isinstance(answer, Admitted):
            self.said = answer.sentence(language)
            return
        key, self.card = answer.value
        self._request = ""
        self.shown = next((card for card in self.card.mine if card.key == key), VoucherCard())
        self.showing = self.shown.code != "" or self.shown.hidden
        if not self.showing:
            self.said = self.asked.done

    @rx.event
    @needs(Capability.REDEEM_OWN)
    async def take(self, key: str):
        """Take a reward that was won, and show its code."""
        if any(card.key == key and card.won for card in self.card.mine):
            await self._open(key, take)

    @rx.event
    @needs(Capability.REDEEM_OWN)
    async def reveal(self):
        """Show the uploaded code of the reward that is open: from now on it cannot be given back."""
        key = self.shown.key
        if any(card.key == key and card.hidden for card in self.card.mine):
            await self._open(key, show_code)

    async def _open(self, key: str, action: Callable[[Session, UUID, UUID, datetime, bytes], object]) -> None:
        """Do it to one of the member's rewards, and show its code."""
        language = spoken(self)

        def work(session: Session, person: Person, now: datetime) -> RewardsCard:
            action(session, person.member_id, UUID(key), now, session.info["secret"])
            return self._view(language)(session, person, now)

        answer = await door.enter(self, Capability.REDEEM_OWN, work)
        if not isinstance(answer, Admitted):
            self.said = answer.sentence(language)
            return
        self.card = answer.value
        self.shown = next((card for card in self.card.mine if card.key == key), VoucherCard())
        self.showing = self.shown.code != ""

    @rx.event
    @needs(Capability.REDEEM_OWN)
    async def give_back(self):
        """Call off the reward that is shown: its points come back."""
        key, language = self.shown.key, spoken(self)
        self.showing = False
        if not any(card.key == key for card in self.card.mine):
            return

        def work(session: Session, person: Person, now: datetime) -> RewardsCard:
            cancel(session, person.member_id, UUID(key), now, person.actor)
            return self._view(language)(session, person, now)

        answer = await door.enter(self, Capability.REDEEM_OWN, work)
        if isinstance(answer, Admitted):
            self.card, self.said = answer.value, language.text(GIVEN_BACK)
        else:
            self.said = answer.sentence(language)

    def _view(self, known=None):
        language = known or spoken(self)

        def view(session: Session, person: Person, now: datetime) -> RewardsCard:
            secret = session.info["secret"]
            return rewards(session, person.member_id, now, language, lambda made: code_of(made, secret) or "")

        return view


GIVEN_BACK = N_("The reward was given back, and your points are here again.")


def page() -> rx.Component:
    """The page."""
    return member_page(RewardsState, _content(), path="/rewards", again=RewardsState.load)


def _content() -> rx.Component:
    card = RewardsState.card
    there = card.balance != ""
    return rx.el.div(
        heading(t("Rewards")),
        rx.el.p(
            place(card, "balance", there, tag=rx.el.strong, class_name="font-semibold text-ink"),
            place(card, "worth", there, class_name="dotted ms-1.5 empty:hidden"),
            class_name=waits(there, "m-0 w-fit text-soft tabular-nums"),
        ),
        arriving(RewardsState, _ahead(), _catalogue()),
        _confirmation(),
        _code(),
        fresh_sheet(RewardsState),
        class_name="mx-auto flex max-w-3xl flex-col gap-2 pt-2",
    )


def _catalogue() -> rx.Component:
    card = RewardsState.card
    return rx.fragment(
        rx.cond(card.mine.length() > 0, _mine()),
        rx.cond(
            card.none,
            nothing_at_all(),
            section(t("Yours now"), rx.cond(card.now.length() > 0, _now(), nothing_now())),
        ),
        rx.cond(card.soon.length() > 0, section(t("Soon"), _list(card.soon))),
        rx.cond(card.later.length() > 0, section(t("Later"), _list(card.later))),
        rx.cond(card.past.length() > 0, _past()),
    )


def _ahead() -> rx.Component:
    """The catalogue as far as it is seen at once."""

    def rows(path: str, count: int, *, now: bool = False) -> rx.Component:
        return ahead_rows(path, count, lambda card: reward_ahead(card, now=now), ROWS)

    now = rows("now", 7, now=True), only_if("!now", nothing_now())
    return rx.fragment(
        only_if("mine", section(t("My rewards"), ahead_rows("mine", 4, voucher_ahead, ROWS))),
        only_if("!none", section(t("Yours now"), *now), waits=True),
        only_if("none", nothing_at_all()),
        only_if("soon", section(t("Soon"), rows("soon", 4))),
        only_if("later", section(t("Later"), rows("later", 4))),
    )


def _list(cards: rx.Var[tuple[RewardCard, ...]]) -> rx.Component:
    return rx.el.ul(rx.foreach(cards, _plain_row), class_name=ROWS)


def _plain_row(card: rx.Var[RewardCard]) -> rx.Component:
    return reward_row(card)


def _now() -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            RewardsState.card.now,
            lambda card: reward_row(card, redeem_button(card, RewardsState.ask(card.slug))),
        ),
        class_name=ROWS,
    )


def _mine() -> rx.Component:
    page = RewardsState
    rows = rx.foreach(page.card.mine, lambda card: voucher(card, page.show(card.key), page.take(card.key)))
    return rx.el.div(section(t("My rewards"), rx.el.ul(rows, class_name=ROWS)), id="mine")


def _past() -> rx.Component:
    rows = rx.foreach(RewardsState.card.past, lambda card: voucher(card, RewardsState.show(card.key)))
    return section(t("Used and past"), rx.el.ul(rows, class_name=ROWS))


def _confirmation() -> rx.Component:
    asked = RewardsState.asked
    return modal(
        rx.el.h2(asked.question, class_name="m-0 text-section font-semibold text-balance"),
        rx.el.p(asked.terms, class_name="m-0 text-soft tabular-nums"),
        rx.el.div(
            button(t("Not now"), tone="plain", on_click=RewardsState.dismiss),
            button(t("Yes, get it"), on_click=RewardsState.confirm),
            class_name="grid grid-cols-2 gap-3",
        ),
        open=RewardsState.asking,
        on_dismiss=RewardsState.dismiss,
        label=asked.question,
    )


def _code() -> rx.Component:
    return modal(
        rx.el.div(
            rx.el.h2(RewardsState.shown.name, class_name="m-0 flex-1 text-section font-semibold"),
            button(
                icon("x"),
                tone="plain",
                on_click=RewardsState.dismiss,
                aria_label=t("Close"),
                class_name="!px-3",
            ),
            class_name="flex items-center gap-3",
        ),
        code_sheet(RewardsState.shown, RewardsState.give_back, RewardsState.reveal),
        open=RewardsState.showing,
        on_dismiss=RewardsState.dismiss,
        label=RewardsState.shown.name,
    )
