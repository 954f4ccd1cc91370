"""What a member does about boards: stand on them under an alias, change it, leave. Staff may take an alias away."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select, update

from badges.board_tables import Alias, BoardScore, BoardSeason
from badges.game import Game
from badges.scores import Score
from badges.tables import Player
from facts.language import N_
from facts.refusals import Refusal
from members import books, closing, sets
from members.actions.board_lists import Round, count, held, known_of, relist, topic
from members.actions.leagues import recircle
from members.aliases import accepted, folded
from members.audit import audit
from members.programme import versions
from members.scored import COLUMNS, is_open, row_of
from members.tables import Outbox

REASON_LEAST = 3


def enter(session: Session, member_id: UUID, alias: str, now: datetime) -> str:
    """Stand on the boards as `alias`, or change it; returns it as it will be shown.

    What counted so far in this period is there at once. Refuses an alias that is not fit to be read by everybody, one
    that somebody else has, and an account that is closed.
    """
    said = accepted(alias)
    account = books.lock(session, [member_id]).get(member_id)
    if account is None:
        raise Refusal("member_unknown", N_("There is no such member."), status=404)
    if closing.closed(account.standing.state):
        raise Refusal("account_closed", N_("This account is closed."), status=409)
    player = session.get(Player, member_id, populate_existing=True) or Player(member_id=member_id)
    _claim(session, member_id, said, player.alias, now)
    fresh, player.alias = not player.alias, said
    session.add(player)
    session.flush()
    if fresh:
        _bring_scores(session, member_id, said, account.standing.game, now)
    else:
        mine = update(BoardScore).where(col(BoardScore.member_id) == member_id)
        session.execute(mine.values(alias=said, dirty=True))
    _tell(session, [member_id], now)
    return said


def _claim(session: Session, member_id: UUID, alias: str, before: str, now: datetime) -> None:
    """Make the alias the member's own, and let the old one go."""
    key = folded(alias)
    if before and folded(before) == key:
        return
    columns = ("folded", "member_id", "since", "reason")
    first = sets.insert(
        session, Alias, columns, [(key, member_id, now, "")], "ON CONFLICT (folded) DO NOTHING", ("folded",)
    )
    if not first:
        raise Refusal("alias_taken", N_("Somebody else is called that already."), path="alias", status=409)
    _release(session, member_id, key if before else None)


def _release(session: Session, member_id: UUID, kept: str | None = "") -> None:
    """Let a member's aliases go, but the one of the folded form `kept`, and those that staff took away."""
    if kept is not None:
        session.execute(delete(Alias).where(*_standing(member_id), col(Alias.folded) != kept))


def _standing(member_id: UUID) -> tuple[Any, ...]:
    """Whose, and not taken away. By the member, since what counts as alike may have been other when it was chosen."""
    return (col(Alias.member_id) == member_id, col(Alias.reason) == "")


def _bring_scores(session: Session, member_id: UUID, alias: str, game: str, now: datetime) -> None:
    """What the engine remembers of this period goes on the boards."""
    line = versions(session)
    rules = line.at(now).achievements
    kept = Game.of(json.loads(game), line.achievements).scores.kept
    rows = [
        row_of(member_id, alias, slug, one.period, Score(one.value, one.at, one.shape))
        for slug, one in kept.items()
        if (known := rules.boards.get(slug))
        and known.shape == one.shape
        and is_open(known.board, one.period, rules, now)
    ]
    sets.insert(session, BoardScore, COLUMNS, rows, "ON CONFLICT (member_id, board, period) DO NOTHING")


def leave(session: Session, member_id: UUID, now: datetime) -> None:
    """Leave all boards: the alias is free again, and stands nowhere any more, not even among those of past seasons."""
    if not books.lock(session, [member_id]):
        raise Refusal("member_unknown", N_("There is no such member."), status=404)
    player = session.get(Player, member_id, populate_existing=True)
    if player is None or not player.alias:
        return
    _release(session, member_id)
    _take_out(session, player, now)


