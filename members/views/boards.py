"""The boards page: lists, my place, my circle and past seasons. Nothing is counted here; all of it lies ready.

Beyond what all pages of the game ask: whose alias it is, my scores, the seasons, my circles, and, for a place beyond
the list, the counts.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, tuple_
from sqlalchemy import select as statement
from sqlmodel import Session, col, select

from badges.board_tables import Alias, BoardCircle, BoardCount, BoardScore, BoardSeason
from badges.places import above
from badges.scores import BoardRules
from badges.tables import Player
from facts.language import Language
from members.actions.board_lists import topic
from members.actions.leagues import circle_topic
from members.aliases import folded, suggested
from members.board_cards import BoardCard, BoardsCard
from members.cards import icon_of
from members.standing import standing_of
from members.views.board_rows import Told, circle_rows, listed_rows, past_card, period_words, time_left
from members.views.playing import Play, held, play_of, wishes_of
from members.views.saying import shop
from members.views.standing import unknown

PAST, IDEAS = 6, 4


@dataclass(frozen=True, slots=True)
class Seen:
    """What the database says of the boards, for one member: seasons and scores by board, newest season first."""

    alias: str
    scores: dict[tuple[str, int], BoardScore]
    seasons: dict[str, list[BoardSeason]]
    circles: dict[str, BoardCircle]


def boards(session: Session, member_id: UUID, now: datetime, language: Language) -> BoardsCard:
    """The card of the boards page."""
    standing = standing_of(session, member_id, now)
    if standing is None:
        raise unknown()
    play = play_of(standing, language, now, wishes_of(session, member_id))
    sign = shop(standing.version, language)
    alias = session.exec(select(Player.alias).where(Player.member_id == member_id)).first() or ""
    if not play.calm.isdisjoint(("ranks", "game")):
        return BoardsCard(shop=sign, quiet=True, alias=alias)
    seen = _seen(session, member_id, alias, play)
    cards = [_card(session, known, seen, play, member_id) for known in play.boards]
    return BoardsCard(
        shop=sign,
        alias=alias,
        ideas=() if alias else _ideas(session, member_id, language, now),
        note="" if alias else _note(session, member_id),
        boards=tuple(cards),
        held=held(play),
    )


def _ideas(session: Session, member_id: UUID, language: Language, now: datetime) -> tuple[str, ...]:
    """A few aliases that are free: the same all day, and others for everybody."""
    chance = hashlib.sha256(f"{member_id.hex}:{now.date()}".encode()).digest()
    ideas = {folded(alias): alias for alias in suggested(language.code, chance)}
    taken = session.exec(select(Alias.folded).where(col(Alias.folded).in_(ideas))).all()
    return tuple(alias for key, alias in ideas.items() if key not in taken)[:IDEAS]


def _note(session: Session, member_id: UUID) -> str:
    newest = select(Alias.reason).where(Alias.member_id == member_id, Alias.reason != "")
    return session.exec(newest.order_by(col(Alias.since).desc()).limit(1)).first() or ""


def _seen(session: Session, member_id: UUID, alias: str, play: Play) -> Seen:
    scores = session.exec(select(BoardScore).where(BoardScore.member_id == member_id)) if alias else ()
    mine = {(row.board, row.period): row for row in scores}
    slugs = list(play.rules.boards)
    newest = func.row_number().over(
        partition_by=col(BoardSeason.board), order_by=col(BoardSeason.period).desc()
    )
    ranked = statement(col(BoardSeason.board), col(BoardSeason.period), newest.label("n")).where(
        col(BoardSeason.board).in_(slugs)
    )
    recent = ranked.subquery()
    few = statement(recent.c.board, recent.c.period).where(recent.c.n <= PAST + 2)
    query = select(BoardSeason).where(tuple_(col(BoardSeason.board), col(BoardSeason.period)).in_(few))
    seasons: dict[str, list[BoardSeason]] = {}
    for season in session.exec(query.order_by(col(BoardSeason.period).desc())):
        seasons.setdefault(season.board, []).append(season)
    return Seen(alias, mine, seasons, _circles(session, mine, play))


def _circles(session: Session, mine: dict[tuple[str, int], BoardScore], play: Play) -> dict[str, BoardCircle]:
    now = {
        slug: known.board.period_at(play.now, play.rules.zone) for slug, known in play.rules.boards.items()
    }
    names = [
        (row.board, row.period, row.division, row.circle)
        for row in mine.values()
        if row.circle and now.get(row.board) == row.period
    ]
    place = tuple_(
        col(BoardCircle.board), col(BoardCircle.period), col(BoardCircle.division), col(BoardCircle.number)
    )
    rows = session.exec(select(BoardCircle).where(place.in_(names))) if names else ()
    return {row.board: row for row in rows}


def _card(session: Session, known: BoardRules, seen: Seen, play: Play, member_id: UUID) -> BoardCard:
    board, say, zone = known.board, play.say, play.rules.zone
    period = board.period_at(min(play.now, board.closes) if board.closes else play.now, zone)
    seasons = seen.seasons.get(board.slug, [])
    season = next((one for one in seasons if one.period == period), None)
    told = Told(board, play, member_id.hex)
    leaders: list[list[Any]] = json.loads(season.leaders) if season else []
    row = seen.scores.get((board.slug, period))
    score = row.score if row and row.score >= max(1, known.least) else 0
    place = _place(session, row, leaders) if row and score else 0
    closed = season is not None and season.closed_at is not None
    circle = seen.circles.get(board.slug)
    return BoardCard(
        slug=board.slug,
        name=say.words(board.name),
        description=say.words(board.description) if board.description else "",
        icon=icon_of(board.icon),
        when=period_words(board, period, play),
        left="" if closed else time_left(board, period, play),
        players=_players(season, play),
        mine=told.mine(place, score, season.players if season else 0, seen.alias, closed=closed),
        listed=place > 0,
        rows=listed_rows(told, leaders, place, score, seen.alias),
        prizes=told.prizes(),
        division=told.division(circle),
        league_words=told.league_words(circle),
        circle=circle_rows(told, circle),
        past=tuple(past_card(told, one) for one in seasons if one.closed_at and one.period != period)[:PAST],
    )


def _players(season: BoardSeason | None, play: Play) -> str:
    number = season.players if season else 0
    return (
        play.say.language.plural("{n} member is listed", "{n} members are listed", number) if number else ""
    )


def _place(session: Session, row: BoardScore, leaders: list[list[Any]]) -> int:
    """The place of a score: read off the list, or one more than the counts of those above."""
    listed = {leader[0]: leader[2] for leader in leaders}
    if not row.dirty and row.member_id.hex in listed:
        return 1 + sum(leader[2] > row.score for leader in leaders)
    ranges = [
        and_(col(BoardCount.level) == level, col(BoardCount.bucket) >= first,
             *([] if end is None else [col(BoardCount.bucket) < end]))
        for level, first, end in above(row.score)
    ]  # fmt: skip
    name = (BoardCount.board == row.board, BoardCount.period == row.period)
    query = select(func.coalesce(func.sum(col(BoardCount.members)), 0)).where(*name, or_(*ranges))
    more = int(session.exec(query).one()) - (1 if row.counted > row.score else 0)
    return 1 + max(0, more)


def topics(session: Session, member_id: UUID, now: datetime) -> list[UUID]:
    """By what names an open page hears of its lists: every board, and the circles that the member sits in."""
    standing = standing_of(session, member_id, now)
    if standing is None:
        return []
    names = [topic(slug) for slug in standing.version.achievements.boards]
    query = select(BoardScore).where(BoardScore.member_id == member_id, col(BoardScore.circle) > 0)
    return names + [
        circle_topic(row.board, row.period, row.division, row.circle) for row in session.exec(query)
    ]
