"""Challenges: those I take part in, those I can take on, and those that are done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app import door
from app.door import Admitted
from app.frame.member import arriving, member_page
from app.frame.visit import Visit, arrive, follow, spoken
from components.challenge import CARDS, challenge_panel
from components.play import quiet_note
from components.primitives import heading, link_button, section, skeleton
from components.states import empty
from components.words import t
from facts.language import N_
from members.actions.play import calm, join, leave
from members.game_cards import ChallengeCard, ChallengesCard
from members.roles import Capability, Person
from members.views.challenges import challenges
from members.views.playing import wishes_of

TAKEN_ON = N_("You are in. What you do from now on counts.")
LEFT = N_("You have left the challenge. What you reached stays yours.")


class ChallengesState(Visit, rx.State):
    """The challenges of whoever is behind the cookie."""

    card: ChallengesCard = ChallengesCard()

    @rx.event
    async def load(self):
        """Fill the page."""
        await arrive(self, self._view())

    @rx.event(background=True)
    async def keep_up(self):
        """Show what happens while the page is open."""
        await follow(self, self._view())

    @rx.event
    async def join(self, slug: str):
        """Take a challenge on."""
        await self._do(lambda session, person, now: join(session, person.member_id, slug, now), TAKEN_ON)

    @rx.event
    async def leave(self, slug: str):
        """Leave a challenge."""
        await self._do(lambda session, person, now: leave(session, person.member_id, slug, now), LEFT)

    @rx.event
    async def wake(self):
        """Switch the game on again."""

        def on(session: Session, person: Person, now: datetime) -> None:
            off = wishes_of(session, person.member_id).calm
            calm(session, person.member_id, off - {"game"}, now)

        await self._do(on, "")

    async def _do(self, action: Any, done: str) -> None:
        language = spoken(self)

        def work(session: Session, person: Person, now: datetime) -> ChallengesCard:
            action(session, person, now)
            return self._view(language)(session, person, now)

        answer = await door.enter(self, Capability.PLAY_OWN, work)
        if isinstance(answer, Admitted):
            self._show(answer.value)
            self.said = language.text(done) if done else ""
        else:
            self.said = answer.sentence(language)

    def _view(self, known=None):
        language = known or spoken(self)

        def view(session: Session, person: Person, now: datetime) -> ChallengesCard:
            return challenges(session, person.member_id, now, language)

        return view


def page() -> rx.Component:
    """The page."""
    return member_page(ChallengesState, _content(), path="/challenges", again=ChallengesState.load)


def _content() -> rx.Component:
    waiting = section(
        t("You take part"),
        rx.el.div(*[skeleton("h-44 !rounded-panel")] * 2, class_name=CARDS, aria_hidden="true"),
    )
    card = ChallengesState.card
    there = (card.joined.length() > 0) | (card.open.length() > 0) | (card.done.length() > 0)
    game = rx.fragment(
        rx.cond(card.joined.length() > 0, section(t("You take part"), _list(card.joined))),
        rx.cond(card.open.length() > 0, section(t("Open to you"), _list(card.open))),
        rx.cond(card.done.length() > 0, section(t("Done"), _list(card.done))),
        rx.cond(there, rx.fragment(), _nothing()),
    )
    return rx.el.div(
        heading(t("Challenges")),
        arriving(ChallengesState, waiting, rx.cond(card.quiet, quiet_note(ChallengesState.wake), game)),
        class_name="mx-auto flex max-w-4xl flex-col gap-2 pt-2",
    )


def _list(cards: rx.Var[tuple[ChallengeCard, ...]]) -> rx.Component:
    return rx.el.ul(
        rx.foreach(cards, lambda card: challenge_panel(card, ChallengesState.join, ChallengesState.leave)),
        class_name=CARDS + " items-start",
    )


def _nothing() -> rx.Component:
    return empty(
        "flag",
        t("No challenges just now"),
        t("New ones appear here as soon as there are some."),
        link_button(t("See your badges"), to="/badges", tone="plain"),
    )
