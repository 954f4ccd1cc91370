"""The studio's form: each handler takes what was typed or pressed, and shows what follows. Nothing is kept by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import reflex as rx
from sqlmodel import Session

from app.frame.staff_visit import arrive
from members.programme.document import Programme
from members.programme.versions import versions
from members.roles import Capability, Person
from members.staff_studio_cards import StudioCard
from members.studio import verbs
from members.studio.asked import Form

MAY = Capability.EDIT_CATALOGUE
MOVES = (".kind", ".type", "ladder", "together", ".of", ".name")
"""Boxes after which there are other boxes."""
Verb = Callable[[Form, Programme], Form]


class Bench(rx.State, mixin=True):
    """What was typed. `_slug` is the published one that is changed; `_epoch` counts how often boxes have moved."""

    _kind: str = "badge"
    _slug: str = ""
    _form: dict[str, str] = {}
    _epoch: int = 0

    def _view(self, session: Session, person: Person, now: datetime) -> StudioCard:
        """What the page shows; the page says."""
        raise NotImplementedError

    @rx.event
    async def put(self, name: str, value: str):
        """Take what was typed in a box, or chosen."""
        name, value = str(name)[:120], str(value)
        await self._take(lambda form, known: self._put(form, known, name, value), moves=name.endswith(MOVES))

    @rx.event
    async def tick(self, name: str, value: bool):
        """Take a tick: of a box, or of one word in a box with several."""
        box, _, word = str(name)[:120].partition(" ")
        on = value is True

        def ticked(form: Form, programme: Programme) -> Form:
            text = "yes" if on else ""
            return verbs.tick_item(form, box, word, on) if word else self._put(form, programme, box, text)

        await self._take(ticked)

    @rx.event
    async def add_part(self):
        """One more question."""
        await self._take(lambda form, _: verbs.add_part(form), moves=True)

    @rx.event
    async def drop_part(self, part: str):
        """One question less."""
        await self._take(lambda form, _: verbs.drop_part(form, str(part)[:120]), moves=True)

    @rx.event
    async def add_condition(self, part: str, name: str):
        """One more condition on what counts."""
        await self._take(
            lambda form, _: verbs.add_condition(form, str(part)[:120], str(name)[:60]), moves=True
        )

    @rx.event
    async def drop_condition(self, name: str):
        """One condition less."""
        await self._take(lambda form, _: verbs.drop_condition(form, str(name)[:120]), moves=True)

    @rx.event
    async def add_item(self, name: str, text: str):
        """One more in a list."""
        await self._take(lambda form, _: verbs.add_item(form, str(name)[:120], str(text)))

    @rx.event
    async def drop_item(self, name: str, text: str):
        """One less in a list."""
        await self._take(lambda form, _: verbs.drop_item(form, str(name)[:120], str(text)))

    @rx.event
    async def add_step(self):
        """One more step."""
        await self._take(lambda form, _: verbs.add_step(form, self._kind), moves=True)

    @rx.event
    async def drop_step(self, step: str):
        """One step less."""
        await self._take(lambda form, _: verbs.drop_step(form, str(step)[:120]), moves=True)

    @rx.event
    async def anew(self):
        """Build the criterion anew, in the form."""
        await self._take(lambda form, _: verbs.anew(form) if "deep" in form else form, moves=True)

    def _put(self, form: Form, programme: Programme, name: str, value: str) -> Form:
        fixed = name == "slug" and bool(self._slug)
        return form if fixed else verbs.put(form, self._kind, programme, name, value)

    async def _take(self, verb: Verb, *, moves: bool = False) -> None:
        """Change the form, and show what follows."""
        before, shown = (self._form, self._epoch), False

        def view(session: Session, person: Person, now: datetime) -> StudioCard:
            nonlocal shown
            self._form = verb(dict(before[0]), versions(session).latest.programme)
            self._epoch = before[1] + moves
            card = self._view(session, person, now)
            shown = True
            return card

        await arrive(self, MAY, view)
        if not shown:  # what cannot be shown is not taken, or the form would be stuck with it
            self._form, self._epoch = before
