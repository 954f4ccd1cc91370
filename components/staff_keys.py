"""The page of keys: two lists, a form for a new one, and the question before one is renewed or ended."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.entries import ROWS
from components.fields import of_turn, text_field
from components.modal import modal
from components.primitives import DOT, apart, button, icon, panel, section, toned_chip
from components.states import empty
from components.words import t
from facts.language import N_
from members.key_cards import ApiKeyCard, IssuerKeyCard, ScopeCard

LINE = "flex flex-wrap items-center gap-3 px-4 py-3"
SMALL = "m-0 text-small text-soft [overflow-wrap:anywhere]"


def keys_content(state: Any) -> rx.Component:
    """The lists."""
    card = state.card
    nothing = empty(
        "key-round",
        t("No keys yet"),
        t("A shop's own system sends orders and asks for points with a key of its own."),
    )
    unsigned = empty(
        "medal", t("Nothing is signed yet"), t("The first badge that is shared makes the first key.")
    )
    return rx.el.div(
        rx.cond(state.token != "", _shown_once(state)),
        rx.cond(card.alone != "", _alone(card)),
        section(
            t("Keys of the API"),
            rx.cond(
                card.api.length() > 0,
                rx.el.ul(rx.foreach(card.api, lambda one: _key(one, state)), class_name=ROWS),
                nothing,
            ),
        ),
        section(
            t("Keys that sign badges"),
            rx.cond(
                card.signing.length() > 0,
                rx.el.ul(rx.foreach(card.signing, lambda one: _signing(one, state)), class_name=ROWS),
                unsigned,
            ),
        ),
        _question(state),
        class_name="flex max-w-4xl flex-col gap-4",
    )


def _shown_once(state: Any) -> rx.Component:
    return panel(
        rx.el.h2(t("The key, shown this once"), class_name="m-0 text-section font-semibold"),
        rx.el.p(
            state.token,
            id="token",
            class_name="m-0 rounded-button bg-sunk px-3 py-2 font-mono text-small [overflow-wrap:anywhere]",
            custom_attrs={"dir": "ltr"},
        ),
        rx.el.p(
            t(
                "Put it where the shop's system keeps its secrets. It is good as soon as a second person agrees."
            ),
            class_name="m-0 text-small text-soft",
        ),
        button(t("I have put it away"), tone="tinted", on_click=state.put_away),
        class_name="flex flex-col items-start gap-3 p-4",
        custom_attrs={"role": "status"},
    )


def _alone(card: Any) -> rx.Component:
    command = rx.el.code("regulars staff waiting", dir="ltr", class_name="inline-block font-mono text-small")
    return panel(rx.el.p(card.alone, " ", command, class_name="m-0"), class_name="p-4")


def _key(card: rx.Var[ApiKeyCard], state: Any) -> rx.Component:
    hands = rx.el.div(
        _hand(t("Renew"), card.name, state.ask_about("renew", card.key)),
        _hand(t("End"), card.name, state.ask_about("end", card.key)),
        class_name="flex flex-wrap gap-2",
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.bdi(card.name), class_name="m-0 text-section font-semibold [overflow-wrap:anywhere]"
            ),
            rx.el.p(rx.el.bdi(card.source), DOT, apart(card.made), class_name=f"{SMALL} tabular-nums"),
            rx.el.p(apart(card.scopes), class_name=SMALL),
            class_name="min-w-0 flex-1 basis-60 md:basis-80",
        ),
        toned_chip(card.state, card.tone),
        rx.cond(card.open, hands),
        class_name=LINE,
        key=card.key,
    )


def _signing(card: rx.Var[IssuerKeyCard], state: Any) -> rx.Component:
    hands = rx.el.div(
        rx.cond(card.signs, _hand(t("Renew"), card.name, state.ask_about("rotate", card.key))),
        _hand(t("Withdraw"), card.name, state.ask_about("withdraw", card.key)),
        class_name="flex flex-wrap gap-2",
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.bdi(card.name), class_name="m-0 font-mono text-body font-semibold"),
            rx.el.p(card.made, class_name=f"{SMALL} tabular-nums"),
            class_name="min-w-0 flex-1 basis-52",
        ),
        toned_chip(card.state, card.tone),
        rx.cond(card.may_withdraw, hands),
        class_name=LINE,
        key=card.key,
    )


def _hand(words: str, name: Any, on_click: Any) -> rx.Component:
    return button(words, tone="plain", on_click=on_click, aria_label=rx.Var.create(words + ": ") + name)


def keys_aside(state: Any) -> rx.Component:
    """The form for a new key."""
    return section(
        t("A new key"),
        rx.el.form(
            of_turn(state.turn),
            text_field(t("What to call it, such as web-shop"), name="name", required=True, max_length=60,
                       auto_complete="off"),
            text_field(t("Whose events it sends, such as shop.example/orders"), name="source", required=True,
                       max_length=200, auto_complete="off"),
            rx.el.fieldset(
                rx.el.legend(t("What it may do"), class_name="p-0 text-small font-medium text-ink"),
                rx.el.div(rx.foreach(state.card.scopes, _scope), class_name="mt-2 flex flex-col gap-1"),
                class_name="m-0 border-0 p-0",
            ),
            text_field(t("What for (whoever agrees reads it)"), name="why", required=True, max_length=500,
                       auto_complete="off"),
            button(icon("key-round"), t("Ask for this key"), type="submit"),
            on_submit=state.ask_new,
            key=state.turn,
            class_name="mt-2 flex flex-col gap-4",
        ),
    )  # fmt: skip


def _scope(card: rx.Var[ScopeCard]) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=card.box, value="yes", class_name="size-5 accent-[var(--accent)]"),
        card.label,
        class_name="flex min-h-11 cursor-pointer items-center gap-2.5 font-medium",
        key=card.key,
    )


def _question(state: Any) -> rx.Component:
    what = state.asking
    why = text_field(t("Why (whoever agrees reads it)"), name="reason", max_length=500, auto_complete="off",
                     required=True, problem=rx.cond(what != "", state.said, ""))  # fmt: skip
    alone = rx.cond(
        state.said != "", rx.el.p(state.said, class_name="m-0 font-medium text-caution", role="alert")
    )
    return modal(
        rx.el.h2(_of(what, _TITLES), class_name="m-0 text-title font-bold tracking-tight"),
        rx.el.p(
            rx.el.bdi(state.asking_name), class_name="m-0 text-section font-semibold [overflow-wrap:anywhere]"
        ),
        rx.el.p(_of(what, _WORDS), class_name="m-0 text-soft"),
        rx.el.form(
            rx.cond(what == "end", alone, why),
            rx.el.div(
                button(_of(what, _GO), tone="caution", type="submit"),
                button(t("Not now"), tone="plain", on_click=state.ask_about("", "")),
                class_name="flex flex-wrap gap-3",
            ),
            on_submit=state.answer,
            key=what + state.asking_name,
            class_name="flex flex-col gap-4",
        ),
        open=what != "",
        on_dismiss=state.ask_about("", ""),
        label=_of(what, _TITLES),
    )


_TITLES = {
    "renew": N_("Renew this key?"),
    "rotate": N_("Renew the key that signs?"),
    "withdraw": N_("Withdraw this key?"),
    "end": N_("End this key?"),
}
_WORDS = {
    "renew": N_("The new key is shown now, and good when a second person agrees. The old one ends a day later."),
    "rotate": N_("Badges are signed with a new key from then on. What the old one signed stays good."),
    "withdraw": N_("Only when somebody else may have it: nothing that it signed is good any more, and holders "
                   "fetch their badges anew."),
    "end": N_("Whatever still uses it is turned away within a second. This takes no second person."),
}  # fmt: skip
_GO = {
    "renew": N_("Ask for a new key"),
    "rotate": N_("Ask for a new key"),
    "withdraw": N_("Ask to withdraw it"),
    "end": N_("End it now"),
}


def _of(what: Any, words: dict[str, str]) -> Any:
    return rx.match(what, *((key, t(said)) for key, said in words.items()), "")
