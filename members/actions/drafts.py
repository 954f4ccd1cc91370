"""Drafts of badges, challenges and offers for friends: what staff works on before members see anything of it.

A draft has two parts that are kept apart, so that two forms can write to it: `body["form"]`, the boxes as they were
typed, and `body["artwork"]`, the layers as in the document (`badges.artwork.Artwork`, badges only):

    draft = read_draft(session, draft_id)                       # with Capability.EDIT_CATALOGUE
    save_draft(session, draft_id, {"artwork": {"emblem": "leaf"}}, person.actor, now, draft.revision)

`save_draft` replaces the parts that it is given and leaves the others. Who gives the `revision` that they have seen is
refused when somebody changed the draft meanwhile. The caller owns the transaction and has asked the door; every change
is audited.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from badges.document import Badge, Challenge
from badges.tables import GameDraft
from facts.ids import id_for
from facts.language import N_
from facts.refusals import Refusal
from members.audit import audit, changes
from members.programme.document import Programme
from members.programme.versions import versions
from rewards.referrals import Offer

Kind = Literal["badge", "challenge", "offer"]
Thing = Badge | Challenge | Offer
Body = dict[str, Any]

GAMES: tuple[Kind, ...] = ("badge", "challenge")
OFFERS: tuple[Kind, ...] = ("offer",)
KINDS = GAMES + OFFERS
PARTS = ("form", "artwork")
DRAFTS_MAX = 500
BODY_LENGTH_MAX = 100_000
SLUG_LENGTH_MAX = 60
UNKNOWN = (N_("There is no such badge or challenge."), N_("There is no such offer."))


def thing_of(programme: Programme, kind: str, slug: str) -> Thing | None:
    """The badge, challenge or offer of that slug in a version of the programme."""
    if kind == "offer":
        return next((one for one in programme.referrals.offers if one.slug == slug), None)
    return programme.badge(slug) if kind == "badge" else programme.challenge(slug)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it is kept; see `badges.tables.GameDraft`. `body` is a copy: change it with `save_draft`."""

    id: str
    kind: Kind
    slug: str
    fresh: bool
    body: Body
    base: int
    actor: str
    changed_at: datetime
    publish_at: datetime | None
    problem: str
    revision: int = 0


def create_draft(
    session: Session, kind: str, slug: str, body: Body, actor: str, now: datetime, base: int | None = None
) -> Draft:
    """Begin a draft: of something new, or with the `slug` of what is published, of a change to it.

    `base` is the version that the body was made from, the latest when it is None. There is one draft of each
    published badge or challenge: who comes with nothing of their own gets it, who has a body is refused.
    """
    if kind not in KINDS:
        raise Refusal("game_unknown", N_("There is no such badge or challenge."), path="kind", status=404)
    latest = versions(session).latest
    if slug:
        if thing_of(latest.programme, kind, slug) is None:
            raise Refusal("game_unknown", UNKNOWN[kind == "offer"], path="slug", status=404)
        there = draft_of(session, kind, slug)
        if there and body:
            raise _begun()
        if there:
            return there
    there_are = len(session.exec(select(GameDraft.draft_id).limit(DRAFTS_MAX)).all())
    if there_are >= DRAFTS_MAX:
        raise Refusal("drafts_full", N_("There are {most} drafts already. Throw some away first."),
                      status=409, most=DRAFTS_MAX)  # fmt: skip
    draft_id = id_for(now, actor, kind, slug, str(there_are)).hex
    row = GameDraft(
        draft_id=draft_id, kind=kind, slug=slug, fresh=not slug, body="{}",
        base=base or latest.number, actor=actor, changed_at=now,
    )  # fmt: skip
    _put(row, body)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # at the very same moment
        raise _begun() from None
    audit(session, actor, f"{kind}.draft_begun", f"draft:{row.draft_id}", {"slug": row.slug}, now)
    return _told(row)


def kind_of(text: str) -> Kind:
    """The kind that a word names; a badge for any other word."""
    return "challenge" if text == "challenge" else "badge"


