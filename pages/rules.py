"""Rules: the programme in force in sentences, with a calculator. For members and strangers alike."""

from __future__ import annotations

import reflex as rx

from app.door import everybody, needs
from app.frame.member import arriving, member_page
from app.frame.visit import Visit, arrive_open, look_around, seen, spoken
from components.ahead import Ahead, ahead_rows, item, only_if, said, value
from components.entries import ROWS
from components.fields import number_field, select_field
from components.member_card import tier_class
from components.primitives import ROOMY, button, chip, document_link, drawing, heading, icon, panel, section
from components.words import t
from facts.refusals import Refusal
from members.cards import LevelCard, ReckonedCard, RewardCard, RuleCard, RulesCard
from members.roles import Capability
from members.views.reckoning import reckon
from members.views.rules import rules, rules_mine


class RulesState(Visit, rx.State):
    """The rules in force, and what the calculator said last."""

    card: RulesCard = RulesCard()
    reckoned: list[ReckonedCard] = []
    problem: str = ""

    @rx.event
    @needs(Capability.SEE_OWN)
    async def load(self):
        """Fill the page; the tier of a member is marked."""
        language = spoken(self)
        await arrive_open(self, seen(self, rules_mine), lambda session, now: rules(session, now, language))

    @rx.event
    @everybody
    async def calculate(self, form: dict):
        """Reckon what an amount would earn, by the rules in force."""
        language = spoken(self)
        amount, department = str(form.get("amount", ""))[:20], str(form.get("department", ""))[:300]
        try:
            found = await look_around(lambda session, now: reckon(session, now, language, amount, department))
        except Refusal as refusal:
            self.problem, self.reckoned = refusal.sentence(language), []
        else:
            self.problem, self.reckoned = "", list(found)


def page() -> rx.Component:
    """The page."""
    return member_page(
        RulesState, arriving(RulesState, _waiting(), _content()), path="/rules", again=RulesState.load
    )


def _content() -> rx.Component:
    card = RulesState.card
    return rx.el.div(
        heading(t("Rules")),
        rx.el.div(
            rx.el.div(
                section(t("How to earn"), rx.el.ul(rx.foreach(card.earn, _rule), class_name=ROWS)),
                rx.cond(
                    card.nothing.length() > 0,
                    section(
                        t("What earns nothing"), rx.el.ul(rx.foreach(card.nothing, _rule), class_name=ROWS)
                    ),
                ),
                _points(rx.el.ul(rx.foreach(card.points, _sentence), class_name=SENTENCES)),
                class_name="flex flex-col gap-2",
            ),
            rx.el.div(
                section(t("Calculator"), _calculator()),
                section(
                    t("Tiers"),
                    rx.el.ul(rx.foreach(card.levels, _level), class_name=ROWS),
                    rx.el.p(card.ladder, class_name="m-0 pt-2 text-small text-soft"),
                ),
                section(
                    t("What there is to have"), rx.el.ul(rx.foreach(card.rewards, _reward), class_name=ROWS)
                ),
                class_name="flex flex-col gap-2",
            ),
            class_name=TWO_COLUMNS,
        ),
        rx.el.p(
            card.version,
            " · ",
            document_link(
                t("The same for programs: rules.json"),
                to="/rules.json",
                class_name=f"text-accent underline {ROOMY}",
            ),
            class_name="m-0 text-small text-soft",
        ),
        class_name="flex flex-col gap-2 pt-2",
    )


SENTENCES = "m-0 flex flex-col gap-2 p-0 list-none"
TWO_COLUMNS = "grid items-start gap-x-10 gap-y-2 md:grid-cols-2"


def _points(sentences: rx.Component) -> rx.Component:
    return section(t("Your points"), panel(sentences, class_name="p-4"))


def _rule(card: rx.Var[RuleCard] | Ahead) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            drawing(value(card.icon) if isinstance(card, Ahead) else card.icon, class_name="size-5"),
            class_name="grid size-10 shrink-0 place-items-center rounded-full bg-sunk text-soft",
        ),
        rx.el.div(
            said(card.title, class_name="m-0 font-semibold", optional=True),
            said(card.sentence, class_name="m-0 tabular-nums", bar=True),
            said(card.now, class_name="m-0 text-small font-semibold text-good tabular-nums", optional=True),
            said(card.limits, class_name="m-0 text-small text-soft tabular-nums", optional=True),
        ),
        class_name="flex gap-3 px-4 py-3",
        **item(card, card.key),
    )


