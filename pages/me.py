"""Me: who I am, what I agreed to, the copy of my data, and the ways to pause, to leave and to be erased."""

from __future__ import annotations

from typing import Any

import reflex as rx

from app.door import everybody, needs
from app.frame.member import NativeForm, arriving, member_page
from app.frame.visit import Act, Visit, act, arrive, seen, spoken
from components.fields import select_field, text_field
from components.modal import modal
from components.play import switches
from components.primitives import button, document_link, drawing, heading, icon, panel, section, skeleton
from components.words import href, t
from facts.language import N_
from members.actions import claiming, own
from members.consents import decide
from members.own_cards import AgreedCard, MeCard, OptionCard
from members.roles import Capability
from members.views.me import me

KEPT = N_("Kept. Thank you.")
PAUSED = N_("We keep quiet until you come back. Your points go on.")
CLAIMED = N_("It is yours now.")
RESUMED = N_("Welcome back.")
LEFT = N_("You have left. Nothing happens to your points for {days} days: you can come back.")


class MeState(Visit, rx.State):
    """The page about oneself; `wrong` is about a code, `taken` counts those that were taken over.

    `leaving`: while it is asked whether they are sure.
    """

    card: MeCard = MeCard()
    problem: str = ""
    wrong: str = ""
    taken: int = 0
    leaving: bool = False

    @rx.event
    @needs(Capability.SEE_OWN)
    async def load(self):
        """Fill the page."""
        self.problem, self.wrong, self.leaving = "", "", False
        await arrive(self, seen(self, me))

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def keep(self, form: dict[str, str]):
        """Write down what was filled in."""
        told = {one: str(form[one])[:200] for one in ("name", "birthday", "language") if one in form}
        done = await self._act(lambda session, member, now: own.tell(session, member, now, **told), KEPT)
        self.problem = "" if done else self.said

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def agree(self, name: str):
        """Turn a consent on or off: `<purpose>:<channel>`, as the page shows it."""
        purpose, _, channel = name[:60].partition(":")
        switch = next((one for card in self.card.agreed for one in card.switches if one.name == name), None)
        given, code = not (switch and switch.on), spoken(self).code
        await self._act(
            lambda session, member, now: decide(
                session, member, purpose, channel, given, now, language_code=code, way="me"
            )
        )

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def claim(self, form: dict[str, str]):
        """Take over what a code from the shop stands for."""
        code = str(form.get("code", ""))[:64]
        done = await self._act(
            lambda session, member, now: claiming.claim(session, member, code, now), CLAIMED, rate="claim"
        )
        self.wrong, self.taken = ("", self.taken + 1) if done else (self.said, self.taken)

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def pause(self):
        """No messages and no boards for now, or again."""
        if self.card.paused:
            await self._act(own.resume, RESUMED)
        else:
            await self._act(own.pause, PAUSED)

    @rx.event
    @everybody
    def ask(self):
        """Ask whether they really want to leave."""
        self.leaving = True

    @rx.event
    @everybody
    def stay(self):
        """Close the question."""
        self.leaving = False

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def leave(self):
        """Leave the programme."""
        self.leaving = False
        done = await self._act(
            lambda session, member, now: own.leave(session, member, f"member:{member}", now)
        )
        if done:
            self.said = spoken(self).text(LEFT, days=own.RETURN_DAYS)

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def come_back(self):
        """Be a member again."""
        await self._act(
            lambda session, member, now: own.come_back(session, member, f"member:{member}", now), RESUMED
        )

    async def _act(self, action: Act, done: str = "", *, rate: str = "") -> bool:
        return await act(self, seen(self, me), action, done, rate=rate)


def page() -> rx.Component:
    """The page."""
    return member_page(MeState, _content(), path="/me", again=MeState.load)


def _content() -> rx.Component:
    waiting = rx.fragment(*[skeleton(f"{tall} !rounded-panel") for tall in ("h-80", "h-64", "h-40")])
    return rx.el.div(
        heading(t("About me")),
        arriving(MeState, waiting, rx.fragment(_left(), _who(), _agreed(), _code(), _data(), _sure())),
        class_name="mx-auto flex max-w-3xl flex-col gap-4 pt-2",
    )


def _left() -> rx.Component:
    card = MeState.card
    return rx.cond(
        card.left != "",
        panel(
            rx.el.p(t("You have left."), class_name="m-0 text-section font-semibold"),
            rx.el.p(
                t("Your points stand still. You can come back until:"),
                " ",
                card.left,
                class_name="m-0 text-soft",
            ),
            button(t("Come back"), on_click=MeState.come_back, class_name="mt-2"),
            class_name="flex flex-col items-start gap-1 p-4",
        ),
    )


