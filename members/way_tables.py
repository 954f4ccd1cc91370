"""The tables of the ways in: how people sign in, who the staff are, and what is sent out to them.

All are keyed by the value that somebody comes with (a provider's subject, a passkey, a token's digest);
none belongs to one member's shard.
"""

# SQLModel declares `__tablename__` as a declared_attr; a plain name is what it documents.
# pyright: reportAssignmentType=false

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary, Text, Uuid
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from facts.columns import big, index_of, moment


class Login(SQLModel, table=True):
    """Whom an OpenID provider means: people are known by (issuer, subject), never by an e-mail address.

    `role` is `member` (`person` is the member id) or `staff` (`person` is the staff id); one may be both.
    """

    __tablename__ = "login"
    __table_args__ = (Index("login_person", "person"),)

    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    person: str
    created_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)


class Passkey(SQLModel, table=True):
    """A passkey (WebAuthn credential) of a member or of one of the staff, as in `Login`."""

    __tablename__ = "passkey"
    __table_args__ = (Index("passkey_person", "person"),)

    credential_id: bytes = Field(sa_column=Column(LargeBinary(1023), primary_key=True))
    role: str
    person: str
    public_key: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    sign_count: int = big(default=0)
    transports: str = ""
    name: str = ""
    created_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)


class Proof(SQLModel, table=True):
    """Something that somebody has begun and has still to prove: a one-time code, a provider's answer, a passkey.

    `digest` is of the token that the browser holds in a cookie, so that what was begun here ends here. `purpose` says
    what it is good for; `subject` whom it is about (an identity key, a person); `secret` is the HMAC of the code that
    was sent; `link` the digest of the one-time link beside it; `data` what has to be remembered, as JSON. Each wrong
    answer counts in `tries`.
    """

    __tablename__ = "proof"
    __table_args__ = (
        Index("proof_subject", "subject", "created_at"),
        index_of("link IS NOT NULL", "proof_link", "link", unique=True),
        Index("proof_over", "expires_at"),
    )

    digest: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    purpose: str
    subject: str = ""
    secret: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32), nullable=True))
    link: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32), nullable=True))
    data: str = Field(default="{}", sa_column=Column(Text(), nullable=False))
    tries: int = big(default=0)
    created_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)


class Staff(SQLModel, table=True):
    """One of the shop's staff. `status`: active or gone; a role that is no more may nothing."""

    __tablename__ = "staff"
    __table_args__ = (Index("staff_email", "email", unique=True),)

    staff_id: str = Field(primary_key=True)
    name: str
    email: str
    role: str
    status: str = "active"
    language: str = ""
    created_at: datetime = moment()
    invited_by: str = ""
    gone_at: datetime | None = moment(nullable=True)


class Invitation(SQLModel, table=True):
    """A link by which one person becomes one of the staff, by its digest. The first owner's is made at the start."""

    __tablename__ = "invitation"

    digest: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    email: str = ""
    role: str
    invited_by: str
    created_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)
    used_by: str = ""


class Approval(SQLModel, table=True):
    """What one of the staff has asked for and a second person decides: `detail` is all that the action needs, as JSON.

    `status`: waiting, done, refused, withdrawn, expired.
    """

    __tablename__ = "approval"
    __table_args__ = (index_of("status = 'waiting'", "approval_waiting", "asked_at"),)

    approval_id: UUID = Field(sa_column=Column(Uuid(), primary_key=True))
    action: str
    object: str
    detail: str = Field(sa_column=Column(Text(), nullable=False))
    reason: str = ""
    status: str = "waiting"
    asked_by: str
    asked_at: datetime = moment()
    expires_at: datetime = moment()
    decided_by: str = ""
    decided_at: datetime | None = moment(nullable=True)
    said: str = ""


class Letter(SQLModel, table=True):
    """A message on its way out, by e-mail or text message: sent until it was taken, then forgotten.

    `person` (a member id, a staff id or "") lets an erasure find it. `unsubscribe` is where its kind can be stopped.
    """

    __tablename__ = "letter"
    __table_args__ = (
        index_of("sent_at IS NULL AND failed_at IS NULL", "letter_due", "next_at"),
        Index("letter_person", "person"),
    )

    letter_id: UUID = Field(sa_column=Column(Uuid(), primary_key=True))
    channel: str
    address: str
    person: str = ""
    subject: str = ""
    text: str = Field(sa_column=Column(Text(), nullable=False))
    html: str = Field(default="", sa_column=Column(Text(), nullable=False))
    created_at: datetime = moment()
    expires_at: datetime = moment()
    next_at: datetime = moment()
    attempts: int = big(default=0)
    sent_at: datetime | None = moment(nullable=True)
    failed_at: datetime | None = moment(nullable=True)
    error: str = ""
    unsubscribe: str = Field(default="", sa_column_kwargs={"server_default": sql("''")})


class JoinLink(SQLModel, table=True):
    """A short way to join, `/j/<code>`: of a poster, a counter. `channel` goes into the facts of who joins.

    `joined` is counted with each member who comes this way.
    """

    __tablename__ = "join_link"

    code: str = Field(primary_key=True)
    label: str
    channel: str
    created_at: datetime = moment()
    created_by: str
    joined: int = big(default=0)
    retired_at: datetime | None = moment(nullable=True)


class ClaimCode(SQLModel, table=True):
    """A code that makes a draft member (of an import, or of the counter) the account of who holds it."""

    __tablename__ = "claim_code"
    __table_args__ = (Index("claim_code_member", "member_id"),)

    digest: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    member_id: UUID = Field(sa_column=Column(Uuid(), nullable=False))
    created_at: datetime = moment()
    created_by: str = ""
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)
