"""From a draft to a version of the programme: published now, or planned for a moment at which a job does it.

A planned draft is no version yet, so that everything else can be changed meanwhile (docs/decisions/0010).
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from badges.document import Badge, Challenge
from badges.tables import GameDraft
from facts.language import N_, Language
from facts.refusals import Refusal
from facts.said import kept, told
from members.actions.drafts import Draft, Thing, read_draft, thing_of
from members.audit import audit
from members.programme.document import Programme
from members.programme.moments import within
from members.programme.text import plain
from members.programme.versions import Timeline, Version, apply, versions
from members.studio import offer
from members.studio.game import Read, artwork_of, placed, read
from rewards.referrals import Offer

Game = Badge | Challenge


def published(programme: Programme, kind: str, slug: str) -> Game | None:
    """The badge or challenge of that slug in a version of the programme."""
    return programme.badge(slug) if kind == "badge" else programme.challenge(slug)


def read_game(draft: Draft, programme: Programme) -> Read:
    """What a draft says, checked against a version of the programme."""
    there = None if draft.fresh else published(programme, draft.kind, draft.slug)
    artwork = draft.body.get("artwork") or artwork_of(there)
    found = read(draft.body.get("form", {}), draft.kind, programme, artwork, there)
    if draft.fresh and found.game and published(programme, draft.kind, found.game.slug):
        found.problems["slug"] = (N_("There is one with this name already."), {})
        found.game = None
    return found


def read_offer(draft: Draft, programme: Programme) -> offer.Read:
    """The same of a draft of an offer for friends."""
    there = None if draft.fresh else thing_of(programme, draft.kind, draft.slug)
    found = offer.read(draft.body.get("form", {}), programme, there if isinstance(there, Offer) else None)
    if draft.fresh and found.offer and thing_of(programme, draft.kind, found.offer.slug):
        found.problems["slug"] = (N_("There is one with this name already."), {})
        found.offer = None
    return found


def publish_draft(
    session: Session, draft_id: str, *, base: int, actor: str, now: datetime, revision: int | None = None
) -> tuple[Version, str]:
    """Make it part of the programme, as a new version from now on; returns that, and the slug. The draft is gone.

    `base` is the version that the actor has seen, and `revision` that of the draft. Somebody else's change to the
    very same badge or challenge since the draft was begun is refused, until it was looked at (`renew_draft`).
    """
    draft = read_draft(session, draft_id, revision, to_change=True)
    latest = versions(session).latest
    game = _ready(session, draft, latest)
    before = thing_of(latest.programme, draft.kind, game.slug)
    whole = (
        offer.placed(latest.programme, game) if isinstance(game, Offer) else placed(latest.programme, game)
    )
    document = Programme.model_validate(whole.model_dump(mode="json"))
    made = apply(session, document, base=base, effective_from=now, actor=actor, now=now)
    detail = {"version": made.number, "before": plain(before) if before else None, "after": plain(game)}
    audit(session, actor, f"{draft.kind}.published", f"{draft.kind}:{game.slug}", detail, now)
    session.delete(session.get(GameDraft, draft_id))
    session.flush()
    return made, game.slug


def plan_draft(
    session: Session, draft_id: str, at: datetime, *, actor: str, now: datetime, revision: int | None = None
) -> None:
    """Let it be published at a moment to come."""
    if at <= now or not within(at):
        raise Refusal("draft_in_past", N_("Choose a moment that is still to come."), path="publish_at")
    draft = read_draft(session, draft_id, revision, to_change=True)
    _ready(session, draft, versions(session).latest)
    _planned(session, draft, at, actor, now)


def unplan_draft(
    session: Session, draft_id: str, *, actor: str, now: datetime, revision: int | None = None
) -> None:
    """Keep it as a draft after all."""
    _planned(session, read_draft(session, draft_id, revision, to_change=True), None, actor, now)


def renew_draft(
    session: Session, draft_id: str, *, actor: str, now: datetime, revision: int | None = None
) -> None:
    """Go on from the newest version: who does this has seen what somebody else changed meanwhile."""
    draft = read_draft(session, draft_id, revision, to_change=True)
    row, latest = _row(session, draft_id), versions(session).latest.number
    row.base, row.problem = latest, ""
    row.revision += 1
    session.add(row)
    detail = {"from": draft.base, "to": latest}
    audit(session, actor, f"{draft.kind}.draft_renewed", f"draft:{draft_id}", detail, now)


def due_drafts(session: Session, now: datetime) -> list[str]:
    """The drafts whose moment has come, by id, in the order of their moments."""
    query = select(GameDraft.draft_id).where(col(GameDraft.publish_at) <= now)
    return list(session.exec(query.order_by(col(GameDraft.publish_at), col(GameDraft.draft_id))))


def publish_due(session: Session, draft_id: str, now: datetime) -> bool:
    """Publish what was planned, in the name of who planned it; when that is refused, the draft says why."""
    row = session.get(GameDraft, draft_id, with_for_update=True, populate_existing=True)
    if row is None or row.publish_at is None or row.publish_at > now:
        return False
    base, actor = versions(session).latest.number, row.actor
    try:
        with session.begin_nested():
            publish_draft(session, draft_id, base=base, actor=actor, now=now)
        return True
    except Refusal as refusal:
        row = _row(session, draft_id)
        row.publish_at, row.problem = (
            None,
            json.dumps([refusal.msgid, kept(refusal.params)], ensure_ascii=False),
        )
        row.revision += 1
        session.add(row)
        audit(session, actor, f"{row.kind}.not_published", f"draft:{draft_id}", {"code": refusal.code}, now)
        return False


def problem_of(draft: Draft, language: Language) -> str:
    """Why a planned draft could not be published, in a language; "" when nothing went wrong."""
    if not draft.problem:
        return ""
    msgid, params = json.loads(draft.problem)
    return language.text(msgid, **told(params))


def is_stale(session: Session, draft: Draft) -> bool:
    """Whether somebody changed the very same badge or challenge since the draft was begun."""
    if draft.fresh:
        return False
    line = versions(session)
    then = thing_of(line.numbered(draft.base).programme, draft.kind, draft.slug)
    return then != thing_of(line.latest.programme, draft.kind, draft.slug)


def _ready(session: Session, draft: Draft, latest: Version) -> Thing:
    if is_stale(session, draft):
        said = N_("Somebody changed it since this draft was begun: look at what would change first.")
        raise Refusal("draft_stale", said, path="draft", status=409)
    ready = (
        read_offer(draft, latest.programme).offer
        if draft.kind == "offer"
        else read_game(draft, latest.programme).game
    )
    if ready is None:
        raise Refusal("draft_unready", N_("Something in this draft needs another look first."), path="draft")
    return ready


def _planned(session: Session, draft: Draft, at: datetime | None, actor: str, now: datetime) -> None:
    row = _row(session, draft.id)
    row.publish_at, row.problem, row.actor = at, "", actor
    row.revision += 1
    session.add(row)
    done, detail = ("planned", {"at": at.isoformat()}) if at else ("unplanned", dict[str, Any]())
    audit(session, actor, f"{draft.kind}.{done}", f"draft:{draft.id}", detail, now)


def _row(session: Session, draft_id: str) -> GameDraft:
    row = session.get(GameDraft, draft_id)
    assert row is not None  # it was read in this transaction
    return row


def begin_fill(session: Session, kind: str, slug: str, *, actor: str, now: datetime) -> None:
    """Note in the audit that everybody's history is weighed again for it; `members.actions.backfill` does that."""
    _from_beginning(session, kind, slug)
    audit(session, actor, f"{kind}.filled", f"{kind}:{slug}", {}, now)


