"""The tables of gifts: what members set aside for others, where a link leads, and what members took."""

# SQLModel declares `__tablename__` as a declared_attr; a plain name is what it documents.
# pyright: reportAssignmentType=false

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary, Text, Uuid
from sqlmodel import Field, SQLModel

from facts.columns import big, index_of, member_key, moment


class Gift(SQLModel, table=True):
    """Points that a member set aside for somebody: waiting → taken, or back (called back), or over (not taken in time).

    It stays with the account that gave it. `lots` is JSON, what it is made of: decided when it was given. The code in
    its link is sealed with the programme's secret; `named` when the link may say who gives.
    """

    __tablename__ = "gift"
    __table_args__ = (
        Index("gift_request", "member_id", "request_id", unique=True),
        Index("gift_given", "member_id", "given_at"),
        index_of("state = 'waiting'", "gift_waiting", "until", "member_id"),
    )

    member_id: UUID = member_key()
    gift_id: UUID = Field(sa_column=Column(Uuid(), primary_key=True))
    request_id: str
    points: int = big()
    lots: str = Field(sa_column=Column(Text(), nullable=False))
    named: bool = False
    state: str = "waiting"
    code_sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary(), nullable=True))
    given_at: datetime = moment()
    until: datetime = moment()
    closed_at: datetime | None = moment(nullable=True)


class GiftCode(SQLModel, table=True):
    """Where the link of a gift leads, by the HMAC of its code: whoever opens it knows no more than that."""

    __tablename__ = "gift_code"

    code_hmac: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    member_id: UUID = Field(sa_column=Column(Uuid(), nullable=False, index=True))
    gift_id: UUID = Field(sa_column=Column(Uuid(), nullable=False))


class GiftTaken(SQLModel, table=True):
    """A gift that a member took, on their own shard; it does not say from whom."""

    __tablename__ = "gift_taken"
    __table_args__ = (Index("gift_taken_at", "member_id", "taken_at"),)

    member_id: UUID = member_key()
    gift_id: UUID = Field(sa_column=Column(Uuid(), primary_key=True))
    points: int = big()
    taken_at: datetime = moment()
