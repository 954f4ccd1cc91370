"""How a staff page is visited: what it shows to whom, and what is said when something was refused."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import reflex as rx

from app import door, settings
from app.door import Admitted, Turned, everybody
from app.frame.bound import Bound
from app.frame.staff import staff_page
from app.frame.visit import FAILED, HERE, STRANGER, WAITING, View, spoken
from components.primitives import document_link, panel
from components.states import failed
from components.words import t
from facts.language import N_
from members.roles import Capability

TROUBLE = N_("Something went wrong on our side. Nothing was changed.")

log = logging.getLogger(__name__)


class StaffVisit(Bound, mixin=True):
    """What every staff page knows: how far it is, and a sentence of ours."""

    status: str = WAITING
    demo: bool = False
    said: str = ""

    def _show(self, value: Any) -> None:
        """Put what the view returned on the page."""
        self.card = value

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


async def arrive(state: Any, capability: Capability, view: View[Any]) -> None:
    """Fill the page with what `view` says, for staff who may see it."""
    await _ask(state, door.look, capability, view)


async def act(state: Any, capability: Capability, work: View[Any], done: str = "") -> bool:
    """Do `work` in a transaction and show what it returns; `done` is said afterwards. False when it was refused."""
    return await _ask(state, door.enter, capability, work, done)


async def _ask(state: Any, way: Any, capability: Capability, work: View[Any], done: str = "") -> bool:
    words = spoken(state)
    try:
        answer: Admitted[Any] | Turned = await way(state, capability, work)
    except Exception:
        log.exception("a staff page could not do its work")
        return _unwell(state, words.text(TROUBLE))
    if isinstance(answer, Admitted):
        state._show(answer.value)
        state.status = HERE
        state.said = words.text(done) if done else state.said
        return True
    if answer.signed_out or (answer.refusal.code == "not_allowed" and state.status == WAITING):
        state.status, state.demo = STRANGER, settings.current().demo
        return False
    return _unwell(state, answer.sentence(words))


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
    aside: rx.Component | None = None,
) -> rx.Component:
    """A staff page in its four states; `state` takes `StaffVisit` in. `waiting` has the shape of `content`."""
    shown = rx.match(
        state.status,
        (WAITING, rx.el.div(waiting, aria_busy="true")),
        (STRANGER, _stranger(state)),
        (FAILED, failed(state.said, again)),
        content,
    )
    here = state.status == HERE
    return staff_page(
        title,
        shown,
        path=path,
        above=above,
        actions=[rx.cond(here, action) for action in actions],
        aside=aside,
        here=here,
        notice=(rx.cond(state.status == FAILED, "", state.said), state.hush),
    )


def _stranger(state: Any) -> rx.Component:
    entrance = document_link(
        t("Come in as the shop's owner"),
        to="/demo/enter/staff",
        class_name="inline-flex min-h-11 items-center font-semibold text-accent",
    )
    return panel(
        rx.el.p(t("This page is for the shop's staff."), class_name="m-0 text-section font-semibold"),
        rx.el.p(
            t("You are not signed in, or your role does not reach this far."), class_name="m-0 text-soft"
        ),
        rx.cond(state.demo, entrance, rx.fragment()),
        class_name="flex max-w-xl flex-col gap-2 p-5",
    )
