"""Drafts of badges and challenges: begun, kept part by part, thrown away; each audited."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from facts.refusals import Refusal
from members.actions.drafts import create_draft, discard_draft, draft_of, drafts, read_draft, save_draft
from members.tables import Audit
from tests.builders import NOW, PROGRAMME, in_force
from tests.staff.shop import GAMES


def done(session: Session) -> list[str]:
    return [
        row.action for row in session.exec(select(Audit).order_by(col(Audit.seq))) if "draft" in row.action
    ]


def test_parts_are_kept_apart(session: Session) -> None:
    in_force(session)
    draft = create_draft(session, "badge", "", {"form": {"slug": " tea "}}, "owner:kim", NOW)
    assert (draft.kind, draft.slug, draft.fresh, draft.base) == ("badge", "tea", True, 1)
    save_draft(session, draft.id, {"artwork": {"emblem": "leaf"}}, "owner:kim", NOW + timedelta(minutes=1))
    save_draft(session, draft.id, {"form": {"slug": "green-tea"}}, "owner:kim", NOW + timedelta(minutes=2))
    found = read_draft(session, draft.id)
    assert found.body == {"form": {"slug": "green-tea"}, "artwork": {"emblem": "leaf"}}
    assert (found.slug, found.changed_at) == ("green-tea", NOW + timedelta(minutes=2))
    save_draft(session, draft.id, {"form": {"slug": "green-tea"}}, "owner:kim", NOW)
    assert done(session) == [
        "badge.draft_begun",
        "badge.drafted",
        "badge.drafted",
    ]  # the last changed nothing


def test_there_is_one_draft_of_what_is_published(session: Session) -> None:
    in_force(session, PROGRAMME + GAMES)
    first = create_draft(session, "badge", "regular", {}, "owner:kim", NOW)
    again = create_draft(session, "badge", "regular", {"form": {"order": "9"}}, "marketer:bo", NOW)
    assert again == first == draft_of(session, "badge", "regular")
    assert (first.fresh, first.slug) == (False, "regular")
    save_draft(session, first.id, {"form": {"slug": "another"}}, "owner:kim", NOW)
    assert read_draft(session, first.id).slug == "regular"
    challenge = create_draft(session, "challenge", "spender", {}, "owner:kim", NOW + timedelta(minutes=1))
    assert {one.id for one in drafts(session)} == {first.id, challenge.id}


def test_what_is_thrown_away_is_not_there(session: Session) -> None:
    in_force(session)
    draft = create_draft(session, "challenge", "", {}, "owner:kim", NOW)
    discard_draft(session, draft.id, "owner:kim", NOW)
    assert drafts(session) == []
    for attempt in (
        lambda: read_draft(session, draft.id),
        lambda: discard_draft(session, draft.id, "owner:kim", NOW),
    ):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.code == "draft_unknown"
    assert done(session) == ["challenge.draft_begun", "challenge.draft_dropped"]


@pytest.mark.parametrize(
    ("kind", "slug"), [("reward", ""), ("badge", "nobody"), ("challenge", "first"), ("", "")]
)
def test_a_draft_is_of_a_badge_or_challenge_that_there_is(session: Session, kind: str, slug: str) -> None:
    in_force(session, PROGRAMME + GAMES)
    with pytest.raises(Refusal) as refused:
        create_draft(session, kind, slug, {}, "owner:kim", NOW)
    assert refused.value.code == "game_unknown"
    assert drafts(session) == []


def test_a_draft_holds_so_much(session: Session) -> None:
    in_force(session)
    with pytest.raises(Refusal) as refused:
        create_draft(session, "badge", "", {"form": {"slug": "x" * 100_000}}, "owner:kim", NOW)
    assert refused.value.code == "draft_too_long"
