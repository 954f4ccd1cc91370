"""The drafts of badges and challenges in the list of staff: those that are planned first, by their moments."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from facts.language import N_, Language
from members.actions.drafts import GAMES, Draft, drafts
from members.actions.studio import problem_of
from members.programme.versions import versions
from members.staff_game_cards import DraftRow
from members.views.drafted import listed_words
from members.views.saying import wording
from members.views.staff_studio import STAGE, title_of

CHANGE = {"badge": N_("A change to a badge"), "challenge": N_("A change to a challenge")}


def draft_rows(session: Session, now: datetime, language: Language) -> tuple[DraftRow, ...]:
    """All of them."""
    version = versions(session).latest
    say = wording(version, language)

    def row(draft: Draft) -> DraftRow:
        what = STAGE if draft.fresh else CHANGE
        return DraftRow(
            key=draft.id,
            name=title_of(draft, say),
            kind=say.text(what[draft.kind]),
            words=listed_words(draft, say, version, now),
            problem=problem_of(draft, language),
            planned=draft.publish_at is not None,
            path=f"/staff/badges/edit?draft={draft.id}",
        )

    found = sorted(drafts(session, GAMES), key=lambda one: (one.publish_at is None, one.publish_at or now))
    return tuple(row(one) for one in found)
