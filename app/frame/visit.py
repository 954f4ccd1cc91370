"""How a member page is visited: what it shows to whom, and how it stays up to date while it is open.

A page's State takes `Visit` in, and says in `_show` what to do with what its view returned:

    class HomeState(Visit, rx.State):
        card: HomeCard = HomeCard()

        @rx.event
        async def load(self):
            await arrive(self, lambda session, person, now: home(session, person.member_id, now, spoken(self)))

`arrive` asks the door. Whoever has no session sees the welcome instead; whatever fails says so, with a way on.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar, cast
from uuid import UUID

import reflex as rx
from reflex_base.constants import ROUTER_URL
from sqlmodel import Session

from app import database, door, live, settings
from app.door import Admitted, Glance, Turned, everybody
from app.frame.bound import Bound
from app.frame.joy import held_in, joy
from app.frame.routes import code_of
from app.frame.sending import slim_cards
from facts.ids import MemberId
from facts.language import N_, Language, language
from facts.refusals import Refusal
from members.actions.telling import tell_once
from members.cards import ShopCard, WelcomeCard
from members.joy_cards import JoyCard
from members.news import tier_in
from members.roles import Capability, Person
from members.views.rules import welcome

T = TypeVar("T")
View = Callable[[Session, Person, datetime], T]
Act = Callable[[Session, MemberId, datetime], Any]

SOON_SECONDS = 0.1  # a page is filled anew no more often, whatever the clocks say
WAITING, HERE, STRANGER, FAILED = "waiting", "here", "stranger", "failed"
TROUBLE = N_("Something went wrong on our side. Your points are safe.")

log = logging.getLogger(__name__)
slim_cards()


class Visit(Bound, mixin=True):
    """What every member page knows: how far it is, the shop, what a stranger is told, and a sentence of ours."""

    status: str = WAITING
    shop: ShopCard = ShopCard()
    welcome: WelcomeCard = WelcomeCard()
    demo: bool = False
    said: str = ""
    joyful: JoyCard = JoyCard()

    def _show(self, value: Any) -> None:
        """Put what the view returned on the page."""
        self._put("card", value)
        self._put("shop", value.shop)

    def _put(self, name: str, value: Any) -> None:
        """Set what has changed; what the page shows already is not sent again."""
        known = self.get_value(name)
        if known is not value and known != value:
            setattr(self, name, value)

    @rx.event
    @everybody
    def hush(self):
        """Close the sentence at the foot of the page."""
        self.said = ""
        self._put("joyful", JoyCard())


def spoken(state: Any) -> Language:
    """The language of the page that the state belongs to, by its address."""
    at = getattr(state, ROUTER_URL, None) or state.router.url  # see `door.cookies`
    return language(code_of(str(at.path)))


def shop_address() -> str:
    """Where the shop is reached, for links that leave it."""
    return settings.current().public_url


def seen(state: Any, card: Callable[[Session, MemberId, datetime, Language], T]) -> View[T]:
    """The view of a member's own page, in the language of its address."""
    words = spoken(state)
    return lambda session, person, now: card(session, person.member_id, now, words)


def at_a_glance(
    state: Any,
    card: Callable[[Session, MemberId, datetime, Language], T],
    question: Callable[[], Any],
    answer: Callable[[Sequence[Any], MemberId, datetime, Language], T | None],
) -> Glance[T]:
    """The same for a card that can be had with one question, by its answer."""
    words = spoken(state)
    return Glance(
        question,
        lambda rows, person, now: answer(rows, person.member_id, now, words),
        lambda session, person, now: card(session, person.member_id, now, words),
    )


async def act(state: Any, view: View[Any], action: Act, done: str = "", *, rate: str = "") -> bool:
    """Do `action` as the member, and show the page as it is then; whether it was done.

    What is said at the foot of the page is `done`, or why not.
    """

    def work(session: Session, person: Person, now: datetime) -> Any:
        action(session, person.member_id, now)
        return view(session, person, now)

    answer = await door.enter(state, Capability.PLAY_OWN, work, rate=rate)
    if not isinstance(answer, Admitted):
        state.said = answer.sentence(spoken(state))
        return False
    state._show(answer.value)
    state._put("joyful", JoyCard())
    state.said = spoken(state).text(done) if done else ""
    return True


async def _seen(state: Any, view: View[T]) -> Admitted[T] | Turned:
    if isinstance(view, Glance):
        return await door.glance(state, Capability.SEE_OWN, cast("Glance[T]", view))
    return await door.look(state, Capability.SEE_OWN, view)