def _who() -> rx.Component:
    card = MeState.card
    form = rx.el.form(
        text_field(t("What may we call you?"), name="name", default_value=card.name, max_length=own.NAME_LENGTH_MAX,
                   auto_complete="name"),
        text_field(t("Your birthday"), name="birthday", type="date", default_value=card.birthday,
                   hint=t("Only if you like. It can be corrected once a year."), problem=MeState.problem,
                   auto_complete="bday"),
        select_field(t("The language of our messages"), rx.foreach(card.languages, _option), name="language",
                     default_value=card.language),
        rx.el.div(button(t("Save"), type="submit"), class_name="flex"),
        on_submit=MeState.keep,
        key=card.name + card.birthday + card.language,
        class_name="flex flex-col gap-4",
    )  # fmt: skip
    known = rx.cond(
        card.known_as.length() > 0,
        rx.el.p(
            card.known_as.join(" · "), class_name="m-0 break-words text-soft", custom_attrs={"dir": "auto"}
        ),
    )
    return panel(known, form, class_name="flex flex-col gap-4 p-4")


def _option(card: rx.Var[OptionCard]) -> rx.Component:
    return rx.el.option(card.label, value=card.value)


def _agreed() -> rx.Component:
    return section(
        t("What I agree to"),
        rx.el.div(rx.foreach(MeState.card.agreed, _purpose), class_name="flex flex-col gap-4"),
    )


def _purpose(card: rx.Var[AgreedCard]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(card.title, class_name="m-0 font-semibold"),
            rx.el.p(card.text, class_name="m-0 text-small text-soft"),
        ),
        switches(card.switches, MeState.agree),
        key=card.name,
        class_name="flex flex-col gap-2",
    )


def _code() -> rx.Component:
    form = rx.el.form(
        text_field(t("The code"), name="code", problem=MeState.wrong, auto_complete="off", max_length=64,
                   hint=t("It is on the paper, or the shop tells you."), required=True),
        rx.el.div(button(t("Take it over"), tone="plain", type="submit"), class_name="flex"),
        on_submit=MeState.claim,
        key=MeState.taken,
        class_name="flex flex-col gap-4 p-4",
    )  # fmt: skip
    return section(t("A code from the shop"), panel(form))


def _data() -> rx.Component:
    card = MeState.card
    look = (
        "flex min-h-11 w-full cursor-pointer items-center gap-3 border-0 bg-transparent px-4 py-2.5 text-start "
        "text-body text-ink no-underline hover:bg-sunk"
    )
    download = NativeForm.create(
        rx.el.button(icon("download"), t("Download all my data"), type="submit", class_name=look),
        action="/me/export",
        method="post",
    )
    ways: Any = document_link(
        icon("smartphone"), t("My devices and ways in"), to=href("/ways"), class_name=look
    )
    pause = rx.el.button(
        drawing("hourglass", class_name="size-5"),
        rx.cond(card.paused, t("Go on again"), t("Pause: no messages, no boards")),
        type="button",
        on_click=MeState.pause,
        class_name=look,
    )
    leave = rx.el.button(
        icon("log-out", class_name="mirrored"), t("Leave the programme"), type="button", on_click=MeState.ask,
        class_name=look,
    )  # fmt: skip
    erase = document_link(
        icon("trash-2"), t("Erase everything"), to=href("/me/erase"), class_name=f"{look} text-caution"
    )
    give: Any = document_link(
        drawing("gift", class_name="size-5"), t("Give points to somebody"), to=href("/give"), class_name=look
    )
    rows = [
        rx.cond(card.gives & (card.left == ""), give),
        download,
        ways,
        rx.cond(card.left == "", rx.fragment(pause, leave)),
        erase,
    ]
    return section(
        t("My data"),
        panel(*rows, class_name="flex flex-col overflow-hidden [&>*+*]:border-t [&>*+*]:border-line"),
    )


def _sure() -> rx.Component:
    return modal(
        rx.el.h2(t("Leave the programme"), class_name="m-0 text-section font-semibold"),
        rx.el.p(
            t("Your points stand still, and we write no more. Come back within {days} days, and all is as it was; "
              "after that everything is erased.", days=own.RETURN_DAYS),
            class_name="m-0 text-soft",
        ),
        NativeForm.create(
            button(t("Download all my data"), tone="plain", type="submit", class_name="w-full"),
            action="/me/export",
            method="post",
        ),
        rx.el.div(
            button(t("Leave the programme"), tone="caution", on_click=MeState.leave),
            button(t("Back, I stay"), tone="plain", on_click=MeState.stay),
            class_name="flex flex-wrap gap-2",
        ),
        open=MeState.leaving,
        on_dismiss=MeState.stay,
        label=t("Leave the programme"),
    )  # fmt: skip
