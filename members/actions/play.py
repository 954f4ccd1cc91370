"""What a member does in the game: take a challenge on or leave it, and say which parts they want to see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from badges.joining import Why, why_no_joining, why_no_leaving
from badges.tables import Award, Player
from badges.ways import Way
from facts.events import OWN_SOURCE, Fact
from facts.ids import id_for
from facts.language import N_, language
from facts.refusals import Refusal
from members import books
from members.actions.record import record
from members.tables import Outbox
from members.views.playing import PARTS, Play, play_for, wishes_of
from members.views.reached import HUSHING, reached
from members.views.standing import unknown

SENTENCES = {
    Why.HIDDEN: N_("There is no such challenge."),
    Why.PAUSED: N_("This challenge is paused for now."),
    Why.NOT_YET: N_("This challenge has not begun yet."),
    Why.CLOSED: N_("This challenge is over."),
    Why.AUTOMATIC: N_("Everybody takes part in this challenge by themselves."),
    Why.JOINED: N_("You take part in this challenge already."),
    Why.DONE: N_("You have done this challenge."),
    Why.OVER: N_("Your days for this challenge are over."),
    Why.OTHER_TIER: N_("This challenge is for another tier."),
    Why.GIVEN_AWAY: N_("All that this challenge had to give has been given."),
    Why.NOT_JOINED: N_("You do not take part in this challenge."),
}


def join(session: Session, member_id: UUID, slug: str, now: datetime) -> None:
    """Take a challenge on: what happens from now on counts. Twice is once.

    Refuses one that is unknown, closed, paused, automatic, for another tier, done, or has given all it had.
    """
    play, way = _way(session, member_id, slug, now)
    mine = (Award.member_id == member_id, Award.kind == "challenge", Award.slug == slug)
    had = session.exec(select(Award.level).where(*mine, Award.instance == way.instance)).all()
    why = why_no_joining(way, play.standing.level.slug, play.gone(way, had), now)
    if why is Why.JOINED:
        return
    if why:
        raise _refusal(why)
    tell(session, "challenge.joined", member_id, {"challenge": slug}, now)


def leave(session: Session, member_id: UUID, slug: str, now: datetime) -> None:
    """Leave a challenge: nothing counts for it any more, and what was reached stays. Twice is once."""
    _, way = _way(session, member_id, slug, now)
    why = why_no_leaving(way)
    if why is Why.NOT_JOINED:
        return
    if why:
        raise _refusal(why)
    tell(session, "challenge.left", member_id, {"challenge": slug}, now)


def _way(session: Session, member_id: UUID, slug: str, now: datetime) -> tuple[Play, Way]:
    """How far the member is, under the lock of their standing."""
    play = locked_play(session, member_id, now)
    track = play.rules.tracks.get(f"challenge:{slug}")
    if track is None:
        raise _refusal(Why.HIDDEN)
    return play, play.way(track)


def locked_play(session: Session, member_id: UUID, now: datetime) -> Play:
    """The member's game, under the lock of their standing."""
    if not books.lock(session, [member_id]):
        raise unknown()
    return play_for(session, member_id, now, language("en"))


def _refusal(why: Why) -> Refusal:
    return Refusal(
        f"challenge_{why}", SENTENCES[why], path="challenge", status=404 if why is Why.HIDDEN else 409
    )


def tell(session: Session, kind: str, member_id: UUID, data: dict[str, Any], now: datetime) -> None:
    """Record a fact of the member's own doing."""
    name = str(id_for(now, member_id.hex, kind, *map(str, data.values())))
    fact = Fact(OWN_SOURCE, name, kind, now, f"member:{member_id}", data)
    outcome = record(session, [fact], now)[0]
    if outcome.refusal:
        raise outcome.refusal


def calm(session: Session, member_id: UUID, parts: Collection[str], now: datetime) -> None:
    """Switch off exactly these `parts` of the game. It changes what is shown, and never what is given."""
    if set(parts) - set(PARTS):
        raise Refusal("calm_unknown", N_("There is no such part of the game."), path="parts")
    player = player_of(session, member_id, now)
    if not HUSHING.isdisjoint(player.calm.split()) and HUSHING.isdisjoint(parts):
        player.told = " ".join(reached(play_for(session, member_id, now, language("en"))))  # no news by then
    player.calm = " ".join(part for part in PARTS if part in parts)
    session.add(player)
    session.flush()


def switch(session: Session, member_id: UUID, part: str, now: datetime) -> None:
    """Switch a part of the game off, or on again."""
    calm(session, member_id, wishes_of(session, member_id).calm ^ {part}, now)


def wake_streaks(session: Session, member_id: UUID, now: datetime) -> None:
    """Show streaks again."""
    calm(session, member_id, wishes_of(session, member_id).calm - {"streaks"}, now)


def wake(session: Session, member_id: UUID, now: datetime) -> None:
    """Switch the game on again; its parts stay as they were."""
    calm(session, member_id, wishes_of(session, member_id).calm - {"game"}, now)


def player_of(session: Session, member_id: UUID, now: datetime) -> Player:
    """The row of how a member wants to play, under their lock and about to be changed: their open pages will hear."""
    if not books.lock(session, [member_id]):
        raise unknown()
    session.add(Outbox(members=member_id.hex, at=now))
    return session.get(Player, member_id, populate_existing=True) or Player(member_id=member_id)
