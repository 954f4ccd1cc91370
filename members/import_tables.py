"""The tables of moving in: batches of imported members, who came with which, and what it takes to take one back.

Who was imported is known by a keyed digest of the other programme's id, so that no name or address stands here: it
stays when somebody is erased, and a second run of the same file does not bring them back.
"""

# SQLModel declares `__tablename__` as a declared_attr; a plain name is what it documents.
# pyright: reportAssignmentType=false

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Integer, LargeBinary, Text, Uuid
from sqlmodel import Field, SQLModel

from facts.columns import moment


class ImportBatch(SQLModel, table=True):
    """One run of an import that wrote something. `source` is the source of its facts, `counts` JSON.

    A batch that was never finished was interrupted: running it again makes another one, which goes on from there.
    """

    __tablename__ = "import_batch"

    number: int = Field(sa_column=Column(Integer(), primary_key=True, autoincrement=False))
    source: str
    file: str
    actor: str
    started_at: datetime = moment()
    finished_at: datetime | None = moment(nullable=True)
    counts: str = Field(default="{}", sa_column=Column(Text(), nullable=False))
    undone_at: datetime | None = moment(nullable=True)
    undone_by: str = ""


class ImportedPerson(SQLModel, table=True):
    """Somebody who came over, by the digest of their id there; `number` is the batch that told of them last.

    `content` is JSON: which facts stand, and digests of what the file said, so that a change is seen.
    """

    __tablename__ = "imported_person"

    digest: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    member_id: UUID = Field(sa_column=Column(Uuid(), nullable=False))
    number: int = Field(sa_column=Column(Integer(), nullable=False))
    content: str = Field(sa_column=Column(Text(), nullable=False))


class ImportedLine(SQLModel, table=True):
    """What a batch did about one person: `before` is how it was (`ImportedPerson.content`), or "" for a newcomer.

    `did`: created (an account), added (to an account that was there), or updated. A line goes when it is taken back.
    """

    __tablename__ = "imported_line"

    number: int = Field(sa_column=Column(Integer(), primary_key=True, autoincrement=False))
    digest: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    member_id: UUID = Field(sa_column=Column(Uuid(), nullable=False))
    line: int = Field(sa_column=Column(Integer(), nullable=False))
    did: str
    at: datetime = moment()
    before: str = Field(default="", sa_column=Column(Text(), nullable=False))
    before_number: int = Field(default=0, sa_column=Column(Integer(), nullable=False))
    keys: str = Field(default="[]", sa_column=Column(Text(), nullable=False))
