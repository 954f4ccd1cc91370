"""What a board says to one member, in words: periods, places, prizes, and who climbs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from badges.board_tables import BoardCircle, BoardSeason
from badges.boards import Board
from badges.places import places
from facts.criteria.figures import score_words
from facts.criteria.saying import sentence
from facts.dates import day_of
from facts.language import N_
from members.actions.leagues import verdict
from members.board_cards import PastCard, PlaceCard
from members.views.playing import Play, gift_words
from members.views.saying import day

TOP, PAST_TOP, BEST = 10, 3, 3
NOBODY = N_("Somebody who left")
ZONES = {1: ("up", N_("climbs")), -1: ("down", N_("goes down"))}
Leader = Sequence[Any]  # member as hex, alias, score, and once closed the place


@dataclass(frozen=True, slots=True)
class Told:
    """A board, and the member to whom it is told; `me` is their id as hex."""

    board: Board
    play: Play
    me: str

    def score(self, value: int) -> str:
        """A score in words."""
        return score_words(self.board.criterion, value, self.play.say.language, self.play.say.currency)

    def mine(
        self, place: int, score: int, players: int, alias: str, circle: Sequence[PlaceCard], *, closed: bool
    ) -> str:
        """Where the member stands (in their circle, and among all), what it takes to, or that it is for other tiers."""
        say = self.play.say
        seat = next((one.place for one in circle if one.me), "")
        if place and seat:
            said = N_(
                "Place {seat} of {seats} in your circle, place {place} of {players} on the whole board: {score}"
            )
            return say.text(said, seat=seat, seats=len(circle), place=place, players=max(place, players),
                            score=self.score(score))  # fmt: skip
        if place:
            return say.text("Place {place} of {players}: {score}", place=place, players=max(place, players),
                            score=self.score(score))  # fmt: skip
        if closed:
            return ""
        if self.board.tiers and self.play.standing.level.slug not in self.board.tiers:
            return say.text("Only for {tiers}.", tiers=say.tier_names(self.board.tiers))
        if not alias:
            return ""
        asked = sentence(self.board.criterion, say.language, say.currency, tiers=say.tiers)
        return say.text("What puts you on this list: {what}", what=asked)

    def prizes(self) -> tuple[str, ...]:
        """What the places bring; of a league those on the whole board, whatever the circle."""
        words = (
            N_("Place {places} on the whole board: {gift}")
            if self.board.leagues
            else N_("Place {places}: {gift}")
        )
        return tuple(
            self.play.say.text(words, places=self._between(*one.between), gift=gift)
            for one in self.board.prizes
            if (gift := gift_words(one.prize, self.play))
        )

    def _between(self, first: int, last: int) -> str:
        number = self.play.say.language.number
        return number(first) if first == last else f"{number(first)}–{number(last)}"

    def division(self, circle: BoardCircle | None) -> str:
        """The division of the member's circle, by name."""
        if circle is None or self.board.leagues is None:
            return ""
        names = self.board.leagues.divisions
        return self.play.say.words(names[min(circle.division, len(names) - 1)])

    def league_words(self, circle: BoardCircle | None) -> str:
        """What a league is, for who is in none; what is at stake, for who is."""
        leagues, say = self.board.leagues, self.play.say
        if leagues is None:
            return ""
        if circle is None:
            return say.text(
                "Your first score of the period gives you a seat in a circle of {n}.", n=leagues.size
            )
        return say.text("When the period is over the best climb a division, and the last go down one.")


def period_words(board: Board, period: int, play: Play) -> str:
    """The period as people call it: a day, a week from its first to its last day, a month."""
    return _days(board, board.span(period, play.rules.zone), play)


