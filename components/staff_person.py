"""Parts of the page on which staff sees one member: figures, rewards, badges, and what can be done by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from components.badge import badge_picture
from components.entries import ROWS
from components.fields import BOX, area_field, of_turn, select_field, text_field
from components.primitives import ButtonTone, apart, button, chip, document_link, emblem, icon, section
from components.words import href, t
from members.cards import VoucherCard
from members.staff_cards import PersonCard
from members.staff_game_cards import FigureCard, HeldBadgeCard, OptionCard

SMALL = "m-0 text-small text-soft tabular-nums"


def known(card: rx.Var[PersonCard]) -> rx.Component:
    """What the member is known as, and their tier."""
    tier = rx.el.li(
        chip(card.tier, rx.cond(card.tier_words != "", rx.el.span(card.tier_words)), tone="accent")
    )
    return rx.el.ul(
        tier,
        rx.foreach(card.known_as, lambda one: rx.el.li(chip(one))),
        aria_label=t("Known as"),
        class_name="m-0 flex list-none flex-wrap gap-2 p-0 tabular-nums",
    )


def same_person(card: rx.Var[PersonCard]) -> rx.Component:
    """Leads to where two accounts of one person become one, and a draft gets its code."""
    return document_link(
        icon("users"),
        rx.el.span(t("One person, two accounts"), class_name="min-w-0 flex-1"),
        icon("chevron-right", size=18, class_name="mirrored text-soft"),
        to=href("") + rx.Var.create("/staff/member/same?id=") + card.key,
        class_name="flex min-h-11 items-center gap-3 rounded-panel border border-line bg-raised px-4 py-3 text-ink "
        "no-underline hover:bg-sunk",
    )


def member_search(on_search: Any, *, tone: ButtonTone = "accent", **props: Any) -> rx.Component:
    """A box in which a member is looked for, by whatever is known of them; it is called `wanted`."""
    return rx.el.form(
        rx.el.label(
            t("Name, customer number, e-mail, phone or card"),
            html_for="wanted",
            class_name="w-full text-small font-medium",
        ),
        rx.el.input(
            id="wanted",
            name="wanted",
            type="search",
            auto_complete="off",
            class_name=f"{BOX} min-w-0 flex-1",
            **props,
        ),
        button(icon("search"), t("Find"), tone=tone, type="submit"),
        on_submit=on_search,
        reset_on_submit=False,
        role="search",
        class_name="flex flex-wrap gap-x-2 gap-y-1.5",
    )


def member_row(card: rx.Var[Any], *below: rx.Component, aside: Sequence[rx.Component] = ()) -> rx.Component:
    """A member in a list, which leads to their page. `card` has a `key`, a `name`, a `path` and what they are
    `known_as`; more of them stands `below` that, or to the side.
    """
    return rx.el.li(
        document_link(
            rx.el.span(
                icon("user"),
                class_name="hidden size-10 shrink-0 place-items-center rounded-full bg-sunk text-soft sm:grid",
            ),
            rx.el.div(
                rx.el.p(card.name, class_name="m-0 text-section font-semibold text-ink"),
                rx.el.p(card.known_as, class_name=SMALL),
                *below,
                class_name="min-w-0 flex-1 [overflow-wrap:anywhere]",
            ),
            *aside,
            icon("chevron-right", size=18, class_name="mirrored text-soft"),
            to=href("") + card.path,
            class_name="flex items-center gap-3.5 px-4 py-3 no-underline hover:bg-sunk",
        ),
        key=card.key,
    )


def figure(card: rx.Var[FigureCard]) -> rx.Component:
    """A number in its tile."""
    return rx.el.div(
        rx.el.dt(card.label, class_name="text-small text-soft"),
        rx.el.dd(card.value, class_name="m-0 text-title font-bold tabular-nums"),
        rx.el.dd(card.words, class_name=SMALL),
        class_name="flex min-h-24 grow basis-36 flex-col gap-0.5 bg-raised p-4",
        key=card.label,
    )


def voucher(card: rx.Var[VoucherCard], person: rx.Var[PersonCard], state: Any) -> rx.Component:
    """A reward that the member has; `state` has the handlers `hand_over` and `give_back`."""
    return rx.el.li(
        emblem(card.icon, card.picture, class_name="size-12"),
        rx.el.div(
            rx.el.p(card.name, class_name="m-0 text-section font-semibold"),
            rx.el.p(apart(card.words), class_name=SMALL),
            class_name="min-w-0 flex-1 basis-40",
        ),
        rx.cond(
            card.open & person.may_hand_over,
            button(t("Hand over"), tone="tinted", on_click=state.hand_over(card.key)),
        ),
        rx.cond(
            card.returnable & person.may_adjust,
            button(t("Call off"), tone="plain", on_click=state.give_back(card.key)),
        ),
        class_name="flex flex-wrap items-center gap-3 px-4 py-3",
        key=card.key,
    )


def held_badges(person: rx.Var[PersonCard]) -> rx.Component:
    """The member's badges: those that are held, and what became of the others."""
    return rx.el.ul(rx.foreach(person.badges, _held), class_name=ROWS)


