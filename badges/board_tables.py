"""The tables of boards: scores of those who opted in, counts and lists for pages, leagues, and aliases.

Scores and seats are a member's own. What a page shows of others lies finished in reference rows (`BoardSeason`,
`BoardCircle`, `BoardCount`), which follow the scores a second later, so that no page view counts anybody.
"""

# SQLModel declares `__tablename__` as a declared_attr; a plain name is what it documents.
# pyright: reportAssignmentType=false

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, Uuid, text
from sqlmodel import Field, SQLModel

from facts.columns import big, flag, index_of, member_key, moment

IS_DIRTY = text("board_score.dirty")
"""As its index says it: SQLite uses a partial index only where the words are the same, and `dirty = 1` is not."""


class BoardScore(SQLModel, table=True):
    """What a member who opted in came to in a period that is not closed, under their `alias`.

    `falling` is the score with its sign turned, since an index rises and lists fall. `counted` is the score that the
    counts know of (0: none); `dirty` says that it is not this one, or that the lists have another alias. `circle` is
    the number of their circle within their `division`; 0 is none.
    """

    __tablename__ = "board_score"
    __table_args__ = (
        Index("board_score_order", "board", "period", "falling", "reached_at", "member_id"),
        Index("board_score_circle", "board", "period", "division", "circle"),
        index_of("dirty", "board_score_dirty", "board", "period", "member_id"),
    )

    member_id: UUID = member_key()
    board: str = Field(primary_key=True)
    period: int = big(primary_key=True)
    score: int = big()
    falling: int = big()
    reached_at: datetime = moment()
    alias: str
    counted: int = big(default=0)
    dirty: bool = flag()
    division: int = big(default=0)
    circle: int = big(default=0)


class BoardCount(SQLModel, table=True):
    """How many members have a score of a bucket: the tree of `badges.places`."""

    __tablename__ = "board_count"

    board: str = Field(primary_key=True)
    period: int = big(primary_key=True)
    level: int = big(primary_key=True)
    bucket: int = big(primary_key=True)
    members: int = big()


class BoardSeason(SQLModel, table=True):
    """A period of a board: how many are listed, and the best of them, as JSON: member, alias and score.

    Closed once, at `closed_at`; after that nothing changes it but a member who leaves, or an alias that is taken away.
    """

    __tablename__ = "board_season"

    board: str = Field(primary_key=True)
    period: int = big(primary_key=True)
    begins_at: datetime | None = moment(nullable=True)
    ends_at: datetime | None = moment(nullable=True)
    players: int = big(default=0)
    leaders: str = Field(default="[]", sa_column=Column(Text(), nullable=False))
    closed_at: datetime | None = moment(nullable=True)


class BoardCircle(SQLModel, table=True):
    """A circle of a league in one period: who sits in it, as JSON: member, alias and score.

    `seats` is how many were given. Judged once, when the first of them goes on: `judged` says for each member what
    became of them (1 climbs, -1 goes down).
    """

    __tablename__ = "board_circle"

    board: str = Field(primary_key=True)
    period: int = big(primary_key=True)
    division: int = big(primary_key=True)
    number: int = big(primary_key=True)
    seats: int = big(default=0)
    people: str = Field(default="[]", sa_column=Column(Text(), nullable=False))
    judged: str = Field(default="", sa_column=Column(Text(), nullable=False))


class LeagueSeat(SQLModel, table=True):
    """Where a member sat last in a league."""

    __tablename__ = "league_seat"

    member_id: UUID = member_key()
    board: str = Field(primary_key=True)
    period: int = big()
    division: int = big()
    circle: int = big()


class Alias(SQLModel, table=True):
    """Whose an alias is, by its folded form. One with a `reason` was taken away by staff, and comes back for nobody."""

    __tablename__ = "alias"

    folded: str = Field(primary_key=True)
    member_id: UUID = Field(sa_column=Column(Uuid(), nullable=False, index=True))
    since: datetime = moment()
    reason: str = ""
