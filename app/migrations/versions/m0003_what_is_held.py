"""What is held: set aside for redemptions, beside the balance, so that a page need not add up lots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forth. There is no way back: a backup is (docs/operations.md)."""
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.create_index(
            "lot_active",
            ["member_id", "active_from"],
            unique=False,
            postgresql_where=sa.text("remaining <> 0"),
            sqlite_where=sa.text("remaining <> 0"),
        )

    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("held", sa.BigInteger(), autoincrement=False, nullable=False, server_default="0")
        )

    op.execute(
        "UPDATE standing SET held = (SELECT COALESCE(SUM(lot.remaining), 0) FROM lot"
        " WHERE lot.member_id = standing.member_id AND lot.kind = 'held')"
    )
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.alter_column(
            "held", existing_type=sa.BigInteger(), existing_nullable=False, server_default=None
        )
