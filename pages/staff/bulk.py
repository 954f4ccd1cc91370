"""One badge for many: a list is pasted, looked over line by line, done step by step, and undone as a whole."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app.door import Admitted, everybody, needs
from app.frame.staff_visit import StaffVisit, act, arrive, visited_page
from app.frame.uploads import take_text
from app.frame.visit import spoken
from components.entries import waiting_entries
from components.primitives import crumb, section, skeleton
from components.staff_bulk import batch_rows, bulk_form, looked, undo_question, working
from components.states import empty
from components.words import t
from facts.language import N_
from members.actions.approvals import begin_or_ask
from members.actions.bulk import Progress, checked, look_over, step, undo
from members.bulk_cards import BulkCard, LookedCard
from members.lists import TEXT_LENGTH_MAX
from members.roles import Capability, Person
from members.views.staff_bulk import bulk_card, looked_card

TITLE = N_("One badge for many")
MAY = Capability.AWARD_IN_BULK


class BulkState(StaffVisit, rx.State):
    """What is typed, what it would do, and the lists that were done. `percent` counts while one is being done.

    `_order` is what was looked over last and `_list` its text; only that is done, under the name `_batch`.
    """

    card: BulkCard = BulkCard()
    found: LookedCard = LookedCard()
    verb: str = "grant"
    typed: str = ""
    typed_key: str = ""
    percent: int = 0
    told: str = ""
    undoing: str = ""
    undoing_title: str = ""
    _order: tuple[str, str, str, str] = ("", "", "", "")
    _list: str = ""
    _batch: str = ""

    @rx.event
    @needs(MAY)
    async def load(self):
        """Fill the page."""
        self.found, self.verb, self.typed, self.told = LookedCard(), "grant", "", ""
        self.undoing_title, self.said = "", ""
        await arrive(self, MAY, self._view)

    @rx.event
    @needs(MAY)
    def choose(self, verb: str):
        """Give, or take away."""
        self.verb = "revoke" if verb == "revoke" else "grant"
        self.found = LookedCard()

    @rx.event
    @needs(MAY)
    async def take_list(self, files: list[rx.UploadFile]):
        """Put the text of a file into the box."""
        if not files:
            return
        answer = await take_text(self, files[0], TEXT_LENGTH_MAX, MAY)
        if isinstance(answer, Admitted):
            self.typed, self.typed_key, self.found = answer.value, secrets.token_hex(4), LookedCard()
        else:
            self.said = answer.sentence(spoken(self))

    @rx.event
    @everybody
    def not_taken(self):
        """Say why the browser did not send a file."""
        self.said = spoken(self).text(N_("This file is too long for a list, or is none."))

    @rx.event
    @needs(MAY)
    async def look_over(self, form: dict[str, Any]):
        """Say what the list would do, and which lines are left out."""
        badge, _, level = str(form.get("badge", ""))[:100].partition(" ")
        order = (self.verb, badge, level or "1", str(form.get("reason", ""))[:600])
        text, words = str(form.get("list", ""))[: TEXT_LENGTH_MAX + 1], spoken(self)
        self.found, self._batch, self._order, self._list = LookedCard(), "", order, text

        def view(session: Session, _person: Person, now: datetime) -> BulkCard:
            asked = checked(*order)
            self.found = looked_card(look_over(session, asked, text, now), asked, words)
            return bulk_card(session, now, words)

        await arrive(self, MAY, view)
        if self.found.go:
            self._batch = secrets.token_hex(16)

    @rx.event
    @needs(MAY)
    async def do(self):
        """Do what was looked over."""
        batch, order, text = self._batch, self._order, self._list
        if not batch:
            return
        held = False

        def work(session: Session, person: Person, now: datetime) -> BulkCard:
            asked = checked(*order)
            members = [one.member_id for one in look_over(session, asked, text, now) if one.member_id]
            nonlocal held
            held = not begin_or_ask(session, asked, batch, members, person.actor, now)
            return self._view(session, person, now)

        if await act(self, MAY, work):
            self._batch, self.found, self.typed, self.typed_key = "", LookedCard(), "", secrets.token_hex(4)
            if held:
                self.said = spoken(self).text(N_("Asked. It is done as soon as a second person agrees."))
                return
            async for _ in self._steps(batch, N_("Done. Each of them reads your reason.")):
                yield

    @rx.event
    @needs(MAY)
    async def go_on(self, key: str):
        """Go on with a list that was interrupted."""
        async for _ in self._steps(str(key)[:64], ""):
            yield

    @rx.event
    @needs(MAY)
    def ask_undo(self, key: str):
        """Ask whether a list is to be undone; "" for not."""
        titles = {card.key: card.title for card in self.card.batches if card.may_undo}
        self.undoing_title = titles.get(str(key), "")
        self.undoing = str(key) if self.undoing_title else ""

    @rx.event
    @needs(MAY)
    async def undo(self):
        """Undo the list that was asked about."""
        batch, self.undoing, self.undoing_title = self.undoing, "", ""

        def work(session: Session, person: Person, now: datetime) -> BulkCard:
            undo(session, batch, person.actor, now)
            return self._view(session, person, now)

        if batch and await act(self, MAY, work):
            async for _ in self._steps(batch, N_("Undone. It is as if it had never been.")):
                yield

    async def _steps(self, batch: str, done: str) -> AsyncIterator[None]:
        """Step after step, each a transaction of its own, until nothing is to come."""
        going = True
        while going:
            found: list[Progress] = []

            def work(
                session: Session, person: Person, now: datetime, into: list[Progress] = found
            ) -> BulkCard:
                into.append(step(session, batch, now))
                return self._view(session, person, now)

            if not await act(self, MAY, work):
                break
            going = self._tell(found[-1])
            yield
        self.told = ""
        if not going and done:
            self.said = spoken(self).text(done)

    def _tell(self, told: Progress) -> bool:
        """Show how far it is; whether there is more to come."""
        reached = max(told.done, told.undone) if told.to_come else 1
        whole = reached + told.to_come
        words = spoken(self)
        self.percent = 100 * reached // whole
        self.told = words.text(N_("{n} of {total} done"), n=reached, total=whole) if told.to_come else ""
        return bool(told.to_come)

    def _view(self, session: Session, _person: Person, now: datetime) -> BulkCard:
        return bulk_card(session, now, spoken(self))


def page() -> rx.Component:
    """The page."""
    above = crumb(t("Badges"), "/staff/badges")
    return visited_page(
        BulkState, _content(), _waiting(), path="/staff/badges/bulk", title=t(TITLE), above=above, again=BulkState.load
    )  # fmt: skip


def _content() -> rx.Component:
    state = BulkState
    nothing = empty(
        "medal", t("Nothing yet"), t("Lists that are done stand here, each with a way to undo it.")
    )
    done = rx.cond(state.card.batches.length() > 0, batch_rows(state.card.batches, state), nothing)
    return rx.el.div(
        bulk_form(state),
        rx.cond(state.told != "", working(state.percent, state.told)),
        rx.cond(state.found.ready != "", section(t("What it would do"), looked(state.found, state.do))),
        section(t("What was done"), done),
        undo_question(state.undoing_title, state.undo, state.ask_undo("")),
        class_name="flex max-w-4xl flex-col gap-4",
    )


def _waiting() -> rx.Component:
    return rx.el.div(
        skeleton("h-96 w-full"),
        section(t("What was done"), waiting_entries(3)),
        class_name="flex max-w-4xl flex-col gap-4",
    )
