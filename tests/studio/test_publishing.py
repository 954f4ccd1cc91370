"""From a draft to a version: now, or planned; tried on before; refused when stale; audited with before and after."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from badges.tables import Award
from facts.language import language
from facts.refusals import Refusal
from members.actions.awards import revoke
from members.actions.backfill import Preview, backfill
from members.actions.drafts import create_draft, drafts, read_draft, save_draft
from members.actions.record import record
from members.actions.staff_games import pause_game
from members.actions.studio import (
    due_drafts,
    is_stale,
    plan_draft,
    problem_of,
    publish_draft,
    publish_due,
    renew_draft,
    unplan_draft,
)
from members.actions.trials import try_on, try_on_all
from members.programme.versions import versions
from members.studio.game import blank, form_of, read
from members.tables import Audit, Standing
from rewards.tables import Entry
from tests.builders import NOW, PROGRAMME, an_order, days, in_force, standing_of
from tests.staff.shop import GAMES

KIM = "owner:kim"
BEFORE = days(400)


def a_shop(session: Session, orders: int = 4) -> None:
    """The first bought so often, a day apart, the last one yesterday; the second once."""
    in_force(session, PROGRAMME + GAMES)
    bought = [an_order(f"o{n}", "10.00", at=NOW - days(n)) for n in range(1, orders + 1)]
    record(session, [*bought, an_order("p1", "10.00", at=NOW - days(1), subject="customer:2")], NOW)


def a_draft(session: Session, kind: str = "badge", **boxes: str) -> str:
    form = {
        **blank(kind),
        "slug": "tea",
        "name.en": "Tea",
        **{name.replace("__", "."): text for name, text in boxes.items()},
    }
    return create_draft(session, kind, "", {"form": form}, KIM, NOW).id


def edited(session: Session, slug: str, **boxes: str) -> str:
    """A draft that changes a published badge."""
    programme = versions(session).latest.programme
    badge = programme.badge(slug)
    assert badge
    form = form_of(badge, programme) | {name.replace("__", "."): text for name, text in boxes.items()}
    draft = create_draft(
        session, "badge", slug, {"form": form, "artwork": badge.artwork.model_dump(mode="json")}, KIM, NOW
    )
    return draft.id


def audited(session: Session, action: str) -> list[dict[str, Any]]:
    rows = session.exec(select(Audit).where(Audit.action == action).order_by(col(Audit.seq)))
    return [json.loads(row.detail) for row in rows]


def test_a_draft_becomes_a_badge_that_is_earned(session: Session) -> None:
    a_shop(session)
    draft = a_draft(session, part__0__at_least="1", step__0__points="7")
    save_draft(session, draft, {"artwork": {"emblem": "leaf"}}, KIM, NOW)
    made, slug = publish_draft(session, draft, base=1, actor=KIM, now=NOW)
    assert (made.number, slug, drafts(session)) == (2, "tea", [])
    badge = made.programme.badge("tea")
    assert badge
    assert badge.artwork.emblem == "leaf"
    assert [one["after"]["slug"] for one in audited(session, "badge.published")] == ["tea"]
    record(session, [an_order("after", "1.00", at=NOW + days(1))], NOW + days(1))
    assert len(session.exec(select(Award).where(Award.slug == "tea")).all()) == 1


def test_a_change_says_what_was_before(session: Session) -> None:
    a_shop(session)
    publish_draft(session, edited(session, "first", step__0__points="99"), base=1, actor=KIM, now=NOW)
    told = audited(session, "badge.published")[0]
    assert (told["before"]["prizes"], told["after"]["prizes"]) == ([{"points": 20}], [{"points": 99}])
    badge = versions(session).latest.programme.badge("first")
    assert badge
    assert (badge.order, badge.prizes[0].points) == (1, 99)


def refused(call: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        call()
    return refusal.value.code


def test_what_is_stale_is_refused(session: Session) -> None:
    a_shop(session)
    draft, other = edited(session, "first", name__en="One"), a_draft(session)
    pause_game(session, "badge:first", base=1, actor=KIM, now=NOW)
    assert refused(lambda: publish_draft(session, other, base=1, actor=KIM, now=NOW)) == "programme_stale"
    assert refused(lambda: publish_draft(session, draft, base=2, actor=KIM, now=NOW)) == "draft_stale"
    assert is_stale(session, read_draft(session, draft))
    renew_draft(session, draft, actor=KIM, now=NOW)
    made, _ = publish_draft(session, draft, base=2, actor=KIM, now=NOW)
    badge = made.programme.badge("first")
    assert badge
    assert (badge.paused, badge.name) == (True, {"en": "One"})  # what no box holds stays as it is
    assert publish_draft(session, other, base=3, actor=KIM, now=NOW)[0].number == 4


def test_a_form_of_an_older_version_is_neither_published_nor_planned_over_a_newer_one(
    session: Session,
) -> None:
    a_shop(session)
    programme = versions(session).latest.programme
    badge = programme.badge("first")
    assert badge
    form = form_of(badge, programme)
    publish_draft(session, edited(session, "first", step__0__points="99"), base=1, actor=KIM, now=NOW)
    late = create_draft(session, "badge", "first", {"form": form}, KIM, NOW, 1).id
    assert refused(lambda: plan_draft(session, late, NOW + days(1), actor=KIM, now=NOW)) == "draft_stale"
    assert refused(lambda: publish_draft(session, late, base=2, actor=KIM, now=NOW)) == "draft_stale"


def test_what_is_published_or_planned_is_what_was_seen(session: Session) -> None:
    a_shop(session)
    draft = read_draft(session, a_draft(session))
    save_draft(session, draft.id, {"artwork": {"emblem": "leaf"}}, "marketer:bo", NOW)
    seen: dict[str, Any] = {"actor": KIM, "now": NOW, "revision": draft.revision}
    for attempt in (
        lambda: publish_draft(session, draft.id, base=1, **seen),
        lambda: plan_draft(session, draft.id, NOW + days(1), **seen),
        lambda: renew_draft(session, draft.id, **seen),
        lambda: unplan_draft(session, draft.id, **seen),
    ):
        assert refused(attempt) == "draft_changed"
    seen["revision"] += 1
    plan_draft(session, draft.id, NOW + days(1), **seen)
    assert refused(lambda: publish_draft(session, draft.id, base=1, **seen)) == "draft_changed"
    seen["revision"] += 1
    assert publish_draft(session, draft.id, base=1, **seen)[1] == "tea"


def test_what_is_not_ready_is_refused(session: Session) -> None:
    a_shop(session)
    for boxes in ({"part__0__at_least": "0"}, {"slug": "first"}, {"slug": "No Slug"}):
        draft = a_draft(session, **boxes)
        assert (
            refused(lambda one=draft: publish_draft(session, one, base=1, actor=KIM, now=NOW))
            == "draft_unready"
        )
        assert (
            refused(lambda one=draft: plan_draft(session, one, NOW + days(1), actor=KIM, now=NOW))
            == "draft_unready"
        )
    assert versions(session).latest.number == 1


def test_what_is_planned_is_published_at_its_moment_and_everything_else_can_change_meanwhile(
    session: Session,
) -> None:
    a_shop(session)
    draft, at = a_draft(session), NOW + days(2)
    for never in (NOW, NOW.replace(year=9999)):
        assert refused(lambda at=never: plan_draft(session, draft, at, actor=KIM, now=NOW)) == "draft_in_past"
    plan_draft(session, draft, at, actor=KIM, now=NOW)
    assert due_drafts(session, at - timedelta(seconds=1)) == []
    assert not publish_due(session, draft, at - timedelta(seconds=1))
    pause_game(session, "badge:first", base=1, actor=KIM, now=NOW + days(1))
    assert due_drafts(session, at) == [draft]
    assert publish_due(session, draft, at)
    assert not publish_due(session, draft, at)  # doing it again changes nothing
    newest = versions(session).latest
    assert (newest.number, newest.effective_from, newest.actor) == (3, at, KIM)
    assert newest.programme.badge("tea")
    assert [one["at"] for one in audited(session, "badge.planned")] == [at.isoformat()]


def test_what_cannot_be_published_at_its_moment_is_a_draft_again_and_says_why(session: Session) -> None:
    a_shop(session)
    draft = edited(session, "first", name__en="One")
    plan_draft(session, draft, NOW + days(2), actor=KIM, now=NOW)
    pause_game(session, "badge:first", base=1, actor=KIM, now=NOW + days(1))
    assert not publish_due(session, draft, NOW + days(2))
    found = read_draft(session, draft)
    assert found.publish_at is None
    assert problem_of(found, language("en")).startswith("Somebody changed it")
    assert versions(session).latest.number == 2
    assert audited(session, "badge.not_published") == [{"code": "draft_stale"}]


def test_who_changes_a_planned_draft_plans_it_anew(session: Session) -> None:
    a_shop(session)
    draft = a_draft(session)
    plan_draft(session, draft, NOW + days(2), actor=KIM, now=NOW)
    save_draft(session, draft, {"artwork": {"emblem": "leaf"}}, KIM, NOW)
    assert due_drafts(session, NOW + days(3)) == []
    plan_draft(session, draft, NOW + days(2), actor=KIM, now=NOW)
    unplan_draft(session, draft, actor=KIM, now=NOW)
    assert due_drafts(session, NOW + days(3)) == []


def state(session: Session) -> Any:
    session.expire_all()
    tables: tuple[Any, ...] = (Award, Entry, Standing, Audit)
    return [sorted(str(row.model_dump()) for row in session.exec(select(table))) for table in tables]


def game_of(session: Session, kind: str = "badge", **boxes: str) -> Any:
    form = {
        **blank(kind),
        "slug": "tea",
        "name.en": "Tea",
        **{name.replace("__", "."): text for name, text in boxes.items()},
    }
    found = read(form, kind, versions(session).latest.programme, {})
    assert found.game, found.problems
    return found.game


def test_one_member_tries_it_on_and_nothing_is_kept(session: Session) -> None:
    a_shop(session)
    before, me = state(session), standing_of(session).member_id
    trial = try_on(session, me, game_of(session, part__0__at_least="2"), NOW)
    assert trial
    assert (trial.value, trial.goals) == (4, (2,)), "what is reached is counted on"
    assert trial.reached == ((1, NOW - days(3)),)  # of the orders 4, 3, 2 and 1 days ago, the second
    levels = game_of(session, ladder="list", step__0__at="1", step__1__at="4", step__1__points="", step__2__at="9",
                     step__2__points="", edition="1")  # fmt: skip
    trial = try_on(session, me, levels, NOW)
    assert trial
    assert (trial.value, trial.goals, [level for level, _ in trial.reached]) == (4, (1, 4, 9), [1, 2])
    assert try_on(session, uuid4(), levels, NOW) is None
    assert state(session) == before


def test_a_challenge_to_be_joined_is_tried_on_as_if_they_had(session: Session) -> None:
    a_shop(session)
    challenge = game_of(session, "challenge", join="opt_in", days="30", repeats="on_joining", budget="1")
    trial = try_on(session, standing_of(session).member_id, challenge, NOW)
    assert trial
    assert trial.reached == ((1, NOW - days(2)),)


def test_of_what_is_scarce_only_so_many_would_get_it(session: Session) -> None:
    a_shop(session)
    everybody = sorted(session.exec(select(Standing.member_id)).all())
    badge = game_of(session, part__0__at_least="1", edition="1")
    whole = Preview()
    for one in everybody:  # in two batches, as pages walk
        whole.add(*try_on_all(session, [one], badge, NOW, whole))
    assert (whole.members, whole.examples[0].member_id) == (1, everybody[0])
    challenge = game_of(session, "challenge", step__0__at="1", step__0__points="6", budget="10")
    found, points = try_on_all(session, everybody, challenge, NOW)
    assert (len(found), points) == (1, 6)


def test_what_staff_took_away_is_not_given_again(session: Session) -> None:
    a_shop(session)
    everybody = sorted(session.exec(select(Standing.member_id)).all())
    regular = versions(session).latest.programme.badge("first")
    assert regular
    assert try_on_all(session, everybody, regular, NOW) == ([], 0)
    revoke(session, everybody[0], "first", "Given by mistake", KIM, NOW)
    assert try_on_all(session, everybody, regular, NOW) == ([], 0)


def test_everybody_tries_it_on_as_a_back_fill_would_give_it(session: Session) -> None:
    a_shop(session)
    everybody = sorted(session.exec(select(Standing.member_id)).all())
    before = state(session)
    boxes = {"part__0__at_least": "1", "step__0__points": "7", "counts": "from_beginning"}
    found, points = try_on_all(session, everybody, game_of(session, **boxes), NOW)
    assert state(session) == before
    assert ([one.slug for one in found], points) == (["tea", "tea"], 14)
    publish_draft(session, a_draft(session, **boxes), base=1, actor=KIM, now=NOW)
    done, paid = backfill(session, everybody, NOW)
    assert (done, paid) == (found, points)
