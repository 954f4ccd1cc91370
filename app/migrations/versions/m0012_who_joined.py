"""Who took a challenge on is counted without looking through all facts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forth. There is no way back: a backup is (docs/operations.md)."""
    op.create_index(
        "fact_joined",
        "fact",
        ["data", "member_id"],
        unique=False,
        postgresql_where=sa.text("type = 'challenge.joined'"),
        sqlite_where=sa.text("type = 'challenge.joined'"),
    )
