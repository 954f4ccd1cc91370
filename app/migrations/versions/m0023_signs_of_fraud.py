"""signs of fraud.

The browsers that members came with are known already, by the same keyed hash.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forth. There is no way back: a backup is (docs/operations.md)."""
    op.create_table(
        "sign",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "digest", "member_id"),
    )
    with op.batch_alter_table("sign", schema=None) as batch_op:
        batch_op.create_index("sign_member", ["member_id"], unique=False)
        batch_op.create_index("sign_seen", ["seen_at"], unique=False)

    op.create_table(
        "suspicion",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("friend_id", sa.Uuid(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("counted", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("member_id", "referral_id"),
    )
    with op.batch_alter_table("suspicion", schema=None) as batch_op:
        batch_op.create_index("suspicion_queue", ["status", "opened_at"], unique=False)
    _browsers()


def _browsers() -> None:
    connection = op.get_bind()
    written = "lower(hex(digest))" if connection.dialect.name == "sqlite" else "encode(digest, 'hex')"
    copied = f"SELECT 'device', {written}, member_id, first_at, seen_at FROM device"  # noqa: S608  (no value is in it)
    connection.execute(sa.text(f"INSERT INTO sign (kind, digest, member_id, first_at, seen_at) {copied}"))
