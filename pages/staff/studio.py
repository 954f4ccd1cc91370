"""The studio: a badge or challenge built box by box, tried on, kept as a draft, and published now or at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.routes import address
from app.frame.staff_visit import visited_page
from app.frame.visit import HERE, spoken
from components.primitives import button, crumb
from components.staff_studio import studio_form, waiting_studio
from components.staff_studio_aside import studio_side
from components.words import t
from facts.language import N_
from members.actions.drafts import GAMES, Kind, create_draft, kind_of, save_draft
from members.roles import Person
from members.staff_cards import FoundCard
from members.staff_studio_cards import PreviewCard, TrialCard
from pages.staff.studio_bench import MAY
from pages.staff.studio_trials import Trials

TITLE = N_("Badge studio")


class StudioState(Trials, rx.State):
    """The workbench, its trials, and what becomes of the draft."""

    _named: str = ""

    @rx.event
    @needs(MAY)
    async def load(self):
        """Put what the address names on the workbench: a draft, something published, or something new."""
        asked = self.router.url.query_parameters
        named, self._named = self._named, ""
        if named and named in (asked.get("draft"), asked.get("slug")) and self.status == HERE:
            return  # it is there already: only the address is new
        self._kind = kind_of(asked.get("kind", ""))
        self._slug, self._draft = str(asked.get("slug", ""))[:60], str(asked.get("draft", ""))[:60]
        self._told, self.asking, self.said, self._walk = False, False, "", self._walk + 1
        self.people, self.trial, self.preview = FoundCard(), TrialCard(), PreviewCard()
        await self._open()

    def _addressed(self) -> Any:
        """What lets the address name what is on the workbench, so that the page opened anew shows just that."""
        asked, name, what = self.router.url.query_parameters, "draft", self._draft
        if not what and (asked.get("draft") or not asked.get("slug")):
            name, what = "slug", self._slug
        if not what or asked.get(name) == what:
            return None
        self._named = what
        kind = "" if self._draft else f"kind={self._kind}&"
        here = address("/staff/badges/edit", spoken(self).code)
        return rx.redirect(f"{here}?{kind}{name}={what}", replace=True)

    @rx.event
    @needs(MAY)
    async def compose(self):
        """Keep the draft, and go on to its artwork."""
        if await self._act(self._kept, ""):
            artwork = f"{address('/staff/badges/artwork', spoken(self).code)}?draft={self._draft}"
            return [event for event in (self._addressed(), rx.redirect(artwork)) if event]
        return None

    def _home(self) -> str:
        return "/staff/badges"

    def _published(self) -> str:
        return N_("Published. It can be earned from now on.")

    def _kinds(self) -> Sequence[Kind]:
        return GAMES

    def _goes_back(self) -> Sequence[str]:
        return (*super()._goes_back(), "_epoch")

    def _kept(self, session: Session, person: Person, now: datetime) -> None:
        """Keep the form. The artwork goes with it the first time; after that its own page keeps it."""
        if self._draft:
            draft = save_draft(session, self._draft, {"form": self._form}, person.actor, now, self._revision)
        else:
            body = self._draft_now().body
            draft = create_draft(session, self._kind, self._slug, body, person.actor, now, self._begun)
        self._draft, self._revision = draft.id, draft.revision


def page() -> rx.Component:
    """The page."""
    card = StudioState.card
    back = crumb(t("Badges and challenges"), "/staff/badges")
    return visited_page(
        StudioState,
        studio_form(StudioState),
        waiting_studio(),
        path="/staff/badges",
        title=rx.cond(card.title != "", card.title, t(TITLE)),
        above=rx.el.span(back, rx.cond(card.stage != "", rx.el.span(" / ", card.stage))),
        actions=[
            button(t("Keep draft"), tone="plain", on_click=StudioState.keep),
            rx.cond(card.may_publish, button(t("Publish"), on_click=StudioState.publish)),
        ],
        stays=True,
        aside=studio_side(StudioState),
        again=StudioState.load,
    )
