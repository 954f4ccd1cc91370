"""Rules: the programme in force in sentences, with a calculator. For members and strangers alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app import door
from app.door import Admitted, everybody, needs
from app.frame.member import arriving, member_page
from app.frame.visit import Visit, arrive_open, look_around, seen, spoken
from components.ahead import AHEAD, Ahead, ahead_rows, item, only_if, rows, said, value
from components.calculator import calculator
from components.entries import ROWS
from components.forecast import what_if
from components.member_card import tier_class
from components.past_rules import history
from components.primitives import ROOMY, chip, document_link, drawing, heading, icon, panel, section
from components.words import kept, t
from facts.refusals import Refusal
from members.cards import LevelCard, RewardCard, RuleCard, RulesCard
from members.forecast_cards import ForecastCard
from members.reckoned_cards import ReckonedCard
from members.roles import Capability, Person
from members.views.forecast import foresee
from members.views.reckoning import reckon, said_once
from members.views.rules import rules, rules_mine


class RulesState(Visit, rx.State):
    """The rules in force, and what the calculator, and the forecast, said last."""

    card: RulesCard = RulesCard()
    reckoned: list[ReckonedCard] = []
    could_pay: str = ""
    problem: str = ""
    what: ForecastCard = ForecastCard()
    _spend: int = 0
    _by: str = ""

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
            self.problem, self.reckoned, self.could_pay = refusal.sentence(language), [], ""
        else:
            each, self.could_pay = said_once(found)
            self.problem, self.reckoned = "", list(each)

    @rx.event
    @needs(Capability.SEE_OWN)
    async def foresee(self, spend: float):
        """Say what spending so much would bring: the slider has come to rest."""
        try:
            self._spend = int(spend)
        except (TypeError, ValueError, OverflowError):
            self._spend = 0
        await self._look_ahead()

    @rx.event
    @needs(Capability.SEE_OWN)
    async def foresee_by(self, day: str):
        """The same by another day."""
        self._by = str(day)[:20]
        await self._look_ahead()

    async def _look_ahead(self) -> None:
        spend, by, words = self._spend, self._by, spoken(self)
        self.what = ForecastCard()
        if spend <= 0:
            return

        def view(session: Session, person: Person, now: datetime) -> ForecastCard:
            return foresee(session, person.member_id, spend, by, now, words)

        answer = await door.look(self, Capability.SEE_OWN, view)
        if isinstance(answer, Admitted):
            self.what = answer.value
        else:
            self.said = answer.sentence(words)


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
                _told(_points, card.points),
                rx.cond(card.wallets.length() > 0, _wallets(card.wallets)),
                class_name="flex flex-col gap-2",
            ),
            rx.el.div(
                rx.cond(
                    card.most > 0,
                    section(
                        t("What if?"),
                        what_if(RulesState.what, card.most, RulesState.foresee, RulesState.foresee_by),
                    ),
                ),
                section(
                    t("Calculator"),
                    calculator(
                        card.departments,
                        card.reckoned_for,
                        RulesState.calculate,
                        RulesState.problem,
                        RulesState.reckoned,
                        RulesState.could_pay,
                    ),
                ),
                section(
                    t("Tiers"),
                    rx.el.ul(rx.foreach(card.levels, _level), class_name=ROWS),
                    rx.el.p(kept(card.ladder), class_name="m-0 pt-2 text-small text-soft"),
                ),
                rx.cond(
                    card.rewards.length() > 0,
                    section(
                        t("What there is to have"),
                        rx.el.ul(rx.foreach(card.rewards, _reward), class_name=ROWS),
                    ),
                ),
                class_name="flex flex-col gap-2",
            ),
            class_name=TWO_COLUMNS,
        ),
        rx.cond(
            card.past.length() > 0,
            section(
                t("How the rules have changed"),
                history(card.past, card.older),
            ),
        ),
        rx.el.p(
            kept(card.version),
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


def _told(about: Callable[[rx.Component], rx.Component], lines: rx.Var[tuple[str, ...]]) -> rx.Component:
    """Sentences under their heading, where there are any."""
    listed = rx.el.ul(rx.foreach(lines, _sentence), class_name=SENTENCES)
    return rx.cond(lines.length() > 0, about(listed))


def _points(sentences: rx.Component) -> rx.Component:
    return section(t("Your points"), panel(sentences, class_name="p-4"))


def _wallets(cards: Any) -> rx.Component:
    return section(t("Wallets"), rows(cards, 3, _wallet, ROWS))


def _wallet(card: Any) -> rx.Component:
    return rx.el.li(
        said(card.name, tag=rx.el.h3, class_name="m-0 pb-2 text-body font-semibold"),
        rows(card.sentences, 12, _sentence, SENTENCES),
        class_name="p-4",
        **item(card, card.name),
    )


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
                kept(card.threshold),
                rx.cond(card.multiplier != "", " · " + card.multiplier, ""),
                class_name="m-0 text-small text-soft tabular-nums",
            ),
            rx.el.ul(
                rx.foreach(card.benefits, _benefit),
                class_name="m-0 mt-1 list-none p-0 text-small",
            ),
        ),
        class_name="flex gap-3 px-4 py-3",
    )


def _benefit(text: rx.Var[str]) -> rx.Component:
    return rx.el.li(kept(text))


MORE = "m-0 text-small text-soft tabular-nums"


def _reward(card: rx.Var[RewardCard]) -> rx.Component:
    return rx.el.li(
        drawing(card.icon, class_name="size-5 text-soft"),
        rx.el.div(
            rx.el.span(card.name),
            rx.cond(card.words != "", rx.el.p(kept(card.words), class_name=MORE)),
            rx.cond(card.pot != "", rx.el.p(kept(card.pot), class_name=MORE)),
            class_name="min-w-0 flex-1",
        ),
        rx.el.span(kept(card.price), class_name="shrink-0 font-medium tabular-nums"),
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
                only_if("wallets", _wallets(AHEAD.wallets)),
                class_name="flex flex-col gap-2",
            ),
            class_name=TWO_COLUMNS,
        ),
        class_name="flex flex-col gap-2 pt-2",
    )