async def arrive(state: Any, view: View[Any]) -> None:
    """Fill the page with what `view` says about whoever is behind it."""
    try:
        answer = await _seen(state, view)
        if isinstance(answer, Admitted):
            state._show(answer.value)
            state.status = HERE
        else:
            await turn(state, answer)
    except Exception:
        log.exception("a page could not be filled")
        state.said = spoken(state).text(TROUBLE)
        state.status = FAILED


async def tell(state: Any) -> None:
    """Say what was reached since they were told last, on a page that has been sent: this waits for a turn to write."""
    async with state:
        card = getattr(state, "card", None)
    if told := await _first_told(state, card):
        async with state:
            _rejoice(state, joy(card, card, spoken(state), told))


async def _first_told(state: Any, card: Any, before: Any = None) -> frozenset[str]:
    """What was reached since they were told last, on whatever page: said once, and remembered.

    A tier is also said where it comes after the card `before`, which the page showed. Nothing when it could not be
    remembered: then the next page says it.
    """
    keys, showed = held_in(card), None if before is None else held_in(before)
    other = showed is not None and tier_in(keys) != tier_in(showed)
    if not keys or (" ".join(keys) == card.told and not other):
        return frozenset()
    try:
        answer = await door.enter(
            state,
            Capability.SEE_OWN,
            lambda session, person, now: tell_once(session, person.member_id, keys, now, showed),
        )
    except Exception:
        log.exception("what was reached could not be said")
        return frozenset()
    return answer.value if isinstance(answer, Admitted) else frozenset()


def _rejoice(state: Any, found: JoyCard) -> None:
    if found.words:
        state.joyful, state.said = found, found.words


async def arrive_open(state: Any, view: View[Any], anybody: Callable[[Session, datetime], Any]) -> None:
    """The same for a page that strangers may see too: they get what `anybody` says."""
    try:
        answer = await _seen(state, view)
        state._show(answer.value if isinstance(answer, Admitted) else await look_around(anybody))
        state.status = HERE
    except Refusal as refusal:
        state.said, state.status = refusal.sentence(spoken(state)), FAILED
    except Exception:
        log.exception("a page could not be filled")
        state.said, state.status = spoken(state).text(TROUBLE), FAILED


async def turn(state: Any, answer: Turned) -> None:
    """A stranger is welcomed; a refusal is said."""
    words = spoken(state)
    if not answer.signed_out and answer.refusal.code != "not_allowed":
        state.said, state.status = answer.sentence(words), FAILED
        return
    try:
        card = await look_around(lambda session, now: welcome(session, now, words))
    except Refusal as refusal:
        state.said, state.status = refusal.sentence(words), FAILED
        return
    state.welcome, state.shop, state.demo = card, card.shop, settings.current().demo
    state.status = STRANGER


async def look_around(view: Callable[[Session, datetime], T]) -> T:
    """What anybody may see of the programme, with or without a session."""
    return await door.in_worker(lambda: _look_around(view))


def _look_around(view: Callable[[Session, datetime], T]) -> T:
    with database.reading(door.engine()) as session:
        return view(session, datetime.now(UTC))


async def follow(state: Any, view: View[Any], topics: View[list[UUID]] | None = None) -> None:
    """Keep an open page up to date. Called by a background handler that `on_load` started, and by nothing else.

    `topics` says what the page hears of beside the member: it is asked again after all news.
    """

    def names(session: Session, person: Person, now: datetime) -> list[UUID]:
        return [person.member_id, *(topics(session, person, now) if topics else ())]

    while True:
        who = await door.look(state, Capability.SEE_OWN, names)
        if not isinstance(who, Admitted) or not await _follow(
            state, view, who.value, names if topics else None
        ):
            return


async def _follow(state: Any, view: View[Any], names: list[UUID], asked: View[list[UUID]] | None) -> bool:
    """Show what happens to these names; True when the page is to hear of others, False when nobody is there."""
    async with live.subscribe(*names) as news:
        await tell(state)
        while True:
            await _news_or_day(news, getattr(getattr(state, "card", None), "turns_at", None))
            answer = await _seen(state, view)
            async with state:
                if not isinstance(answer, Admitted):
                    await turn(state, answer)
                    return False
                before = getattr(state, "card", None)
                state._show(answer.value)
                state.status = HERE
            told = await _first_told(state, answer.value, before)
            async with state:
                _rejoice(state, joy(before, answer.value, spoken(state), told))
            who = await door.look(state, Capability.SEE_OWN, asked) if asked else None
            if isinstance(who, Admitted) and who.value != names:
                return True


async def _news_or_day(news: live.News, turns_at: datetime | None) -> None:
    """Wait for news, or until points have arrived by date alone."""
    if turns_at is None:
        await news.next()
        return
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(max(SOON_SECONDS, (turns_at - datetime.now(UTC)).total_seconds())):
            await news.next()
