"""The page of streaks: how each stands and why, when the member is away, and by which clock their days go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from badges.away import AWAY_DAYS_MAX, days_in
from badges.document import Badge
from badges.ways import Way
from facts.criteria import Streak
from facts.dates import day_of, year_of
from facts.language import Language
from members.cards import icon_of
from members.game_cards import AbsenceCard, StreakCard, StreaksCard
from members.views.badge_cards import glimpse
from members.views.came_back import with_returns
from members.views.playing import Play, asks, play_for, progress_words
from members.views.reached import held
from members.views.saying import shop
from members.views.streaks import streak_lines


def streaks(session: Session, member_id: UUID, now: datetime, language: Language) -> StreaksCard:
    """The card of the streaks page."""
    play = play_for(session, member_id, now, language)
    version, today = play.standing.version, day_of(now, play.place.zone)
    sign = shop(version, language)
    if not play.calm.isdisjoint(("game", "streaks")):
        return StreaksCard(shop=sign, quiet=play.quiet, hushed=not play.quiet)
    play = with_returns(session, play)
    left = max(0, AWAY_DAYS_MAX - days_in(year_of(today), play.game.away))
    return StreaksCard(
        shop=sign,
        streaks=tuple(_streak(way, play) for way in _ways(play)),
        absences=tuple(_absences(today, play)),
        left=language.plural("{n} day left this year", "{n} days left this year", left),
        today=date.fromordinal(today).isoformat(),
        zone=language.text(
            "By the clock of {place}, where it is {time} now.",
            place=language.place(play.place.zone),
            time=language.date(now, "time", play.place.zone),
        ),
        own_zone=play.place.zone.key != version.zone.key,
        held=held(play),
        told=play.wishes.told,
    )


def _ways(play: Play) -> Iterator[Way]:
    """The streaks that the member can see: badges that are no secret (any more), and challenges they take part in."""
    for way in (*play.ways("badge"), *play.ways("challenge")):
        definition = way.track.definition
        if not isinstance(definition.criterion, Streak) or not play.open(way.track):
            continue
        if isinstance(definition, Badge):
            if way.reached or not (definition.secret or way.blocked or way.over):
                yield way
        elif way.taking_part and play.admits(way.track):
            yield way


def _streak(way: Way, play: Play) -> StreakCard:
    definition, say = way.track.definition, play.say
    badge = isinstance(definition, Badge)
    return StreakCard(
        key=way.track.key,
        name=say.words(definition.name),
        picture=glimpse(way, play).picture if badge else "",
        icon="flame" if badge else icon_of(definition.icon),
        asks=asks(way.track, way.reached + 1, play),
        percent=way.percent,
        progress=progress_words(way, play),
        lines=streak_lines(way, play),
    )


def _absences(today: int, play: Play) -> Iterator[AbsenceCard]:
    """Those that are not over, the next one first."""
    for since, until in sorted(play.game.away):
        if until < today:
            continue
        first, last = (play.say.language.date(date.fromordinal(day), "medium") for day in (since, until))
        yield AbsenceCard(
            since=date.fromordinal(since).isoformat(),
            until=date.fromordinal(until).isoformat(),
            days=first if since == until else f"{first} – {last}",
            now=play.say.text("You are away now") if since <= today else "",
        )
