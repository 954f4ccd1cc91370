"""The team: who is staff, in which role, and a link for whoever comes next."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.staff_visit import StaffVisit, act, arrive, visited_page
from app.frame.visit import shop_address, spoken
from components.entries import ROWS, waiting_entries
from components.fields import of_turn, select_field, text_field
from components.modal import modal
from components.primitives import button, chip, panel, section
from components.states import empty
from components.words import kept, t
from facts.language import N_
from members.actions.approvals import change_role_or_ask
from members.actions.team import invite, post_invitation, remove, take_back
from members.roles import Capability, Person
from members.team_cards import ColleagueCard, InvitedCard, TeamCard
from members.views.team import team_card

TITLE = N_("Team")
EDIT = Capability.EDIT_TEAM


class TeamState(StaffVisit, rx.State):
    """The staff. `link` is the invitation that was just made, shown once; `changing` and `leaving` are asked about."""

    card: TeamCard = TeamCard()
    link: str = ""
    wrong: str = ""
    changing: str = ""
    leaving: str = ""
    asking_name: str = ""
    _request: str = ""

    @rx.event
    @needs(Capability.SEE_TEAM)
    async def load(self):
        """Fill the page."""
        self.link = self.wrong = self.changing = self.leaving = self.asking_name = ""
        self._request = secrets.token_urlsafe(16)
        await arrive(self, Capability.SEE_TEAM, self._view)

    @rx.event
    @needs(EDIT)
    async def invite(self, form: dict[str, Any]):
        """Make a link for somebody, and send it to them."""
        if self._passed(form):
            return
        email, wanted, words = str(form.get("email", ""))[:300], str(form.get("as", ""))[:40], spoken(self)
        self.link, base = "", f"{shop_address()}{href_of(words.code)}/staff/start/"
        made = ""

        def work(session: Session, person: Person, now: datetime) -> TeamCard:
            nonlocal made
            made = base + invite(session, email, wanted, person.actor, now)
            post_invitation(session, email, made, now, words)
            return self._view(session, person, now)

        if await act(self, EDIT, work, N_("Invited. Pass the link on: it works once, for three days.")):
            self.link, self.turn = made, self.turn + 1

    @rx.event
    @needs(EDIT)
    async def take_back(self, key: str):
        """End an invitation that nobody has opened."""

        def work(session: Session, person: Person, now: datetime) -> TeamCard:
            take_back(session, str(key)[:64], person.actor, now)
            return self._view(session, person, now)

        if await act(self, EDIT, work, N_("Taken back. The link is not good any more.")):
            self.link = ""

    @rx.event
    @needs(EDIT)
    def ask_change(self, key: str):
        """Ask which role somebody is to have; "" for not."""
        self.asking_name = self._name(str(key))
        self.changing, self.leaving, self.said = str(key) if self.asking_name else "", "", ""

    @rx.event
    @needs(EDIT)
    def ask_leave(self, key: str):
        """Ask whether somebody is to go; "" for not."""
        self.asking_name = self._name(str(key))
        self.leaving, self.changing, self.said = str(key) if self.asking_name else "", "", ""

    @rx.event
    @needs(EDIT)
    async def change(self, form: dict[str, Any]):
        """Give somebody another role."""
        colleague, wanted, words = self.changing, str(form.get("new_role", ""))[:40], spoken(self)
        done = True

        def work(session: Session, person: Person, now: datetime) -> TeamCard:
            nonlocal done
            done = change_role_or_ask(session, colleague, wanted, person.actor, now, request_id=self._request)
            return self._view(session, person, now)

        if await act(self, EDIT, work):
            self.changing, self._request = "", secrets.token_urlsafe(16)
            self.said = words.text(
                N_("Changed. They come in anew with the other role.")
                if done
                else N_("Asked. It is done as soon as a second person agrees.")
            )

    @rx.event
    @needs(EDIT)
    async def remove(self):
        """Let somebody go."""
        colleague = self.leaving

        def work(session: Session, person: Person, now: datetime) -> TeamCard:
            remove(session, colleague, person.actor, now)
            return self._view(session, person, now)

        if await act(self, EDIT, work, N_("Gone. All their sessions have ended.")):
            self.leaving = ""

    def _name(self, key: str) -> str:
        return {one.key: one.name for one in self.card.people if one.open}.get(key, "")

    def _view(self, session: Session, person: Person, now: datetime) -> TeamCard:
        return team_card(session, person, now, spoken(self))


def href_of(code: str) -> str:
    """What addresses in a language begin with."""
    return "" if code == "en" else f"/{code}"


def page() -> rx.Component:
    """The page."""
    return visited_page(
        TeamState,
        _content(),
        section(t("Staff"), waiting_entries(4), class_name="max-w-4xl"),
        path="/staff/team",
        title=t(TITLE),
        aside=rx.cond(TeamState.card.may_edit, _invitation()),
        again=TeamState.load,
    )


def _content() -> rx.Component:
    card = TeamState.card
    people = rx.el.ul(rx.foreach(card.people, _person), class_name=ROWS)
    nobody = empty("smile", t("Nobody yet"), t("Invite somebody: a link makes them one of the staff."))
    invited = rx.el.ul(rx.foreach(card.invited, _invited), class_name=ROWS)
    return rx.el.div(
        section(t("Staff"), rx.cond(card.people.length() > 0, people, nobody)),
        rx.cond(card.invited.length() > 0, section(t("Invited"), invited)),
        _change_question(),
        _leave_question(),
        class_name="flex max-w-4xl flex-col gap-4",
    )


def _person(card: rx.Var[ColleagueCard]) -> rx.Component:
    hands = rx.el.div(
        _hand(t("Change role"), card, TeamState.ask_change(card.key)),
        _hand(t("Let them go"), card, TeamState.ask_leave(card.key)),
        class_name="flex flex-wrap gap-2",
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(card.name, class_name="m-0 text-section font-semibold"),
            rx.el.p(card.email, class_name="m-0 text-small text-soft [overflow-wrap:anywhere]"),
            rx.el.p(card.seen, " · ", card.ways, class_name="m-0 text-small text-soft tabular-nums"),
            class_name="min-w-0 flex-1 basis-52",
        ),
        chip(card.role, tone="accent"),
        rx.cond(card.open, hands),
        class_name="flex flex-wrap items-center gap-3 px-4 py-3",
        key=card.key,
    )


def _hand(words: str, card: rx.Var[ColleagueCard], on_click: Any) -> rx.Component:
    return button(words, tone="plain", on_click=on_click, aria_label=rx.Var.create(words + ": ") + card.name)


def _invited(card: rx.Var[InvitedCard]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(card.email, class_name="m-0 text-section font-semibold [overflow-wrap:anywhere]"),
            rx.el.p(kept(card.words), class_name="m-0 text-small text-soft tabular-nums"),
            class_name="min-w-0 flex-1 basis-52",
        ),
        rx.cond(
            TeamState.card.may_edit,
            button(t("Take back"), tone="plain", on_click=TeamState.take_back(card.key)),
        ),
        class_name="flex flex-wrap items-center gap-3 px-4 py-3",
        key=card.key,
    )


def _invitation() -> rx.Component:
    roles = rx.foreach(TeamState.card.roles, lambda one: rx.el.option(one.label, value=one.key, key=one.key))
    shown = panel(
        rx.el.p(t("The link, shown this once:"), class_name="m-0 text-small text-soft"),
        rx.el.p(TeamState.link, id="invitation", class_name="m-0 text-small [overflow-wrap:anywhere]",
                custom_attrs={"dir": "ltr"}),
        class_name="mt-4 p-4",
    )  # fmt: skip
    return section(
        t("Invite somebody"),
        rx.el.form(
            of_turn(TeamState.turn),
            text_field(
                t("Their e-mail address"), name="email", type="email", required=True, auto_complete="off"
            ),
            select_field(t("Role"), roles, name="as", default_value="cashier"),
            button(t("Invite"), type="submit"),
            on_submit=TeamState.invite,
            key=TeamState.turn,
            class_name="mt-2 flex flex-col gap-4",
        ),
        rx.cond(TeamState.link != "", shown),
    )


def _change_question() -> rx.Component:
    roles = rx.foreach(TeamState.card.roles, lambda one: rx.el.option(one.label, value=one.key, key=one.key))
    return modal(
        rx.el.h2(t("Another role"), class_name="m-0 text-title font-bold tracking-tight"),
        rx.el.p(TeamState.asking_name, class_name="m-0 text-section font-semibold"),
        rx.el.p(t("Whatever they have open ends at once."), class_name="m-0 text-soft"),
        rx.el.form(
            select_field(
                t("Role"),
                roles,
                name="new_role",
                problem=rx.cond(TeamState.changing != "", TeamState.said, ""),
            ),
            rx.el.div(
                button(t("Change role"), type="submit"),
                button(t("Not now"), tone="plain", on_click=TeamState.ask_change("")),
                class_name="flex flex-wrap gap-3",
            ),
            on_submit=TeamState.change,
            key=TeamState.changing,
            class_name="flex flex-col gap-4",
        ),
        open=TeamState.changing != "",
        on_dismiss=TeamState.ask_change(""),
        label=t("Another role"),
    )


def _leave_question() -> rx.Component:
    return modal(
        rx.el.h2(t("Let them go?"), class_name="m-0 text-title font-bold tracking-tight"),
        rx.el.p(TeamState.asking_name, class_name="m-0 text-section font-semibold"),
        rx.el.p(
            t("Whatever they have open ends at once, and their passkeys are forgotten."),
            class_name="m-0 text-soft",
        ),
        rx.cond(
            (TeamState.leaving != "") & (TeamState.said != ""),
            rx.el.p(TeamState.said, class_name="m-0 font-medium text-caution", role="alert"),
        ),
        rx.el.div(
            button(t("Let them go"), tone="caution", on_click=TeamState.remove),
            button(t("Not now"), tone="plain", on_click=TeamState.ask_leave("")),
            class_name="flex flex-wrap gap-3",
        ),
        open=TeamState.leaving != "",
        on_dismiss=TeamState.ask_leave(""),
        label=t("Let them go?"),
    )  # fmt: skip
