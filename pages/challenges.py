"""Challenges: those I take part in, those I can take on, and those that are done."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import reflex as rx

from app.door import needs
from app.frame.member import arriving, member_page
from app.frame.visit import WAITING, Act, Visit, act, arrive, follow, seen
from badges.goals import TOPIC
from components.ahead import AHEAD, not_there, rows, there
from components.challenge import CARDS, State, challenge_panel
from components.first import summary
from components.goal import goal_panel
from components.play import play_link, quiet_note
from components.primitives import heading, link_button, more_link, section
from components.states import empty
from components.words import t
from facts.language import N_
from members.actions.play import join, leave, wake
from members.game_cards import ChallengesCard
from members.roles import Capability
from members.views.challenges import challenges

PANELS_AHEAD = 4
TAKEN_ON = N_("You are in. What you do from now on counts.")
LEFT = N_("You have left the challenge. What you reached stays yours.")


class ChallengesState(Visit, rx.State):
    """The challenges of whoever is behind the cookie."""

    card: ChallengesCard = ChallengesCard()

    @rx.event
    @needs(Capability.SEE_OWN)
    async def load(self):
        """Fill the page."""
        await arrive(self, seen(self, challenges))

    @rx.event(background=True)
    @needs(Capability.SEE_OWN)
    async def keep_up(self):
        """Show what happens while the page is open."""
        await follow(self, seen(self, challenges), lambda *_: [TOPIC])

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def join(self, slug: str):
        """Take a challenge on."""
        await self._act(lambda session, member, now: join(session, member, slug, now), TAKEN_ON)

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def leave(self, slug: str):
        """Leave a challenge."""
        await self._act(lambda session, member, now: leave(session, member, slug, now), LEFT)

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def wake(self):
        """Switch the game on again."""
        await self._act(wake)

    async def _act(self, action: Act, done: str = "") -> None:
        await act(self, seen(self, challenges), action, done)


def page() -> rx.Component:
    """The page."""
    return member_page(ChallengesState, _content(), path="/challenges", again=ChallengesState.load)


def _content() -> rx.Component:
    card = ChallengesState.card
    return rx.el.div(
        rx.el.div(
            heading(t("Challenges")),
            arriving(ChallengesState, _boards(AHEAD), _boards(card)),
            class_name="-my-1.5 flex min-h-11 items-center justify-between gap-3",
        ),
        summary(card, ChallengesState.status != WAITING),
        arriving(ChallengesState, _shown(AHEAD), _shown(card)),
        class_name="flex flex-col gap-2 pt-2",
    )


def _boards(card: Any) -> Any:
    return there(card.boards, more_link(t("Boards"), "/boards"))


def _shown(card: Any) -> rx.Component:
    """The game, for who has not switched it off; of a card that is ahead, as far as it is seen at once."""
    there_is = (card.goals, card.joined, card.open, card.done)
    game = rx.fragment(
        there(card.goals, section(t("Together"), _list(card.goals, goal_panel))),
        there(card.joined, section(t("You take part"), _list(card.joined, _panel("joined"))), waits=True),
        there(card.open, section(t("Open to you"), _list(card.open, _panel("open")))),
        there(card.done, section(t("Done"), _list(card.done, _panel("done")))),
        reduce(lambda inside, some: not_there(some, inside), there_is, _nothing()),
        play_link("flame", t("Streaks"), t("Freezes, days away, and your clock"), "/streaks"),
    )
    return rx.fragment(
        there(card.quiet, quiet_note(card, ChallengesState.wake)), not_there(card.quiet, game, waits=True)
    )


def _list(cards: Any, panel: Callable[[Any], rx.Component]) -> rx.Component:
    return rows(cards, PANELS_AHEAD, panel, CARDS + " items-start")


def _panel(state: State) -> Callable[[Any], rx.Component]:
    return lambda card: challenge_panel(card, ChallengesState.join, ChallengesState.leave, state=state)


def _nothing() -> rx.Component:
    return empty(
        "flag",
        t("No challenges just now"),
        t("New ones appear here as soon as there are some."),
        link_button(t("See your badges"), to="/badges", tone="plain"),
    )