def read_draft(
    session: Session,
    draft_id: str,
    revision: int | None = None,
    *,
    to_change: bool = False,
    kinds: Sequence[Kind] = KINDS,
) -> Draft:
    """A draft of one of these `kinds`; refuses when there is none, or when it is not as it was at `revision`."""
    found = _told(_row(session, draft_id, revision, to_change=to_change))
    if found.kind not in kinds:
        raise _unknown()
    return found


def draft_of(session: Session, kind: str, slug: str) -> Draft | None:
    """The draft that changes a published badge or challenge."""
    query = select(GameDraft).where(
        GameDraft.kind == kind, GameDraft.slug == slug, col(GameDraft.fresh).is_(False)
    )
    row = session.exec(query).first()
    return _told(row) if row else None


def drafts(session: Session, kinds: Sequence[Kind] = KINDS) -> list[Draft]:
    """All drafts of these kinds, the last changed first."""
    query = select(GameDraft).where(col(GameDraft.kind).in_(kinds))
    return [_told(row) for row in session.exec(query.order_by(col(GameDraft.changed_at).desc()))]


def save_draft(
    session: Session, draft_id: str, parts: Body, actor: str, now: datetime, revision: int | None = None
) -> Draft:
    """Put these parts of the body in the place of those there were. A draft that is planned is not planned any more."""
    row = _row(session, draft_id, revision, to_change=True)
    before = row.body
    _put(row, parts)
    if row.body == before:
        return _told(row)
    row.actor, row.changed_at, row.publish_at, row.problem = actor, now, None, ""
    row.revision += 1
    session.add(row)
    audit(
        session,
        actor,
        f"{row.kind}.drafted",
        f"draft:{draft_id}",
        {"slug": row.slug, "parts": sorted(parts)},
        now,
        **changes(_boxes(before), _boxes(row.body)),
    )
    return _told(row)


def discard_draft(
    session: Session, draft_id: str, actor: str, now: datetime, revision: int | None = None
) -> None:
    """Throw a draft away; what is published stays."""
    row = _row(session, draft_id, revision, to_change=True)
    session.delete(row)
    audit(session, actor, f"{row.kind}.draft_dropped", f"draft:{draft_id}", {"slug": row.slug}, now)


def _unknown() -> Refusal:
    return Refusal("draft_unknown", N_("This draft is not there any more."), path="draft", status=404)


def _begun() -> Refusal:
    said = N_("Somebody has begun a draft of this. Open it again to go on from theirs.")
    return Refusal("draft_begun", said, path="draft", status=409)


def _row(
    session: Session, draft_id: str, revision: int | None = None, *, to_change: bool = False
) -> GameDraft:
    query = select(GameDraft).where(GameDraft.draft_id == draft_id)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.exec(query).first() if draft_id.isalnum() else None
    if row is None:
        raise _unknown()
    if revision is not None and row.revision != revision:
        said = N_("Somebody else changed this draft meanwhile. Open it again to see it as it is now.")
        raise Refusal("draft_changed", said, path="draft", status=409)
    return row


def _put(row: GameDraft, parts: Body) -> None:
    unknown = set(parts) - set(PARTS)
    if unknown:
        raise ValueError(f"a draft has no part {unknown}")
    body = cast(Body, json.loads(row.body)) | parts
    told = json.dumps(body, ensure_ascii=False, sort_keys=True)
    if len(told) > BODY_LENGTH_MAX:
        raise Refusal("draft_too_long", N_("This is more than a draft can hold."), path="draft")
    if row.fresh:
        row.slug = str(body.get("form", {}).get("slug", "")).strip()[:SLUG_LENGTH_MAX]
    row.body = told


def _boxes(body: str) -> dict[str, Any]:
    """The boxes of a body as they were typed, for the audit; of a drawing it says only that it changed."""
    form: dict[str, Any] = json.loads(body).get("form") or {}
    return form


def _told(row: GameDraft) -> Draft:
    return Draft(
        row.draft_id, cast(Kind, row.kind), row.slug, row.fresh, json.loads(row.body), row.base, row.actor,
        row.changed_at, row.publish_at, row.problem, row.revision,
    )  # fmt: skip
