"""Goals as a member sees them: how far all are together, what they brought themselves, and what is in it.

The sum is a reference row, one for each goal; the own part is what the member's game remembers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from badges.goal_tables import GoalTotal
from badges.goals import PREFIX, Goal
from facts.criteria.saying import progress
from facts.dates import day_of
from members.actions.goals import goals_of
from members.cards import PlayCard, icon_of
from members.game_cards import GoalCard
from members.programme.versions import Version
from members.views.playing import Play, gift_words
from members.views.saying import day
from rewards.wording import Wording


def goal_cards(session: Session, play: Play) -> tuple[GoalCard, ...]:
    """The goals that run, and those that were reached; one question, and none where there are no goals."""
    version = play.standing.version
    known = [(key, goal, target) for key, goal, target in goals_of(version) if _in_sight(goal, play.now)]
    if not known:
        return ()
    query = select(GoalTotal).where(col(GoalTotal.goal).in_([key for key, _, _ in known]))
    totals = {row.goal: row for row in session.exec(query.execution_options(populate_existing=True))}
    cards = [_card(goal, target, totals.get(key), play) for key, goal, target in known]
    return tuple(card for card in cards if card.state != "over")


def goal_at_home(
    version: Version, say: Wording, now: datetime, sums: Mapping[str, tuple[int, bool]]
) -> PlayCard:
    """The running goal that all are furthest with. `sums` has for each what it comes to, and whether it is reached."""
    found: list[PlayCard] = []
    for key, goal, target in goals_of(version):
        total, reached = sums.get(key, (0, False))
        if not reached and _in_sight(goal, now) and goal.open_at(now):
            done = progress(goal.criterion, total, target, say.language, say.currency)
            found.append(
                PlayCard(
                    name=say.words(goal.name),
                    words=say.text("All together: {progress}", progress=done),
                    percent=_percent(total, target),
                    icon=icon_of(goal.icon),
                )
            )
    return max(found, key=lambda card: card.percent, default=PlayCard())


def _percent(total: int, target: int) -> int:
    """How much of it is there; what is not reached is never said to be whole."""
    return max(0, min(99, 100 * total // target))


def _in_sight(goal: Goal, now: datetime) -> bool:
    begun = goal.opens is None or goal.opens <= now
    return begun and not goal.retired and not goal.paused


def _card(goal: Goal, target: int, row: GoalTotal | None, play: Play) -> GoalCard:
    say, total = play.say, row.total if row else 0
    reached = row.reached_at if row else None
    shape = play.rules.goals[f"{PREFIX}{goal.slug}"].shape
    kept = play.game.scores.kept.get(f"{PREFIX}{goal.slug}")
    mine = kept.value if kept and kept.shape == shape else 0
    least = play.rules.goals[f"{PREFIX}{goal.slug}"].least
    state = "reached" if reached else "open" if goal.open_at(play.now) else "over"
    percent = 100 if reached else _percent(total, target)
    return GoalCard(
        key=goal.slug,
        name=say.words(goal.name),
        description=say.words(goal.description) if goal.description else "",
        icon=icon_of(goal.icon),
        state=state,
        status=say.text("Reached on {day}", day=day(reached, say, play.standing.version.zone, play.now))
        if reached
        else "",
        percent=percent,
        progress=progress(goal.criterion, total, target, say.language, say.currency),
        left=_left(goal, play) if state == "open" else "",
        mine=_mine(goal, mine, least, target, state, play),
        gives=_gives(goal, play),
    )


def _left(goal: Goal, play: Play) -> str:
    if goal.closes is None:
        return ""
    zone = play.standing.version.zone
    days = day_of(goal.closes, zone) - day_of(play.now, zone)
    if days < 1:
        return play.say.text("last day")
    return play.say.language.plural("{n} day left", "{n} days left", days)


def _mine(goal: Goal, mine: int, least: int, target: int, state: str, play: Play) -> str:
    """What I brought, or what to bring to take part."""
    say = play.say
    if mine >= least:
        part = progress(goal.criterion, mine, target, say.language, say.currency)
        return say.text("Your part: {part}", part=part)
    if state == "reached":
        return ""
    part = progress(goal.criterion, mine, least, say.language, say.currency)
    return say.text("You have {part} to take part", part=part)


def _gives(goal: Goal, play: Play) -> str:
    gift = gift_words(goal.prize, play)
    return play.say.text("For everybody who takes part: {gift}", gift=gift) if gift else ""
