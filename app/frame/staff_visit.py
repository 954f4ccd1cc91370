"""How a staff page is visited: what it shows to whom, and what is said when something was refused."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app import door, limits, settings
from app.door import Admitted, Turned, everybody
from app.frame.bound import Bound
from app.frame.staff import STAFF_NAVIGATION, staff_page
from app.frame.visit import FAILED, HERE, STRANGER, WAITING, View, spoken
from components.fields import TURN
from components.primitives import document_link, page_link, panel
from components.states import failed
from components.words import href, t
from facts.language import N_, Language
from members import audit
from members.roles import Capability, Person
from members.team_cards import DeskCard
from members.views.team import desk

TROUBLE = N_("Something went wrong on our side. Nothing was changed.")

log = logging.getLogger(__name__)


class StaffVisit(Bound, mixin=True):
    """What every staff page knows: how far it is, a sentence of ours, and which `turn` its form is at.

    A form whose `key` is the turn is empty after it was done, and keeps what was typed when it was refused.
    """

    status: str = WAITING
    demo: bool = False
    said: str = ""
    turn: int = 0
    desk: DeskCard = DeskCard()

    def _show(self, value: Any) -> None:
        """Put what the view returned on the page."""
        self.card = value

    def _passed(self, sent: dict[str, Any]) -> bool:
        """Whether what a form sends was done already: its button was pressed again before the answer came."""
        return str(sent.get(TURN, self.turn)) != str(self.turn)

    def _turned(self, answer: Turned) -> None:
        """Say why a handler did not run: the person behind the page may not, or is no longer there."""
        if answer.signed_out:
            self.status, self.demo = STRANGER, settings.current().demo
        else:
            self.said = answer.sentence(spoken(self))

    @rx.event
    @everybody
    def hush(self):
        """Close the sentence at the foot of the page."""
        self.said = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """That somebody looks at personal data: the audit's action, at what, more about it from what is shown, and whether
    what is shown is personal at all.
    """

    action: str
    thing: str
    more: Callable[[Any], dict[str, Any]] = lambda _value: {}
    when: Callable[[Any], bool] = lambda _value: True


def search_of(text: str) -> str:
    """A search as the audit names it: by a digest, since what is searched for is somebody's name."""
    return f"search:{limits.hidden(f'search:{text}')[:16]}" if text else "search:newest"


async def arrive(
    state: Any, capability: Capability, view: View[Any], *, looked: Looked | None = None, rate: str = ""
) -> None:
    """Fill the page with what `view` says, for staff who may see it. A look that counts is in the audit before.

    `rate` is what they use up by it, as in `door.look`.
    """
    await _ask(state, door.look, capability, view, looked=looked, rate=rate)


async def act(state: Any, capability: Capability, work: View[Any], done: str = "") -> bool:
    """Do `work` in a transaction and show what it returns; `done` is said afterwards. False when it was refused."""
    return await _ask(state, door.enter, capability, work, done)


async def _ask(
    state: Any,
    way: Any,
    capability: Capability,
    work: View[Any],
    done: str = "",
    looked: Looked | None = None,
    rate: str = "",
) -> bool:
    words = spoken(state)
    try:
        answer: Admitted[Any] | Turned = await way(
            state, capability, _with_desk(work, words, looked), rate=rate
        )
        if isinstance(answer, Admitted) and answer.value[2]:
            answer = await door.enter(state, capability, _noting(answer.value, looked))
    except Exception:
        log.exception("a staff page could not do its work")
        return _unwell(state, words.text(TROUBLE))
    if isinstance(answer, Admitted):
        state.desk = answer.value[0]
        state._show(answer.value[1])
        state.status = HERE
        state.said = words.text(done) if done else state.said
        return True
    if not answer.signed_out and not state.desk.home:
        await _find_desk(state, words)
    if answer.signed_out or (answer.refusal.code == "not_allowed" and state.status == WAITING):
        state.status, state.demo = STRANGER, settings.current().demo
        return False
    return _unwell(state, answer.sentence(words))


