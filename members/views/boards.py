"""The boards page: lists, my place, my circle and past seasons. Nothing is counted here; all of it lies ready.

Beyond what all pages of the game ask: my scores with their circles, or while I have no alias which ones are free; the
seasons; and, for a place beyond the list, the counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
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
from facts.language import Language
from members.actions.board_lists import topic
from members.actions.leagues import circle_topic
from members.aliases import folded, suggested
from members.board_cards import BoardCard, BoardsCard
from members.cards import icon_of
from members.standing import standing_of
from members.views.board_rows import Told, circle_rows, listed_rows, past_card, period_words, time_left
from members.views.playing import Play, play_for
from members.views.reached import held
from members.views.saying import shop

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
    play = play_for(session, member_id, now, language)
    sign, alias = shop(play.standing.version, language), play.wishes.alias
    if not play.calm.isdisjoint(("ranks", "game")):
        return BoardsCard(shop=sign, quiet=True, alias=alias)
    seen = _seen(session, member_id, alias, play)
    stands = [_stand(known, seen, play) for known in play.boards]
    ahead = _ahead(session, stands)
    cards = [_card(one, seen, play, member_id, ahead) for one in stands]
    ideas, note = ((), "") if alias else _names(session, member_id, language, now)
    return BoardsCard(
        shop=sign,
        alias=alias,
        ideas=ideas,
        note=note,
        boards=tuple(cards),
        held=held(play),
        told=play.wishes.told,
    )


def _names(
    session: Session, member_id: UUID, language: Language, now: datetime
) -> tuple[tuple[str, ...], str]:
    """A few aliases that are free, the same all day and others for everybody; and why the last one was taken away."""
    chance = hashlib.sha256(f"{member_id.hex}:{now.date()}".encode()).digest()
    ideas = {folded(alias): alias for alias in suggested(language.code, chance)}
    mine = and_(col(Alias.member_id) == member_id, col(Alias.reason) != "")
    rows = session.exec(
        select(Alias.folded, Alias.member_id, Alias.reason)
        .where(or_(col(Alias.folded).in_(ideas), mine))
        .order_by(col(Alias.since).desc())
    ).all()
    taken = {key for key, _, _ in rows}
    note = next((reason for _, member, reason in rows if member == member_id and reason), "")
    return tuple(alias for key, alias in ideas.items() if key not in taken)[:IDEAS], note


def _seen(session: Session, member_id: UUID, alias: str, play: Play) -> Seen:
    mine, circles = _mine(session, member_id, play) if alias else ({}, {})
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
    return Seen(alias, mine, seasons, circles)


def _mine(
    session: Session, member_id: UUID, play: Play
) -> tuple[dict[tuple[str, int], BoardScore], dict[str, BoardCircle]]:
    """The member's scores by board and period, and by board the circle that they sit in now."""
    seat = (
        (col(BoardCircle.board) == col(BoardScore.board)) & (col(BoardCircle.period) == col(BoardScore.period))
        & (col(BoardCircle.division) == col(BoardScore.division)) & (col(BoardCircle.number) == col(BoardScore.circle))
        & (col(BoardScore.circle) > 0)
    )  # fmt: skip
    query = select(BoardScore, BoardCircle).join(BoardCircle, seat, isouter=True)
    found = session.exec(query.where(BoardScore.member_id == member_id)).all()
    rows: list[tuple[BoardScore, BoardCircle | None]] = list(found)
    now = {
        slug: known.board.period_at(play.now, play.rules.zone) for slug, known in play.rules.boards.items()
    }
    circles: dict[str, BoardCircle] = {}
    for score, circle in rows:
        if circle is not None and now.get(score.board) == score.period:
            circles[score.board] = circle
    return {(score.board, score.period): score for score, _ in rows}, circles


@dataclass(frozen=True, slots=True)
class Stand:
    """A board as it stands for the member: the season that runs, who leads it, and the score that counts in it."""

    known: BoardRules
    period: int
    season: BoardSeason | None
    leaders: list[list[Any]]
    row: BoardScore | None

    @property
    def score(self) -> int:
        """0 when there is none, or too little to be listed."""
        return self.row.score if self.row and self.row.score >= max(1, self.known.least) else 0

    @property
    def on_the_list(self) -> bool:
        """Whether the place can be read off the list."""
        row = self.row
        return row is not None and not row.dirty and any(one[0] == row.member_id.hex for one in self.leaders)


def _stand(known: BoardRules, seen: Seen, play: Play) -> Stand:
    board = known.board
    period = board.period_at(min(play.now, board.closes) if board.closes else play.now, play.rules.zone)
    season = next((one for one in seen.seasons.get(board.slug, []) if one.period == period), None)
    leaders: list[list[Any]] = json.loads(season.leaders) if season else []
    return Stand(known, period, season, leaders, seen.scores.get((board.slug, period)))


def _card(stand: Stand, seen: Seen, play: Play, member_id: UUID, ahead: Mapping[str, int]) -> BoardCard:
    board, say, period, season = stand.known.board, play.say, stand.period, stand.season
    seasons, leaders, score = seen.seasons.get(board.slug, []), stand.leaders, stand.score
    told = Told(board, play, member_id.hex)
    place = 1 + ahead[board.slug] if score else 0
    closed = season is not None and season.closed_at is not None
    circle = seen.circles.get(board.slug)
    sitting, players = circle_rows(told, circle), season.players if season else 0
    return BoardCard(
        slug=board.slug,
        name=say.words(board.name),
        description=say.words(board.description) if board.description else "",
        icon=icon_of(board.icon),
        when=period_words(board, period, play),
        left="" if closed else time_left(board, period, play),
        players=_players(season, play),
        mine=told.mine(place, score, players, seen.alias, sitting, closed=closed),
        listed=place > 0,
        rows=listed_rows(told, leaders, place, score, seen.alias),
        prizes=told.prizes(),
        division=told.division(circle),
        league_words=told.league_words(circle),
        circle=sitting,
        past=tuple(past_card(told, one) for one in seasons if one.closed_at and one.period != period)[:PAST],
    )


def _players(season: BoardSeason | None, play: Play) -> str:
    number = season.players if season else 0
    return (
        play.say.language.plural("{n} member is listed", "{n} members are listed", number) if number else ""
    )


def _ahead(session: Session, stands: Sequence[Stand]) -> dict[str, int]:
    """How many are ahead, by board: read off its list, or the counts of those above, which all are one question."""
    found: dict[str, int] = {}
    beyond: dict[str, Stand] = {}
    for one in stands:
        slug = one.known.board.slug
        if one.on_the_list:
            found[slug] = sum(leader[2] > one.score for leader in one.leaders)
        elif one.score:
            beyond[slug] = one
    if beyond:
        name = col(BoardCount.board)
        query = select(name, func.sum(col(BoardCount.members))).group_by(name)
        counts = dict(session.exec(query.where(or_(*(_above(one) for one in beyond.values())))).all())
        for slug, one in beyond.items():
            assert one.row is not None
            found[slug] = max(0, int(counts.get(slug, 0)) - (1 if one.row.counted > one.score else 0))
    return found


def _above(stand: Stand) -> Any:
    """The counts of the scores above the one of a board."""
    ranges = [
        and_(col(BoardCount.level) == level, col(BoardCount.bucket) >= first,
             *([] if end is None else [col(BoardCount.bucket) < end]))
        for level, first, end in above(stand.score)
    ]  # fmt: skip
    board = stand.known.board.slug
    return and_(col(BoardCount.board) == board, col(BoardCount.period) == stand.period, or_(*ranges))


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
