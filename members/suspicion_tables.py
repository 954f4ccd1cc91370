"""The tables of what looks like fraud: signs of members, as keyed hashes for a while, and what was found of friends."""

# SQLModel declares `__tablename__` as a declared_attr; a plain name is what it documents.
# pyright: reportAssignmentType=false

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, Uuid
from sqlmodel import Field, SQLModel

from facts.columns import member_key, moment

OPEN, PAID, REFUSED = "open", "paid", "refused"


class Sign(SQLModel, table=True):
    """Something that was seen of a member, as a keyed hash: `kind` device, network, email, phone, address or payment.

    Keyed by the value, since it is asked who else has it. Forgotten half a year after it was seen last.
    """

    __tablename__ = "sign"
    __table_args__ = (Index("sign_member", "member_id"), Index("sign_seen", "seen_at"))

    kind: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    member_id: UUID = Field(sa_column=Column(Uuid(), primary_key=True))
    first_at: datetime = moment()
    seen_at: datetime = moment()


class Suspicion(SQLModel, table=True):
    """What was found of a friend whom a member brought: `found` as JSON, by kind since when and how many; no values.

    `status` is "" (not enough to ask anybody), `open` (the rewards of both wait), `paid` or `refused` by `actor`, who
    has seen the kinds in `decided`. `appeal` is what the member said to it, once.
    """

    __tablename__ = "suspicion"
    __table_args__ = (Index("suspicion_queue", "status", "opened_at"),)

    member_id: UUID = member_key()
    referral_id: UUID = Field(sa_column=Column(Uuid(), primary_key=True))
    friend_id: UUID = Field(sa_column=Column(Uuid(), nullable=False))
    found: str = Field(default="{}", sa_column=Column(Text(), nullable=False))
    counted: str = Field(default="", sa_column=Column(Text(), nullable=False))
    status: str = ""
    opened_at: datetime | None = moment(nullable=True)
    decided_at: datetime | None = moment(nullable=True)
    decided: str = Field(default="", sa_column=Column(Text(), nullable=False))
    actor: str = ""
    appeal: str = Field(default="", sa_column=Column(Text(), nullable=False))
    appealed_at: datetime | None = moment(nullable=True)
