"""friends together: milestones, rewards that are held, and links that say who invites."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forth. There is no way back: a backup is (docs/operations.md).

    Everybody who was brought is looked at once more, so that what counts is known of them too.
    """
    op.create_table(
        "referral_milestone",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("member_id"),
    )
    with op.batch_alter_table("brought", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("brought_due", ["due_at"], unique=False)

    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.add_column(sa.Column("counts_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("sure_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "earned", sa.BigInteger(), autoincrement=False, server_default=sa.text("0"), nullable=False
            )
        )
        batch_op.create_index("referral_counts", ["member_id", "counts_at"], unique=False)
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.alter_column(
            "earned", existing_type=sa.BigInteger(), existing_nullable=False, server_default=None
        )

    with op.batch_alter_table("referral_code", schema=None) as batch_op:
        batch_op.add_column(sa.Column("named", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    with op.batch_alter_table("referral_code", schema=None) as batch_op:
        batch_op.alter_column(
            "named", existing_type=sa.Boolean(), existing_nullable=False, server_default=None
        )

    zone = "+00:00" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"UPDATE brought SET seen_until = '1970-01-01 00:00:00.000000{zone}'")  # noqa: S608  (a constant)
