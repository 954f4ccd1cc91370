"""Bringing friends for staff: the offers, how far friends get by which way, what each has cost, and who brings most."""

from __future__ import annotations

from datetime import datetime

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.retiring import Retiring, Verb
from app.frame.staff_visit import Looked, arrive, visited_page
from app.frame.visit import spoken
from components.entries import waiting_entries
from components.primitives import icon, link_button, section
from components.retiring import retire_question
from components.staff_drafts import draft_list
from components.staff_referrals import (
    advocate_rows,
    channel_rows,
    cost_panel,
    downloads,
    funnel,
    offer_rows,
    which,
)
from components.states import empty
from components.words import t
from facts.language import N_
from members.actions.offers import put_first, retire_offer
from members.roles import Capability, Person
from members.staff_referral_cards import ReferralsCard
from members.views.staff_referrals_offers import referrals

TITLE = N_("Friends")
MAY = Capability.SEE_CATALOGUE


class ReferralsState(Retiring, rx.State):
    """The offers and their figures."""

    card: ReferralsCard = ReferralsCard()
    _offer: str = ""
    _days: int = 30

    @rx.event
    @needs(MAY)
    async def load(self):
        """Fill the page."""
        self.retiring, self._offer, self._days = "", "", 30
        await self._look()

    @rx.event
    @needs(MAY)
    async def choose_offer(self, slug: str):
        """Show the figures of one offer; "" for all."""
        self._offer = next((one.key for one in self.card.choices if one.key == slug), "")
        await self._look()

    @rx.event
    @needs(MAY)
    async def choose_days(self, days: str):
        """Show the figures of another stretch of time."""
        self._days = int(days) if str(days).isdecimal() and len(days) < 5 else 30
        await self._look()

    @rx.event
    @needs(Capability.PUBLISH_PROGRAMME)
    async def put_first(self, key: str):
        """Let new links make this offer, of those that are open."""
        await self._publish(put_first, key, N_("It is the first now. New links make this offer."))

    async def _look(self) -> None:
        """Names of members are personal: whoever sees them is in the audit."""
        looked = Looked("advocates.viewed", f"offer:{self._offer or 'all'}", _seen, _named)
        await arrive(self, MAY, self._view, looked=looked)
        self._base = self.card.base

    def _names(self) -> dict[str, str]:
        return {one.key: one.name for one in self.card.offers if one.may_retire}

    def _retires(self) -> tuple[Verb, str]:
        return retire_offer, N_("Retired. Links that were shared keep what they say.")

    def _view(self, session: Session, person: Person, now: datetime) -> ReferralsCard:
        return referrals(session, person, now, spoken(self), self._offer, self._days)


def _named(card: ReferralsCard) -> bool:
    return any(one.path for one in card.advocates)


def _seen(card: ReferralsCard) -> dict[str, list[str]]:
    return {"members": [one.key for one in card.advocates if one.path]}


def page() -> rx.Component:
    """The page."""
    card = ReferralsState.card
    new = rx.cond(card.may_edit, link_button(icon("plus"), t("New offer"), to="/staff/referrals/edit"))
    return visited_page(
        ReferralsState,
        _content(),
        section(t("Offers"), waiting_entries(4), class_name="max-w-4xl"),
        path="/staff/referrals",
        title=t(TITLE),
        above=rx.cond(card.version != "", card.version, t("The programme")),
        actions=[new],
        again=ReferralsState.load,
    )


def _content() -> rx.Component:
    card = ReferralsState.card
    nothing = empty(
        "user-plus",
        t("No offers yet"),
        t("With an offer, members can bring their friends, and both get something."),
    )
    nobody = empty("smile", t("Nobody has come yet"), t("Whoever brings friends is listed here."))
    return rx.el.div(
        rx.cond(card.drafts.length() > 0, section(t("Drafts"), draft_list(card.drafts))),
        section(
            t("Offers"), rx.cond(card.offers.length() > 0, offer_rows(card.offers, ReferralsState), nothing)
        ),
        section(
            t("How far friends get"),
            which(card, ReferralsState),
            funnel(card),
            channel_rows(card.channels),
            class_name="gap-3",
        ),
        section(t("What a customer costs"), cost_panel(card)),
        section(
            t("Who brings most"),
            rx.cond(card.advocates.length() > 0, advocate_rows(card.advocates), nobody),
        ),
        rx.cond(card.files.length() > 0, section(t("As files"), downloads(card.files))),
        retire_question(
            ReferralsState, t("No new link makes it. Links that were shared keep what they say.")
        ),
        class_name="flex max-w-4xl flex-col gap-5",
    )
