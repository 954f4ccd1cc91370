"""The studio's workbench and its form: each handler takes what was typed or pressed, and shows what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.drafting import MAY, Drafting
from app.frame.staff_visit import arrive
from app.frame.visit import spoken
from facts.language import N_
from facts.refusals import Refusal
from members.actions.drafts import GAMES, Draft, draft_of, kind_of, read_draft
from members.actions.studio import published
from members.programme.document import Programme
from members.programme.versions import versions
from members.roles import Person
from members.staff_studio_cards import StudioCard
from members.studio import verbs
from members.studio.asked import Form
from members.studio.game import artwork_of, blank, form_of
from members.views.staff_studio import studio, what_there_is

MOVES = (".kind", ".type", "ladder", "together", ".of", ".name")
"""Boxes after which there are other boxes."""
Verb = Callable[[Form, Programme], Form]


class Bench(Drafting, mixin=True):
    """What is on the workbench beside the form: what was drawn (`_artwork`), and what the shop has (`_known`).

    `_epoch` counts how often boxes have moved.
    """

    card: StudioCard = StudioCard()
    _kind: str = "badge"
    _artwork: dict[str, Any] = {}
    _known: dict[str, list[str]] = {}
    _epoch: int = 0

    async def _open(self) -> None:
        """Put what is kept or published on the workbench, and show it."""

        def view(session: Session, person: Person, now: datetime) -> StudioCard:
            self._begin(session)
            self._known = what_there_is(session)
            return self._view(session, person, now)

        await arrive(self, MAY, view)

    def _begin(self, session: Session) -> None:
        line = versions(session)
        self._begun, self._epoch = line.latest.number, self._epoch + 1
        draft = read_draft(session, self._draft, kinds=GAMES) if self._draft else None
        draft = draft or (draft_of(session, self._kind, self._slug) if self._slug else None)
        if draft:
            self._draft, self._kind, self._slug = draft.id, draft.kind, "" if draft.fresh else draft.slug
            self._revision, self._begun = draft.revision, draft.base
        there = published(line.latest.programme, self._kind, self._slug) if self._slug else None
        if self._slug and there is None:
            raise Refusal("game_unknown", N_("There is no such badge or challenge."), status=404)
        body = draft.body if draft else {}
        first = form_of(there, line.latest.programme) if there else blank(self._kind)
        self._form = {str(name): str(text) for name, text in (body.get("form") or first).items()}
        self._artwork = body.get("artwork") or artwork_of(there)

    @rx.event
    @needs(MAY)
    async def put(self, name: str, value: str):
        """Take what was typed in a box, or chosen."""
        name, value = str(name)[:120], str(value)
        await self._take(lambda form, known: self._put(form, known, name, value), moves=name.endswith(MOVES))

    @rx.event
    @needs(MAY)
    async def tick(self, name: str, value: bool):
        """Take a tick: of a box, or of one word in a box with several."""
        box, _, word = str(name)[:120].partition(" ")
        on = value is True

        def ticked(form: Form, programme: Programme) -> Form:
            text = "yes" if on else ""
            return verbs.tick_item(form, box, word, on) if word else self._put(form, programme, box, text)

        await self._take(ticked)

    @rx.event
    @needs(MAY)
    async def add_part(self):
        """One more question."""
        await self._take(lambda form, _: verbs.add_part(form), moves=True)

    @rx.event
    @needs(MAY)
    async def drop_part(self, part: str):
        """One question less."""
        await self._take(lambda form, _: verbs.drop_part(form, str(part)[:120]), moves=True)

    @rx.event
    @needs(MAY)
    async def add_condition(self, part: str, name: str):
        """One more condition on what counts."""
        await self._take(
            lambda form, _: verbs.add_condition(form, str(part)[:120], str(name)[:60]), moves=True
        )

    @rx.event
    @needs(MAY)
    async def drop_condition(self, name: str):
        """One condition less."""
        await self._take(lambda form, _: verbs.drop_condition(form, str(name)[:120]), moves=True)

    @rx.event
    @needs(MAY)
    async def add_item(self, name: str, text: str):
        """One more in a list."""
        await self._take(lambda form, _: verbs.add_item(form, str(name)[:120], str(text)))

    @rx.event
    @needs(MAY)
    async def drop_item(self, name: str, text: str):
        """One less in a list."""
        await self._take(lambda form, _: verbs.drop_item(form, str(name)[:120], str(text)))

    @rx.event
    @needs(MAY)
    async def add_step(self):
        """One more step."""
        await self._take(lambda form, _: verbs.add_step(form, self._kind), moves=True)

    @rx.event
    @needs(MAY)
    async def drop_step(self, step: str):
        """One step less."""
        await self._take(lambda form, _: verbs.drop_step(form, str(step)[:120]), moves=True)

    @rx.event
    @needs(MAY)
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

    def _view(self, session: Session, person: Person, now: datetime) -> StudioCard:
        draft, self._base = self._draft_now(), versions(session).latest.number
        if self._draft:
            kept = read_draft(session, self._draft, kinds=GAMES)
            draft = replace(kept, body={**kept.body, "form": dict(self._form)})
        words = spoken(self)
        return studio(
            session, draft, person, now, words, known=self._known, epoch=self._epoch, told=self._told
        )

    def _draft_now(self) -> Draft:
        """The form as a draft that nobody has kept."""
        body: dict[str, Any] = {"form": dict(self._form)}
        if self._kind == "badge":
            body["artwork"] = dict(self._artwork)
        slug, kind = self._slug or self._form.get("slug", "").strip(), kind_of(self._kind)
        return Draft("", kind, slug, not self._slug, body, self._begun, "", datetime.now(UTC), None, "")
