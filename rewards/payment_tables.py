"""The table of payments with points: what a shop set aside at its checkout, and what became of it."""

# SQLModel declares `__tablename__` as a declared_attr; a plain name is what it documents.
# pyright: reportAssignmentType=false

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, Uuid
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from facts.columns import big, index_of, member_key, moment


class Payment(SQLModel, table=True):
    """Points set aside for an order of a shop: held → committed (it was placed), or released, or lapsed.

    `order_id` is the shop's, of its own `source`. `points` (of a `wallet`) and `money` (minor units of the programme's
    currency) are what was meant; what the order takes in the end is in the ledger. `until` is when it lapses unless the
    order was placed.
    """

    __tablename__ = "payment"
    __table_args__ = (
        Index("payment_request", "member_id", "source", "request_id", unique=True),
        Index("payment_order", "member_id", "source", "order_id"),
        index_of("state = 'held'", "payment_held", "until", "member_id"),
    )

    member_id: UUID = member_key()
    payment_id: UUID = Field(sa_column=Column(Uuid(), primary_key=True))
    source: str
    order_id: str
    request_id: str
    points: int = big()
    money: int = big()
    wallet: str = Field(default="points", sa_column_kwargs={"server_default": sql("'points'")})
    lines: str = "[]"
    state: str = "held"
    held_at: datetime = moment()
    until: datetime = moment()
    closed_at: datetime | None = moment(nullable=True)
