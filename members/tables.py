"""The tables of people: who they are, what happened to them, how they stand, and who did what.

Look-ups from a value (an e-mail, a customer number, a fact's id) go through tables keyed by that value
(`Identity`, `Claim`); everything of one member lies under their `member_id`.
"""

# SQLModel declares `__tablename__` as a declared_attr; a plain name is what it documents.
# pyright: reportAssignmentType=false

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Text, Uuid, text
from sqlmodel import Field, SQLModel

from facts.columns import big, index_of, member_key, moment


class Member(SQLModel, table=True):
    """A person in the programme. `draft`: known from orders only, not yet claimed by anybody."""

    __tablename__ = "member"

    member_id: UUID = member_key()
    status: str = "draft"
    name: str = ""
    language: str = ""
    zone: str = ""
    created_at: datetime = moment()


class Identity(SQLModel, table=True):
    """Whom a value means: `customer:<source>:<external id>`, `email:…`, `phone:…`, `card:…`."""

    __tablename__ = "identity"

    key: str = Field(primary_key=True)
    member_id: UUID = Field(sa_column=Column(Uuid(), nullable=False, index=True))
    since: datetime = moment()


class Claim(SQLModel, table=True):
    """Who a fact, or an order, belongs to. Written first: `(source, key)` is what makes a retry harmless.

    `key` is `fact:<id>` or `order:<order id>`. A fact whose owner is not known yet waits here with its
    envelope under `waiting_for`, the identity key (or "" for a guest whom nobody named).
    """

    __tablename__ = "claim"
    __table_args__ = (index_of("envelope IS NOT NULL", "claim_waiting", "waiting_for"),)

    source: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    member_id: UUID | None = Field(default=None, sa_column=Column(Uuid(), nullable=True))
    waiting_for: str | None = Field(default=None, sa_column=Column(Text(), nullable=True))
    envelope: str | None = Field(default=None, sa_column=Column(Text(), nullable=True))


class FactRow(SQLModel, table=True):
    """A fact of one member as it came. `object_id` is the order (or redemption) that it is about."""

    __tablename__ = "fact"
    __table_args__ = (
        Index("fact_at", "member_id", "occurred_at"),
        Index("fact_object", "member_id", "object_id"),
        index_of("type = 'challenge.joined'", "fact_joined", "data", "member_id"),
    )

    member_id: UUID = member_key()
    source: str = Field(primary_key=True)
    fact_id: str = Field(primary_key=True)
    type: str
    occurred_at: datetime = moment()
    recorded_at: datetime = moment()
    object_id: str = ""
    data: str = Field(sa_column=Column(Text(), nullable=False))


class Standing(SQLModel, table=True):
    """How a member stands after the last fact: derived, provable, and the row that writers lock.

    `seq` and `head` are the end of the hash chain; `as_of`, `last_source`, `last_id` the last place in
    history that was weighed; `due_at` the next moment when something happens by date alone. `state` and `game` are
    what the two halves of the engine remember, rewards and badges.
    """

    __tablename__ = "standing"
    __table_args__ = (Index("standing_due", "due_at"),)

    member_id: UUID = member_key()
    balance: int = big(default=0)
    debt: int = big(default=0)
    held: int = big(default=0)
    seq: int = big(default=0)
    head: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    tier: str = ""
    tier_since: datetime | None = moment(nullable=True)
    tier_until: datetime | None = moment(nullable=True)
    tier_progress: int = big(default=0)
    as_of: datetime | None = moment(nullable=True)
    last_source: str = ""
    last_id: str = ""
    due_at: datetime | None = moment(nullable=True)
    state: str = Field(default="{}", sa_column=Column(Text(), nullable=False))
    game: str = Field(default="{}", sa_column=Column(Text(), nullable=False))


class ProgrammeVersion(SQLModel, table=True):
    """A version of the programme document, in force from a moment; the first one reaches back for ever.

    `digest` is the SHA-256 of the digest before it and the document: who knows the last one knows them all.
    """

    __tablename__ = "programme_version"

    number: int = Field(sa_column=Column(Integer(), primary_key=True, autoincrement=False))
    effective_from: datetime = moment()
    created_at: datetime = moment()
    actor: str
    document: str = Field(sa_column=Column(Text(), nullable=False))
    digest: str


class Audit(SQLModel, table=True):
    """Who did what to what, and why: append-only, chained by hash."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("audit_actor", "actor", "seq"),
        Index("audit_action", "action", "seq"),
        Index("audit_object", "object", "actor", "action", "seq"),
        Index("audit_at", "at"),
    )

    seq: int = Field(sa_column=Column(BigInteger(), primary_key=True, autoincrement=False))
    at: datetime = moment()
    actor: str
    action: str
    object: str
    detail: str = Field(default="{}", sa_column=Column(Text(), nullable=False))
    hash: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class AuditHead(SQLModel, table=True):
    """Where the audit ends: one row, apart from it, so that a tail that was cut off is missed.

    `signature` is made with a key of the programme's secret (`members.audit`); none where it could not be made.
    """

    __tablename__ = "audit_head"

    name: str = Field(primary_key=True)
    seq: int = big()
    hash: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    signature: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class ApiKey(SQLModel, table=True):
    """A bearer key of the HTTP API, by its digest; `scopes` are words with spaces between."""

    __tablename__ = "api_key"

    digest: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    name: str
    scopes: str
    source: str = ""
    created_at: datetime = moment()
    revoked_at: datetime | None = moment(nullable=True)


class BrowserSession(SQLModel, table=True):
    """An opaque session cookie, by its digest: a member's or a member of staff's.

    `way` says how it was obtained, `label` on what (for the list of sessions), `proved_at` when its person last proved
    who they are, `device` is the keyed hash of the browser's own cookie.
    """

    __tablename__ = "browser_session"
    __table_args__ = (Index("browser_session_person", "person"),)

    digest: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    person: str
    role: str
    created_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(nullable=True)
    way: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    label: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    seen_at: datetime | None = moment(nullable=True)
    proved_at: datetime | None = moment(nullable=True)
    device: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32), nullable=True))


class Outbox(SQLModel, table=True):
    """News for open screens: one row a batch; processes read on from the sequence they know.

    `members` are the ids whose standing changed, as hex words with spaces between.
    """

    __tablename__ = "outbox"

    seq: int | None = Field(
        default=None,
        sa_column=Column(
            BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
        ),
    )
    members: str = Field(sa_column=Column(Text(), nullable=False))
    at: datetime = moment()
