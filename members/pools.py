"""Uploaded codes of rewards: one for each redemption, shown when its owner asks for it, and the word to staff in time.

Whoever has seen a code of somebody else's system can use it, and we would not know: so it stays sealed until its owner
wants to see it, and from then on the reward cannot be given back.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from facts.refusals import Refusal
from members.audit import audit
from members.programme.versions import versions
from rewards import pool, stock
from rewards.document import Reward
from rewards.tables import Redemption

ALERT = "codes.alert"

log = logging.getLogger(__name__)


def draw(session: Session, made: Redemption, sold_out: Refusal, now: datetime) -> bool:
    """Take a code for a redemption; whether it came out of the stock, which the one they gave back before did not."""
    fresh = pool.draw(session, made.reward, made.member_id, made.redemption_id, now)
    if fresh is None:
        raise sold_out
    return fresh


def shelved(session: Session, over: Iterable[tuple[str, int]]) -> Counter[str]:
    """What goes back on the shelf of redemptions that came to nothing, each the reward and the version it was had by.

    An uploaded code that was somebody's goes to nobody else, whatever the reward is by now; and of what has uploaded
    codes now, there are as many as there are codes.
    """
    pairs = list(over)
    if not pairs:
        return Counter()
    line = versions(session)
    now = {one.slug for one in line.latest.programme.rewards if one.pooled}
    then = {pair: line.numbered(pair[1]).programme.reward(pair[0]) for pair in set(pairs)}
    return Counter(slug for slug, version in pairs if slug not in now and not _pooled(then[slug, version]))


def _pooled(reward: Reward | None) -> bool:
    return bool(reward and reward.pooled)


def watch(session: Session, reward: Reward, now: datetime) -> None:
    """Record, audit and log that few codes are left: once for each file. The stock is locked by now."""
    left = stock.left_of(session, reward.slug) or 0
    capacity = pool.few_left(session, reward.slug, left, reward.alert_percent, now)
    if capacity is not None:
        detail = {"left": left, "of": capacity, "percent": reward.alert_percent}
        audit(session, "engine:codes", ALERT, f"reward:{reward.slug}", detail, now)
        log.warning("%s of %s codes are left of %s", left, capacity, reward.slug)
