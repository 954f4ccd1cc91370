"""How many hold a badge, and the language in which one is shared."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forth. There is no way back: a backup is (docs/operations.md)."""
    with op.batch_alter_table("badge_page", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(), nullable=False, server_default="en"))
    with op.batch_alter_table("badge_page", schema=None) as batch_op:
        batch_op.alter_column(
            "language", existing_type=sa.String(), existing_nullable=False, server_default=None
        )
    op.create_index("badge_page_of", "badge_page", ["member_id", "slug"])
    op.create_table(
        "badge_holders",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("holders", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("members", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("slug"),
    )
