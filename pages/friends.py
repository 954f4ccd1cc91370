"""Friends: my link, what both get, and how far each of my friends is."""

from __future__ import annotations

from typing import Any

import reflex as rx

from app.door import needs
from app.frame.member import arriving, member_page
from app.frame.visit import Visit, act, arrive, follow, shop_address, spoken
from components.fields import text_field
from components.friends import (
    appeal_question,
    came_panel,
    empty_friends,
    friend_rows,
    milestone_panel,
    share_panel,
)
from components.play import switches
from components.primitives import button, heading, section, skeleton
from components.states import empty
from components.words import kept, t
from facts.language import N_, codes, language
from members.actions import referring, suspicions
from members.channels import TAGS
from members.referral_cards import FriendsCard
from members.roles import Capability
from members.views.friends import friends

ASKED = N_("Thank you. A person at the shop reads it.")
NAMED = N_("Thank you. Your friend hears of it.")


def _view(state: Any) -> Any:
    words, site = spoken(state), shop_address()
    theirs = language(state.tongue) if state.tongue else words

    def view(session: Any, person: Any, now: Any) -> FriendsCard:
        code = referring.link_of(session, person.member_id, now)
        return friends(session, person.member_id, now, words, site, code=code, theirs=theirs)

    return view


class FriendsState(Visit, rx.State):
    """The friends of whoever is behind the cookie. `copied` while it is said; `wrong` is about a code.

    `tongue` is the language that the friend reads: "" is the page's own.
    `appealing` is the friend of whom the member has something to say, `problem` what is wrong with that.
    """

    card: FriendsCard = FriendsCard()
    copied: bool = False
    wrong: str = ""
    tongue: str = ""
    appealing: str = ""
    problem: str = ""

    @rx.event
    @needs(Capability.SEE_OWN)
    async def load(self):
        """Fill the page."""
        self.copied, self.wrong, self.tongue = False, "", ""
        await arrive(self, _view(self))

    @rx.event(background=True)
    @needs(Capability.SEE_OWN)
    async def keep_up(self):
        """Show what friends do while the page is open."""
        await follow(self, _view(self))

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def get_link(self):
        """Make my link: from now on it is mine."""
        await self._act(referring.open_link)

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def shared(self, way: str):
        """It was sent on; `copy` says so on the button."""
        tag = way if way in TAGS else "link"
        if await self._act(lambda session, member, now: referring.shared(session, member, now, tag)):
            self.copied = way == "copy"

    @rx.event
    @needs(Capability.SEE_OWN)
    async def speak(self, code: str):
        """Share it in another language."""
        self.tongue, self.copied = code if code in codes() else "", False
        await arrive(self, _view(self))

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def switch(self, name: str):
        """Let the links say who invites, or not."""
        on = any(one.name == name and one.on for one in self.card.switches)
        await self._act(lambda session, member, now: referring.let_name(session, member, not on))

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def name(self, form: dict[str, str]):
        """Say who sent me."""
        code = str(form.get("code", ""))[:300]
        done = await self._act(
            lambda session, member, now: referring.bring(session, member, code, "code", now),
            NAMED,
            rate="claim",
        )
        self.wrong = "" if done else self.said

    @rx.event
    @needs(Capability.SEE_OWN)
    def ask_appeal(self, key: str):
        """Ask what the shop should know of a friend; "" for not."""
        mine = any(friend.key == key and friend.may_appeal for friend in self.card.friends)
        self.appealing, self.said, self.problem = (key if mine else ""), "", ""

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def appeal(self, form: dict[str, str]):
        """Say it: once, and a person reads it."""
        key, words = self.appealing, str(form.get("words", ""))[:600]
        self.problem = ""
        if await self._act(
            lambda session, member, now: suspicions.appeal(session, member, key, words, now),
            ASKED,
            rate="claim",
        ):
            self.appealing = ""
        else:
            self.problem = self.said

    async def _act(self, action: Any, done: str = "", rate: str = "") -> bool:
        return await act(self, _view(self), action, done, rate=rate)


def page() -> rx.Component:
    """The page."""
    return member_page(FriendsState, _content(), path="/friends", again=FriendsState.load)


def _content() -> rx.Component:
    waiting = rx.fragment(skeleton("h-64 !rounded-panel"), skeleton("h-32 !rounded-panel"))
    return rx.el.div(
        heading(t("Bring a friend")),
        arriving(FriendsState, waiting, _here()),
        class_name="mx-auto flex max-w-3xl flex-col gap-3 pt-2",
    )


def _here() -> rx.Component:
    card = FriendsState.card
    ask = empty(
        "user-plus",
        kept(card.headline),
        t("Make your link and send it to a friend."),
        button(t("Make my link"), on_click=FriendsState.get_link),
    )
    nothing = empty(
        "user-plus",
        t("Nothing to share just now"),
        t("When there is something for you and your friends, it is here."),
    )
    return rx.fragment(
        rx.cond(card.came.words != "", came_panel(card.came)),
        rx.cond(
            card.link != "",
            _sharing(),
            rx.cond(card.headline != "", ask, nothing),
        ),
        rx.cond(card.milestone.words != "", milestone_panel(card.milestone)),
        section(
            t("Your friends"),
            rx.cond(card.totals != "", friend_rows(card, on_appeal=FriendsState.ask_appeal), empty_friends()),
        ),
        rx.cond(card.may_name, _naming()),
        appeal_question(FriendsState),
    )


def _sharing() -> rx.Component:
    card = FriendsState.card
    return rx.fragment(
        share_panel(card, FriendsState.copied, on_shared=FriendsState.shared, on_tongue=FriendsState.speak),
        switches(card.switches, FriendsState.switch),
    )


def _naming() -> rx.Component:
    form = rx.el.form(
        text_field(
            t("The code of who sent you"),
            name="code",
            hint=t("Two words and a number, such as swift-otter-42."),
            problem=FriendsState.wrong,
            max_length=300,
            auto_capitalize="none",
            auto_complete="off",
            required=True,
            dir="ltr",
        ),
        button(t("Send it"), type="submit", tone="plain", class_name="self-start"),
        on_submit=FriendsState.name,
        class_name="m-0 flex flex-col gap-2 rounded-panel border border-line bg-raised p-4",
    )
    return section(t("Did a friend send you?"), form)
