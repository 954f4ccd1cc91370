"""A reward on the workbench: its form, and beside it what members will see and what publishing would change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app import door
from app.door import Admitted, Turned, everybody, needs
from app.frame.staff_visit import StaffVisit, act, arrive, visited_page
from app.frame.uploads import take_picture, take_text
from app.frame.visit import spoken
from components.primitives import button, crumb
from components.reward_form import reward_form, reward_side, waiting_form
from components.words import t
from facts.language import N_
from members.actions.staff import drop_draft, keep_draft, publish_reward, retire_reward, set_stock
from members.actions.uploading_codes import CODES_BYTES_MAX, CodesRefused, upload
from members.programme.versions import versions
from members.reward_form import VALUE_LENGTH_MAX, Form, names, read
from members.roles import Capability, Person
from members.staff_cards import EditCard
from members.views.staff_reward import edit_card, start

TITLE = N_("Reward")


class RewardState(StaffVisit, rx.State):
    """What is on the workbench. `_form` is what was typed; everything shown is worked out from it anew."""

    card: EditCard = EditCard()
    retiring: bool = False
    wrong_lines: list[str] = []
    _form: dict[str, str] = {}
    _slug: str = ""
    _base: int = 0
    _level: str = ""
    _told: bool = False

    @rx.event
    @needs(Capability.EDIT_CATALOGUE)
    async def load(self):
        """Put the reward of the address, or a new one, on the workbench."""
        self._slug = str(self.router.url.query_parameters.get("slug", ""))[:60]
        self._level, self._told, self.retiring, self.wrong_lines = "", False, False, []

        def view(session: Session, _person: Person, _now: datetime) -> tuple[Form, int]:
            return start(session, self._slug), versions(session).latest.number

        answer = await door.look(self, Capability.EDIT_CATALOGUE, view)
        if isinstance(answer, Admitted):
            self._form, self._base = answer.value
        await self._weigh()

    @rx.event
    @needs(Capability.EDIT_CATALOGUE)
    async def put(self, name: str, value: str):
        """Take what was typed in a box."""
        await self._take(name, value)

    @rx.event
    @needs(Capability.EDIT_CATALOGUE)
    async def tick(self, name: str, value: bool):
        """Take a tick."""
        await self._take(name, "yes" if value is True else "")

    @rx.event
    @needs(Capability.EDIT_CATALOGUE)
    async def see_as(self, level: str):
        """Show the reward as members of a tier see it."""
        self._level = str(level)[:60]
        await self._weigh()

    @rx.event
    @needs(Capability.EDIT_CATALOGUE)
    async def keep(self):
        """Keep the draft."""
        self._told = True
        form, slug = dict(self._form), self._slug or self._form.get("slug", "").strip()

        def work(session: Session, person: Person, now: datetime) -> EditCard:
            problem = read(form, versions(session).latest.programme).problems.get("slug")
            if not problem:
                keep_draft(session, slug, form, person.actor, now)
            return self._view(session, person, now)

        done = await act(self, Capability.EDIT_CATALOGUE, work)
        if done and not self.card.slug.problem:
            self._slug = slug
            self.said = spoken(self).text(N_("The draft is kept."))

    @rx.event
    @needs(Capability.EDIT_CATALOGUE, Capability.PUBLISH_PROGRAMME)
    async def publish(self):
        """Make it part of the programme, from now on (or from when it is to be shown)."""
        self._told = True
        form, base = dict(self._form), self._base

        def work(session: Session, person: Person, now: datetime) -> tuple[EditCard, int, str]:
            reward = read(form, versions(session).latest.programme).reward
            if (
                reward is None
                or not edit_card(session, self._slug, form, "", now, spoken(self), told=True).ready
            ):
                return self._view(session, person, now), base, ""
            made = publish_reward(session, reward, base=base, actor=person.actor, now=now)
            drop_draft(session, reward.slug, person.actor, now)
            card = edit_card(session, reward.slug, form, self._level, now, spoken(self), told=True)
            return card, made.number, reward.slug

        await self._publish(work, N_("Published. Members see it now."))

    @rx.event
    @needs(Capability.PUBLISH_PROGRAMME)
    def ask_retire(self):
        """Ask whether it is to be retired."""
        self.retiring = not self.retiring

    @rx.event
    @needs(Capability.EDIT_CATALOGUE, Capability.PUBLISH_PROGRAMME)
    async def retire(self):
        """Take it out of the catalogue."""
        slug, base = self._slug, self._base
        self.retiring = False

        def work(session: Session, person: Person, now: datetime) -> tuple[EditCard, int, str]:
            made = retire_reward(session, slug, base=base, actor=person.actor, now=now)
            drop_draft(session, slug, person.actor, now)
            self._form = start(session, slug)
            return self._view(session, person, now), made.number, slug

        await self._publish(work, N_("Retired. What members have of it stays theirs."))

    @rx.event
    @needs(Capability.EDIT_CATALOGUE)
    async def count(self, form: dict[str, Any]):
        """Say how many are left, after counting."""
        text = str(form.get("left", "")).strip()
        left = int(text) if text.isdecimal() and len(text) <= 9 else -1

        def work(session: Session, person: Person, now: datetime) -> EditCard:
            set_stock(session, self._slug, left, person.actor, now)
            return self._view(session, person, now)

        if await act(self, Capability.EDIT_CATALOGUE, work, N_("The stock is counted.")):
            self.turn += 1

    @rx.event
    @needs(Capability.EDIT_CATALOGUE)
    async def take_codes(self, files: list[rx.UploadFile]):
        """Add the codes of a file, one a line: all of them, or none when a line is wrong."""
        if not files:
            return
        taken = await take_text(self, files[0], CODES_BYTES_MAX, Capability.EDIT_CATALOGUE)
        if not isinstance(taken, Admitted):
            self.said = taken.sentence(spoken(self))
            return
        lines, self.wrong_lines = taken.value.encode().splitlines(), []

        def work(session: Session, person: Person, now: datetime) -> EditCard:
            upload(session, self._slug, lines, person.actor, now, session.info["secret"])
            return self._view(session, person, now)

        answer = await door.enter(self, Capability.EDIT_CATALOGUE, work)
        if isinstance(answer, Admitted):
            self.card, self.said = answer.value, spoken(self).text(N_("The codes are uploaded."))
            return
        self.said = answer.sentence(spoken(self))
        if isinstance(answer, Turned) and isinstance(answer.refusal, CodesRefused):
            self.wrong_lines = answer.refusal.told(spoken(self))

    @rx.event
    @everybody
    def no_codes(self):
        """Say why the browser did not send a file of codes."""
        self.said = spoken(self).text(N_("This file is too long for a list, or is none."))

    @rx.event
    @needs(Capability.EDIT_CATALOGUE)
    async def take_picture(self, files: list[rx.UploadFile]):
        """Take an uploaded picture: who it is, how much it is and what it is are all checked there."""
        if not files:
            return
        answer = await take_picture(self, files[0])
        if isinstance(answer, Admitted):
            await self._take("picture", answer.value)
        else:
            self.said = answer.sentence(spoken(self))

    @rx.event
    @everybody
    def not_taken(self):
        """Say why the browser did not send a file."""
        self.said = spoken(self).text(N_("Choose one picture of 8 MB at most."))

    @rx.event
    @needs(Capability.EDIT_CATALOGUE)
    async def no_picture(self):
        """Go back to the drawing."""
        await self._take("picture", "")

    async def _publish(
        self, work: Callable[[Session, Person, datetime], tuple[EditCard, int, str]], done: str
    ) -> None:
        found: list[tuple[int, str]] = []

        def inside(session: Session, person: Person, now: datetime) -> EditCard:
            card, number, slug = work(session, person, now)
            found.append((number, slug))
            return card

        if await act(self, Capability.PUBLISH_PROGRAMME, inside) and found:
            self._base, slug = found[-1]
            if slug:
                self._slug, self.said = slug, spoken(self).text(done)

    async def _take(self, name: str, value: str) -> None:
        """Put a value into the form, if there is such a box, and show what follows."""
        name, value = str(name)[:100], str(value)[:VALUE_LENGTH_MAX]

        def view(session: Session, person: Person, now: datetime) -> EditCard:
            fixed = name == "slug" and versions(session).latest.programme.reward(self._slug) is not None
            if name in names(versions(session).latest.programme) and not fixed:
                self._form = {**self._form, name: value}
            return self._view(session, person, now)

        await arrive(self, Capability.EDIT_CATALOGUE, view)

    async def _weigh(self) -> None:
        await arrive(self, Capability.EDIT_CATALOGUE, self._view)

    def _view(self, session: Session, _person: Person, now: datetime) -> EditCard:
        return edit_card(session, self._slug, self._form, self._level, now, spoken(self), told=self._told)


def page() -> rx.Component:
    """The page."""
    card = RewardState.card
    above = rx.el.span(
        crumb(t("Rewards"), "/staff"),
        rx.cond(card.stage != "", rx.el.span(" / ", card.stage)),
    )
    return visited_page(
        RewardState,
        reward_form(RewardState, codes_bytes_max=CODES_BYTES_MAX),
        waiting_form(),
        path="/staff",
        title=rx.cond(card.title != "", card.title, t(TITLE)),
        above=above,
        actions=[
            button(t("Keep draft"), tone="plain", on_click=RewardState.keep),
            button(rx.cond(card.later, t("Schedule"), t("Publish")), on_click=RewardState.publish),
        ],
        stays=True,
        aside=reward_side(RewardState),
        again=RewardState.load,
    )
