"""What was reserved before a reward said for how long it waits: it waits from now on, as long as one that does not say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

HELD_DAYS = 30  # what `held_days` is when a reward does not say
REDEMPTION = sa.table(
    "redemption",
    sa.column("member_id", sa.Uuid()),
    sa.column("redemption_id", sa.Uuid()),
    sa.column("state", sa.String()),
    sa.column("expires_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Go forth. There is no way back: a backup is (docs/operations.md)."""
    wait(op.get_bind(), datetime.now(UTC))


def wait(connection: sa.Connection, now: datetime) -> None:
    """Give each of them its days from `now`. Those that nobody fetches lapse then, and give their points back."""
    table = REDEMPTION.c
    endless = (table.state == "reserved", table.expires_at.is_(None))
    rows = connection.execute(sa.select(table.member_id, table.redemption_id).where(*endless))
    for member_id, redemption_id in rows.all():
        this = (table.member_id == member_id, table.redemption_id == redemption_id)
        connection.execute(
            sa.update(REDEMPTION).where(*this).values(expires_at=now + timedelta(days=HELD_DAYS))
        )
