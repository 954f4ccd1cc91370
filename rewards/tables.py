"""The tables of worth: entries, lots, checkpoints, the stock and codes of rewards, and redemptions.

Every member-owned table has `member_id` first in its key (one shard per member). Definitions live in the
programme document; what is counted down (stock) or made once (codes, pictures) are rows, by slug.
"""

# SQLModel declares `__tablename__` as a declared_attr; a plain name is what it documents.
# pyright: reportAssignmentType=false

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary, Text, Uuid
from sqlmodel import Field, SQLModel

from facts.columns import big, index_of, member_key, moment
from rewards.redemption import PRIZE


class Entry(SQLModel, table=True):
    """One line of a member's ledger: append-only, chained by hash, with its cause and its why.

    `at` is when it counts, `recorded_at` when it was posted. A correction is a pair: a `reversal`, whose
    cause names the sequence number it takes back, and the entry that is right. `why` is JSON that
    recomputes to `amount` (see `rewards.why`).
    """

    __tablename__ = "entry"
    __table_args__ = (
        Index("entry_cause", "member_id", "cause", unique=True),
        Index("entry_at", "member_id", "at"),
    )

    member_id: UUID = member_key()
    seq: int = big(primary_key=True)
    wallet: str = "points"
    kind: str
    amount: int = big()
    at: datetime = moment()
    recorded_at: datetime = moment()
    active_from: datetime | None = moment(nullable=True)
    expires_at: datetime | None = moment(nullable=True)
    cause: str
    rule: str = ""
    version: int = 0
    trigger: str = ""
    why: str = Field(sa_column=Column(Text(), nullable=False))
    hash: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class Lot(SQLModel, table=True):
    """Points that came together and go in order: promotional first, then by expiry, then by `rank`.

    `cause` is the cause of the entry that opened it, without a revision. `draws` is JSON: what was taken,
    `[cause, moment, amount]` each, so that any earlier state can be read back. A debt is a lot with a
    negative amount; a held lot is set aside for a redemption and cannot be spent.
    """

    __tablename__ = "lot"
    __table_args__ = (
        index_of("remaining <> 0", "lot_open", "member_id", "expires_at"),
        index_of("remaining <> 0", "lot_active", "member_id", "active_from"),
        Index("lot_closed", "member_id", "closed_at"),
    )

    member_id: UUID = member_key()
    cause: str = Field(primary_key=True)
    wallet: str = "points"
    kind: str = "earned"
    amount: int = big()
    remaining: int = big()
    promotional: bool = False
    at: datetime = moment()
    active_from: datetime = moment()
    expires_at: datetime | None = moment(nullable=True)
    closed_at: datetime | None = moment(nullable=True)
    rank: str
    draws: str = Field(default="[]", sa_column=Column(Text(), nullable=False))


class Checkpoint(SQLModel, table=True):
    """What the engine remembered of a member when a month began, so that a late fact replays little."""

    __tablename__ = "checkpoint"

    member_id: UUID = member_key()
    month: str = Field(primary_key=True)
    state: str = Field(sa_column=Column(Text(), nullable=False))
    game: str = Field(default="{}", sa_column=Column(Text(), nullable=False))


class TierChange(SQLModel, table=True):
    """A change of tier as it stands after the latest replay, for the timeline and the analyst."""

    __tablename__ = "tier_change"

    member_id: UUID = member_key()
    at: datetime = moment(primary_key=True)
    tier: str
    before: str
    reason: str


class Redemption(SQLModel, table=True):
    """A reward that a member asked for: reserved → issued → used, or expired, or cancelled.

    The voucher code itself is shown from `code_sealed` (encrypted with the programme's secret); what a
    till looks up is `code_hmac` in `RewardCode`.
    """

    __tablename__ = "redemption"
    __table_args__ = (
        Index("redemption_request", "member_id", "request_id", unique=True),
        index_of("closed_at IS NULL", "redemption_open", "state", "expires_at"),
    )

    member_id: UUID = member_key()
    redemption_id: UUID = Field(sa_column=Column(Uuid(), primary_key=True))
    request_id: str
    reward: str
    version: int
    price: int = big()
    state: str
    code_sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary(), nullable=True))
    reserved_at: datetime = moment()
    issued_at: datetime | None = moment(nullable=True)
    used_at: datetime | None = moment(nullable=True)
    expires_at: datetime | None = moment(nullable=True)
    closed_at: datetime | None = moment(nullable=True)
    used_in: str = ""

    @property
    def won(self) -> bool:
        """Whether an award, a tier or a friend brought it."""
        return self.request_id.startswith(PRIZE)


class RewardStock(SQLModel, table=True):
    """How much of a reward is left; no row means as much as anybody wants."""

    __tablename__ = "reward_stock"

    slug: str = Field(primary_key=True)
    left: int = big()


class RewardCode(SQLModel, table=True):
    """Where a voucher code leads, by its HMAC: keyed by the value, since a till knows nothing else."""

    __tablename__ = "reward_code"

    code_hmac: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    member_id: UUID | None = Field(default=None, sa_column=Column(Uuid(), nullable=True))
    redemption_id: UUID | None = Field(default=None, sa_column=Column(Uuid(), nullable=True))


class RewardDraft(SQLModel, table=True):
    """A reward that staff works on and has not published: what they typed, as JSON, by its slug."""

    __tablename__ = "reward_draft"

    slug: str = Field(primary_key=True)
    form: str = Field(sa_column=Column(Text(), nullable=False))
    actor: str
    changed_at: datetime = moment()


class RewardPicture(SQLModel, table=True):
    """A picture that staff uploaded, re-encoded, by the digest of its bytes."""

    __tablename__ = "reward_picture"

    digest: str = Field(primary_key=True)
    width: int
    height: int
    content: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    media_type: str = "image/webp"