def undo_fill(session: Session, kind: str, slug: str, *, base: int, actor: str, now: datetime) -> Version:
    """Let it count from now on only: the next walk through everybody takes back what was given for earlier times.

    When it does so already, and did not once, no version is made: the walk was interrupted, and goes on.
    """
    line = versions(session)
    made = line.latest
    if not was_from_beginning(line, kind, slug):
        there = _from_beginning(session, kind, slug).model_copy(update={"counts": "from_now"})
        changed = Programme.model_validate(placed(made.programme, there).model_dump(mode="json"))
        made = apply(session, changed, base=base, effective_from=now, actor=actor, now=now)
    audit(session, actor, f"{kind}.fill_undone", f"{kind}:{slug}", {"version": made.number}, now)
    return made


def was_from_beginning(line: Timeline, kind: str, slug: str) -> bool:
    """Whether it counted from the beginning in an earlier version, and does so no more."""
    *earlier, latest = [published(version.programme, kind, slug) for version in line.whole]
    once = any(game and game.counts == "from_beginning" for game in earlier)
    return bool(latest and latest.counts == "from_now" and once)


def _from_beginning(session: Session, kind: str, slug: str) -> Game:
    there = published(versions(session).latest.programme, kind, slug)
    if there is None or there.counts != "from_beginning":
        said = N_("It counts from its publication on: there is nothing to give.")
        raise Refusal("not_from_beginning", said, status=409)
    return there
