"""The home page: what I have and what it is worth, what comes next, and what just happened. One query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam
from sqlmodel import Session

from facts.language import Language
from members.asking import together
from members.cards import HomeCard, PlayCard, RewardCard, StepCard
from members.news import tier_in
from members.programme.versions import Timeline, remembered, versions
from members.questions import next_question
from members.sessions import asker
from members.standing import MemberStanding, digest_in, standing_in, standing_of
from members.views.counter_asked import asked_in
from members.views.entries import EntryRow, entry_card
from members.views.goals import goal_at_home
from members.views.home_asked import home_parts
from members.views.home_game import HomeGame, home_game
from members.views.kept import Kept
from members.views.offers import Counted, free_now, in_sight
from members.views.playing import Wishes, play_of
from members.views.saying import shop, wording
from members.views.standing import expiring_words, tier_card, unknown
from members.views.wallets import balance_words, coming_words, main_purse, purse_cards, worth_words
from rewards.lots import POINTS
from rewards.occasion import APART, Day
from rewards.redemption import PRIZE
from rewards.wording import Wording

CLOSED = ("cancelled", "expired", "used")
KEPT_MAX = 2000

_kept: Kept[HomeCard] = Kept(KEPT_MAX)
_games: Kept[HomeGame] = Kept(KEPT_MAX)


def hero(session: Session, member_id: UUID, now: datetime, language: Language) -> HomeCard:
    """The upper half of the card: where the member stands. One query."""
    standing = standing_of(session, member_id, now)
    if standing is None:
        raise unknown()
    return _hero(standing, wording(standing.version, language), now)


def home(session: Session, member_id: UUID, now: datetime, language: Language) -> HomeCard:
    """The card of the home page."""
    rows = session.execute(_question(), {"member": member_id, "now": now}).all()
    return home_in(rows, member_id, now, language, versions(session, digest_in(rows)))


def home_in(
    rows: Sequence[Any], member_id: UUID, now: datetime, language: Language, line: Timeline
) -> HomeCard:
    """The same from the rows of a question that has `home_parts` in it."""
    standing = standing_in(rows, member_id, now, line)
    if standing is None:
        raise unknown()
    say = wording(standing.version, language)
    desk = _desk(rows)
    entries, counted = desk.entries, desk.counted
    lost, soon = expiring_words(standing, say, now) if main_purse(standing) is None else ("", False)
    near, ready = in_sight(standing, counted, say, now)
    game = _game(rows, standing, language, desk.wishes, now)
    return replace(
        _hero(standing, say, now),
        reward=near,
        expiring=lost,
        expiring_soon=soon,
        step=_step(near, ready, desk, standing, say, now),
        recent=tuple(_recent(entries, line, language, now)),
        badge=game.badge,
        challenge=game.challenge,
        goal=goal_at_home(standing.version, say, now, desk.sums) if game.shown else PlayCard(),
        first=game.first,
        boards=game.boards,
        held=game.held,
        told=desk.wishes.told,
        ask=asked_in(rows, standing, say, now),
        question=_asked_about(rows, now),
    )


def _game(
    rows: Sequence[Any], standing: MemberStanding, language: Language, wishes: Wishes, now: datetime
) -> HomeGame:
    """The game at home, which is half of the work: made anew when it has moved, not whenever the page has."""
    moves = (standing.game, standing.level.slug, standing.version.number, digest_in(rows), wishes.calm,
             wishes.shown, frozenset(wishes.taken.items()), bool(tier_in((wishes.told or "").split())))  # fmt: skip
    return _games.card(
        (standing.member_id, language), moves, now,
        lambda: home_game(play_of(standing, language, now, wishes)),
    )  # fmt: skip


@cache
def home_question() -> Any:
    """The whole question of the home page, for whoever holds a session's token: parameters `digest` and `now`."""
    member, who = asker()
    return together([*home_parts(member), who], named=True)


def home_answer(rows: Sequence[Any], member_id: UUID, now: datetime, language: Language) -> HomeCard | None:
    """The card from the answer to `home_question`; None when this process does not know the programme yet."""
    line = remembered(digest_in(rows) or "")
    if line is None:
        return None
    return _kept.card((member_id, language), rows, now, lambda: home_in(rows, member_id, now, language, line))