def _held(card: rx.Var[HeldBadgeCard]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            card.picture != "",
            badge_picture(card.picture, class_name="size-12"),
            emblem("medal", class_name="size-12"),
        ),
        rx.el.div(
            rx.el.p(card.name, class_name="m-0 text-section font-semibold"),
            rx.el.p(apart(card.words), class_name=SMALL),
            rx.cond(
                card.note != "", rx.el.p(card.note, class_name="m-0 text-small [overflow-wrap:anywhere]")
            ),
            class_name="min-w-0 flex-1",
        ),
        class_name="flex items-center gap-3 px-4 py-3",
        key=card.key,
    )


def _why(name: str) -> rx.Component:
    hint = t("The member reads it too.")
    return area_field(
        t("Reason"), name=name, hint=hint, rows="3", max_length=500, min_length=3, required=True
    )


def adjustment(
    card: rx.Var[PersonCard], wrong: rx.Var[str], on_adjust: Any, *, turn: rx.Var[int]
) -> rx.Component:
    """A form with which points are given or taken by hand; it is drawn anew for each `turn`.

    Where there are wallets beside points, one of them is chosen.
    """
    wallets = card.by_hand.wallets
    points = text_field(
        rx.cond(wallets.length() > 0, t("How much"), t("Points")),
        name="how_many",
        hint=t("With a minus to take some away."),
        problem=wrong,
        auto_complete="off",
    )
    reason = area_field(
        t("Reason"), name="reason", hint=t("The member reads it too."), rows="3", max_length=500
    )
    return section(
        t("Give or take points"),
        _form(
            turn,
            on_adjust,
            rx.cond(wallets.length() > 0, select_field(t("Wallet"), _choices(wallets), name="wallet")),
            points,
            reason,
            rx.el.p(card.limit, class_name=SMALL),
            rx.cond(card.by_hand.together != "", rx.el.p(card.by_hand.together, class_name=SMALL)),
            button(t("Adjust"), type="submit"),
            space="mt-2",
        ),
    )


def badges_by_hand(
    card: rx.Var[PersonCard], on_give: Any, on_take: Any, *, giving: rx.Var[int], taking: rx.Var[int]
) -> rx.Component:
    """A form with which a badge is given by hand, and one, folded, with which one is taken away.

    `giving` and `taking` are their turns, as in `adjustment`. There is a form only where there is a badge for it.
    """
    give = _form(
        giving,
        on_give,
        select_field(t("Badge and level"), _choices(card.options), name="badge"),
        _why("badge_reason"),
        button(t("Give the badge"), tone="plain", type="submit"),
    )
    take = _form(
        taking,
        on_take,
        rx.el.p(
            t("All its levels go, and it is not earned again by itself. What it gave stays."),
            class_name="m-0 text-small text-soft",
        ),
        select_field(t("Badge"), _choices(card.takable), name="taken"),
        _why("taking_reason"),
        button(t("Take the badge away"), tone="caution", type="submit"),
        space="pt-1 pb-2",
    )
    return section(
        rx.cond(card.options.length() > 0, t("Give a badge"), t("Badges")),
        rx.el.div(
            rx.cond(card.options.length() > 0, give),
            rx.cond(
                card.takable.length() > 0,
                rx.el.details(
                    rx.el.summary(
                        t("Take a badge away"),
                        class_name="min-h-11 cursor-pointer py-2.5 font-medium text-accent",
                    ),
                    take,
                ),
            ),
            class_name="mt-2 flex flex-col gap-2",
        ),
    )


def _form(turn: rx.Var[int], on_submit: Any, *fields: rx.Component, space: str = "") -> rx.Component:
    """Fields one below the other, drawn anew for each `turn`."""
    look = f"{space} flex flex-col gap-4".strip()
    return rx.el.form(of_turn(turn), *fields, on_submit=on_submit, key=turn, class_name=look)


def _choices(options: rx.Var[tuple[OptionCard, ...]]) -> rx.Component:
    return rx.foreach(options, lambda one: rx.el.option(one.label, value=one.key, key=one.key))
