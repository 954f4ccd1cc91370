"""The tables of uploaded codes, and of pots that donations fill: rows beside the programme, by the reward's slug.

A code is nobody's until it is drawn, so it is keyed by what it says (a digest), as vouchers' own codes are.
"""

# SQLModel declares `__tablename__` as a declared_attr; a plain name is what it documents.
# pyright: reportAssignmentType=false

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary, Uuid, text
from sqlmodel import Field, SQLModel

from facts.columns import big, index_of, moment

IS_FREE = text("pool_code.taken_at IS NULL")
"""As the index says it."""


class PoolCode(SQLModel, table=True):
    """An uploaded code of a reward: free until `taken_at`, then a member's for good, also when they gave it back.

    `sealed` is the code, encrypted with the programme's secret, until it is shown; from then on the redemption has it.
    `redemption_id` is NULL while a member's code waits for their next redemption. Codes go in the order of `place`.
    """

    __tablename__ = "pool_code"
    __table_args__ = (
        index_of("taken_at IS NULL", "pool_code_free", "reward", "place"),
        Index("pool_code_mine", "member_id", "reward"),
    )

    reward: str = Field(primary_key=True)
    digest: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    place: int = big()
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary(), nullable=True))
    taken_at: datetime | None = moment(nullable=True)
    member_id: UUID | None = Field(default=None, sa_column=Column(Uuid(), nullable=True))
    redemption_id: UUID | None = Field(default=None, sa_column=Column(Uuid(), nullable=True))


class RewardPool(SQLModel, table=True):
    """How many codes of a reward were uploaded in all, and how many there were after the last file (`capacity`).

    `alerted_at` is when staff were told that few of these are left; another file makes them hear of it again.
    """

    __tablename__ = "reward_pool"

    slug: str = Field(primary_key=True)
    loaded: int = big()
    capacity: int = big()
    loaded_at: datetime = moment()
    alerted_at: datetime | None = moment(nullable=True)


class RewardPot(SQLModel, table=True):
    """What members gave to a donation: times, points and money (minor units).

    A pot is kept in sixteen `part`s, each for some of the members, so that no giver waits for all others.
    """

    __tablename__ = "reward_pot"

    slug: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    gifts: int = big()
    points: int = big()
    amount: int = big()
