"""What is asked about a member for their home page, part by part: all of it in one question."""

from __future__ import annotations

from typing import Any, get_args

from sqlalchemy import Text, func, literal_column, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from badges.goal_tables import GoalTotal
from badges.tables import Player, Scarce
from facts.events import OWN_SOURCE
from members.asking import part
from members.case_tables import OPEN, HeldCase
from members.own_tables import Merge, Profile
from members.standing import standing_parts
from members.tables import FactRow, Member, Standing
from members.views.counter_asked import asked_part
from rewards.occasion import On
from rewards.tables import Entry, Redemption, RewardStock

RECENT = 6


def home_parts(member: Any) -> list[Any]:
    """What has to be asked about a member for their home page. `now` is a parameter."""
    return [
        _entries(member),
        _redemptions(member),
        _had_before(member),
        _days(member),
        asked_part(member),
        *_counted(member),
        *standing_parts(member),
    ]


def _entries(member_id: Any) -> Any:
    """The newest ones, by their numbers: an account has them all, from 1 up to the one that its standing names."""
    names = ("seq", "kind", "amount", "at", "active_from", "expires_at", "cause", "rule", "version", "why")
    last = select(col(Standing.seq) - literal_column(str(RECENT))).where(col(Standing.member_id) == member_id)
    newest = (col(Entry.member_id) == member_id, col(Entry.seq) > last.scalar_subquery())
    return part("entry", **{name: getattr(Entry, name) for name in names}).where(*newest)


def _redemptions(member_id: Any) -> Any:
    own, at = _taken("redemption")
    return own.where(col(at.member_id) == member_id)


def _had_before(member_id: Any) -> Any:
    """What the accounts had that became part of this one, or part of those: it counts towards limits, and in choices.

    It stops at these two steps, which is as much as a short question has room for.
    """
    theirs, at = _taken("before")
    into, first = aliased(Merge, name="m"), aliased(Merge, name="n")
    direct = select(col(first.member_id)).where(
        col(first.into_id) == member_id, col(first.undone_at).is_(None)
    )
    joined = theirs.join(into, col(into.member_id) == col(at.member_id))
    return joined.where(
        col(into.into_id).in_(union_all(select(member_id), direct)), col(into.undone_at).is_(None)
    )


def _taken(what: str) -> tuple[Any, type[Redemption]]:
    at = aliased(Redemption, name="r")  # a short question is remembered
    said = {
        "kind": col(at.state),
        "rule": col(at.reward),
        "at": col(at.reserved_at),
        "cause": col(at.request_id),
    }
    return part(what, **said), at


def _days(member_id: Any) -> Any:
    """When the occasions of rewards were last."""
    source, *kinds = (literal_column(f"'{word}'", Text()) for word in (OWN_SOURCE, *get_args(On)))
    last = part("day", kind=col(FactRow.type), at=func.max(col(FactRow.occurred_at)))
    mine = (col(FactRow.member_id) == member_id, col(FactRow.source) == source, col(FactRow.type).in_(kinds))
    return last.where(*mine).group_by(col(FactRow.type))


def _player(member_id: Any) -> Any:
    """How the member plays, and what they have said of themselves: of the name its length, of the birthday when."""
    query = part("player", kind=col(Player.calm), rule=col(Player.shown), cause=col(Player.told),
                 amount=func.length(col(Member.name)), at=col(Member.created_at),
                 active_from=col(Profile.birthday_at), why=col(Profile.skipped))  # fmt: skip
    for table in (Player, Profile):
        query = query.outerjoin(table, col(table.member_id) == col(Member.member_id))
    return query.where(col(Member.member_id) == member_id)


def _counted(member_id: Any) -> list[Any]:
    """What is only words and a number: stock by reward, what is gone of scarce things, goals, how the member plays."""

    def mine(table: Any) -> Any:
        return col(table.member_id) == member_id

    goal, case = aliased(GoalTotal, name="g"), aliased(HeldCase, name="h")
    return [
        part("stock", amount=col(RewardStock.left), rule=col(RewardStock.slug)),
        part("scarce", amount=col(Scarce.taken), rule=col(Scarce.key)),
        part("goal", amount=col(goal.total), at=col(goal.reached_at), rule=col(goal.goal)),
        _player(member_id),
        part("case", amount=col(case.facts)).where(
            mine(case), col(case.status) == literal_column(f"'{OPEN}'")
        ),
    ]
