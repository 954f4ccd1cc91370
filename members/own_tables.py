"""The tables of what is a member's own: consents, devices, the card, and what became of an account."""

# SQLModel declares `__tablename__` as a declared_attr; a plain name is what it documents.
# pyright: reportAssignmentType=false

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Column, LargeBinary, Text, Uuid, text
from sqlmodel import Field, SQLModel

from facts.columns import big, member_key, moment

STEPS_MAX = 5  # an account that was merged into one that was merged …


class Consent(SQLModel, table=True):
    """What a member agreed to, or no longer does, for a purpose and a channel: a new row each time, none is changed.

    `version` and `language` say which text they read, and `text` is that text.
    """

    __tablename__ = "consent"

    member_id: UUID = member_key()
    purpose: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    seq: int = big(primary_key=True)
    given: bool = Field(sa_column=Column(Boolean(), nullable=False))
    at: datetime = moment()
    version: str
    language: str
    text: str = Field(sa_column=Column(Text(), nullable=False))
    way: str = ""


class Device(SQLModel, table=True):
    """A browser that a member came with, by the keyed hash of a cookie of its own. `trusted_at`: proved with a code."""

    __tablename__ = "device"

    member_id: UUID = member_key()
    digest: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    label: str = ""
    first_at: datetime = moment()
    seen_at: datetime = moment()
    trusted_at: datetime | None = moment(nullable=True)


class Card(SQLModel, table=True):
    """A member's digital card. `sealed` is the key that its rotating codes are made with, sealed with the secret.

    The number is an `Identity`, `card:<number>`. `last_step` is the newest time step that was accepted: no code twice.
    """

    __tablename__ = "card"

    member_id: UUID = member_key()
    number: str
    sealed: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    created_at: datetime = moment()
    last_step: int = big(default=0)


class Profile(SQLModel, table=True):
    """What a member told of themselves when asked, one question at a time. `skipped` are the questions put off.

    `birthday_at` is when the birthday was last said: it can be corrected once a year. `letters_to` is the address that
    they want news at, an `Identity`; what is about their safety goes to the one that they have had the longest.
    """

    __tablename__ = "profile"

    member_id: UUID = member_key()
    birthday: str = ""
    birthday_at: datetime | None = moment(nullable=True)
    skipped: str = ""
    salt: bytes = Field(sa_column=Column(LargeBinary(16), nullable=False))
    paused_at: datetime | None = moment(nullable=True)
    left_at: datetime | None = moment(nullable=True)
    letters_to: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    erased_at: datetime | None = moment(nullable=True)


class Reminder(SQLModel, table=True):
    """That a member was told of points which expire: the last day on which they are there, and how close it was.

    `stage` is in days before (`members.actions.reminding`); `day` is a day of the shop, such as 2026-11-30, with the
    wallet behind it (`2026-11-30 cash`) where it is not about points.
    """

    __tablename__ = "reminder"

    member_id: UUID = member_key()
    day: str = Field(primary_key=True)
    stage: int = big(primary_key=True)
    at: datetime = moment()
    channel: str


class Merge(SQLModel, table=True):
    """An account that was closed because its person has another. `detail` is what the way back needs, as JSON."""

    __tablename__ = "merge"

    member_id: UUID = member_key()
    merge_id: UUID = Field(sa_column=Column(Uuid(), primary_key=True))
    into_id: UUID = Field(sa_column=Column(Uuid(), nullable=False, index=True))
    at: datetime = moment()
    actor: str
    reason: str = ""
    detail: str = Field(default="{}", sa_column=Column(Text(), nullable=False))
    undone_at: datetime | None = moment(nullable=True)
    undone_by: str = ""