def _sentence(text: rx.Var[str] | Ahead) -> rx.Component:
    return rx.el.li(
        icon("check", size=18, class_name="mt-0.5 text-good"),
        said(text, tag=rx.el.span, class_name="tabular-nums"),
        class_name="flex gap-2.5",
        **item(text, text),
    )


def _calculator() -> rx.Component:
    form = rx.el.form(
        number_field(
            t("An amount"), name="amount", problem=RulesState.problem, auto_complete="off", required=True
        ),
        rx.cond(
            RulesState.card.departments.length() > 0,
            select_field(
                t("What for"),
                rx.el.option(t("Anything else"), value=""),
                rx.foreach(RulesState.card.departments, lambda one: rx.el.option(one.label, value=one.path)),
                name="department",
            ),
        ),
        button(t("Reckon"), type="submit"),
        on_submit=RulesState.calculate,
        class_name="flex flex-col gap-3 p-4",
    )
    results = rx.el.ul(
        rx.foreach(RulesState.reckoned, _reckoned),
        aria_live="polite",
        class_name="m-0 list-none border-t border-line p-0 empty:hidden [&>li+li]:border-t "
        "[&>li+li]:border-line",
    )
    return panel(form, results, class_name="overflow-hidden")


def _reckoned(card: rx.Var[ReckonedCard]) -> rx.Component:
    return rx.el.li(
        rx.el.span(card.tier, class_name="flex-1 font-medium"),
        rx.el.span(card.points, class_name="font-semibold tabular-nums"),
        rx.el.span(card.worth, class_name="min-w-16 text-end text-soft tabular-nums"),
        rx.cond(
            card.could_pay != "",
            rx.el.p(card.could_pay, class_name="m-0 basis-full text-small text-soft tabular-nums"),
        ),
        class_name="arrives flex flex-wrap items-center gap-x-3 px-4 py-2.5",
    )


def _level(card: rx.Var[LevelCard]) -> rx.Component:
    return rx.el.li(
        rx.el.span(class_name="tier-swatch mt-1 size-5 shrink-0 rounded-full " + tier_class(card.tone)),
        rx.el.div(
            rx.el.p(
                rx.el.span(card.name, class_name="font-semibold"),
                rx.cond(card.mine, chip(icon("check", size=14), t("Yours"), tone="good")),
                class_name="m-0 flex items-center gap-2",
            ),
            rx.el.p(
                card.threshold, " · ", card.multiplier, class_name="m-0 text-small text-soft tabular-nums"
            ),
            rx.el.ul(
                rx.foreach(card.benefits, _benefit),
                class_name="m-0 mt-1 list-none p-0 text-small",
            ),
        ),
        class_name="flex gap-3 px-4 py-3",
    )


def _benefit(text: rx.Var[str]) -> rx.Component:
    return rx.el.li(text)


def _reward(card: rx.Var[RewardCard]) -> rx.Component:
    return rx.el.li(
        drawing(card.icon, class_name="size-5 text-soft"),
        rx.el.span(card.name, class_name="min-w-0 flex-1"),
        rx.el.span(card.price, class_name="shrink-0 font-medium tabular-nums"),
        class_name="flex items-center gap-3 px-4 py-2.5",
        key=card.slug,
    )


def _waiting() -> rx.Component:
    """The page as far as it is seen at once."""
    return rx.el.div(
        heading(t("Rules")),
        rx.el.div(
            rx.el.div(
                section(t("How to earn"), ahead_rows("earn", 7, _rule, ROWS)),
                only_if("nothing", section(t("What earns nothing"), ahead_rows("nothing", 2, _rule, ROWS))),
                only_if("points", _points(ahead_rows("points", 6, _sentence, SENTENCES))),
                class_name="flex flex-col gap-2",
            ),
            class_name=TWO_COLUMNS,
        ),
        class_name="flex flex-col gap-2 pt-2",
    )
