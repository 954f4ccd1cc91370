"""A draft on the workbench of a staff page: kept, thrown away, taken up anew, and published now or at a time.

A page takes `Drafting` in and says what its form means: `_begin` puts on the workbench what is kept or published,
`_kept` keeps the form, `_view` shows it, `_home` is where the page came from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.routes import address
from app.frame.staff_visit import StaffVisit, act, arrive
from app.frame.visit import spoken
from facts.language import N_
from facts.refusals import Refusal
from members.actions.drafts import Kind, discard_draft, read_draft
from members.actions.studio import plan_draft, publish_draft, renew_draft, unplan_draft
from members.programme.versions import versions
from members.roles import Capability, Person

MAY, PUBLISH = Capability.EDIT_CATALOGUE, Capability.PUBLISH_PROGRAMME


class Drafting(StaffVisit, mixin=True):
    """What is on the workbench (`_form` was typed); `asking` whether the draft is to be thrown away.

    `_slug` is the published one that is changed, `_draft` the id under which it is kept ("" not yet), as it was at
    `_revision`. `_begun` is the version that a form nobody has kept was made from, `_base` the one against which the
    page says what publishing would change; `_told` whether problems are shown.
    """

    asking: bool = False
    _form: dict[str, str] = {}
    _slug: str = ""
    _draft: str = ""
    _revision: int = 0
    _begun: int = 0
    _base: int = 0
    _told: bool = False

    @rx.event
    @needs(MAY)
    async def keep(self):
        """Keep the draft."""
        await self._act(self._kept, N_("The draft is kept."))
        return self._addressed()

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
            return rx.redirect(address(self._home(), spoken(self).code))
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
    @needs(MAY, PUBLISH)
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
        if not await self._act(work, self._published(), PUBLISH):
            await arrive(self, MAY, self._view)
        return self._addressed()

    @rx.event
    @needs(MAY, PUBLISH)
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

        await self._act(work, N_("It is planned."), PUBLISH)
        return self._addressed()

    @rx.event
    @needs(MAY, PUBLISH)
    async def unplan(self):
        """Keep it as a draft after all."""
        if self._draft:

            def work(session: Session, person: Person, now: datetime) -> None:
                unplan_draft(session, self._draft, actor=person.actor, now=now, revision=self._revision)

            await self._act(work, N_("It is a draft again."), PUBLISH)

    def _addressed(self) -> Any:
        """What lets the address name what is on the workbench."""
        return None

    def _home(self) -> str:
        raise NotImplementedError

    def _published(self) -> str:
        raise NotImplementedError

    def _kinds(self) -> Sequence[Kind]:
        raise NotImplementedError

    def _begin(self, session: Session) -> None:
        raise NotImplementedError

    def _kept(self, session: Session, person: Person, now: datetime) -> None:
        raise NotImplementedError

    def _view(self, session: Session, person: Person, now: datetime) -> Any:
        raise NotImplementedError

    def _goes_back(self) -> Sequence[str]:
        """What is as it was when nothing was done."""
        return ("_draft", "_revision", "_slug", "_begun", "_base", "_form")

    async def _act(
        self, verb: Callable[[Session, Person, datetime], object], done: str, may: Capability = MAY
    ) -> bool:
        """Do it; when it is refused (or done over again), everything is as it was."""
        before = {name: getattr(self, name) for name in self._goes_back()}

        def undo() -> None:
            for name, value in before.items():
                setattr(self, name, value)

        def work(session: Session, person: Person, now: datetime) -> Any:
            undo()
            verb(session, person, now)
            if self._draft:
                self._revision = read_draft(session, self._draft, kinds=self._kinds()).revision
            return self._view(session, person, now)

        ok = await act(self, may, work, done)
        if not ok:
            undo()
        return ok
