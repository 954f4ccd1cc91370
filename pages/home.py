"""Home: what I have and what it is worth, how far to the next tier, what comes next, what is lost next."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app import door
from app.door import Admitted, Turned, needs
from app.frame.fresh import Fresh, fresh_sheet, needs_code, session_of
from app.frame.member import arriving, member_page
from app.frame.visit import Visit, act, arrive, at_a_glance, follow, seen, spoken
from components.asked import counter_asks
from components.entries import short_entries, waiting_entries
from components.member_card import member_card
from components.play import first_badges, home_play, play_link
from components.primitives import drawing, icon, more_link, page_link, section, skeleton
from components.purses import purses
from components.question import one_question
from components.rewards import closest_reward, waiting_reward
from components.states import empty
from components.words import kept, t
from members.actions import own
from members.actions.counter_rewards import confirm, decline
from members.cards import HomeCard
from members.roles import Capability, Person
from members.views.counter import handed_over
from members.views.home import home, home_answer, home_question

STEP = "next-step"
COLUMNS = "grid grid-cols-[minmax(0,1fr)] gap-x-10 md:grid-cols-[26rem_minmax(0,1fr)]"


class HomeState(Fresh, Visit, rx.State):
    """The home page of whoever is behind the cookie."""

    card: HomeCard = HomeCard()
    moved: bool = False

    def _show(self, value: HomeCard) -> None:
        self._put("moved", self.get_value("card").balance not in ("", value.balance))
        super()._show(value)

    @rx.event
    @needs(Capability.SEE_OWN)
    async def load(self):
        """Fill the page."""
        await arrive(self, self._view())

    @rx.event(background=True)
    @needs(Capability.SEE_OWN)
    async def keep_up(self):
        """Show what happens while the page is open."""
        await follow(self, self._view())

    @rx.event
    @needs(Capability.REDEEM_OWN)
    async def confirm(self):
        """Say yes to what the counter asks: the receipt is said at the foot of the page."""
        asked, language, known = self.card.ask.key, spoken(self), session_of(self)
        if not asked:
            return

        def work(session: Session, person: Person, now: datetime) -> tuple[str, HomeCard]:
            made = confirm(session, person.member_id, UUID(asked), known, now, session.info["secret"])
            receipt = handed_over(session, made, now, language)
            said = f"{receipt.title}. {receipt.words} {receipt.balance}."
            return said, home(session, person.member_id, now, language)

        answer = await door.enter(self, Capability.REDEEM_OWN, work)
        if isinstance(answer, Admitted):
            self.said, card = answer.value
            self._show(card)
        elif isinstance(answer, Turned) and needs_code(answer.refusal):
            self._ask_for_code(answer.sentence(language))
        else:
            self.said = answer.sentence(language)
            await arrive(self, self._view())

    @rx.event
    @needs(Capability.REDEEM_OWN)
    async def decline(self):
        """Say no."""
        asked, language = self.card.ask.key, spoken(self)
        if not asked:
            return

        def work(session: Session, person: Person, now: datetime) -> HomeCard:
            decline(session, person.member_id, UUID(asked), now)
            return home(session, person.member_id, now, language)

        answer = await door.enter(self, Capability.REDEEM_OWN, work)
        if isinstance(answer, Admitted):
            self._show(answer.value)
        else:
            self.said = answer.sentence(language)

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def answer(self, form: dict[str, str]):
        """Write down the answer to the one question at the end of the page."""
        told = {one: str(form[one])[:200] for one in ("name", "birthday") if one in form}
        await act(self, seen(self, home), lambda session, member, now: own.tell(session, member, now, **told))

    @rx.event
    @needs(Capability.PLAY_OWN)
    async def later(self):
        """Put it off: nothing is asked for some weeks."""
        question = self.card.question
        if question:
            await act(
                self, seen(self, home), lambda session, member, now: own.skip(session, member, question, now)
            )

    def _view(self):
        return at_a_glance(self, home, home_question, home_answer)


def page() -> rx.Component:
    """The page."""
    return member_page(HomeState, _content(), path="/", again=HomeState.load)


def _content() -> rx.Component:
    card = HomeState.card
    first = rx.el.div(
        rx.el.h1(t("Home"), class_name="sr-only"),
        member_card(card, HomeState.moved),
        arriving(
            HomeState,
            _waiting(),
            rx.fragment(
                rx.cond(card.purses.length() > 0, purses(card.purses)),
                rx.cond(card.reward.slug != "", _closest()),
                rx.el.div(
                    rx.cond(card.expiring != "", _expiring()),
                    _next_step(),
                    class_name="mt-2 flex flex-col gap-2",
                ),
            ),
        ),
    )
    nothing = empty("shopping-basket", t("Nothing yet"), t("What you earn appears here as soon as you shop."))
    recent = rx.cond(card.recent.length() > 0, short_entries(card.recent), nothing)
    second = rx.el.div(
        # in one piece, since whoever plays nothing has less above what happened just now
        arriving(
            HomeState,
            rx.fragment(_waiting_game(), _recent(waiting_entries(6))),
            rx.fragment(_game(), _recent(recent)),
        )
    )
    about = one_question(card.question, HomeState.answer, HomeState.later)
    asks = counter_asks(card.ask, ~HomeState.proving, HomeState.confirm, HomeState.decline)
    return rx.fragment(rx.el.div(first, second, about, class_name=COLUMNS), asks, fresh_sheet(HomeState))


def _closest() -> rx.Component:
    return section(
        t("Closest reward"),
        closest_reward(HomeState.card.reward),
        more=more_link(t("All rewards"), "/rewards"),
        class_name="mt-2",
    )


def _game() -> rx.Component:
    """The challenge that is furthest on, what all reach together, the nearest badge; nothing for who wants none."""
    card = HomeState.card
    badge, challenge, goal, first = card.badge, card.challenge, card.goal, card.first
    return rx.fragment(
        rx.cond(
            (challenge.name != "") | (goal.name != ""),
            section(
                t("Challenges"),
                rx.el.div(
                    *[
                        rx.cond(one.name != "", home_play(one, "/challenges", picture=False))
                        for one in (challenge, goal)
                    ],
                    class_name="flex flex-col gap-2.5",
                ),
                more=more_link(t("See all"), "/challenges"),
                class_name="mt-4 md:mt-0",
            ),
        ),
        rx.cond(
            badge.name != "",
            section(
                t("Badges"),
                rx.cond(first.length() > 0, first_badges(first)),
                home_play(badge, "/badges", picture=True),
                more=more_link(t("See all"), "/badges"),
                class_name="mt-2",
            ),
        ),
        rx.cond(card.boards, play_link("trophy", t("Boards"), t("How you stand beside others"), "/boards")),
    )


def _expiring() -> rx.Component:
    return rx.el.p(
        drawing("hourglass", class_name="size-5"),
        rx.el.span(kept(HomeState.card.expiring)),
        class_name="m-0 flex min-h-11 items-center gap-3 rounded-button px-4 font-medium tabular-nums "
        + rx.cond(HomeState.card.expiring_soon, "bg-caution-tint text-caution", "bg-sunk text-soft"),
    )


def _next_step() -> rx.Component | rx.Var[rx.Component]:
    step = HomeState.card.step
    inside = (
        drawing(step.icon, class_name="size-5"),
        rx.el.span(
            rx.el.span(step.title, class_name="-mb-1 truncate pb-1 font-semibold"),
            rx.el.span(kept(step.text), class_name="text-soft line-clamp-3"),
            class_name="flex min-w-0 flex-1 flex-col leading-snug",
        ),
        icon("chevron-right", size=18, class_name="mirrored"),
    )
    look = (
        "flex min-h-[3.75rem] items-center gap-3 rounded-button border border-line bg-raised px-4 py-2 "
        "text-ink no-underline hover:bg-sunk"
    )
    return rx.match(
        step.page,
        ("rewards", page_link(*inside, to="/rewards", class_name=look, id=STEP)),
        ("mine", page_link(*inside, to="/rewards#mine", class_name=look, id=STEP)),
        ("history", page_link(*inside, to="/history", class_name=look, id=STEP)),
        page_link(*inside, to="/rules", class_name=look, id=STEP),
    )


def _recent(entries: rx.Component) -> rx.Component:
    return section(
        t("Just now"),
        entries,
        more=more_link(t("All of it"), "/history"),
        class_name="mt-2",
    )


def _waiting_game() -> rx.Component:
    place = skeleton("h-[5.25rem] !rounded-panel")
    return rx.fragment(
        section(
            t("Challenges"), place, more=more_link(t("See all"), "/challenges"), class_name="mt-4 md:mt-0"
        ),
        section(t("Badges"), place, more=more_link(t("See all"), "/badges"), class_name="mt-2"),
    )


def _waiting() -> rx.Component:
    return rx.fragment(
        section(
            t("Closest reward"),
            waiting_reward(),
            more=more_link(t("All rewards"), "/rewards"),
            class_name="mt-2",
        ),
        rx.el.div(
            skeleton("h-11 !rounded-button"),
            skeleton("h-[3.75rem] !rounded-button"),
            class_name="mt-2 flex flex-col gap-2",
        ),
    )
