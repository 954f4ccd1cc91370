"""Where the audit ends is kept apart from it, and signed."""

from __future__ import annotations

import hashlib
import hmac

import sqlalchemy as sa
from alembic import op

from app import settings

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forth. There is no way back: a backup is (docs/operations.md)."""
    made = op.create_table(
        "audit_head",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    last = op.get_bind().execute(sa.text("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")).first()
    if last is not None:
        seq, digest = int(last[0]), bytes(last[1])
        key = hmac.digest(settings.secret(settings.current()), b"regulars audit: head", hashlib.sha256)
        signature = hmac.digest(key, f"{seq}:{digest.hex()}".encode(), hashlib.sha256)
        op.bulk_insert(made, [{"name": "audit", "seq": seq, "hash": digest, "signature": signature}])
