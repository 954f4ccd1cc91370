"""What members reach together, and budgets that are nearly gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forth. There is no way back: a backup is (docs/operations.md)."""
    op.create_table(
        "goal_part",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gathered", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("took_part_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dirty", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("paid", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "goal"),
    )
    for name, columns, only in (
        ("goal_part_dirty", ["goal"], "dirty"),
        ("goal_part_unpaid", ["goal", "took_part_at"], "NOT paid"),
    ):
        where = sa.text(only)
        op.create_index(name, "goal_part", columns, postgresql_where=where, sqlite_where=where)
    op.create_table(
        "goal_total",
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column("total", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("members", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("goal"),
    )
    op.create_table(
        "budget_alert",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("budget", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("taken", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "budget"),
    )
