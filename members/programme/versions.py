"""The versions of the programme: stored, one after the other, and which of them governs a moment.

A version is never changed. It starts now or later, only the first reaches back for ever, and each carries a
digest of itself and of the one before it. Reading costs one small row: the rest is remembered per process.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from sqlalchemy import insert, literal_column
from sqlalchemy import select as statement
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from badges.goals import PREFIX, TOPIC
from badges.scores import BoardRules
from badges.tracks import Rules, RulesLine, track_of
from facts.guards import GuardLine
from facts.language import N_
from facts.refusals import Refusal
from members.audit import audit
from members.programme.document import Programme
from members.programme.limits import without_idle_limits
from members.programme.moments import reachable
from members.programme.plan import plan
from members.programme.reading import check
from members.programme.wallets import keep_their_kind
from members.tables import Outbox, ProgrammeVersion
from rewards.earning.rule import in_order
from rewards.stock import follow
from rewards.terms import Terms, TermsLine

FOR_EVER = datetime(1, 1, 2, tzinfo=UTC)
REMEMBERED_MAX = 8
CHANGES_MAX = 50  # sentences of difference that the audit keeps
NEWEST_DIGEST = (  # asked by everything that is done, so built once, and without a parameter to plan for
    statement(col(ProgrammeVersion.digest))
    .order_by(col(ProgrammeVersion.number).desc())
    .limit(literal_column("1"))
)


@dataclass(frozen=True, slots=True)
class Version(Terms):
    """One version: the terms as the engine reads them, the document they come from, and who made it when."""

    programme: Programme
    achievements: Rules
    actor: str
    created_at: datetime

    def __hash__(self) -> int:
        return hash((self.number, self.effective_from, self.created_at))


class Timeline(TermsLine):
    """All versions in order; what the engine takes as its line of terms.

    With `back`, of what counts from the beginning only these (by the keys of tracks) reach back before their version.
    """

    def __init__(self, whole: list[Version], back: frozenset[str] | None = None) -> None:
        super().__init__(whole)
        self.whole = whole
        self.achievements = RulesLine([version.achievements for version in whole], back)
        rules = (rule for version in whole for rule in version.rules)
        self.budgeted = frozenset(f"rule:{rule.slug}" for rule in rules if rule.budget is not None)
        self.guards = GuardLine([(version.effective_from, version.programme.guards) for version in whole])

    @property
    def latest(self) -> Version:
        """The newest version, which may not be in force yet."""
        return self.whole[-1]

    def at(self, moment: datetime) -> Version:
        """The version in force at `moment`."""
        return self.whole[bisect_right(self._starts, moment)]

    def numbered(self, number: int) -> Version:
        """The version with this number, which is there because rows refer to it."""
        return self.whole[number - 1]


_remembered: OrderedDict[str, Timeline] = OrderedDict()
_lock = Lock()


def versions(session: Session, digest: str | None = None) -> Timeline:
    """All versions there are; refuses when the programme has none yet.

    `digest` is the newest version's, from who has just read it; it spares a query.
    """
    if digest is None:
        digest = session.connection().execute(NEWEST_DIGEST).scalar()
    if digest is None:
        raise Refusal("programme_missing", "The programme has not been set up yet.", status=503)
    known = remembered(digest)
    if known:
        return known
    rows = session.exec(select(ProgrammeVersion).order_by(col(ProgrammeVersion.number)))
    timeline = Timeline([_version(row) for row in rows])
    with _lock:
        _remembered[digest] = timeline
        while len(_remembered) > REMEMBERED_MAX:
            _remembered.popitem(last=False)
    return timeline


def remembered(digest: str) -> Timeline | None:
    """All versions up to the one with this digest, when this process has read them before."""
    with _lock:
        known = _remembered.get(digest)
        if known:
            _remembered.move_to_end(digest)
        return known


def in_force(session: Session, at: datetime) -> Version:
    """The version that governs a moment."""
    return versions(session).at(at)


def apply(
    session: Session,
    document: Programme,
    *,
    base: int | None,
    effective_from: datetime | None = None,
    actor: str,
    now: datetime,
) -> Version:
    """Make `document` the next version, in force from `effective_from` (now, when it is None).

    `base` is the number of the version that the writer started from, None for the very first: somebody
    else's version since then is a stale base and is refused, as is a start in the past. Versions that were
    planned for later than this one stay in the history but never come into force: they are refused instead.
    """
    check(document)
    newest = select(ProgrammeVersion).order_by(col(ProgrammeVersion.number).desc()).limit(1)
    found = session.exec(newest).first()
    latest = found.number if found else None
    if base != latest:
        raise _stale(latest)
    changes: list[str] = []
    start = FOR_EVER if found is None else (effective_from or now).astimezone(UTC)
    if found is not None:
        _refuse_bad_start(start, found.effective_from, now)
        keep_their_kind([one.wallets for one in versions(session).versions], document.wallets)
        changes = [str(one) for one in plan(_version(found).programme, document)][:CHANGES_MAX]
        if not changes:
            raise Refusal("programme_unchanged", "Nothing is different from version {number}.",
                          number=found.number)  # fmt: skip
    row = ProgrammeVersion(
        number=(latest or 0) + 1,
        effective_from=start,
        created_at=now.astimezone(UTC),
        actor=actor,
        document=_stored(document),
        digest="",
    )
    row.digest = _digest(found.digest if found else "", row)
    _insert(session, row)
    before = _version(found).programme.rewards if found else []
    follow(session, before, document.rewards)
    if document.goals:
        session.add(Outbox(members=TOPIC.hex, at=now.astimezone(UTC)))  # a target may have been lowered
    audit(session, actor, "programme.applied", f"programme:{row.number}",
          {"digest": row.digest, "effective_from": start.isoformat(), "changes": changes}, now,
          before={"version": latest}, after={"version": row.number})  # fmt: skip
    return _version(row)


def _refuse_bad_start(start: datetime, before: datetime, now: datetime) -> None:
    if start < now:
        said = N_("A version cannot start in the past: what was earned stays as it was.")
        raise Refusal("programme_in_past", said, path="effective_from")
    if start < before:
        raise Refusal(
            "programme_before_planned",
            "A version that starts later is already planned, for {at}. Start this one then, or later.",
            path="effective_from",
            at=before.isoformat(),
        )


def _insert(session: Session, row: ProgrammeVersion) -> None:
    """Two writers with the same base: the second finds the number taken."""
    try:
        with session.begin_nested():
            session.connection().execute(insert(ProgrammeVersion).values(row.model_dump()))
    except IntegrityError:
        raise _stale(row.number) from None


def _stale(latest: int | None) -> Refusal:
    if latest is None:
        return Refusal("programme_stale", "There is no version yet to start from.", status=409)
    return Refusal("programme_stale", "The programme has moved on to version {number}: look at it first.",
                   status=409, number=latest)  # fmt: skip


def _stored(document: Programme) -> str:
    told = document.model_dump(mode="json")
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _digest(before: str, row: ProgrammeVersion) -> str:
    said = "\x1f".join((before, str(row.number), row.effective_from.isoformat(), row.actor, row.document))
    return hashlib.sha256(said.encode()).hexdigest()


def first_broken(session: Session) -> int | None:
    """The number of the first version that is not as it was written, or None when all are."""
    before, expected = "", 1
    for row in session.exec(select(ProgrammeVersion).order_by(col(ProgrammeVersion.number))):
        if row.number != expected or row.digest != _digest(before, row):
            return expected
        before, expected = row.digest, expected + 1
    return None


def _version(row: ProgrammeVersion) -> Version:
    programme = without_idle_limits(reachable(Programme.model_validate_json(row.document)))
    return version_of(programme, row.number, row.effective_from, row.actor, row.created_at)


def version_of(
    programme: Programme, number: int, effective_from: datetime, actor: str, created_at: datetime
) -> Version:
    """A programme as the engine reads it."""
    return Version(
        number=number,
        effective_from=effective_from,
        points=programme.points,
        tiers=programme.tiers,
        rules=in_order(list(programme.earning)),
        zone=programme.zone,
        currency=programme.currency,
        digits=programme.digits,
        wallets=programme.wallets,
        programme=programme,
        achievements=achievements_of(programme, number, effective_from),
        actor=actor,
        created_at=created_at,
    )


def achievements_of(programme: Programme, number: int, effective_from: datetime) -> Rules:
    """The badges, challenges and boards of a version, as the engine walks along them."""
    prices = {reward.slug: reward.price for reward in programme.rewards}
    games = (*programme.badges, *programme.challenges)
    tracks = [track_of(one, programme.digits, number, prices) for one in games]
    ladder = [level.slug for level in programme.tiers.levels]
    boards = {one.slug: BoardRules.of(one, programme.digits) for one in programme.boards}
    goals = {f"{PREFIX}{one.slug}": one.rules(programme.digits) for one in programme.goals}
    return Rules.of(number, effective_from, programme.zone, programme.digits, tracks, ladder, boards, goals)
