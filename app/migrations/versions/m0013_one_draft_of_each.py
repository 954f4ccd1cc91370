"""One draft of each badge or challenge that is published, and how often it was changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forth. There is no way back: a backup is (docs/operations.md).

    Of two drafts of the same thing the last changed stays its draft; the others are kept as drafts of something new.
    """
    op.add_column("game_draft", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        """
        UPDATE game_draft SET fresh = true, publish_at = NULL
        WHERE NOT fresh AND EXISTS (
            SELECT 1 FROM game_draft AS later
            WHERE NOT later.fresh AND later.kind = game_draft.kind AND later.slug = game_draft.slug
            AND (later.changed_at > game_draft.changed_at
                 OR (later.changed_at = game_draft.changed_at AND later.draft_id > game_draft.draft_id))
        )
        """
    )
    op.create_index(
        "game_draft_of",
        "game_draft",
        ["kind", "slug"],
        unique=True,
        postgresql_where=sa.text("NOT fresh"),
        sqlite_where=sa.text("NOT fresh"),
    )
