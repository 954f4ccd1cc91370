"""Badges and challenges for staff: what each asks, how it goes, and a hand to pause or retire it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.retiring import Retiring, Verb
from app.frame.staff_visit import arrive, visited_page
from app.frame.visit import spoken
from components.entries import waiting_entries
from components.primitives import icon, link_button, section
from components.retiring import retire_question
from components.staff_budgets import budget_banner
from components.staff_drafts import draft_list, new_ones
from components.staff_games import game_rows
from components.states import empty
from components.words import t
from facts.language import N_
from members.actions.staff_games import pause_game, resume_game, retire_game
from members.roles import Capability, Person
from members.staff_game_cards import GamesCard
from members.views.staff_drafts import draft_rows
from members.views.staff_games import games

TITLE = N_("Badges")


class GamesState(Retiring, rx.State):
    """The list."""

    card: GamesCard = GamesCard()

    @rx.event
    @needs(Capability.SEE_CATALOGUE)
    async def load(self):
        """Fill the page."""
        self.retiring = ""
        await arrive(self, Capability.SEE_CATALOGUE, self._view)
        self._base = self.card.base

    @rx.event
    @needs(Capability.PUBLISH_PROGRAMME)
    async def pause(self, key: str):
        """Let nothing count for it for a while."""
        await self._publish(pause_game, key, N_("Paused. What members have of it stays theirs."))

    @rx.event
    @needs(Capability.PUBLISH_PROGRAMME)
    async def go_on(self, key: str):
        """Let it count again."""
        await self._publish(resume_game, key, N_("It goes on from now."))

    def _names(self) -> dict[str, str]:
        return {one.key: one.name for one in (*self.card.badges, *self.card.challenges, *self.card.goals)}

    def _retires(self) -> tuple[Verb, str]:
        return retire_game, N_("Retired. What members have of it stays theirs.")

    def _view(self, session: Session, person: Person, now: datetime) -> GamesCard:
        words = spoken(self)
        card = games(session, person, now, words)
        if not person.may(Capability.EDIT_CATALOGUE):
            return card
        return replace(card, may_edit=True, drafts=draft_rows(session, now, words))


def page() -> rx.Component:
    """The page."""
    card = GamesState.card
    return visited_page(
        GamesState,
        _content(),
        section(t(TITLE), waiting_entries(8), class_name="max-w-4xl"),
        path="/staff/badges",
        title=t("Badges and challenges"),
        above=rx.cond(card.version != "", card.version, t("The programme")),
        actions=[rx.cond(card.may_give, _for_many()), rx.cond(card.may_edit, new_ones())],
        again=GamesState.load,
    )


def _for_many() -> rx.Component:
    return link_button(icon("users"), t("One badge for many"), to="/staff/badges/bulk", tone="plain")


def _content() -> rx.Component:
    card = GamesState.card
    no_badges = empty(
        "medal", t("No badges yet"), t("Build the first one here, or write it in the programme's document.")
    )
    counted = rx.el.p(card.counted, class_name="m-0 text-small text-soft tabular-nums")
    badges = rx.cond(card.badges.length() > 0, game_rows(card.badges, GamesState, picture=True), no_badges)
    return rx.el.div(
        rx.cond(card.alerts.length() > 0, budget_banner(card.alerts)),
        rx.cond(card.drafts.length() > 0, section(t("Drafts"), draft_list(card.drafts))),
        section(t("Badges"), badges),
        rx.cond(
            card.challenges.length() > 0,
            section(t("Challenges"), game_rows(card.challenges, GamesState, picture=False)),
        ),
        rx.cond(
            card.goals.length() > 0, section(t("Together"), game_rows(card.goals, GamesState, picture=False))
        ),
        rx.cond(card.counted != "", counted),
        retire_question(
            GamesState, t("Nobody can earn it any more. Who has it keeps it. This cannot be undone here.")
        ),
        class_name="flex max-w-4xl flex-col gap-4",
    )
