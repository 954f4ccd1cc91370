"""What staff do by hand on the page of a member beside badges: points and what else they have, time for it, a tier."""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.staff_visit import StaffVisit, act
from app.frame.visit import spoken
from components.fields import TURN
from components.staff_by_hand import more_time, tier_by_hand
from facts.language import N_, Language
from facts.money import minor
from facts.refusals import Refusal
from members.actions.approvals import adjust_or_ask, extend_or_ask, pin_or_ask
from members.actions.pinning import unpin
from members.merged import latest_of
from members.roles import Capability, Person
from members.staff_cards import PersonCard
from members.staff_referral_cards import FriendsOfCard
from members.views.staff_people import person_card
from members.views.staff_referrals_person import friends_of
from rewards.lots import POINTS

DONE = N_("Done. The member sees it with your reason.")
ASKED = N_("Asked. It is done as soon as a second person agrees.")
_SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{ARABIC DECIMAL SEPARATOR}": "."})
_WHOLE = re.compile(r"[+-]?(?:\d{1,9}|\d{1,3}(?:[,\N{ARABIC THOUSANDS SEPARATOR}]\d{3}){1,2})\Z")
# a comma before three digits may stand between thousands: of money it is asked for again
_MONEY = re.compile(r"([+-]?\d{1,9})(?:\.(\d{1,3})|,(\d{1,2}))?\Z")
AMOUNT_MAX = 10**9


class ByHand(StaffVisit, mixin=True):
    """The member of the address as they are shown, and what is done for them by hand.

    `turns` counts what was done by each form: the form is empty after it, and keeps what was typed when it was
    refused. Each says which turn it was drawn for, and `_request` names what is asked for next: what was pressed twice
    before the answer came is one deed. `wrong` is what is not right with the number of points.
    """

    card: PersonCard = PersonCard()
    friends: FriendsOfCard = FriendsOfCard()
    turns: dict[str, int] = {"points": 0, "badge": 0, "taking": 0, "time": 0, "tier": 0}
    wrong: str = ""
    _member: str = ""
    _request: str = ""

    @rx.event
    @needs(Capability.ADJUST_POINTS)
    async def adjust(self, form: dict[str, Any]):
        """Give or take points by hand, or what is in another wallet of the programme."""
        if self._again("points", form):
            return
        wallet, words = str(form.get("wallet") or POINTS)[:100], spoken(self)
        digits = next((one.digits for one in self.card.by_hand.wallets if one.key == wallet), 0)
        amount, reason = typed(str(form.get("how_many", "")), digits), str(form.get("reason", ""))[:600]
        if amount is None:
            self.wrong = _asked_for(wallet, digits, words)
            return
        self.wrong, done = "", True

        def work(session: Session, person: Person, now: datetime) -> PersonCard:
            nonlocal done
            done = adjust_or_ask(session, self._id(), amount, reason, person.actor, now, wallet=wallet,
                                 request_id=self._request)  # fmt: skip
            return person_card(session, self._id(), person, now, words)

        if await act(self, Capability.ADJUST_POINTS, work):
            self._next("points")
            self.said = words.text(DONE if done else ASKED)

    @rx.event
    @needs(Capability.ADJUST_POINTS)
    async def extend(self, form: dict[str, Any]):
        """Let one lot, or all points that end before it, last to the end of a day."""
        if self._again("time", form):
            return
        lot, day = str(form.get("lot", "")), str(form.get("lasts_until", ""))[:40]
        reason, words, done = str(form.get("time_reason", ""))[:600], spoken(self), True
        shown = {one.key for one in self.card.by_hand.lots}

        def work(session: Session, person: Person, now: datetime) -> PersonCard:
            nonlocal done
            if lot and lot not in shown:
                raise Refusal("lot_unknown", N_("There are no such points."), path="lot", status=404)
            one = latest_of(session, self._id())
            done = extend_or_ask(session, one, _day(day), reason, person.actor, now, lot=lot,
                                 request_id=self._request)  # fmt: skip
            return self._view(session, person, now)

        if await act(self, Capability.ADJUST_POINTS, work):
            self._next("time")
            last = N_("Done. They last to {day} now, and the member reads why.")
            self.said = words.text(last, day=words.date(_day(day), "long")) if done else words.text(ASKED)

    @rx.event
    @needs(Capability.ADJUST_POINTS)
    async def pin_tier(self, form: dict[str, Any]):
        """Give a tier by hand, to the end of a day or without an end."""
        if self._again("tier", form):
            return
        tier, until = str(form.get("tier", ""))[:100], str(form.get("tier_until", ""))[:40]
        reason, done = str(form.get("tier_reason", ""))[:600], True

        def work(session: Session, person: Person, now: datetime) -> PersonCard:
            nonlocal done
            one = latest_of(session, self._id())
            done = pin_or_ask(session, one, tier, until, reason, person.actor, now, request_id=self._request)
            return self._view(session, person, now)

        if await act(self, Capability.ADJUST_POINTS, work):
            self._next("tier")
            self.said = spoken(self).text(N_("The tier is given.") if done else ASKED)

    @rx.event
    @needs(Capability.ADJUST_POINTS)
    async def unpin_tier(self, form: dict[str, Any]):
        """Take back the tier that was given by hand, before its last day."""
        if self._again("tier", form):
            return
        reason = str(form.get("unpin_reason", ""))[:600]

        def work(session: Session, person: Person, now: datetime) -> PersonCard:
            unpin(session, self._id(), reason, person.actor, now)
            return self._view(session, person, now)

        if await act(self, Capability.ADJUST_POINTS, work, N_("The tier is taken back.")):
            self._next("tier")

    def _again(self, form: str, sent: dict[str, Any]) -> bool:
        """Whether what a form sends was done already: its button was pressed again before the answer came."""
        turn = str(self.turns[form])
        return str(sent.get(TURN, turn)) != turn

    def _next(self, form: str) -> None:
        """It was done: what is typed there from now on is something else."""
        self._request, self.turns = secrets.token_urlsafe(16), {**self.turns, form: self.turns[form] + 1}

    def _id(self) -> UUID:
        return a_uuid(self._member)

    def _view(self, session: Session, person: Person, now: datetime) -> PersonCard:
        self.friends = friends_of(session, self._id(), now, spoken(self))
        return person_card(session, self._id(), person, now, spoken(self))


