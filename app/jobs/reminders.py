"""Points that are about to expire are told of, by day: who is due is found in batches, each letter is a transaction."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import Engine

from app import database
from members.actions import reminding
from members.actions.reminding import Sender

BATCH = 500

log = logging.getLogger(__name__)


def remind(engine: Engine, by: Sender, now: datetime) -> int:
    """Post what is due, once each; returns how many letters. One that cannot be written is logged, the others go on."""
    posted, after = 0, None
    with database.reading(engine) as session:
        if not reminding.awake(session, now):
            return 0
    while True:
        with database.reading(engine) as session:
            members = reminding.candidates(session, now, after, BATCH)
            due = reminding.due(session, members, now)
        for member_id in due:
            try:
                posted += database.attempt(
                    engine, lambda session, one=member_id: reminding.remind(session, one, by, now)
                )
            except Exception:
                log.exception("member %s could not be reminded", member_id)
        if len(members) < BATCH:
            if posted:
                log.info("%d members were told of points that expire", posted)
            return posted
        after = members[-1]
