"""what friends do is counted.

Who was brought before is looked at again by the job of every five minutes, which counts them.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

PARTS = 8
AGAIN = "1970-01-01 00:00:00.000000"


def upgrade() -> None:
    """Go forth. There is no way back: a backup is (docs/operations.md)."""
    op.create_table(
        "funnel_count",
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("offer", "channel", "day", "step", "part"),
    )
    links = op.create_table(
        "link_terms",
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("links", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("offer", "digest", "part"),
    )
    op.create_table(
        "advocate",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("joined", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bought", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("again", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("points", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("member_id", "offer"),
    )
    with op.batch_alter_table("advocate", schema=None) as batch_op:
        batch_op.create_index("advocate_best", ["offer", "bought", "joined"], unique=False)
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", sa.String(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("counted", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.execute("UPDATE referral SET channel = CASE way WHEN 'order' THEN 'till' ELSE way END")
    op.execute(f"UPDATE brought SET seen_until = '{AGAIN}{_zone()}'")  # noqa: S608  (a constant)
    _count(links)


def _zone() -> str:
    return "+00:00" if op.get_bind().dialect.name == "postgresql" else ""


def _count(links: sa.Table) -> None:
    """The links that there are, by the terms that they keep."""
    found: Counter[tuple[str, int]] = Counter()
    for terms, member_id in op.get_bind().execute(sa.text("SELECT terms, member_id FROM referral_code")):
        found[terms, UUID(str(member_id)).int % PARTS] += 1
    rows = [
        {"offer": json.loads(terms)["slug"], "digest": hashlib.sha256(terms.encode()).hexdigest()[:16],
         "part": part, "terms": terms, "links": number}
        for (terms, part), number in found.items()
    ]  # fmt: skip
    if rows:
        op.bulk_insert(links, rows)
