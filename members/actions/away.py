"""Where a member is: away for some days, so that no streak breaks, or at home by another clock than the shop's."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from uuid import UUID
from zoneinfo import available_timezones

from sqlmodel import Session

from badges.away import AWAY_DAYS_MAX, STRETCHES_MAX, NotAway, why_not_away
from facts.dates import day_of
from facts.language import N_
from facts.refusals import Refusal
from members.actions.play import locked_play, tell

SENTENCES = {
    NotAway.BACKWARDS: N_("The last day comes before the first."),
    NotAway.PAST: N_("You can be away from today on, not in the past."),
    NotAway.FAR: N_("That is more than a year ahead."),
    NotAway.TOO_MUCH: N_("You can be away for {days} days in a year."),
    NotAway.TOO_OFTEN: N_(
        "You can be away {times} times in a year. Days that follow on one another are one time."
    ),
}


def be_away(session: Session, member_id: UUID, since: str, until: str, now: datetime) -> None:
    """Say that the member is away from one day to another (ISO 8601), both included. Twice is once.

    Refuses days that are none, that are past or too far, too many of them, and too many times.
    """
    play = locked_play(session, member_id, now)
    absence = (_day(since), _day(until))
    if any(since <= absence[0] <= absence[1] <= until for since, until in play.game.away):
        return
    why = why_not_away(*absence, day_of(now, play.place.zone), play.game.away)
    if why:
        raise Refusal(f"away_{why}", SENTENCES[why], path="until", status=409, days=AWAY_DAYS_MAX,
                      times=STRETCHES_MAX)  # fmt: skip
    tell(session, "streak.paused", member_id, {"since": absence[0], "until": absence[1]}, now)


def be_back(session: Session, member_id: UUID, since: str, until: str, now: datetime) -> None:
    """Call an absence off: all of it, or what is left of it. One that is over, or that there is not, stays as it is."""
    play = locked_play(session, member_id, now)
    absence = (_day(since), _day(until))
    if absence in play.game.away and absence[1] >= day_of(now, play.place.zone):
        tell(session, "streak.resumed", member_id, {"since": absence[0], "until": absence[1]}, now)


def move(session: Session, member_id: UUID, zone: str, now: datetime) -> None:
    """From now on the member's days begin and end in this IANA time zone; with "" in the shop's."""
    play = locked_play(session, member_id, now)
    name = zone or play.standing.version.zone.key
    if name not in _zones():
        raise Refusal("zone_unknown", N_("There is no such time zone."), path="zone")
    if name != play.place.zone.key:
        tell(session, "member.moved", member_id, {"zone": name}, now)


def _day(text: str) -> int:
    """The ordinal of a day."""
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        raise Refusal(
            "day_malformed", N_("Please choose the first and the last day."), path="since"
        ) from None


@cache
def _zones() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")
