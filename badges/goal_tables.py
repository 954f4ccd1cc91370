"""The tables of goals: everybody's own part, and what they come to together; and budgets that are nearly gone.

A part is a member's own. The sum is a row that only the one who gathers writes, a second behind the parts, so that no
order waits for another's.
"""

# SQLModel declares `__tablename__` as a declared_attr; a plain name is what it documents.
# pyright: reportAssignmentType=false

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Field, SQLModel

from facts.columns import big, flag, index_of, member_key, moment

IS_DIRTY, IS_UNPAID = text("goal_part.dirty"), text("NOT goal_part.paid")
"""As the indexes say it: SQLite uses a partial index only where the words are the same, and `paid = 0` is not."""


class GoalPart(SQLModel, table=True):
    """What a member brought to a goal, and how much of it was `gathered`; `dirty` says that these differ.

    `took_part_at` is when their part was noticed to be large enough; `paid` says that nothing is owed any more: they
    have the prize, or were refused it, as the audit says then (`goal.prize_refused`).
    """

    __tablename__ = "goal_part"
    __table_args__ = (
        index_of("dirty", "goal_part_dirty", "goal"),
        index_of("NOT paid", "goal_part_unpaid", "goal", "took_part_at"),
    )

    member_id: UUID = member_key()
    goal: str = Field(primary_key=True)
    part: int = big()
    gathered: int = big(default=0)
    took_part_at: datetime | None = moment(nullable=True)
    dirty: bool = flag()
    paid: bool = flag()


class GoalTotal(SQLModel, table=True):
    """What all came to, and how many brought something. Reached once, at `reached_at`, whatever goes back later."""

    __tablename__ = "goal_total"

    goal: str = Field(primary_key=True)
    total: int = big(default=0)
    members: int = big(default=0)
    reached_at: datetime | None = moment(nullable=True)


class BudgetAlert(SQLModel, table=True):
    """That a budget was nearly gone, or could not pay a prize any more: said once for each budget."""

    __tablename__ = "budget_alert"

    key: str = Field(primary_key=True)
    budget: int = big(primary_key=True)
    taken: int = big()
    at: datetime = moment()
