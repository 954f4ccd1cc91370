"""gifts between members."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forth. There is no way back: a backup is (docs/operations.md)."""
    op.create_table(
        "gift",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("gift_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("points", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lots", sa.Text(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("code_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("member_id", "gift_id"),
    )
    with op.batch_alter_table("gift", schema=None) as batch_op:
        batch_op.create_index("gift_request", ["member_id", "request_id"], unique=True)
        batch_op.create_index("gift_given", ["member_id", "given_at"], unique=False)
        batch_op.create_index(
            "gift_waiting",
            ["until", "member_id"],
            unique=False,
            postgresql_where=sa.text("state = 'waiting'"),
            sqlite_where=sa.text("state = 'waiting'"),
        )
    op.create_table(
        "gift_code",
        sa.Column("code_hmac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("gift_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("code_hmac"),
    )
    with op.batch_alter_table("gift_code", schema=None) as batch_op:
        batch_op.create_index("ix_gift_code_member_id", ["member_id"], unique=False)
    op.create_table(
        "gift_taken",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("gift_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "gift_id"),
    )
    with op.batch_alter_table("gift_taken", schema=None) as batch_op:
        batch_op.create_index("gift_taken_at", ["member_id", "taken_at"], unique=False)
