"""Drafts of badges and challenges: begun, kept part by part, thrown away; each audited."""

from __future__ import annotations

from collections.abc import Callable
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
    again = create_draft(session, "badge", "regular", {}, "marketer:bo", NOW)
    assert again == first == draft_of(session, "badge", "regular")
    assert (first.fresh, first.slug) == (False, "regular")
    save_draft(session, first.id, {"form": {"slug": "another"}}, "owner:kim", NOW)
    assert read_draft(session, first.id).slug == "regular"
    challenge = create_draft(session, "challenge", "spender", {}, "owner:kim", NOW + timedelta(minutes=1))
    assert {one.id for one in drafts(session)} == {first.id, challenge.id}


def test_who_has_a_body_of_their_own_is_told_of_the_draft_there_is(session: Session) -> None:
    in_force(session, PROGRAMME + GAMES)
    first = create_draft(session, "badge", "regular", {"form": {"order": "9"}}, "owner:kim", NOW)
    assert refused(
        lambda: create_draft(session, "badge", "regular", {"form": {"order": "7"}}, "marketer:bo", NOW)
    ) == ("draft_begun", 409)
    assert drafts(session) == [first]


def test_two_at_the_same_moment_make_one_draft(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    in_force(session, PROGRAMME + GAMES)
    create_draft(session, "badge", "regular", {}, "owner:kim", NOW)

    def unseen(*_: object) -> None:
        """Neither sees the other's yet."""

    monkeypatch.setattr("members.actions.drafts.draft_of", unseen)
    assert (
        refused(lambda: create_draft(session, "badge", "regular", {}, "marketer:bo", NOW))[0] == "draft_begun"
    )
    assert len(drafts(session)) == 1
    create_draft(session, "challenge", "spender", {}, "marketer:bo", NOW)
    for actor in ("owner:kim", "marketer:bo"):  # of something new there may be two
        create_draft(session, "badge", "", {"form": {"slug": "tea"}}, actor, NOW)


def test_a_draft_that_changed_is_looked_at_first(session: Session) -> None:
    in_force(session)
    first = create_draft(session, "badge", "", {"form": {"slug": "tea"}}, "owner:kim", NOW)
    mine = save_draft(session, first.id, {"form": {"slug": "green-tea"}}, "owner:kim", NOW, first.revision)
    assert mine.revision == first.revision + 1
    same = save_draft(session, first.id, {"form": {"slug": "green-tea"}}, "owner:kim", NOW, mine.revision)
    assert same == mine
    for attempt in (
        lambda: save_draft(session, first.id, {"form": {"slug": "x"}}, "marketer:bo", NOW, first.revision),
        lambda: save_draft(session, first.id, mine.body, "marketer:bo", NOW, first.revision),
        lambda: discard_draft(session, first.id, "marketer:bo", NOW, first.revision),
        lambda: read_draft(session, first.id, first.revision),
    ):
        assert refused(attempt) == ("draft_changed", 409)
    assert read_draft(session, first.id) == mine


def refused(attempt: Callable[[], object]) -> tuple[str, int]:
    with pytest.raises(Refusal) as refusal:
        attempt()
    return refusal.value.code, refusal.value.status


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
