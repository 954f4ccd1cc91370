"""Every night the histories of some members are weighed again: the books must say what the facts come to.

Within `NIGHTS_MAX` nights that is everybody, and in a smaller shop sooner: `SHARE` members a night. Which ones is a
matter of their ids and the day, so nothing has to be remembered, and a second run looks at the same ones.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from app import database
from members.audit import audit
from members.programme.versions import versions
from members.prove import Flaw
from members.rebuilding import not_given, rebuild
from members.tables import Audit, Standing

SHARE, NIGHTS_MAX = 1_000, 30
PAGE, BATCH = 5_000, 100
ACTION = "ledger.doubted"

log = logging.getLogger(__name__)


def rebuild_some(engine: Engine, now: datetime) -> list[Flaw]:
    """Weigh tonight's members again; each whose books say something else goes into the log and the audit, once a day.

    Where something that counts from the beginning was not given to everybody, histories depend on when they were
    weighed last: then nobody is weighed.
    """
    with database.reading(engine) as session:
        if left := not_given(session):
            log.warning("no history is weighed again before this was given to everybody: %s", ", ".join(left))
            return []
        members = tonight(session, now)
    flaws = list[Flaw]()
    for start in range(0, len(members), BATCH):
        with database.reading(engine) as session:
            flaws += rebuild(session, members[start : start + BATCH], versions(session), now)
    for flaw in flaws:
        log.error("member %s, %s: %s", flaw.member_id, flaw.row, flaw.problem)
    if flaws:
        database.attempt(engine, lambda session: _tell(session, flaws, now))
    return flaws


def tonight(session: Session, now: datetime) -> list[UUID]:
    """Whose turn it is on the day of `now`."""
    count = session.exec(select(func.count()).select_from(Standing)).one()
    nights = min(NIGHTS_MAX, max(1, -(-count // SHARE)))
    turn, key, last = now.toordinal() % nights, col(Standing.member_id), UUID(int=0)
    chosen = list[UUID]()
    while ids := session.exec(select(key).where(key > last).order_by(key).limit(PAGE)).all():
        chosen += [one for one in ids if one.int % nights == turn]
        last = ids[-1]
    return chosen


def _tell(session: Session, flaws: Sequence[Flaw], now: datetime) -> None:
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    told = session.exec(select(Audit.object).where(Audit.action == ACTION, col(Audit.at) >= day)).all()
    for flaw in flaws:
        thing = f"member:{flaw.member_id}"
        if thing not in told:
            detail = {"row": flaw.row, "problem": flaw.problem}
            audit(session, "engine:rebuilding", "ledger.doubted", thing, detail, now)
