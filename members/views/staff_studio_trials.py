"""What the studio says of trials: how far one member would be, and what everybody would get."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from badges.document import Badge, Challenge
from facts.criteria.saying import progress
from facts.language import N_, Language
from members.actions.backfill import Found, Preview
from members.actions.trials import try_on
from members.programme.versions import versions
from members.roles import Capability, Person
from members.staff_studio_cards import PreviewCard, ShareCard, TrialCard
from members.tables import Member, Standing
from members.views.saying import day, wording
from members.views.standing import unknown

REACHED_MAX = 12
NAMELESS = N_("A member without a name")


def trial_card(
    session: Session, member_id: UUID, game: Badge | Challenge, now: datetime, language: Language
) -> TrialCard:
    """How far a member would be on it, if it had always been there."""
    trial, row = try_on(session, member_id, game, now), session.get(Member, member_id)
    if trial is None or row is None:
        raise unknown()
    version = versions(session).latest
    say, goals = wording(version, language), trial.goals
    ahead = next((goal for goal in goals if goal > trial.value), goals[-1])
    reached = [
        say.text("Step {n} on {day}", n=level, day=day(at, say, version.zone, now))
        for level, at in trial.reached[-REACHED_MAX:]
    ]
    return TrialCard(
        name=row.name or say.text(NAMELESS),
        words=progress(game.criterion, trial.value, ahead, language, say.currency),
        percent=max(0, min(100, 100 * trial.value // ahead)),
        reached=tuple(reached) or (say.text("Nothing reached so far."),),
    )


def everybody(session: Session) -> int:
    """How many members there are to look at."""
    return session.exec(select(func.count()).select_from(Standing)).one()


def shares(
    session: Session, found: Iterable[Found], person: Person, now: datetime, language: Language
) -> list[ShareCard]:
    """Some of those who would get it, and when; by name for who may see members."""
    version, some = versions(session).latest, list(found)
    say = wording(version, language)
    names: dict[UUID, str] = {}
    if person.may(Capability.SEE_MEMBERS):
        wanted = select(Member.member_id, Member.name).where(
            col(Member.member_id).in_([one.member_id for one in some])
        )
        names = {member_id: name for member_id, name in session.exec(wanted) if name}
    cards: list[ShareCard] = []
    for one in some:
        when = day(one.awarded_at, say, version.zone, now)
        msgid = N_("Step {n}, of {day}, is taken back") if one.taken_back else N_("Step {n} on {day}")
        name, key = names.get(one.member_id), f"{one.member_id}:{one.level}:{one.awarded_at.isoformat()}"
        cards.append(ShareCard(key, name or say.text(NAMELESS), say.text(msgid, n=one.level, day=when)))
    return cards


def preview_card(
    whole: Preview,
    examples: list[ShareCard],
    looked: int,
    total: int,
    language: Language,
    *,
    done: bool,
    would: bool,
) -> PreviewCard:
    """What a walk through everybody came to so far; `would` when nothing is kept."""
    n, cost = whole.members, abs(whole.points)
    if whole.taken_back > whole.given:
        words = language.plural("{n} member loses it", "{n} members lose it", n)
    elif would:
        words = language.plural("{n} member would get it", "{n} members would get it", n)
    else:
        words = language.plural("{n} member has it now", "{n} members have it now", n)
    points = language.plural("{n} point", "{n} points", cost)
    price = language.text("It costs {points}.", points=points) if whole.points >= 0 else ""
    back = language.text("{points} are taken back.", points=points) if whole.points < 0 else ""
    return PreviewCard(
        words=words,
        cost=price or back,
        examples=tuple(examples),
        looked=language.text("{n} of {total} members looked at", n=min(looked, total), total=total),
        percent=100 if done else min(99, 100 * looked // max(1, total)),
        running=not done,
        done=done,
        kept=not would,
    )
