"""Challenges: those I take part in, those I can take on, and those that are done."""

from __future__ import annotations

import reflex as rx

from app.frame.member import arriving, member_page
from app.frame.visit import WAITING, Act, Visit, act, arrive, follow, seen
from badges.goals import TOPIC
from components.challenge import CARDS, challenge_panel
from components.first import summary
from components.goal import goal_panel
from components.play import play_link, quiet_note
from components.primitives import heading, link_button, more_link, section, skeleton
from components.states import empty
from components.words import t
from facts.language import N_
from members.actions.play import join, leave, wake
from members.game_cards import ChallengeCard, ChallengesCard, GoalCard
from members.views.challenges import challenges

TAKEN_ON = N_("You are in. What you do from now on counts.")
LEFT = N_("You have left the challenge. What you reached stays yours.")


class ChallengesState(Visit, rx.State):
    """The challenges of whoever is behind the cookie."""

    card: ChallengesCard = ChallengesCard()

    @rx.event
    async def load(self):
        """Fill the page."""
        await arrive(self, seen(self, challenges))

    @rx.event(background=True)
    async def keep_up(self):
        """Show what happens while the page is open."""
        await follow(self, seen(self, challenges), lambda *_: [TOPIC])

    @rx.event
    async def join(self, slug: str):
        """Take a challenge on."""
        await self._act(lambda session, member, now: join(session, member, slug, now), TAKEN_ON)

    @rx.event
    async def leave(self, slug: str):
        """Leave a challenge."""
        await self._act(lambda session, member, now: leave(session, member, slug, now), LEFT)

    @rx.event
    async def wake(self):
        """Switch the game on again."""
        await self._act(wake)

    async def _act(self, action: Act, done: str = "") -> None:
        await act(self, seen(self, challenges), action, done)


def page() -> rx.Component:
    """The page."""
    return member_page(ChallengesState, _content(), path="/challenges", again=ChallengesState.load)


def _content() -> rx.Component:
    waiting = section(
        t("You take part"),
        rx.el.div(*[skeleton("h-44 !rounded-panel")] * 2, class_name=CARDS, aria_hidden="true"),
    )
    card = ChallengesState.card
    there = (
        (card.goals.length() > 0)
        | (card.joined.length() > 0)
        | (card.open.length() > 0)
        | (card.done.length() > 0)
    )
    game = rx.fragment(
        rx.cond(card.goals.length() > 0, section(t("Together"), _goals(card.goals))),
        rx.cond(card.joined.length() > 0, section(t("You take part"), _list(card.joined))),
        rx.cond(card.open.length() > 0, section(t("Open to you"), _list(card.open))),
        rx.cond(card.done.length() > 0, section(t("Done"), _list(card.done))),
        rx.cond(there, rx.fragment(), _nothing()),
        play_link("flame", t("Streaks"), t("Freezes, days away, and your clock"), "/streaks"),
    )
    return rx.el.div(
        rx.el.div(
            heading(t("Challenges")),
            rx.cond(card.boards, more_link(t("Boards"), "/boards")),
            class_name="flex min-h-11 items-center justify-between gap-3",
        ),
        summary(card, ChallengesState.status != WAITING),
        arriving(ChallengesState, waiting, rx.cond(card.quiet, quiet_note(ChallengesState.wake), game)),
        class_name="mx-auto flex max-w-4xl flex-col gap-2 pt-2",
    )


def _list(cards: rx.Var[tuple[ChallengeCard, ...]]) -> rx.Component:
    return rx.el.ul(
        rx.foreach(cards, lambda card: challenge_panel(card, ChallengesState.join, ChallengesState.leave)),
        class_name=CARDS + " items-start",
    )


def _goals(cards: rx.Var[tuple[GoalCard, ...]]) -> rx.Component:
    return rx.el.ul(rx.foreach(cards, goal_panel), class_name=CARDS + " items-start")


def _nothing() -> rx.Component:
    return empty(
        "flag",
        t("No challenges just now"),
        t("New ones appear here as soon as there are some."),
        link_button(t("See your badges"), to="/badges", tone="plain"),
    )
