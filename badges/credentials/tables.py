"""The tables of credentials: what was signed and for whom, where a revocation shows, and the keys that sign."""

# SQLModel declares `__tablename__` as a declared_attr; a plain name is what it documents.
# pyright: reportAssignmentType=false

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Integer, LargeBinary, Text, Uuid
from sqlmodel import Field, SQLModel

from facts.columns import index_of, member_key, moment


class Credential(SQLModel, table=True):
    """An award as it was signed: `document` with its proof, `token` the same as VC-JWT. Never changed but to revoke.

    An award has one that stands; a revoked one stays, and another may follow when the award is made again.
    """

    __tablename__ = "credential"
    __table_args__ = (
        index_of("revoked_at IS NULL", "credential_standing", "member_id", "award_id", unique=True),
    )

    member_id: UUID = member_key()
    credential_id: UUID = Field(sa_column=Column(Uuid(), primary_key=True))
    award_id: UUID = Field(sa_column=Column(Uuid(), nullable=False))
    list_number: int
    list_index: int
    key_name: str
    issued_at: datetime = moment()
    revoked_at: datetime | None = moment(nullable=True)
    reason: str = ""
    document: str = Field(sa_column=Column(Text(), nullable=False))
    token: str = Field(sa_column=Column(Text(), nullable=False))


class CredentialHolder(SQLModel, table=True):
    """Whose credential an id means: how its public address finds the member's shard."""

    __tablename__ = "credential_holder"

    credential_id: UUID = Field(sa_column=Column(Uuid(), primary_key=True))
    member_id: UUID = Field(sa_column=Column(Uuid(), nullable=False))


class StatusSlot(SQLModel, table=True):
    """A place in a status list that was given away. It names nobody: the lists are public."""

    __tablename__ = "status_slot"
    __table_args__ = (index_of("revoked_at IS NOT NULL", "status_slot_revoked", "list_number"),)

    list_number: int = Field(sa_column=Column(Integer(), primary_key=True, autoincrement=False))
    list_index: int = Field(sa_column=Column(Integer(), primary_key=True, autoincrement=False))
    revoked_at: datetime | None = moment(nullable=True)


class IssuerKey(SQLModel, table=True):
    """A key that signs, or signed, sealed with the programme's secret. `retired_at`: it signs no more.

    A retired key stays published, so what it signed stays good; a withdrawn one (`withdrawn_at`) does not.
    """

    __tablename__ = "issuer_key"

    name: str = Field(primary_key=True)
    public: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    sealed: bytes = Field(sa_column=Column(LargeBinary(60), nullable=False))
    created_at: datetime = moment()
    retired_at: datetime | None = moment(nullable=True)
    withdrawn_at: datetime | None = moment(nullable=True)
