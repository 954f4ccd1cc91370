"""The challenges page: what I take part in, what I can take on, and what I have done.

Two questions beyond the game's own: the member's awards, and what the goals come to; one more where a streak ended.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from badges.document import Challenge
from badges.joining import Why, why_no_joining, why_no_leaving
from badges.tables import Award
from badges.ways import Way
from facts.language import Language
from members.cards import icon_of
from members.game_cards import ChallengeCard, ChallengesCard, MilestoneCard
from members.views.came_back import with_returns
from members.views.goals import goal_cards
from members.views.lost import step_words, went_back
from members.views.playing import (
    SOON_DAYS,
    Play,
    asks,
    for_tiers,
    gift_words,
    left_words,
    play_for,
    progress_words,
)
from members.views.reached import held
from members.views.saying import day, shop
from members.views.streaks import streak_lines

PAST = 20
PAST_STEPS = 400


def challenges(session: Session, member_id: UUID, now: datetime, language: Language) -> ChallengesCard:
    """The card of the challenges page."""
    play = play_for(session, member_id, now, language)
    sign = shop(play.standing.version, language)
    if play.quiet:
        return ChallengesCard(shop=sign, quiet=True)
    play = with_returns(session, play)
    mine = _mine(session, member_id)
    cards = [
        card
        for way in play.ways("challenge")
        if (card := challenge_card(way, play, mine.get(way.track.slug, ())))
    ]
    return ChallengesCard(
        shop=sign,
        summary=_summary(cards, play),
        boards=play.ranked,
        joined=tuple(card for card in cards if card.state == "joined"),
        open=tuple(card for card in cards if card.state in ("open", "closed")),
        done=tuple(card for card in cards if card.state == "done")[:PAST],
        goals=goal_cards(session, play),
        held=held(play),
        told=play.wishes.told,
    )


def _summary(cards: Sequence[ChallengeCard], play: Play) -> str:
    """How many there are of each kind; "" when there are none."""
    if not cards:
        return ""
    running = sum(card.state == "joined" for card in cards)
    done = sum(card.state == "done" for card in cards)
    to_join = sum(card.can_join and card.state == "open" for card in cards)
    return play.say.text("{n} running · {free} to take on · {done} done", n=running, free=to_join, done=done)


def _mine(session: Session, member_id: UUID) -> dict[str, list[Award]]:
    """The milestones that were reached of late, by challenge and newest first; those that went back too."""
    query = (
        select(Award)
        .where(Award.member_id == member_id, Award.kind == "challenge")
        .order_by(col(Award.awarded_at).desc())
        .limit(PAST_STEPS)
    )
    found: dict[str, list[Award]] = {}
    for row in session.exec(query):
        found.setdefault(row.slug, []).append(row)
    return found


def challenge_card(way: Way, play: Play, steps: Sequence[Award] = ()) -> ChallengeCard | None:
    """A challenge as it is for the member; None for one that is not theirs to see. `steps` are those it reached."""
    challenge, say = way.track.definition, play.say
    assert isinstance(challenge, Challenge)
    had = {row.level for row in steps if row.instance == way.instance}
    why = why_no_joining(way, play.standing.level.slug, play.gone(way, had), play.now)
    state = _state(way, why, play)
    if state == "":
        return None
    left = left_words(way, play) if state in ("joined", "open") else ""
    soon = bool(left) and way.days_left is not None and way.days_left <= SOON_DAYS
    return ChallengeCard(
        slug=challenge.slug,
        name=say.words(challenge.name),
        description=say.words(challenge.description) if challenge.description else "",
        icon=icon_of(challenge.icon),
        state=state,
        status=_status(state, why, way, play),
        why=asks(way.track, way.reached + 1, play),
        percent=way.percent if state in ("joined", "done") else 0,
        progress=progress_words(way, play) if state == "joined" else "",
        left=left,
        soon=soon,
        note=_note(state, why, way, play, steps),
        steps=tuple(_step(number, way, play, had) for number in range(1, len(way.track.goals) + 1)),
        streak=streak_lines(way, play) if state == "joined" else (),
        can_join=why is None,
        can_leave=state == "joined" and why_no_leaving(way) is None,
    )


def _state(way: Way, why: Why | None, play: Play) -> str:
    """`joined`, `open`, `done`, `closed`; "" for what is not shown."""
    if way.done:
        return "done"
    if way.over and why is not None and why is not Why.OVER:
        return ""
    if why in (Why.JOINED, Why.AUTOMATIC) or (why is Why.PAUSED and way.taking_part):
        return "joined" if play.admits(way.track) and way.taking_part else "closed"
    if why is None:
        return "" if play.hushed(way.track) else "open"
    if why in (Why.NOT_YET, Why.OTHER_TIER, Why.GIVEN_AWAY, Why.OVER):
        return "" if play.hushed(way.track) else "closed"
    return ""


def _status(state: str, why: Why | None, way: Way, play: Play) -> str:
    say = play.say
    if state == "done":
        return say.text("Done")
    if why is Why.PAUSED:
        return say.text("Paused")
    if state == "joined":
        return say.text("Running") if why is Why.AUTOMATIC else say.text("Joined")
    return say.text("New") if state == "open" and not way.over else ""


def _note(state: str, why: Why | None, way: Way, play: Play, steps: Sequence[Award]) -> str:
    """When it was done; or why it is not open, and what went back of it."""
    if state == "done":
        return _done(way, play, steps)
    lost = went_back(steps, way.instance, way.reached)
    said = (_closed(state, why, way, play), step_words(lost, play) if lost else "")
    return " ".join(part for part in said if part)


def _done(way: Way, play: Play, steps: Sequence[Award]) -> str:
    say, challenge = play.say, way.track.definition
    if isinstance(challenge, Challenge) and challenge.period and way.days_left:
        return say.language.plural("Begins anew in {n} day", "Begins anew in {n} days", way.days_left)
    stand = (row.awarded_at for row in steps if row.instance == way.instance and row.revoked_at is None)
    at = next(stand, None)
    return say.text("Done on {day}", day=day(at, say, play.standing.version.zone, play.now)) if at else ""


def _closed(state: str, why: Why | None, way: Way, play: Play) -> str:
    say, challenge, zone = play.say, way.track.definition, play.standing.version.zone
    if why is Why.PAUSED:
        return say.text("It rests for now; what you have stays.")
    if why is Why.NOT_YET and challenge.opens:
        return say.text("Begins on {day}", day=day(challenge.opens, say, zone, play.now))
    if why is Why.GIVEN_AWAY:
        return say.text("All that this challenge had to give has been given.")
    if (state == "open" and way.over) or why is Why.OVER:
        return say.text("Your days for it are over.")
    return for_tiers(way.track, play)


def _step(number: int, way: Way, play: Play, had: Collection[int]) -> MilestoneCard:
    """A milestone: what it asks and gives; of what is left too little for it, that it is given away."""
    gift = gift_words(way.track.definition.prize(number), play)
    left = number <= max(way.reached, play.reach(way, had))
    return MilestoneCard(
        key=str(number),
        asks=asks(way.track, number, play),
        gives=gift if left or not gift else play.say.text("given away"),
        done=number <= way.reached,
    )
