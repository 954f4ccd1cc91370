"""The studio: a badge or challenge built box by box, tried on, kept as a draft, and published now or at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.routes import address
from app.frame.staff_visit import act, arrive, visited_page
from app.frame.visit import HERE, spoken
from components.primitives import button, crumb
from components.staff_studio import studio_form, waiting_studio
from components.staff_studio_aside import studio_side
from components.words import t
from facts.language import N_
from facts.refusals import Refusal
from members.actions.drafts import (
    create_draft,
    discard_draft,
    kind_of,
    read_draft,
    save_draft,
)
from members.actions.studio import plan_draft, publish_draft, renew_draft, unplan_draft
from members.programme.versions import versions
from members.roles import Capability, Person
from members.staff_cards import FoundCard
from members.staff_studio_cards import PreviewCard, StudioCard, TrialCard
from pages.staff.studio_bench import MAY
from pages.staff.studio_trials import Trials

TITLE = N_("Badge studio")


class StudioState(Trials, rx.State):
    """The workbench, its trials, and what becomes of the draft; `asking` whether it is to be thrown away."""

    asking: bool = False
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

    @rx.event
    @needs(MAY)
    async def keep(self):
        """Keep the draft."""
        await self._act(self._kept, N_("The draft is kept."))
        return self._addressed()

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

    @rx.event
    @needs(MAY)
    def ask_discard(self):
        """Ask whether the draft is to be thrown away."""
        self.asking = not self.asking

    @rx.event
    @needs(MAY)
    async def discard(self):
        """Throw the draft away, and go back to the list."""
        self.asking = False

        def work(session: Session, person: Person, now: datetime) -> None:
            discard_draft(session, self._draft, person.actor, now, self._revision)
            self._draft = ""

        if self._draft and await self._act(work, ""):
            return rx.redirect(address("/staff/badges", spoken(self).code))
        return None

    @rx.event
    @needs(MAY)
    async def renew(self):
        """Go on from the newest version, having seen what would change."""

        def work(session: Session, person: Person, now: datetime) -> None:
            if self._draft:
                renew_draft(session, self._draft, actor=person.actor, now=now, revision=self._revision)
            self._begun = versions(session).latest.number

        await self._act(work, "")

    @rx.event
    @needs(MAY, Capability.PUBLISH_PROGRAMME)
    async def publish(self):
        """Make it part of the programme, from now on. The draft is kept first, whatever becomes of the rest."""
        self._told = True
        if not self.card.ready:
            await arrive(self, MAY, self._view)
            return None

        if not (self._draft or self.card.changes):
            self.said = spoken(self).text(N_("Nothing would change."))
            return None

        def work(session: Session, person: Person, now: datetime) -> None:
            _, self._slug = publish_draft(
                session, self._draft, base=self._base, actor=person.actor, now=now, revision=self._revision
            )
            self._draft = ""
            self._begin(session)

        base = self._base
        if not await self._act(self._kept, ""):
            return None
        self._base = base  # what was said before the button was pressed, not what is said since
        if not await self._act(
            work, N_("Published. It can be earned from now on."), Capability.PUBLISH_PROGRAMME
        ):
            await arrive(self, MAY, self._view)
        return self._addressed()

    @rx.event
    @needs(MAY, Capability.PUBLISH_PROGRAMME)
    async def plan(self, form: dict[str, Any]):
        """Let it be published at a time, by the shop's clock."""
        text = str(form.get("at", ""))[:40]

        def work(session: Session, person: Person, now: datetime) -> None:
            zone = versions(session).latest.zone
            try:
                at = datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
            except (ValueError, OverflowError):
                raise Refusal("draft_in_past", N_("Choose a moment that is still to come.")) from None
            self._kept(session, person, now)
            plan_draft(session, self._draft, at, actor=person.actor, now=now, revision=self._revision)

        await self._act(work, N_("It is planned."), Capability.PUBLISH_PROGRAMME)
        return self._addressed()

    @rx.event
    @needs(MAY, Capability.PUBLISH_PROGRAMME)
    async def unplan(self):
        """Keep it as a draft after all."""
        if self._draft:

            def work(session: Session, person: Person, now: datetime) -> None:
                unplan_draft(session, self._draft, actor=person.actor, now=now, revision=self._revision)

            await self._act(work, N_("It is a draft again."), Capability.PUBLISH_PROGRAMME)

    def _kept(self, session: Session, person: Person, now: datetime) -> None:
        """Keep the form. The artwork goes with it the first time; after that its own page keeps it."""
        if self._draft:
            draft = save_draft(session, self._draft, {"form": self._form}, person.actor, now, self._revision)
        else:
            body = self._draft_now().body
            draft = create_draft(session, self._kind, self._slug, body, person.actor, now, self._begun)
        self._draft, self._revision = draft.id, draft.revision

    async def _act(
        self, verb: Callable[[Session, Person, datetime], object], done: str, may: Capability = MAY
    ) -> bool:
        """Do it; when it is refused (or done over again), everything is as it was."""
        names = ("_draft", "_revision", "_slug", "_begun", "_base", "_form", "_epoch")
        before = {name: getattr(self, name) for name in names}

        def undo() -> None:
            for name, value in before.items():
                setattr(self, name, value)

        def work(session: Session, person: Person, now: datetime) -> StudioCard:
            undo()
            verb(session, person, now)
            if self._draft:
                self._revision = read_draft(session, self._draft).revision
            return self._view(session, person, now)

        ok = await act(self, may, work, done)
        if not ok:
            undo()
        return ok


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
        aside=studio_side(StudioState),
        again=StudioState.load,
    )
