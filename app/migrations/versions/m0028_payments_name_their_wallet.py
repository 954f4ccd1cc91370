"""A payment says from which wallet it is: points, or cashback."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forth. There is no way back: a backup is (docs/operations.md)."""
    op.add_column(
        "payment", sa.Column("wallet", sa.String(), server_default=sa.text("'points'"), nullable=False)
    )