def take_alias_named(session: Session, alias: str, reason: str, actor: str, now: datetime) -> None:
    """The same for whoever stands on boards as `alias`."""
    owner = session.exec(
        select(Alias.member_id).where(Alias.folded == folded(alias), Alias.reason == "")
    ).first()
    owner = owner or _listed_as(session, alias)
    if owner is None:
        raise Refusal("alias_unknown", N_("Nobody stands on the boards as “{alias}”."), path="alias", status=404,
                      alias=alias)  # fmt: skip
    take_alias(session, owner, reason, actor, now)


def _listed_as(session: Session, alias: str) -> UUID | None:
    """Whoever a list names so, letter by letter, and is called so still.

    What counts as alike may have been other when it was chosen.
    """
    said = json.dumps(alias, ensure_ascii=False)
    query = select(BoardSeason.leaders).where(col(BoardSeason.leaders).contains(said, autoescape=True))
    people = [row for leaders in session.exec(query) for row in json.loads(leaders)]
    listed = {UUID(hex=who) for who, name, *_ in people if who and name == alias}
    still = select(Player.member_id).where(col(Player.member_id).in_(listed), Player.alias == alias)
    return session.exec(still.limit(1)).first()


def take_alias(session: Session, member_id: UUID, reason: str, actor: str, now: datetime) -> None:
    """Staff take an alias away: the member is on no board until they choose another, and reads why."""
    if len(reason.strip()) < REASON_LEAST:
        raise Refusal("reason_missing", N_("Say why: the member reads it."), path="reason")
    if not books.lock(session, [member_id]):
        raise Refusal("member_unknown", N_("There is no such member."), status=404)
    player = session.get(Player, member_id, populate_existing=True)
    if player is None or not player.alias:
        raise Refusal("alias_missing", N_("This member stands on no board."), status=409)
    barred = update(Alias).where(*_standing(member_id))
    session.execute(barred.values(reason=reason.strip(), since=now))
    alike = (folded(player.alias), member_id, now, reason.strip())
    columns = ("folded", "member_id", "since", "reason")
    sets.insert(session, Alias, columns, [alike], "ON CONFLICT (folded) DO NOTHING")  # as it is folded by now
    _take_out(session, player, now)
    audit(session, actor, "alias.taken", f"member:{member_id}", {}, now)  # the words lie with the alias


def _take_out(session: Session, player: Player, now: datetime) -> None:
    """Take a member off every list, at once."""
    member_id, player.alias = player.member_id, ""
    session.add(player)
    session.flush()
    line = versions(session)
    rules = line.at(now).achievements
    told = [member_id]
    query = select(BoardScore).where(BoardScore.member_id == member_id)
    for row in session.exec(query.execution_options(populate_existing=True)).all():
        known = known_of(line, row.board, row.period, now)
        one = held(session, rules, known, row.period, wait=True) if known else None
        if one:
            told += _without(session, one, row)
    told += _forget(session, member_id)
    _tell(session, told, now)


def _without(session: Session, one: Round, row: BoardScore) -> Sequence[UUID]:
    session.refresh(row)
    session.delete(row)
    session.flush()
    if one.season.closed_at:
        return []
    count(session, one, [(row.counted, 0)])
    news = recircle(session, row.board, row.period, [(row.division, row.circle)]) if row.circle else []
    return [*news, *relist(session, one)]


def _forget(session: Session, member_id: UUID) -> list[UUID]:
    """Past seasons keep the place, and not the name."""
    told: list[UUID] = []
    query = select(BoardSeason).where(col(BoardSeason.leaders).contains(member_id.hex))
    for season in session.exec(query.with_for_update().execution_options(populate_existing=True)).all():
        leaders = [["", "", *rest] if who == member_id.hex else [who, alias, *rest]
                   for who, alias, *rest in json.loads(season.leaders)]  # fmt: skip
        season.leaders = json.dumps(leaders, ensure_ascii=False, separators=(",", ":"))
        session.add(season)
        told.append(topic(season.board))
    session.flush()
    return told


def _tell(session: Session, members: Sequence[UUID], now: datetime) -> None:
    session.add(Outbox(members=" ".join(one.hex for one in dict.fromkeys(members)), at=now))
    session.flush()
