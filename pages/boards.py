"""Boards: who did most of something, under an alias, for those who asked to be listed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app import door
from app.door import Admitted, needs
from app.frame.member import arriving, member_page
from app.frame.visit import Visit, arrive, follow, spoken
from components.ahead import AHEAD, not_there, press, said, there
from components.board import alias_panel, board_list
from components.primitives import heading, link_button, panel
from components.states import empty
from components.words import t
from facts.language import N_
from members.actions.boards import enter, leave
from members.actions.play import calm
from members.board_cards import BoardsCard
from members.roles import Capability, Person
from members.views.boards import boards, topics
from members.views.playing import wishes_of

LISTED = N_("You are listed as “{alias}”.")
LEFT = N_("You are on no list any more.")


class BoardsState(Visit, rx.State):
    """The boards, as whoever is behind the cookie sees them."""

    card: BoardsCard = BoardsCard()

    @rx.event
    @needs(Capability.SEE_OWN)
    async def load(self):
        """Fill the page."""
        await arrive(self, self._view())

    @rx.event(background=True)
    @needs(Capability.SEE_OWN)
    async def keep_up(self):
        """Show what happens while the page is open: to the member, and to the lists they see."""
        await follow(self, self._view(), lambda session, person, now: topics(session, person.member_id, now))

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def stand(self, alias: str):
        """Stand on the boards under a suggested alias."""
        await self._enter(alias)

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def stand_as(self, form: dict[str, Any]):
        """Stand on the boards under an alias of one's own, or change it."""
        await self._enter(str(form.get("alias", "")))

    async def _enter(self, alias: str) -> None:
        said = spoken(self).text(LISTED, alias=" ".join(alias.split()))
        await self._do(lambda session, person, now: enter(session, person.member_id, alias, now), said)

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def leave(self):
        """Leave all boards."""
        await self._do(
            lambda session, person, now: leave(session, person.member_id, now), spoken(self).text(LEFT)
        )

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def wake(self):
        """Switch ranks on again, and the game with them."""

        def on(session: Session, person: Person, now: datetime) -> None:
            off = wishes_of(session, person.member_id).calm
            calm(session, person.member_id, off - {"game", "ranks"}, now)

        await self._do(on, "")

    async def _do(self, action: Any, said: str) -> None:
        language = spoken(self)

        def work(session: Session, person: Person, now: datetime) -> BoardsCard:
            action(session, person, now)
            return self._view(language)(session, person, now)

        answer = await door.enter(self, Capability.PLAY_OWN, work)
        if isinstance(answer, Admitted):
            self._show(answer.value)
            self.said = said
        else:
            self.said = answer.sentence(language)

    def _view(self, known=None):
        language = known or spoken(self)

        def view(session: Session, person: Person, now: datetime) -> BoardsCard:
            return boards(session, person.member_id, now, language)

        return view


def page() -> rx.Component:
    """The page."""
    return member_page(BoardsState, _content(), path="/boards", again=BoardsState.load)


def _content() -> rx.Component:
    return rx.el.div(
        heading(t("Boards")),
        arriving(BoardsState, _shown(AHEAD), _shown(BoardsState.card)),
        class_name="flex flex-col gap-4 pt-2",
    )


def _shown(card: Any) -> rx.Component:
    """The boards, for who has not switched them off; of a card that is ahead, as far as it is seen at once."""
    found = rx.el.div(
        alias_panel(card, BoardsState.stand, BoardsState.stand_as, BoardsState.leave),
        board_list(card.boards),
        class_name="flex flex-col gap-6",
    )
    game = rx.fragment(there(card.boards, found, waits=True), not_there(card.boards, _nothing()))
    return rx.fragment(there(card.quiet, _quiet(card)), not_there(card.quiet, game, waits=True))


def _quiet(card: Any) -> rx.Component:
    leave = press(card, t("Leave all boards"), tone="quiet", on_click=BoardsState.leave)
    return panel(
        rx.el.p(t("Boards are switched off for you"), class_name="m-0 text-section font-semibold"),
        rx.el.p(
            t("Calm mode hides places. Points and rewards are the same with or without them."),
            class_name="m-0 max-w-sm text-soft",
        ),
        press(card, t("Switch them on again"), tone="plain", on_click=BoardsState.wake, class_name="mt-2"),
        there(
            card.alias,
            rx.el.p(
                t("Others still see you as") + " ",
                said(card.alias, tag=rx.el.bdi),
                class_name="m-0 text-soft",
            ),
            leave,
            tag=rx.el.div,
            class_name="mt-2 flex flex-col items-center gap-1",
        ),
        class_name="flex flex-col items-center gap-1 px-6 py-8 text-center",
    )


def _nothing() -> rx.Component:
    return empty(
        "trophy",
        t("No boards just now"),
        t("When the shop opens one, it appears here."),
        link_button(t("See the challenges"), to="/challenges", tone="plain"),
    )
