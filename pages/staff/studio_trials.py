"""The studio's trials: one member tries it on, everybody does, and what counts from the beginning is given to all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app import door
from app.door import Admitted, needs
from app.frame.staff_visit import TROUBLE
from app.frame.visit import spoken
from badges.document import Badge, Challenge
from facts.language import N_
from facts.refusals import Refusal
from members.actions.backfill import SHOWN, Found, Preview, after, backfill
from members.actions.drafts import Draft
from members.actions.studio import begin_fill, read_game, undo_fill
from members.actions.trials import try_on_all
from members.filling import Lines
from members.programme.versions import versions
from members.roles import Capability, Person
from members.staff_cards import FoundCard
from members.staff_studio_cards import PreviewCard, ShareCard, TrialCard
from members.views.staff_people import find
from members.views.staff_studio_trials import everybody, preview_card, shares, trial_card
from pages.staff.studio_bench import Bench

BATCH = 10  # members whose histories are weighed in one transaction: a moment on SQLite, where one writes at a time
HALF = N_("Something went wrong on our side, and not everybody was reached. Press the button again to go on.")
UNREADY = N_("Fill in what is missing first.")
Batch = tuple[int, list[UUID], list[Found], int, list[ShareCard]]
Step = Callable[[Session, Sequence[UUID], datetime], tuple[list[Found], int]]
Begin = Callable[[Session, Person, datetime], None]

log = logging.getLogger(__name__)


def game_of(session: Session, draft: Draft) -> Badge | Challenge:
    """What the form describes, which must be whole."""
    game = read_game(draft, versions(session).latest.programme).game
    if game is None:
        raise Refusal("draft_unready", UNREADY)
    return game


class Trials(Bench, mixin=True):
    """The workbench tried on: who was found, how far they would be, and what everybody would get.

    `_walk` counts the walks through all.
    """

    people: FoundCard = FoundCard()
    trial: TrialCard = TrialCard()
    preview: PreviewCard = PreviewCard()
    _walk: int = 0

    @rx.event
    @needs(Capability.SEE_MEMBERS)
    async def look_for(self, form: dict[str, Any]):
        """Look for a member to try it on."""
        wanted, words = str(form.get("wanted", ""))[:200], spoken(self)
        answer = await door.look(
            self, Capability.SEE_MEMBERS, lambda session, _person, now: find(session, wanted, now, words)
        )
        if isinstance(answer, Admitted):
            self.people, self.trial = answer.value, TrialCard()
        else:
            self.said = answer.sentence(words)

    @rx.event
    @needs(Capability.SEE_MEMBERS)
    async def try_on(self, key: str):
        """Try it on this member."""
        draft, words = self._draft_now(), spoken(self)
        try:
            member_id = UUID(str(key))
        except ValueError:
            return

        def work(session: Session, _person: Person, now: datetime) -> TrialCard:
            return trial_card(session, member_id, game_of(session, draft), now, words)

        answer = await door.look(self, Capability.SEE_MEMBERS, work)
        if isinstance(answer, Admitted):
            self.trial, self.people = answer.value, FoundCard()
        else:
            self.said = answer.sentence(words)

    @rx.event(background=True)
    @needs(Capability.EDIT_CATALOGUE)
    async def preview_all(self):
        """Say what it would do to everybody, as far as it was looked at."""
        draft = self._draft_now()

        def step(session: Session, members: Sequence[UUID], now: datetime) -> tuple[list[Found], int]:
            return try_on_all(session, members, game_of(session, draft), now, whole)

        whole = Preview()
        await _walk(self, Capability.EDIT_CATALOGUE, step, whole, would=True)

    @rx.event(background=True)
    @needs(Capability.PUBLISH_PROGRAMME)
    async def fill(self):
        """Give it to everybody who earned it before it was published."""
        draft = self._draft_now()

        def begin(session: Session, person: Person, now: datetime) -> None:
            begin_fill(session, draft.kind, draft.slug, actor=person.actor, now=now)

        await _walk(self, Capability.PUBLISH_PROGRAMME, _of(draft), Preview(), would=False, begin=begin)

    @rx.event(background=True)
    @needs(Capability.PUBLISH_PROGRAMME, Capability.EDIT_CATALOGUE)
    async def undo_fill(self):
        """Take back what was given for the time before it was published."""
        draft, base = self._draft_now(), self._base

        def begin(session: Session, person: Person, now: datetime) -> None:
            undo_fill(session, draft.kind, draft.slug, base=base, actor=person.actor, now=now)

        if await _walk(self, Capability.PUBLISH_PROGRAMME, _of(draft), Preview(), would=False, begin=begin):
            async with self:
                await self._open()

    @rx.event
    @needs(Capability.EDIT_CATALOGUE)
    def stop(self):
        """Stop looking: what was found so far stays."""
        if not self.preview.kept:
            self._walk += 1
            self.preview = replace(self.preview, running=False, done=True)


def _of(draft: Draft) -> Step:
    """The step of a back-fill of this one alone: what else was never given stays as it is."""

    def step(session: Session, members: Sequence[UUID], now: datetime) -> tuple[list[Found], int]:
        lines = Lines(session, versions(session), f"{draft.kind}:{draft.slug}")
        found, points = backfill(session, members, now, lines)
        return [one for one in found if (one.kind, one.slug) == (draft.kind, draft.slug)], points

    return step


async def _may(state: Any, begin: Begin) -> bool:
    answer = await door.enter(state, Capability.PUBLISH_PROGRAMME, begin)
    if isinstance(answer, Admitted):
        return True
    async with state:
        state.said = answer.sentence(spoken(state))
    return False


async def _walk(
    state: Any, capability: Capability, step: Step, whole: Preview, *, would: bool, begin: Begin | None = None
) -> bool:
    """Through everybody, a batch and a transaction at a time, the person asked for anew each time.

    What is found is added to `whole`; with `would` nothing is written, and nobody waits for it. When the page has gone
    on to something else, nothing more is shown there: who only looks stops, what is given is given to the last.
    False when the page shows nothing of its end.
    """
    async with state:
        if state.preview.running:
            return False
        state._walk += 1
        mine, state.preview = state._walk, PreviewCard(running=True, kept=not would)
    if begin and not await _may(state, begin):
        return await _end(state, mine, "")
    words, cards = spoken(state), list[ShareCard]()
    last: UUID | None = None
    looked = total = 0

    def work(session: Session, person: Person, now: datetime) -> Batch:
        members = after(session, last, BATCH)
        found, points = step(session, members, now) if members else ([], 0)
        more = shares(session, found[: SHOWN - len(cards)], person, now, words)
        return total or everybody(session), members, found, points, more

    try:
        here = going = True
        while going:
            answer = await (door.look if would else door.enter)(state, capability, work)
            if not isinstance(answer, Admitted):
                return await _end(state, mine, answer.sentence(words))
            total, members, found, points, more = answer.value
            whole.add(found, points)
            cards += more
            looked += len(members)
            last = members[-1] if members else last
            async with state:
                here, going = state._walk == mine, len(members) == BATCH
                going = going and (here or not would)
                if here:
                    card = preview_card(whole, cards, looked, total, words, done=not going, would=would)
                    state.preview = card
    except Exception:
        log.exception("a walk through everybody failed")
        return await _end(state, mine, words.text(TROUBLE if would else HALF))
    return here


async def _end(state: Any, mine: int, said: str) -> bool:
    """Show that a walk has ended before everybody was looked at, and why; nothing when the page has gone on."""
    async with state:
        if state._walk == mine:
            state.said, state.preview = said or state.said, PreviewCard()
    return False