def _days(board: Board, span: tuple[datetime, datetime] | None, play: Play) -> str:
    zone, say = play.rules.zone, play.say
    if span is None:
        return say.text("Of all time")
    first, last = span[0].astimezone(zone), (span[1] - timedelta(microseconds=1)).astimezone(zone)
    if board.period == "month":
        return say.language.date(first, "month", zone)
    if board.period == "day":
        return day(first, say, zone, play.now)
    return f"{day(first, say, zone, play.now, short=True)} – {day(last, say, zone, play.now, short=True)}"


def time_left(board: Board, period: int, play: Play) -> str:
    """How many days are left; once it is over, that late orders and returns still count."""
    span = board.span(period, play.rules.zone)
    if span is None:
        return ""
    days = _days_between(play.now, span[1], play)
    if days <= 0:
        return play.say.text("Over; what comes late still counts")
    return (
        play.say.text("last day")
        if days == 1
        else play.say.language.plural("{n} day left", "{n} days left", days)
    )


def _days_between(now: datetime, end: datetime, play: Play) -> int:
    zone = play.rules.zone
    return day_of(end - timedelta(microseconds=1), zone) - day_of(now, zone) + 1 if end > now else 0


def listed_rows(
    told: Told, leaders: Sequence[Leader], place: int, score: int, alias: str
) -> tuple[PlaceCard, ...]:
    """The best ten; then, after a gap, the member with their neighbours, or alone beyond the list."""
    cards = [_row(told, leader, number) for leader, number in zip(leaders, _places(leaders), strict=True)]
    shown = cards[:TOP]
    here = next((i for i, leader in enumerate(leaders) if leader[0] == told.me), None)
    if here is not None and here >= TOP:
        near = cards[max(TOP, here - 1) : here + 2]
        first = max(TOP, here - 1)
        shown += [_gapped(card) if i == 0 and first > TOP else card for i, card in enumerate(near)]
    elif here is None and place:
        own = _row(told, (told.me, alias, score), place)
        shown.append(_gapped(own))
    return tuple(shown)


def _places(leaders: Sequence[Leader]) -> list[int]:
    return [leader[3] if len(leader) > 3 else number
            for leader, number in zip(leaders, places([leader[2] for leader in leaders]), strict=True)]  # fmt: skip


def _gapped(card: PlaceCard) -> PlaceCard:
    return PlaceCard(card.key, card.place, card.alias, card.score, card.me, card.best, True)


def _row(told: Told, leader: Leader, place: int, zone: int = 0) -> PlaceCard:
    say = told.play.say
    name, words = ZONES.get(zone, ("", ""))
    return PlaceCard(
        key=f"{place}:{leader[1]}",
        place=say.language.number(place),
        alias=leader[1] or say.text(NOBODY),
        score=told.score(leader[2]),
        me=leader[0] == told.me,
        best=place <= BEST,
        zone=name,
        zone_words=say.text(words) if words else "",
    )


def circle_rows(told: Told, circle: BoardCircle | None) -> tuple[PlaceCard, ...]:
    """All of a circle, with what would become of each if it were over now."""
    if circle is None or told.board.leagues is None:
        return ()
    people: list[Leader] = json.loads(circle.people)
    moves: dict[str, int] = json.loads(circle.judged) if circle.judged else verdict(told.board, circle)
    return tuple(
        _row(told, person, place, moves.get(person[0], 0))
        for person, place in zip(people, _places(people), strict=True)
    )


def past_card(told: Told, season: BoardSeason) -> PastCard:
    """A closed season with its best three places."""
    leaders: list[Leader] = json.loads(season.leaders)
    rows = [_row(told, leader, place)
            for leader, place in zip(leaders, _places(leaders), strict=True) if place <= PAST_TOP]  # fmt: skip
    return PastCard(str(season.period), _had(told, season), tuple(rows[:TOP]))


def _had(told: Told, season: BoardSeason) -> str:
    """The days that it really had, whatever its board says since."""
    if season.begins_at and season.ends_at:
        return _days(told.board, (season.begins_at, season.ends_at), told.play)
    return period_words(told.board, season.period, told.play)
