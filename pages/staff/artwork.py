"""A badge's artwork, composed layer by layer. What is chosen is kept in the draft at once, and is seen at once.

The studio's page may place `composer(ArtworkState)` beside its own form: `load` takes the draft from the address.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app.door import Admitted, everybody, needs
from app.frame.staff_visit import StaffVisit, act, arrive, visited_page
from app.frame.uploads import emblem_of, take_picture
from app.frame.visit import spoken
from badges.artwork import Artwork
from badges.composing import with_layer
from badges.emblems import NAMES
from components.artwork_composer import layers
from components.artwork_preview import preview, strip
from components.primitives import BUTTONS, crumb, document_link, skeleton
from components.words import href, t
from facts.language import N_
from members.actions.drafts import GAMES, read_draft, save_draft
from members.artwork_cards import ArtworkCard
from members.roles import Capability, Person
from members.views.staff_artwork import Bench, artwork_card, artwork_of, own_emblems

TITLE = N_("Artwork")
MAY = Capability.EDIT_CATALOGUE
UNDO_MAX = 30


class ArtworkState(StaffVisit, rx.State):
    """The draft of the address, as it was at `_revision`. `_past` are its artworks before each change, as JSON."""

    card: ArtworkCard = ArtworkCard()
    problem: str = ""
    _draft: str = ""
    _revision: int = 0
    _past: list[str] = []
    _wanted: str = ""
    _share_in: str = ""

    @rx.event
    @needs(MAY)
    async def load(self):
        """Put the draft's artwork on the workbench."""
        self._draft = str(self.router.url.query_parameters.get("draft", ""))[:60]
        self._past, self._wanted, self._share_in, self.problem, self.said = [], "", "", "", ""

        def view(session: Session, person: Person, now: datetime) -> ArtworkCard:
            self._revision = read_draft(session, self._draft, kinds=GAMES).revision
            return self._view(session, person, now)

        await arrive(self, MAY, view)

    @rx.event
    @needs(MAY)
    async def choose(self, layer: str, value: str):
        """Take another shape, ring, field, emblem, ribbon or colour."""
        await self._change(str(layer)[:20], str(value)[:40])

    @rx.event
    @needs(MAY)
    async def tick(self, value: bool):
        """Show the holder's number, or not."""
        await self._change("numbered", "yes" if value is True else "")

    @rx.event
    @needs(MAY)
    async def search(self, text: str):
        """Look for an emblem by its name."""
        self._wanted = str(text)[:40]
        await arrive(self, MAY, self._view)

    @rx.event
    @needs(MAY)
    async def share_in(self, code: str):
        """Show the share picture in another language."""
        self._share_in = next((one.key for one in self.card.languages if one.key == code), "")
        await arrive(self, MAY, self._view)

    @rx.event
    @needs(MAY)
    async def undo(self):
        """Go back to how it was before the last change."""
        if self._past:
            before = self._past.pop()
            await self._keep(lambda _now, _own: Artwork.model_validate_json(before))

    @rx.event
    @needs(MAY)
    async def take_emblem(self, files: list[rx.UploadFile]):
        """Take an uploaded emblem: who it is, how much it is and what it is are all checked there."""
        if not files:
            return
        answer = await take_picture(self, files[0], "emblem", MAY)
        if isinstance(answer, Admitted):
            await self._change("emblem", answer.value, uploaded=answer.value)
        else:
            self.problem = answer.sentence(spoken(self))

    @rx.event
    @everybody
    def not_taken(self):
        """Say why the browser did not send a file."""
        self.problem = spoken(self).text(N_("Choose one picture of 8 MB at most."))

    async def _change(self, layer: str, value: str, uploaded: str = "") -> None:
        def changed(now_is: Artwork, own: list[str]) -> Artwork:
            if layer == "emblem" and value not in (*NAMES, *own, uploaded):
                return now_is
            return with_layer(now_is, layer, value)

        before = await self._keep(changed)
        if before:
            self._past = [*self._past, before][-UNDO_MAX:]
            await arrive(self, MAY, self._view)

    async def _keep(self, changed: Any) -> str:
        """Keep the artwork that `changed` makes of the one there is; returns what it was, or "" for no change."""
        found: list[str] = []
        seen = revision = self._revision

        def work(session: Session, person: Person, now: datetime) -> ArtworkCard:
            nonlocal revision
            before = artwork_of(session, read_draft(session, self._draft, kinds=GAMES))
            after = changed(before, own_emblems(session, before))
            if after != before:
                found.append(before.model_dump_json())
                parts = {"artwork": after.model_dump(mode="json")}
                revision = save_draft(session, self._draft, parts, person.actor, now, seen).revision
            return self._view(session, person, now)

        self.problem = ""
        done = await act(self, MAY, work)
        self._revision = revision if done else seen
        return found[-1] if done and found else ""

    def _view(self, session: Session, _person: Person, _now: datetime) -> ArtworkCard:
        draft = read_draft(session, self._draft, kinds=GAMES)
        art = artwork_of(session, draft)
        bench = Bench(draft, art, self._wanted, self._share_in, emblem_of(session, art), bool(self._past))
        return artwork_card(session, bench, spoken(self))


def composer(state: Any) -> rx.Component:
    """Everything in one column, for a page that has the rest of the badge beside it."""
    return rx.el.div(preview(state), layers(state), class_name="flex flex-col gap-6")


def page() -> rx.Component:
    """The page."""
    card = ArtworkState.card
    above = rx.el.span(
        crumb(t("Badges"), "/staff/badges"),
        " / ",
        t(TITLE),
    )
    return visited_page(
        ArtworkState,
        rx.fragment(strip(ArtworkState), layers(ArtworkState)),
        _waiting(),
        path="/staff/badges/artwork",
        title=rx.cond(card.title != "", card.title, t(TITLE)),
        above=above,
        actions=[rx.cond(card.draft != "", _back())],
        aside=rx.el.div(preview(ArtworkState), class_name="lg:sticky lg:top-6"),
        again=ArtworkState.load,
    )


def _back() -> rx.Component:
    """To the rest of the badge: what is chosen here is kept already."""
    to = rx.Var.create(href("/staff/badges/edit") + "?draft=") + ArtworkState.card.draft
    return document_link(t("Back to the badge"), to=to, class_name=f"{BUTTONS['plain']} no-underline")


def _waiting() -> rx.Component:
    places = [skeleton("h-28 w-full"), skeleton("h-24 w-full"), skeleton("h-64 w-full")]
    return rx.el.div(*places, class_name="flex max-w-3xl flex-col gap-5")
