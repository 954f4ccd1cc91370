"""The tables of bringing friends: links, who was brought by whom, and what was said of it.

A referral is two accounts' affair, so it lies on the sharer's shard, and the friend's has a row that leads there; what
it brings are facts on each account. Look-ups from a code are keyed by the code.
"""

# SQLModel declares `__tablename__` as a declared_attr; a plain name is what it documents.
# pyright: reportAssignmentType=false

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, Uuid, text
from sqlmodel import Field, SQLModel

from facts.columns import big, member_key, moment

AGAIN = datetime(1970, 1, 1, tzinfo=UTC)  # as `Brought.seen_until`: to be looked at again, whatever is new


class ReferralCode(SQLModel, table=True):
    """A member's link, `/r/<code>`, with the terms that it was shared with, as JSON of the offer. It keeps them.

    `clicked` counts the browsers that opened it, `shared` how often its owner sent it on. With `named` its owner lets
    it say who invites.
    """

    __tablename__ = "referral_code"
    __table_args__ = (Index("referral_code_member", "member_id", "created_at"),)

    code: str = Field(primary_key=True)
    member_id: UUID = Field(sa_column=Column(Uuid(), nullable=False))
    offer: str
    terms: str = Field(sa_column=Column(Text(), nullable=False))
    created_at: datetime = moment()
    clicked: int = big(default=0)
    shared: int = big(default=0)
    named: bool = False


class Referral(SQLModel, table=True):
    """A friend whom a member brought: `came_at`, by which `code` and `way` (link, code), and on which terms.

    `channel` is what the link was tagged with (`members.channels`), `counted` what of it is in the counts, as JSON.
    `said` are the steps that stand now, as JSON; `number` is how many facts there were, so that each has an id of its
    own. `reason` is why nothing is paid, `paid_at` when the reward was first decided. A friend counts for milestones
    since `counts_at`, and for good from `sure_at` on; `earned` are the points that they bring to whoever brought them.
    """

    __tablename__ = "referral"
    __table_args__ = (
        Index("referral_came", "member_id", "came_at"),
        Index("referral_counts", "member_id", "counts_at"),
    )

    member_id: UUID = member_key()
    referral_id: UUID = Field(sa_column=Column(Uuid(), primary_key=True))
    friend_id: UUID = Field(sa_column=Column(Uuid(), nullable=False))
    code: str
    offer: str
    terms: str = Field(sa_column=Column(Text(), nullable=False))
    way: str
    came_at: datetime = moment()
    said: str = Field(default="[]", sa_column=Column(Text(), nullable=False))
    number: int = big(default=0)
    reason: str = ""
    paid_at: datetime | None = moment(nullable=True)
    channel: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    counted: str = Field(default="", sa_column=Column(Text(), nullable=False, server_default=text("''")))
    counts_at: datetime | None = moment(nullable=True)
    sure_at: datetime | None = moment(nullable=True)
    earned: int = big(default=0)


class Brought(SQLModel, table=True):
    """Who brought a member, and where that is written down. Their purchases recorded until `seen_until` count.

    They are looked at again at `due_at`, when a reward comes that was held until then.
    """

    __tablename__ = "brought"
    __table_args__ = (Index("brought_sharer", "sharer_id"), Index("brought_due", "due_at"))

    member_id: UUID = member_key()
    sharer_id: UUID = Field(sa_column=Column(Uuid(), nullable=False))
    referral_id: UUID = Field(sa_column=Column(Uuid(), nullable=False))
    came_at: datetime = moment()
    seen_until: datetime = moment()
    due_at: datetime | None = moment(nullable=True)


class MilestonesSaid(SQLModel, table=True):
    """The milestones that a member has by now: `said` as JSON; `number` is how many facts there were, for their ids."""

    __tablename__ = "referral_milestone"

    member_id: UUID = member_key()
    said: str = Field(default="[]", sa_column=Column(Text(), nullable=False))
    number: int = big(default=0)
