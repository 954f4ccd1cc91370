"""A letter knows the address at which its kind can be stopped with one click (RFC 8058)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forth. There is no way back: a backup is (docs/operations.md)."""
    op.add_column(
        "letter", sa.Column("unsubscribe", sa.String(), server_default=sa.text("''"), nullable=False)
    )