def a_uuid(text: str) -> UUID:
    """The id that a browser names; refuses what is none."""
    try:
        return UUID(str(text)[:40])
    except ValueError:
        raise Refusal("member_unknown", N_("There is no such member."), status=404) from None


def typed(text: str, digits: int) -> int | None:
    """What was typed, in the smallest unit of a wallet with so many decimals; None for what is no such amount.

    Commas between thousands are taken out of whole numbers; of money a comma is the decimal sign.
    """
    text = text.strip().translate(_SIGNS)
    if not digits:
        return int(re.sub(r"[^\d+-]", "", text)) if _WHOLE.match(text) else None
    found = _MONEY.match(text)
    fraction = (found[2] or found[3] or "0") if found else ""
    if not found or len(fraction) > digits:
        return None
    amount = minor(f"{found[1]}.{fraction}", digits)
    return amount if abs(amount) <= AMOUNT_MAX else None


def _asked_for(wallet: str, digits: int, say: Language) -> str:
    """What is to be written in the box, for who wrote something else."""
    if wallet == POINTS:
        return say.text(N_("Write a whole number of points; with a minus to take some away."))
    if digits:
        return say.text(N_("Write an amount such as 12.50; with a minus to take some away."))
    return say.text(N_("Write a whole number; with a minus to take some away."))


def _day(text: str) -> date:
    """A day as a browser's date box has it. What is none is refused as one that is none for this."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(
            "extension_day", N_("Choose a day from tomorrow on, a year from today at most."), path="until"
        ) from None


def forms(state: Any) -> rx.Component:
    """Both forms, where there is something to give; `state` takes `ByHand` in."""
    card = state.card.by_hand
    return rx.fragment(
        rx.cond(
            card.lots.length() > 0, more_time(card, state.card.limit, state.extend, turn=state.turns["time"])
        ),
        rx.cond(
            card.tiers.length() > 0,
            tier_by_hand(card, state.pin_tier, state.unpin_tier, turn=state.turns["tier"]),
        ),
    )
