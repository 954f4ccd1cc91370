"""Keys: of the HTTP API, and the one that signs badges. One of the staff asks, a second person agrees."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app.door import everybody, needs
from app.frame.staff_visit import StaffVisit, act, arrive, visited_page
from app.frame.visit import spoken
from components.entries import waiting_entries
from components.primitives import section
from components.staff_keys import keys_aside, keys_content
from components.words import t
from facts.language import N_
from members import keys
from members.actions.keys import ask_for_key, ask_for_renewal, ask_to_rotate, ask_to_withdraw
from members.key_cards import KeysCard
from members.keys import Scope
from members.roles import Capability, Person
from members.views.staff_keys import keys_card

TITLE = N_("Keys")
MAY = Capability.EDIT_KEYS
ASKED = N_("Asked. It is done as soon as a second person agrees.")
Asking = Callable[[Session, str, datetime], str | None]


class KeysState(StaffVisit, rx.State):
    """The keys. `token` is the key that was just asked for, shown once; `asking` what is asked about, and of which."""

    card: KeysCard = KeysCard()
    token: str = ""
    asking: str = ""
    asking_name: str = ""
    _about: str = ""
    _request: str = ""

    @rx.event
    @needs(MAY)
    async def load(self):
        """Fill the page."""
        self.token = self.asking = self.asking_name = self._about = ""
        self._request = secrets.token_urlsafe(16)
        await arrive(self, MAY, self._view)

    @rx.event
    @needs(MAY)
    async def ask_new(self, form: dict[str, Any]):
        """Ask for a key of the API."""
        if self._passed(form):
            return
        name, source, why = (str(form.get(box, "")).strip()[:600] for box in ("name", "source", "why"))
        scopes = [scope for at, scope in enumerate(Scope) if form.get(f"scope_{at}")]
        request = self._request
        if await self._ask(lambda session, actor, now: ask_for_key(
            session, name, scopes, source, why, actor, now, request_id=request)):  # fmt: skip
            self.turn += 1

    @rx.event
    @needs(MAY)
    def ask_about(self, what: str, key: str):
        """Ask about a key: renew, end, rotate or withdraw it; "" for not."""
        known = {"renew": self.card.api, "end": self.card.api, "rotate": self.card.signing,
                 "withdraw": self.card.signing}  # fmt: skip
        found = next((one for one in known.get(str(what), ()) if one.key == str(key)), None)
        self.asking, self.said = (str(what), "") if found else ("", "")
        self.asking_name, self._about = (found.name, found.key) if found else ("", "")

    @rx.event
    @needs(MAY)
    async def answer(self, form: dict[str, Any]):
        """Do, or ask a second person for, what is asked about."""
        what, name, key, why = self.asking, self.asking_name, self._about, str(form.get("reason", ""))[:600]
        request = self._request
        asked: dict[str, Asking] = {
            "renew": lambda s, actor, now: ask_for_renewal(s, name, why, actor, now, request_id=request),
            "rotate": lambda s, actor, now: ask_to_rotate(s, why, actor, now, request_id=request),
            "withdraw": lambda s, actor, now: ask_to_withdraw(s, key, why, actor, now, request_id=request),
        }
        if what == "end":
            await self._end(name)
        elif what in asked:
            await self._ask(asked[what])

    @rx.event
    @everybody
    def put_away(self):
        """The key was taken down: it is shown no more."""
        self.token = ""

    async def _ask(self, asking: Asking) -> bool:
        made = ""

        def work(session: Session, person: Person, now: datetime) -> KeysCard:
            nonlocal made
            made = asking(session, person.actor, now) or ""
            return self._view(session, person, now)

        done = await act(self, MAY, work, ASKED)
        if done:
            self.token, self.asking, self._request = made, "", secrets.token_urlsafe(16)
        return done

    async def _end(self, name: str) -> None:
        def work(session: Session, person: Person, now: datetime) -> KeysCard:
            keys.revoke(session, name, person.actor, now)
            return self._view(session, person, now)

        if await act(self, MAY, work, N_("Ended. Nobody comes in with it any more.")):
            self.asking = ""

    def _view(self, session: Session, person: Person, now: datetime) -> KeysCard:
        return keys_card(session, person, now, spoken(self))


def page() -> rx.Component:
    """The page."""
    return visited_page(
        KeysState,
        keys_content(KeysState),
        section(t("Keys of the API"), waiting_entries(3), class_name="max-w-4xl"),
        path="/staff/keys",
        title=t(TITLE),
        above=KeysState.card.words,
        aside=keys_aside(KeysState),
        again=KeysState.load,
    )
