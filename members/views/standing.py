"""A member's standing in words: the balance, the tier and the way on, what is pending and what is soon lost."""

from __future__ import annotations

from datetime import datetime, timedelta

from facts.language import N_
from facts.refusals import Refusal
from members.cards import TierCard
from members.standing import MemberStanding
from members.views.saying import day, last_day, tone
from rewards.document import Basis
from rewards.tiers import Ahead
from rewards.wording import Wording

SOON = timedelta(days=60)  # what is lost within this time is said with emphasis


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
    if len(standing.activating) == 1:
        return say.text("{number} more on {day}", number=points, day=when)
    return say.text("{number} more on the way, first on {day}", number=standing.pending, day=when)


def expiring_words(standing: MemberStanding, say: Wording, now: datetime) -> tuple[str, bool]:
    """What is lost next and when, and whether that is soon."""
    if not standing.expiring:
        never = standing.version.programme.points.expiry.kind == "never"
        return say.text("Your points never expire") if never else say.text("No points to expire yet"), False
    at, points = standing.expiring[0]
    when = last_day(at, say, standing.version.zone, now, short=True)
    said = say.language.plural("{n} point expires on {day}", "{n} points expire on {day}", points, day=when)
    return said, at - now < SOON


def tier_card(standing: MemberStanding, say: Wording, now: datetime) -> TierCard:
    """The tier, and the sentence under its bar."""
    levels = standing.version.programme.tiers.levels
    index = next(i for i, level in enumerate(levels) if level.slug == standing.level.slug)
    zone, since = standing.version.zone, ""
    if standing.tier_until:
        since = say.text("until {day}", day=day(standing.tier_until, say, zone, now, short=True))
    base = TierCard(say.words(standing.level.name), since, tone(index))
    ahead, keep = (standing.to_next, False) if standing.to_next else (standing.to_stay, True)
    if ahead is None:
        return _with(base, 100, ("", say.text("This is the highest tier there is."), ""), "")
    if keep and ahead.by and standing.tier_until and standing.tier_until.year > now.year:
        return _with(base, 100, say.language.bold(N_("[{tier}] is yours"), tier=base.name), base.since)
    threshold = next((level.threshold for level in levels if level.slug == ahead.tier), 0) or 1
    scale = 10**standing.version.digits if standing.version.tiers.basis is Basis.SPEND else 1
    percent = max(0, 100 * (threshold * scale - ahead.amount) // (threshold * scale))
    by = _by(ahead, say, standing, now)
    if not ahead.amount:
        kept = N_("[{tier}] is yours") if keep else N_("[{tier}] is reached")
        return _with(base, 100, say.language.bold(kept, tier=say.tiers.get(ahead.tier, ahead.tier)), by)
    return _with(base, percent, _goal(ahead, keep, standing, say), by)


def _with(card: TierCard, percent: int, parts: tuple[str, str, str], by: str) -> TierCard:
    return TierCard(card.name, card.since, card.tone, percent, *parts, by)


def _goal(ahead: Ahead, keep: bool, standing: MemberStanding, say: Wording) -> tuple[str, str, str]:
    tier = say.tiers.get(ahead.tier, ahead.tier)
    if standing.version.tiers.basis is Basis.SPEND:
        text = N_("[{money}] to keep {tier}") if keep else N_("[{money}] to {tier}")
        return say.language.bold(text, money=say.money(ahead.amount), tier=tier)
    if keep:
        return say.language.bold(
            "[{n} point] to keep {tier}", ahead.amount, "[{n} points] to keep {tier}", tier=tier
        )
    return say.language.bold("[{n} point] to {tier}", ahead.amount, "[{n} points] to {tier}", tier=tier)


def _by(ahead: Ahead, say: Wording, standing: MemberStanding, now: datetime) -> str:
    if ahead.by is None:
        return ""
    last = datetime.fromordinal(ahead.by).date()
    return say.text("by {day}", day=day(last, say, standing.version.zone, now, short=True))
