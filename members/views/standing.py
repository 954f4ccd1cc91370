"""A member's standing in words: the balance, the tier and the way on, what is pending and what is soon lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from facts.dates import day_of, months_after
from facts.language import N_
from facts.refusals import Refusal
from members.cards import TierCard
from members.standing import MemberStanding
from members.views.saying import day, last_day, tone
from members.views.tier_words import goal, percent
from rewards.ladder_window import YEARLY
from rewards.lasting import doings_of
from rewards.tiers import Ahead
from rewards.wording import Wording

SOON = timedelta(days=60)  # what is lost within this time is said with emphasis
TO_STAY = timedelta(days=92)  # what keeps a tier of a rolling window is said so long before


def unknown() -> Refusal:
    """Somebody whom the programme does not know (any more)."""
    return Refusal("member_unknown", "There is no such member.", status=404)


def points_words(points: int, say: Wording) -> str:
    """`2,480 points`."""
    return say.points(points)


def pending_words(standing: MemberStanding, say: Wording, now: datetime) -> str:
    """What is on its way and from when."""
    if not standing.activating:
        return say.text("all of them ready to use")
    at, points = standing.activating[0]
    when = day(at, say, standing.version.zone, now, short=True)
    if standing.version.points.pending:  # each may turn active before its day
        return say.text(
            "{number} more on the way, first on {day} at the latest", number=standing.pending, day=when
        )
    if len(standing.activating) == 1:
        return say.text("{number} more on {day}", number=points, day=when)
    return say.text("{number} more on the way, first on {day}", number=standing.pending, day=when)


def expiring_words(standing: MemberStanding, say: Wording, now: datetime) -> tuple[str, bool]:
    """What is lost next and when, and whether that is soon."""
    idle, first = standing.idle_until, standing.expiring[0][0] if standing.expiring else None
    if idle and idle > now and (first is None or idle <= first) and standing.available + standing.pending > 0:
        return _idle_words(idle, standing, say, now), idle - now < SOON
    if not standing.expiring:
        never = standing.version.programme.points.expiry.kind == "never"
        return say.text("Your points never expire") if never else say.text("No points to expire yet"), False
    at, points = standing.expiring[0]
    when = last_day(at, say, standing.version.zone, now, short=True)
    said = say.language.plural("{n} point expires on {day}", "{n} points expire on {day}", points, day=when)
    return said, at - now < SOON


def _idle_words(at: datetime, standing: MemberStanding, say: Wording, now: datetime) -> str:
    """By when something has to be done for points to stay."""
    when = last_day(at, say, standing.version.zone, now, short=True)
    expiry = standing.version.programme.points.expiry
    if expiry.kind != "inactivity":  # these points keep the terms under which they came
        return say.text("Your older points expire on {day} unless you come before", day=when)
    return say.text("Your points expire on {day} unless there is this before: {deeds}", day=when,
                    deeds=doings_of(expiry, say))  # fmt: skip


def tier_card(standing: MemberStanding, say: Wording, now: datetime) -> TierCard:
    """The tier, and the sentence under its bar."""
    levels = standing.version.programme.tiers.levels
    index = next(i for i, level in enumerate(levels) if level.slug == standing.level.slug)
    zone, since = standing.version.zone, ""
    if standing.tier_until:
        since = say.text("until {day}", day=day(standing.tier_until, say, zone, now, short=True))
    base = TierCard(say.words(standing.level.name), since, tone(index))
    stay = standing.to_stay if _is_time(standing, now) else None
    if standing.to_next:
        return _with_stay(_towards(base, standing.to_next, standing, say, now), stay, standing, say, now)
    if stay:
        return _towards(base, stay, standing, say, now, keep=True)
    if standing.to_stay or index + 1 < len(levels):
        return _with(base, 100, say.language.bold(N_("[{tier}] is yours"), tier=base.name), "")
    return _with(base, 100, ("", say.text("This is the highest tier there is."), ""), "")


def _is_time(standing: MemberStanding, now: datetime) -> bool:
    """Whether it is time to say what keeps the tier: in the year that counts for it, or `TO_STAY` before a day."""
    version, ahead = standing.version, standing.to_stay
    if ahead is None or ahead.by is None:
        return ahead is not None
    today = day_of(now, version.zone)
    if version.programme.tiers.window.kind in YEARLY:
        return months_after(ahead.by + 1, -12) <= today
    return ahead.by - today <= TO_STAY.days


def _towards(
    card: TierCard, ahead: Ahead, standing: MemberStanding, say: Wording, now: datetime, *, keep: bool = False
) -> TierCard:
    if not ahead.amount:
        kept = N_("[{tier}] is yours") if keep else N_("[{tier}] is reached")
        return _with(card, 100, say.language.bold(kept, tier=say.tiers.get(ahead.tier, ahead.tier)), "")
    by = _by(ahead, say, standing, now)
    return _with(card, percent(ahead), goal(ahead, keep, standing.version, say), by)


def _with(card: TierCard, percent: int, parts: tuple[str, str, str], by: str) -> TierCard:
    return TierCard(card.name, card.since, card.tone, percent, *parts, by)


def _with_stay(
    card: TierCard, ahead: Ahead | None, standing: MemberStanding, say: Wording, now: datetime
) -> TierCard:
    """What keeps the tier, beside the way to the next one."""
    if ahead is None or not ahead.amount:
        return card
    stay = "".join(goal(ahead, True, standing.version, say))
    return replace(card, stay=stay, stay_by=_by(ahead, say, standing, now))


def _by(ahead: Ahead, say: Wording, standing: MemberStanding, now: datetime) -> str:
    if ahead.by is None:
        return ""
    last = datetime.fromordinal(ahead.by).date()
    return say.text("by {day}", day=day(last, say, standing.version.zone, now, short=True))
