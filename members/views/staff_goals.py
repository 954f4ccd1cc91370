"""The goals of all members for staff: what each asks, how far they are, and who takes part. One question."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from badges.goal_tables import GoalTotal
from badges.goals import Goal
from facts.criteria.saying import progress, sentence
from facts.language import N_
from members.actions.goals import goals_of
from members.cards import icon_of
from members.programme.versions import Version
from members.staff_game_cards import FigureCard, GameCard
from members.views.saying import day
from members.views.staff_lives import ENDED, RETIRED, TONES, limits, state_of
from rewards.wording import Wording

REACHED = N_("Reached")


def staff_goals(
    session: Session, version: Version, say: Wording, now: datetime, may: bool
) -> tuple[GameCard, ...]:
    """All goals of a version, what is over below; `may` says that these staff may pause and retire."""
    known = goals_of(version)
    rows = {row.goal: row for row in session.exec(select(GoalTotal))} if known else {}
    known.sort(key=lambda one: one[1].retired)
    return tuple(_card(goal, target, rows.get(key), version, say, now, may) for key, goal, target in known)


def _card(
    goal: Goal, target: int, row: GoalTotal | None, version: Version, say: Wording, now: datetime, may: bool
) -> GameCard:
    reached = row.reached_at if row else None
    state = REACHED if reached and not goal.retired else state_of(goal, now)
    over = state in (RETIRED, ENDED, REACHED)
    whole = sentence(goal.criterion, say.language, say.currency, target=goal.target)
    own = sentence(goal.criterion, say.language, say.currency, target=goal.criterion.target)
    return GameCard(
        key=f"goal:{goal.slug}",
        name=say.words(goal.name),
        icon=icon_of(goal.icon),
        state=say.text(state),
        tone="good" if state == REACHED else TONES.get(state, "plain"),
        asks=say.text("All together: {progress}", progress=whole),
        words=" · ".join([say.text("To take part: {asks}", asks=own), *limits(goal, version, say, now)]),
        figures=(_so_far(goal, target, row, version, say, now), _members(row, say)),
        may_pause=may and not over and not goal.paused,
        may_go_on=may and not over and goal.paused,
        may_retire=may and not goal.retired,
    )


def _so_far(
    goal: Goal, target: int, row: GoalTotal | None, version: Version, say: Wording, now: datetime
) -> FigureCard:
    total = row.total if row else 0
    words = say.language.percent(max(0, total) / target)
    if row and row.reached_at:
        words = say.text("Reached on {day}", day=day(row.reached_at, say, version.zone, now))
    value = progress(goal.criterion, total, target, say.language, say.currency)
    return FigureCard(say.text("So far"), value, words)


def _members(row: GoalTotal | None, say: Wording) -> FigureCard:
    return FigureCard(
        say.text("Members"), say.language.number(row.members if row else 0), say.text("brought something")
    )
