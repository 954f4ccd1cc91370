"""Boards as staff see them: what runs, who leads it under which alias, and what was closed last."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from badges.board_tables import BoardSeason
from badges.boards import Board
from badges.places import places
from facts.criteria.figures import score_words
from facts.language import Language
from members.board_cards import PlaceCard, StaffBoardCard, StaffBoardsCard
from members.programme import versions
from members.programme.versions import Version
from members.views.saying import day, wording
from rewards.wording import Wording

SHOWN = 20


def staff_boards(session: Session, now: datetime, language: Language) -> StaffBoardsCard:
    """The card of the staff's boards page."""
    version = versions(session).at(now)
    say = wording(version, language)
    return StaffBoardsCard(
        boards=tuple(_card(session, board, version, say, now) for board in version.programme.boards)
    )


def _card(session: Session, board: Board, version: Version, say: Wording, now: datetime) -> StaffBoardCard:
    period = board.period_at(min(now, board.closes) if board.closes else now, version.zone)
    season = session.get(BoardSeason, (board.slug, period))
    closed = select(BoardSeason).where(
        BoardSeason.board == board.slug, col(BoardSeason.closed_at).is_not(None)
    )
    last = session.exec(closed.order_by(col(BoardSeason.period).desc()).limit(1)).first()
    leaders: list[list[Any]] = json.loads(season.leaders)[:SHOWN] if season else []
    numbers = places([leader[2] for leader in leaders])
    return StaffBoardCard(
        slug=board.slug,
        name=say.words(board.name),
        state=_state(board, say),
        players=say.language.plural(
            "{n} member is listed", "{n} members are listed", season.players if season else 0
        ),
        closed=say.text("Last closed on {day}", day=day(last.closed_at, say, version.zone, now))
        if last and last.closed_at
        else "",
        rows=tuple(
            PlaceCard(
                key=f"{place}:{alias}",
                place=say.language.number(place),
                alias=alias,
                score=score_words(board.criterion, score, say.language, say.currency),
                best=place <= 3,
            )
            for (_, alias, score, *_), place in zip(leaders, numbers, strict=True)
        ),
    )


def _state(board: Board, say: Wording) -> str:
    if board.retired:
        return say.text("Retired")
    return say.text("Paused") if board.paused else say.text("Running")
