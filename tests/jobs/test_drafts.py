"""What staff planned is published when its moment comes: however late the job runs, once, and one by one."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from app import database
from app.jobs import due
from members.actions.drafts import create_draft, drafts
from members.actions.studio import plan_draft
from members.programme.versions import versions
from members.studio.game import blank
from tests.builders import NOW, PROGRAMME, days, in_force


def planned(engine: Engine, *slugs: str) -> None:
    with database.transaction(engine) as session:
        in_force(session, PROGRAMME)
        for n, slug in enumerate(slugs):
            form = blank("badge") | {"slug": slug, "name.en": slug}
            draft = create_draft(session, "badge", "", {"form": form}, "owner:kim", NOW)
            plan_draft(session, draft.id, NOW + days(n + 1), actor="owner:kim", now=NOW)


def published(engine: Engine) -> list[str]:
    with database.reading(engine) as session:
        return [badge.slug for badge in versions(session).latest.programme.badges]


def test_each_is_published_at_its_moment_and_once(engine: Engine) -> None:
    planned(engine, "one", "two")
    assert due.publish_drafts(engine, NOW + days(1) - timedelta(seconds=1)) == 0
    assert due.publish_drafts(engine, NOW + days(1)) == 1
    assert published(engine) == ["one"]
    assert due.publish_drafts(engine, NOW + days(30)) == 1
    assert due.publish_drafts(engine, NOW + days(30)) == 0
    assert published(engine) == ["one", "two"]


def test_one_that_cannot_be_published_harms_no_other(engine: Engine) -> None:
    planned(engine, "one", "one", "two")  # two people had the same idea
    assert due.publish_drafts(engine, NOW + days(3)) == 2
    assert published(engine) == ["one", "two"]
    with database.reading(engine) as session:
        assert [(one.slug, bool(one.problem), one.publish_at) for one in drafts(session)] == [
            ("one", True, None)
        ]
