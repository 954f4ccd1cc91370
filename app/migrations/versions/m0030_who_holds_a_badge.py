"""who holds a badge is found by the badge."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forth. There is no way back: a backup is (docs/operations.md)."""
    held = sa.text("kind = 'badge' AND level = 1 AND revoked_at IS NULL")
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.create_index(
            "award_held",
            ["slug", "awarded_at", "member_id"],
            unique=False,
            postgresql_where=held,
            sqlite_where=held,
        )
