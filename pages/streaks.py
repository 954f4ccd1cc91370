"""Streaks: how each stands and why, what freezes do, when I am away, and by which clock my days go."""

from __future__ import annotations

from typing import Any

import reflex as rx

from app.door import everybody, needs
from app.frame.member import arriving, member_page
from app.frame.visit import Act, Visit, act, arrive, follow, seen
from components.ahead import AHEAD, not_there, press, rows, said, there
from components.later import later
from components.play import quiet_note
from components.primitives import button, heading, icon, link_button, panel, section, skeleton
from components.states import empty
from components.streaks import absence_form, absences, streak_panel, streak_rules
from components.words import t
from facts.language import N_
from members.actions.away import be_away, be_back, move
from members.actions.play import wake, wake_streaks
from members.game_cards import StreaksCard
from members.roles import Capability
from members.views.streak_page import streaks

PANELS_AHEAD = 2
AWAY = N_("Have a good time. Your streaks wait for you.")
BACK = N_("Welcome back. From today on your streaks run again.")
MOVED = N_("From now on your days go by this clock.")
DEVICE_ZONE = rx.Var("Intl.DateTimeFormat().resolvedOptions().timeZone", _var_type=str)


class StreaksState(Visit, rx.State):
    """The streaks of whoever is behind the cookie; `problem` is what is wrong with the days that were typed.

    `leaving`: the boxes for the days of an absence are open.
    """

    card: StreaksCard = StreaksCard()
    problem: str = ""
    leaving: bool = False

    @rx.event
    @needs(Capability.SEE_OWN)
    async def load(self):
        """Fill the page."""
        self.problem, self.leaving = "", False
        await arrive(self, seen(self, streaks))

    @rx.event(background=True)
    @needs(Capability.SEE_OWN)
    async def keep_up(self):
        """Show what happens while the page is open."""
        await follow(self, seen(self, streaks))

    @rx.event
    @everybody
    def ask_days(self):
        """Open the boxes for the days of an absence."""
        self.problem, self.leaving = "", True

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def be_away(self, form: dict[str, str]):
        """Be away from one day to another."""
        since, until = str(form.get("since", "")), str(form.get("until", ""))
        done = await self._act(lambda session, member, now: be_away(session, member, since, until, now), AWAY)
        self.problem, self.leaving = "" if done else self.said, not done

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def be_back(self, since: str, until: str):
        """Call an absence off, or what is left of it."""
        await self._act(lambda session, member, now: be_back(session, member, since, until, now), BACK)

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def move(self, zone: str):
        """Take another clock; with "" the shop's."""
        await self._act(lambda session, member, now: move(session, member, zone, now), MOVED)

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def wake(self):
        """Switch the game on again."""
        await self._act(wake)

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def wake_streaks(self):
        """Show streaks again."""
        await self._act(wake_streaks)

    async def _act(self, action: Act, done: str = "") -> bool:
        return await act(self, seen(self, streaks), action, done)


def page() -> rx.Component:
    """The page."""
    return member_page(StreaksState, _content(), path="/streaks", again=StreaksState.load)


def _content() -> rx.Component:
    card = StreaksState.card
    rules = section(t("How streaks work"), streak_rules())
    return rx.el.div(
        heading(t("Streaks")),
        # in one piece, so that nothing is pushed down when the streaks come; the longest texts stand there from the
        # first paint, and last what the phone makes when it has nothing else to do
        arriving(
            StreaksState,
            rx.fragment(_shown(AHEAD, section(t("When you are away"), _ask(AHEAD))), rules),
            rx.fragment(_shown(card, _away()), rules, later(skeleton("h-40 !rounded-panel"), _clock())),
        ),
        class_name="mx-auto flex max-w-3xl flex-col gap-2 pt-2",
    )


def _shown(card: Any, away: rx.Component) -> rx.Component:
    """The streaks, for who has not switched them off."""
    hushed = quiet_note(card, StreaksState.wake_streaks, what=N_("Streaks are switched off"))
    mine = rx.fragment(_mine(card), away)
    return rx.fragment(
        there(card.quiet, quiet_note(card, StreaksState.wake)),
        there(card.hushed, hushed),
        not_there(card.quiet, not_there(card.hushed, mine, waits=True), waits=True),
    )


def _mine(card: Any) -> rx.Component:
    nothing = empty(
        "flame",
        t("No streaks just now"),
        t("Some challenges and badges ask for one thing every week. They appear here."),
        link_button(t("See the challenges"), to="/challenges", tone="plain"),
    )
    look = "m-0 grid list-none grid-cols-[minmax(0,1fr)] items-start gap-3 p-0 md:grid-cols-2"
    listed = rows(card.streaks, PANELS_AHEAD, streak_panel, look)
    return section(
        t("Your streaks"), there(card.streaks, listed, waits=True), not_there(card.streaks, nothing)
    )


def _away() -> rx.Component:
    """When the member is away, with the boxes for it once they are asked for: a box for a day is costly to make."""
    card = StreaksState.card
    form = absence_form(StreaksState.be_away, first=card.today, left=card.left, problem=StreaksState.problem)
    return section(
        t("When you are away"),
        rx.el.div(
            rx.cond(card.absences.length() > 0, absences(card.absences, StreaksState.be_back)),
            rx.cond(StreaksState.leaving, form, _ask(card)),
            class_name="flex flex-col gap-3",
        ),
    )


def _ask(card: Any) -> rx.Component:
    return panel(
        press(card, icon("luggage"), t("I will be away"), tone="plain", on_click=StreaksState.ask_days),
        said(card.left, tag=rx.el.span, class_name="text-small text-soft tabular-nums"),
        class_name="flex flex-wrap items-center gap-3 p-4",
    )


def _clock() -> rx.Component:
    """By which clock the member's days go; not for who has switched the game or its streaks off."""
    card = StreaksState.card
    clock = panel(
        rx.el.p(card.zone, class_name="m-0 tabular-nums"),
        rx.el.div(
            button(
                icon("smartphone"),
                t("Take this device's clock"),
                tone="plain",
                on_click=StreaksState.move(DEVICE_ZONE),
            ),
            rx.cond(
                card.own_zone,
                button(t("Take the shop's clock"), tone="quiet", on_click=StreaksState.move("")),
            ),
            class_name="flex flex-wrap gap-2",
        ),
        class_name="flex flex-col gap-3 p-4",
    )
    return not_there(card.quiet, not_there(card.hushed, section(t("Your clock"), clock)))
