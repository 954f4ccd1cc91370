"""The order of a member's shelf: a few badges that they put first. The others follow by themselves, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from badges.tables import Award, Player
from facts.language import N_
from facts.refusals import Refusal
from members.actions.play import player_of

SHOWN_MAX = 6


def put_first(session: Session, member_id: UUID, slug: str, now: datetime) -> None:
    """Put a badge among the first, behind those that are there. Twice is once.

    Refuses one that the member does not hold, and one too many.
    """
    player, shown = _shelf(session, member_id, now)
    if slug in shown:
        return
    if slug not in _held(session, member_id, [slug]):
        raise Refusal("badge_not_held", N_("You do not have this badge."), path="badge", status=404)
    if len(shown) >= SHOWN_MAX:
        sentence = N_("You can put {most} badges first. Let go of one before.")
        raise Refusal("shelf_full", sentence, path="badge", status=409, most=SHOWN_MAX)
    _keep(session, player, [*shown, slug])


def let_go(session: Session, member_id: UUID, slug: str, now: datetime) -> None:
    """Let a badge stand among the others again. Twice is once."""
    player, shown = _shelf(session, member_id, now)
    _keep(session, player, [one for one in shown if one != slug])


def shift(session: Session, member_id: UUID, slug: str, now: datetime, *, forward: bool) -> None:
    """Move a badge that was put first by one place, to the front or to the back. At the end it stays."""
    player, shown = _shelf(session, member_id, now)
    if slug not in shown:
        return
    place = shown.index(slug)
    shown.insert(max(0, place + (-1 if forward else 1)), shown.pop(place))
    _keep(session, player, shown)


def _shelf(session: Session, member_id: UUID, now: datetime) -> tuple[Player, list[str]]:
    """The member's row, and the badges in it that they still hold."""
    player = player_of(session, member_id, now)
    shown = player.shown.split()
    held = _held(session, member_id, shown)
    return player, [slug for slug in shown if slug in held]


def _held(session: Session, member_id: UUID, slugs: Sequence[str]) -> set[str]:
    query = select(Award.slug).where(
        Award.member_id == member_id,
        Award.kind == "badge",
        col(Award.slug).in_(slugs),
        col(Award.revoked_at).is_(None),
    )
    return set(session.exec(query).all())


def _keep(session: Session, player: Player, shown: Sequence[str]) -> None:
    player.shown = " ".join(shown)
    session.add(player)
    session.flush()