def _hero(standing: MemberStanding, say: Wording, now: datetime) -> HomeCard:
    card = HomeCard(
        shop=shop(standing.version, say.language),
        balance=say.language.number(standing.available),
        unit=say.language.plural("point", "points", standing.available),
        worth=worth_words(standing, say),
        tier=tier_card(standing, say, now),
        pending=coming_words(standing, say, now),
        purses=purse_cards(standing, say, now) if standing.purses else (),
        turns_at=standing.turns_at,
    )
    main = main_purse(standing)
    if main is None:
        return card
    beside = tuple(one for one in card.purses if one.key != main.slug)
    return replace(card, balance=balance_words(standing, say), unit=say.purses[main.slug].name, purses=beside)


def _recent(entries: list[EntryRow], line: Timeline, language: Language, now: datetime) -> list[Any]:
    return [entry_card(row, line, language, now) for row in entries]


def _step(
    near: RewardCard,
    ready: RewardCard | None,
    desk: _Desk,
    standing: MemberStanding,
    say: Wording,
    now: datetime,
) -> StepCard:
    """The one thing that is best done next; what is free on a day of the member's own comes first, since it goes by."""
    if free := free_now(standing, desk.counted, say, now):
        return StepCard("gift", say.text("Ready for you"), free, "rewards")
    if desk.vouchers:
        name = say.rewards.get(desk.vouchers[0], desk.vouchers[0])
        return StepCard(
            "ticket",
            say.text("Use your reward"),
            name,
            "mine",
        )
    if ready and near.group != "now":
        return StepCard(ready.icon, say.text("Ready for you"), ready.name, "rewards")
    if desk.waiting:
        waiting = say.language.plural("{n} action waits for it", "{n} actions wait for it", desk.waiting)
        return StepCard("hourglass", say.text("The shop takes a closer look"), waiting, "history")
    if main_purse(standing):
        return StepCard("sparkles", say.text("How to earn"), say.text("See what brings how much"), "rules")
    if standing.pending:
        return StepCard(
            "sprout", say.text("More is on its way"), say.text("See when your points arrive"), "history"
        )
    return StepCard(
        "sparkles", say.text("Earn your next points"), say.text("See what brings points"), "rules"
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    """Newest entries, open vouchers, counted shelves; what is switched off of the game, and what is scarce in it.

    `waiting` is how many facts staff have to look at before they count; `sums` what the goals of all come to.
    """

    entries: list[EntryRow]
    vouchers: list[str]
    counted: Counted
    wishes: Wishes
    waiting: int
    sums: Mapping[str, tuple[int, bool]]


def _desk(rows: Sequence[Any]) -> _Desk:
    entries = [EntryRow(*row[1:]) for row in rows if row[0] == "entry"]
    entries.sort(key=lambda entry: -entry.seq)
    taken = [row for row in rows if row[0] in ("redemption", "before") and row[2] != "cancelled"]
    vouchers = [row[8] for row in taken if row[0] == "redemption" and row[2] not in CLOSED]
    moments = [(row[8], row[4]) for row in taken if not row[7].startswith(PRIZE)]
    had = Counter(slug for slug, _ in moments)
    others = (
        APART if any(row[0] == "before" for row in rows) else timedelta(0)
    )  # their days are not known here
    days = {row[2]: Day(row[4], row[4] - others) for row in rows if row[0] == "day"}
    left = {row[8]: row[3] for row in rows if row[0] == "stock"}
    player = ((row[2] or "", row[8] or "", row[7]) for row in rows if row[0] == "player")
    calm, shown, told = next(player, ("", "", None))
    gone = {row[8]: row[3] for row in rows if row[0] == "scarce"}
    wishes = Wishes(frozenset(calm.split()), gone, shown=tuple(shown.split()), told=told)
    waiting = sum(row[3] for row in rows if row[0] == "case")
    sums = {row[8]: (row[3], row[4] is not None) for row in rows if row[0] == "goal"}
    return _Desk(
        entries, vouchers, Counted(left, had, a_visit(entries), moments, days=days), wishes, waiting, sums
    )


@cache
def _question() -> Any:
    return together(home_parts(bindparam("member", type_=Uuid())), named=True)


def a_visit(entries: list[EntryRow]) -> int:
    """About how many points a visit brings: the middle one of the latest."""
    mine = (entry for entry in entries if entry.kind == "earned" and entry.wallet == POINTS)
    earned = sorted(entry.amount for entry in mine if entry.amount > 0)
    return earned[len(earned) // 2] if earned else 0


def _asked_about(rows: Sequence[Any], now: datetime) -> str:
    """The one question about themselves that is asked next."""
    one = next((row for row in rows if row.what == "player"), None)
    if one is None:
        return ""
    return next_question(one.at, bool(one.amount), one.active_from is not None, one.why or "", now)