def _with_desk(work: View[Any], words: Language, looked: Looked | None) -> View[tuple[DeskCard, Any, bool]]:
    """What `work` gives, the desk of who asks, and whether the look has still to be noted."""

    def whole(session: Session, person: Person, now: datetime) -> tuple[DeskCard, Any, bool]:
        value = work(session, person, now)
        fresh = (
            looked is not None
            and looked.when(value)
            and not audit.was_seen(session, person.actor, looked.thing, looked.action, now)
        )
        return _desk(session, person, now, words), value, fresh

    return whole


def _noting(shown: tuple[DeskCard, Any, bool], looked: Looked | None) -> View[tuple[DeskCard, Any, bool]]:
    def note(session: Session, person: Person, now: datetime) -> tuple[DeskCard, Any, bool]:
        if looked is not None:
            audit.seen(session, person.actor, looked.thing, looked.action, now, looked.more(shown[1]))
        return shown

    return note


def _desk(session: Session, person: Person, now: datetime, words: Language) -> DeskCard:
    mine = tuple(to for to, _, _, needed in STAFF_NAVIGATION if person.may(needed))
    return desk(session, person, mine, now, words)


async def _find_desk(state: Any, words: Language) -> None:
    """What else there is for somebody whose page this is not."""
    token = door.cookie_token(door.cookies(state))

    def look() -> Admitted[DeskCard] | Turned:
        return door.admit(
            token, Capability.ENTER_STAFF, lambda s, p, now: _desk(s, p, now, words), writes=False
        )

    answer = await door.in_worker(look)
    state.desk = answer.value if isinstance(answer, Admitted) else DeskCard()


def _unwell(state: Any, sentence: str) -> bool:
    state.said = sentence
    state.status = FAILED if state.status == WAITING else state.status
    return False


def visited_page(
    state: Any,
    content: rx.Component,
    waiting: rx.Component,
    *,
    path: str,
    title: Any,
    again: Any,
    above: Any = None,
    actions: Sequence[rx.Component] = (),
    stays: bool = False,
    aside: rx.Component | None = None,
) -> rx.Component:
    """A staff page in its four states; `state` takes `StaffVisit` in. `waiting` has the shape of `content`."""
    shown = rx.match(
        state.status,
        (WAITING, rx.el.div(waiting, aria_busy="true")),
        (STRANGER, _stranger(state)),
        (FAILED, rx.el.div(failed(state.said, again), class_name="max-w-4xl")),
        content,
    )
    here = state.status == HERE
    return staff_page(
        title,
        shown,
        path=path,
        above=above,
        actions=[rx.cond(here, action) for action in actions],
        stays=stays,
        aside=aside,
        here=here,
        notice=(rx.cond(state.status == FAILED, "", state.said), state.hush),
        desk=state.desk,
        known=state.status != WAITING,
    )


def _stranger(state: Any) -> rx.Component:
    """For who is not signed in, and for who is, and whose page this is not."""
    entrance = document_link(
        t("Come in as the shop's owner"),
        to="/demo/enter/staff",
        class_name="inline-flex min-h-11 items-center font-semibold text-accent",
    )
    sign_in = document_link(
        t("Sign in as staff"),
        to=href("/staff/sign-in"),
        class_name="inline-flex min-h-11 items-center font-semibold text-accent",
    )
    outside = panel(
        rx.el.p(t("This page is for the shop's staff."), class_name="m-0 text-section font-semibold"),
        rx.el.p(
            t("You are not signed in, or your role does not reach this far."), class_name="m-0 text-soft"
        ),
        sign_in,
        rx.cond(state.demo, entrance, rx.fragment()),
        class_name="flex max-w-xl flex-col items-start gap-2 p-5",
    )
    elsewhere = panel(
        rx.el.p(t("This page is a colleague's"), class_name="m-0 text-section font-semibold"),
        rx.el.p(
            t("Your role does not need it. If it should, an owner can give you another one."),
            class_name="m-0 text-soft",
        ),
        page_link(
            t("To your own pages"),
            to="/staff",
            class_name="inline-flex min-h-11 items-center font-semibold text-accent",
        ),
        class_name="flex max-w-xl flex-col items-start gap-2 p-5",
    )
    return rx.cond(state.desk.home != "", elsewhere, outside)
