"""An offer for friends on the workbench: drafted, seen as both sides will read it, and published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.drafting import MAY, Drafting
from app.frame.staff_visit import arrive, visited_page
from app.frame.visit import spoken
from components.primitives import button, crumb
from components.reward_form import waiting_form
from components.staff_referrals_offer import offer_form, offer_side
from components.words import t
from facts.language import N_, codes
from facts.refusals import Refusal
from members.actions.drafts import (
    OFFERS,
    UNKNOWN,
    Draft,
    Kind,
    create_draft,
    draft_of,
    read_draft,
    save_draft,
    thing_of,
)
from members.programme.versions import versions
from members.roles import Person
from members.staff_referral_cards import OfferCard
from members.studio.offer import blank, form_of, names
from members.views.staff_referrals_offer import offer_card
from rewards.referrals import Offer

TITLE = N_("Offer for friends")
VALUE_LENGTH_MAX = 1_000


class OfferState(Drafting, rx.State):
    """The workbench; `_spoken` is the language in which it is shown what people will read."""

    card: OfferCard = OfferCard()
    _spoken: str = ""

    @rx.event
    @needs(MAY)
    async def load(self):
        """Put what the address names on the workbench: a draft, a published offer, or a new one."""
        asked = self.router.url.query_parameters
        self._slug, self._draft = str(asked.get("slug", ""))[:60], str(asked.get("draft", ""))[:60]
        self._told, self.asking, self._spoken, self.said = False, False, spoken(self).code, ""

        def view(session: Session, person: Person, now: datetime) -> OfferCard:
            self._begin(session)
            return self._view(session, person, now)

        await arrive(self, MAY, view)

    @rx.event
    @needs(MAY)
    async def put(self, name: str, value: str):
        """Take what was typed in a box, or chosen."""
        await self._take(str(name)[:100], str(value)[:VALUE_LENGTH_MAX])

    @rx.event
    @needs(MAY)
    async def tick(self, name: str, value: bool):
        """Take a tick."""
        await self._take(str(name)[:100], "yes" if value is True else "")

    @rx.event
    @needs(MAY)
    async def see_in(self, code: str):
        """Show what people will read in another language."""
        self._spoken = code if code in codes() else spoken(self).code
        await arrive(self, MAY, self._view)

    def _home(self) -> str:
        return "/staff/referrals"

    def _published(self) -> str:
        return N_("Published. Links that were shared keep what they say.")

    def _kinds(self) -> Sequence[Kind]:
        return OFFERS

    def _begin(self, session: Session) -> None:
        line = versions(session)
        self._begun = line.latest.number
        draft = read_draft(session, self._draft, kinds=OFFERS) if self._draft else None
        draft = draft or (draft_of(session, "offer", self._slug) if self._slug else None)
        if draft:
            self._draft, self._slug = draft.id, "" if draft.fresh else draft.slug
            self._revision, self._begun = draft.revision, draft.base
        there = thing_of(line.latest.programme, "offer", self._slug) if self._slug else None
        if self._slug and there is None:
            raise Refusal("offer_unknown", UNKNOWN[True], path="offer", status=404)
        first = form_of(there, line.latest.programme) if isinstance(there, Offer) else blank()
        kept = draft.body.get("form") if draft else None
        self._form = {str(name): str(text) for name, text in (kept or first).items()}

    def _kept(self, session: Session, person: Person, now: datetime) -> None:
        """Keep the form."""
        if self._draft:
            draft = save_draft(session, self._draft, {"form": self._form}, person.actor, now, self._revision)
        else:
            body = {"form": dict(self._form)}
            draft = create_draft(session, "offer", self._slug, body, person.actor, now, self._begun)
        self._draft, self._revision = draft.id, draft.revision

    async def _take(self, name: str, value: str) -> None:
        """Put a value into the form, if there is such a box, and show what follows."""
        before = self._form

        def view(session: Session, person: Person, now: datetime) -> OfferCard:
            fixed = name == "slug" and bool(self._slug)
            known = name in names(versions(session).latest.programme)
            self._form = {**before, name: value} if known and not fixed else before
            return self._view(session, person, now)

        await arrive(self, MAY, view)

    def _view(self, session: Session, person: Person, now: datetime) -> OfferCard:
        self._base = versions(session).latest.number
        slug, body = self._slug or self._form.get("slug", "").strip(), {"form": dict(self._form)}
        kept = read_draft(session, self._draft, kinds=OFFERS) if self._draft else None
        draft = Draft(self._draft, "offer", slug, not self._slug, body, self._begun, "", datetime.now(UTC),
                      kept.publish_at if kept else None, kept.problem if kept else "")  # fmt: skip
        return offer_card(session, draft, self._spoken, person, now, spoken(self), told=self._told)


def page() -> rx.Component:
    """The page."""
    card = OfferState.card
    above: Any = rx.el.span(
        crumb(t("Friends"), "/staff/referrals"), rx.cond(card.stage != "", rx.el.span(" / ", card.stage))
    )
    return visited_page(
        OfferState,
        offer_form(OfferState),
        waiting_form(),
        path="/staff/referrals",
        title=rx.cond(card.title != "", card.title, t(TITLE)),
        above=above,
        actions=[
            button(t("Keep draft"), tone="plain", on_click=OfferState.keep),
            rx.cond(card.may_publish, button(t("Publish"), on_click=OfferState.publish)),
        ],
        stays=True,
        aside=offer_side(OfferState),
        again=OfferState.load,
    )
