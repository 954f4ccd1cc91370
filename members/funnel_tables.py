"""The tables that say how bringing friends goes: counts by day, the terms that links keep, and who brought how many.

They are kept up where things happen (`members.funnel`), so that no page counts over links or friends.
"""

# SQLModel declares `__tablename__` as a declared_attr; a plain name is what it documents.
# pyright: reportAssignmentType=false

from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from facts.columns import big, member_key


class FunnelCount(SQLModel, table=True):
    """How often something happened on a day, by offer and channel. It names nobody.

    `day` is an ordinal in the programme's zone. `step` is shared or clicked, counted on the day they happened; or, on
    the day the friend came: joined, bought, again (friends), points (given to both sides), money (worth of vouchers,
    in minor units). A day's count lies in several rows (`part`), so that many at once do not wait for one of them.
    """

    __tablename__ = "funnel_count"

    offer: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    day: int = big(primary_key=True)
    step: str = Field(primary_key=True)
    part: int = big(primary_key=True)
    amount: int = big(default=0)


class LinkTerms(SQLModel, table=True):
    """How many links keep these `terms` of an offer (JSON, by their `digest`), in several rows as `FunnelCount`."""

    __tablename__ = "link_terms"

    offer: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    part: int = big(primary_key=True)
    terms: str = Field(sa_column=Column(Text(), nullable=False))
    links: int = big(default=0)


class Advocate(SQLModel, table=True):
    """How many friends a member has brought by an offer: who joined, bought, bought again; and the points.

    Under the offer "" they are summed over all of them.
    """

    __tablename__ = "advocate"
    __table_args__ = (Index("advocate_best", "offer", "bought", "joined"),)

    member_id: UUID = member_key()
    offer: str = Field(primary_key=True)
    joined: int = big(default=0)
    bought: int = big(default=0)
    again: int = big(default=0)
    points: int = big(default=0)
