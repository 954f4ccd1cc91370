"""The tables of meaning: awards, what was scarce and is decided for good, and how a member wants to play.

Every member-owned table has `member_id` first in its key (one shard per member). Definitions live in the programme
document; how far a member is on each track lies with their standing.
"""

# SQLModel declares `__tablename__` as a declared_attr; a plain name is what it documents.
# pyright: reportAssignmentType=false

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, Uuid
from sqlmodel import Field, SQLModel

from facts.columns import big, index_of, member_key, moment

RETURNED, HELD, UNCOUNTED = "*", "?", "-"
"""The reasons of an award that went back: with an order, since a guard holds back what it was reached with, or since
something else that it was reached with counts no more. They are shorter than any reason that staff can give.
"""
WENT_BACK = (RETURNED, HELD, UNCOUNTED)
PAID = "paid:"
HOLDS = "kind = 'badge' AND level = 1 AND revoked_at IS NULL"


class Award(SQLModel, table=True):
    """A badge's level (`kind` badge) or a challenge's milestone (`kind` challenge) that a member reached.

    `instance` counts rounds. `awarded_at` is when it was reached, by the fact that is named; `recorded_at` when that
    was noticed. `value` is what the criterion came to. One that was taken back keeps its row with `revoked_at` and
    the `reason`: one of `WENT_BACK`, or staff's own words. `edition` is its number where there are only so many.
    """

    __tablename__ = "award"
    __table_args__ = (
        Index("award_at", "member_id", "awarded_at"),
        index_of(HOLDS, "award_held", "slug", "awarded_at", "member_id"),
    )

    member_id: UUID = member_key()
    kind: str = Field(primary_key=True)
    slug: str = Field(primary_key=True)
    instance: int = big(primary_key=True)
    level: int = big(primary_key=True)
    version: int
    value: int = big()
    fact_source: str
    fact_id: str
    awarded_at: datetime = moment()
    recorded_at: datetime = moment()
    expires_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)
    reason: str = ""
    by_hand: str = ""
    edition: int = big(default=0)


class Scarce(SQLModel, table=True):
    """How much of something scarce was given away: editions of a badge, points of a challenge's budget."""

    __tablename__ = "scarce"

    key: str = Field(primary_key=True)
    taken: int = big()


class ScarceGrant(SQLModel, table=True):
    """Who got something scarce: decided once, first come, and never again. `number` is the edition, or the points."""

    __tablename__ = "scarce_grant"

    member_id: UUID = member_key()
    key: str = Field(primary_key=True)
    instance: int = big(primary_key=True)
    level: int = big(primary_key=True)
    number: int = big()
    at: datetime = moment()


class Player(SQLModel, table=True):
    """How a member wants to play. `calm` are the parts that are switched off, words with spaces between.

    `alias` is the name under which boards may show them: "" for not at all. `shown` are badges in the member's own
    order, slugs with spaces between. `told` are the keys of what they were told that they reached (`members.news`),
    with spaces between; NULL while they were told of nothing.
    """

    __tablename__ = "player"

    member_id: UUID = member_key()
    alias: str = ""
    calm: str = ""
    shown: str = Field(default="", sa_column=Column(Text(), nullable=False))
    told: str | None = Field(default=None, sa_column=Column(Text(), nullable=True))


class BadgePage(SQLModel, table=True):
    """The public page of a badge, by the unguessable end of its address: there because its holder wants it.

    `name` is what they want to be called there, "" for nothing; `language` the one in which they shared it.
    """

    __tablename__ = "badge_page"
    __table_args__ = (Index("badge_page_of", "member_id", "slug"),)

    token: str = Field(primary_key=True)
    member_id: UUID = Field(sa_column=Column(Uuid(), nullable=False))
    slug: str
    name: str = ""
    language: str = "en"
    since: datetime = moment()


class BadgeHolders(SQLModel, table=True):
    """How many members hold a badge, of how many who play: counted every hour, so that a page need not."""

    __tablename__ = "badge_holders"

    slug: str = Field(primary_key=True)
    holders: int = big()
    members: int = big()
    counted_at: datetime = moment()


class GameTally(SQLModel, table=True):
    """How often a level was awarded in a version of the programme: counted every hour, for staff's list.

    `kind` is that of the award, and `standing` are those that stand, `returned` those that went back with an order: of
    accounts that are open. With `PAID` before it, it counts prizes: every award that gave one, on whatever account, and
    those that it gave back with an order. `joined` says how many took a challenge on (level and version 0).
    """

    __tablename__ = "game_tally"

    kind: str = Field(primary_key=True)
    slug: str = Field(primary_key=True)
    level: int = big(primary_key=True)
    version: int = big(primary_key=True)
    total: int = big()
    standing: int = big()
    returned: int = big()
    counted_at: datetime = moment()


class GameDraft(SQLModel, table=True):
    """A badge or challenge that staff works on and has not published.

    `slug` is what it will be called, or, with `fresh` no, the published one that it changes. `body` is JSON: the
    `form` as it was typed and the `artwork`. `base` is the version of the programme it started from; `revision`
    counts how often it was changed since. With `publish_at` it becomes a version by itself at that moment;
    `problem` says why it could not.
    """

    __tablename__ = "game_draft"
    __table_args__ = (index_of("NOT fresh", "game_draft_of", "kind", "slug", unique=True),)

    draft_id: str = Field(primary_key=True)
    kind: str
    slug: str = ""
    fresh: bool = True
    body: str = Field(default="{}", sa_column=Column(Text(), nullable=False))
    base: int
    actor: str
    changed_at: datetime = moment()
    publish_at: datetime | None = moment(nullable=True)
    problem: str = Field(default="", sa_column=Column(Text(), nullable=False))
    revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class BadgeBatch(SQLModel, table=True):
    """A badge that staff gave to many at once, or took from them: `verb` is `grant` or `revoke`.

    With `undone_at` it is as if it had never been; whatever of it is still to be done or undone stands in its lines.
    """

    __tablename__ = "badge_batch"

    batch_id: str = Field(primary_key=True)
    verb: str
    badge: str
    level: int
    reason: str
    actor: str
    made_at: datetime = moment()
    undone_at: datetime | None = moment(nullable=True)
    undone_by: str = ""


class BadgeBatchLine(SQLModel, table=True):
    """One member of a batch. `state` is `waiting`, `done`, `undone`, or `left_out` when no more were left to give."""

    __tablename__ = "badge_batch_line"
    __table_args__ = (Index("badge_batch_lines", "batch_id", "state"),)

    member_id: UUID = member_key()
    batch_id: str = Field(primary_key=True)
    state: str = "waiting"
