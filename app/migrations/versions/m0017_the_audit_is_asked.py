"""The audit is asked by who did it, what was done, to what, and when: an index for each, and no scan."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forth. There is no way back: a backup is (docs/operations.md)."""
    op.create_index("audit_actor", "audit", ["actor", "seq"])
    op.create_index("audit_action", "audit", ["action", "seq"])
    op.create_index("audit_object", "audit", ["object", "actor", "action", "seq"])
    op.create_index("audit_at", "audit", ["at"])
