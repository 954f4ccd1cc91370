"""The tables of what is held back: the facts in a burst, and the case that staff decide."""

# SQLModel declares `__tablename__` as a declared_attr; a plain name is what it documents.
# pyright: reportAssignmentType=false

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from facts.columns import big, member_key, moment

OPEN, RELEASED, REJECTED, GONE = "open", "released", "rejected", "gone"


class HeldFact(SQLModel, table=True):
    """A fact that a guard holds back, as of now: derived from the facts, and written anew by a replay."""

    __tablename__ = "held_fact"
    __table_args__ = (Index("held_fact_at", "member_id", "at"),)

    member_id: UUID = member_key()
    source: str = Field(primary_key=True)
    fact_id: str = Field(primary_key=True)
    guard: str
    at: datetime = moment()


class HeldCase(SQLModel, table=True):
    """What a guard holds back of a member, for staff to look at: one open case, however many facts come.

    `since` and `until` are the first and the last of its `facts`. `status` is `open`, `released` (they count),
    `rejected` (they never do), or `gone` when an open one has nothing left to decide. `actor` and `reason` are the
    latest decision's.
    """

    __tablename__ = "held_case"
    __table_args__ = (Index("held_case_queue", "status", "opened_at"),)

    member_id: UUID = member_key()
    guard: str = Field(primary_key=True)
    number: int = big(primary_key=True)
    status: str
    facts: int = big()
    since: datetime = moment()
    until: datetime = moment()
    opened_at: datetime = moment()
    decided_at: datetime | None = moment(nullable=True)
    actor: str = ""
    reason: str = Field(default="", sa_column=Column(Text(), nullable=False))
