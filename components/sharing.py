"""A badge shown to others: its public page, and the badge as a signed credential."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.fields import text_field
from components.primitives import button, document_link, icon
from components.words import t
from members.game_cards import BadgeCard, ProofCard

PART = "flex w-full flex-col gap-2 border-t border-line pt-3 text-start"
TITLE = "m-0 text-body font-semibold text-ink"
WORDS = "m-0 text-small text-soft"
LINKS = "inline-flex min-h-11 items-center gap-2 font-medium text-accent no-underline hover:underline"
ADDRESS = (
    "m-0 rounded-button bg-sunk px-3 py-2 text-small [overflow-wrap:anywhere] text-ink select-all text-start"
)


def sharing(
    card: rx.Var[BadgeCard], copied: rx.Var[str], *, on_share: Any, on_stop: Any, on_copied: Any
) -> rx.Component:
    """The way to a public page for a badge, or the page that it has: link, message, and the way back."""
    return rx.el.div(
        rx.el.h3(t("Show it to others"), class_name=TITLE),
        rx.cond(card.link != "", _shared(card, copied, on_stop, on_copied), _not_shared(on_share)),
        class_name=PART,
    )


def _not_shared(on_share: Any) -> rx.Component:
    what = t(
        "The badge gets a page at an address that nobody can guess. It shows the badge, the day, and the name that you "
        "write here; nothing else about you."
    )
    return rx.el.form(
        rx.el.p(what, class_name=WORDS),
        text_field(
            t("Your name on the page"),
            name="name",
            hint=t("You may leave it empty."),
            max_length=40,
            auto_complete="off",
        ),
        button(icon("share-2"), t("Make a page"), type="submit", tone="plain"),
        on_submit=on_share,
        class_name="m-0 flex flex-col gap-2",
    )


def _shared(card: rx.Var[BadgeCard], copied: rx.Var[str], on_stop: Any, on_copied: Any) -> rx.Component:
    return rx.fragment(
        rx.cond(card.signed_by != "", rx.el.p(t("With your name:") + " ", card.signed_by, class_name=WORDS)),
        rx.el.p(card.link, class_name=ADDRESS, custom_attrs={"dir": "ltr"}),
        rx.el.div(
            _copy(t("Copy the link"), card.link, copied == "link", on_copied("link")),
            _copy(t("Copy a message"), card.message, copied == "message", on_copied("message")),
            class_name="grid gap-2 sm:grid-cols-2",
        ),
        document_link(icon("external-link", size=18), t("Open the page"), to=card.link, class_name=LINKS),
        rx.el.div(
            rx.el.p(t("When you stop, the address leads nowhere, for good."), class_name=WORDS + " flex-1"),
            button(t("Stop sharing"), tone="quiet", on_click=on_stop, class_name="shrink-0 !px-2"),
            class_name="flex items-center gap-3",
        ),
    )


def _copy(label: str, text: rx.Var[str], done: rx.Var[bool], on_copied: Any) -> rx.Component:
    return button(
        rx.cond(done, icon("check", size=18), icon("copy", size=18)),
        rx.cond(done, t("Copied"), label),
        tone="plain",
        on_click=[rx.set_clipboard(text), on_copied],
        class_name="!px-2",
    )


def proving(proof: rx.Var[ProofCard], on_sign: Any) -> rx.Component:
    """The badge as a signed credential: made when it is asked for, and what can be done with it."""
    made = rx.fragment(
        rx.el.p(t("Signed. Whoever gets it can check it here, or with any Open Badges reader."), class_name=WORDS),
        rx.el.div(
            document_link(icon("badge-check", size=18), t("See and check it"), to=proof.page, class_name=LINKS),
            document_link(
                icon("image-down", size=18), t("Picture with the signature (PNG)"), to=proof.picture, class_name=LINKS
            ),
            document_link(icon("file-json", size=18), t("As a file (JSON)"), to=proof.file, class_name=LINKS),
            class_name="flex flex-col items-start",
        ),
    )  # fmt: skip
    ask = rx.fragment(
        rx.el.p(t("A signed badge proves that you earned it, wherever you show it."), class_name=WORDS),
        button(icon("badge-check"), t("Get it signed"), tone="plain", on_click=on_sign),
    )
    return rx.el.div(
        rx.el.h3(t("Proof"), class_name=TITLE),
        rx.cond(proof.page != "", made, ask),
        class_name=PART,
    )
