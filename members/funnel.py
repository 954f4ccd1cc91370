"""How bringing friends goes, counted where it happens: shared, clicked, joined, bought, bought again; and what it cost.

What friends did follows from what stands with their referral (`Referral.said`): with each step, what was counted of it
before is taken back, so that a purchase that is returned leaves the counts as if it had never been.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zlib import crc32

from sqlmodel import Session, col, func, select

from facts.dates import day_of
from facts.money import minor
from members import sets
from members.channels import ALL
from members.funnel_tables import Advocate, FunnelCount, LinkTerms
from members.programme.versions import Timeline, Version, in_force, versions
from members.referral_tables import Referral, ReferralCode
from rewards.referrals import Offer

PARTS = 8
ALL_OFFERS = ""  # the row of a member in which all offers are summed
FRIENDS = ("joined", "bought", "again", "points")
STEPS = ("shared", "clicked", *FRIENDS, "money")
_KEY = ("offer", "channel", "day", "step", "part")
_ADD = f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET amount = funnel_count.amount + excluded.amount"
_MORE = "ON CONFLICT (offer, digest, part) DO UPDATE SET links = link_terms.links + excluded.links"
_BROUGHT = "ON CONFLICT (member_id, offer) DO UPDATE SET " + ", ".join(
    f"{name} = advocate.{name} + excluded.{name}" for name in FRIENDS
)

Counts = Counter[tuple[str, str, int, str, int]]


def happened(session: Session, code: ReferralCode, channel: str, step: str, now: datetime) -> None:
    """A link was `shared`, or `clicked` in a browser that had not opened it before."""
    day, part = day_of(now, in_force(session, now).zone), crc32(code.code.encode()) % PARTS
    channel = channel if channel in ALL else "link"
    _add(session, Counter({(code.offer, channel, day, step, part): 1}))


def settle(session: Session, found: Iterable[Referral]) -> None:
    """Let the counts say what stands with these referrals by now. Their rows are locked, or their accounts are."""
    counts, people, line = Counts(), Counter[tuple[UUID, str, str]](), versions(session)
    for one in sorted(found, key=lambda one: one.referral_id):
        told, before = _told(line, one), json.loads(one.counted or "{}")
        if told == before:
            continue
        for sign, what in ((-1, before), (1, told)):
            for step, amount in what.get("steps", {}).items():
                part = one.member_id.int % PARTS
                counts[one.offer, what["channel"], what["day"], step, part] += sign * amount
                for which in (one.offer, ALL_OFFERS):
                    people[one.member_id, which, step] += sign * amount
        one.counted = json.dumps(told)
        session.add(one)
    session.flush()
    _add(session, counts)
    whom = sorted({key[:2] for key, amount in people.items() if amount})
    rows = [(*key, *(people[*key, step] for step in FRIENDS)) for key in whom]
    sets.insert(session, Advocate, ("member_id", "offer", *FRIENDS), rows, _BROUGHT)


def _told(line: Timeline, one: Referral) -> dict[str, Any]:
    """What is to be counted of a referral; nothing while none of its steps stands."""
    said: list[list[Any]] = json.loads(one.said)
    if not said:
        return {}
    offer, kinds = Offer.model_validate_json(one.terms), [(step[1], step[2], step[5]) for step in said]
    version = line.at(one.came_at)
    given = [share for kind, side, _ in kinds if kind == "rewarded" and (share := offer.share(side))]
    steps = {
        "joined": sum(kind == "joined" for kind, _, _ in kinds),
        "bought": sum(kind == "bought" and order == 1 for kind, _, order in kinds),
        "again": sum(kind == "bought" and order == 2 for kind, _, order in kinds),
        "points": sum(share.points for share in given),
        "money": sum(_worth(share.reward, version) for share in given),
    }
    day = day_of(one.came_at, version.zone)
    return {"day": day, "channel": one.channel or "link", "steps": {k: n for k, n in steps.items() if n}}


def _worth(slug: str | None, version: Version) -> int:
    """What a reward is worth, in minor units, as far as the programme says so: not a percentage of what is bought."""
    reward = version.programme.reward(slug) if slug else None
    return minor(reward.value, version.digits) if reward and reward.what.worth else 0


def made(session: Session, member_id: UUID, terms: str) -> None:
    """Somebody made a link with these terms."""
    _links(session, [(member_id, terms, 1)])


def gone(session: Session, member_id: UUID) -> None:
    """The links of somebody who is erased go."""
    query = select(ReferralCode.terms, func.count()).where(col(ReferralCode.member_id) == member_id)
    found = session.exec(query.group_by(col(ReferralCode.terms))).all()
    _links(session, [(member_id, terms, -links) for terms, links in found])


def digest_of(terms: str) -> str:
    """What terms are called among others."""
    return hashlib.sha256(terms.encode()).hexdigest()[:16]


def _links(session: Session, changed: Sequence[tuple[UUID, str, int]]) -> None:
    rows = [
        (Offer.model_validate_json(terms).slug, digest_of(terms), member_id.int % PARTS, terms, links)
        for member_id, terms, links in changed
    ]
    columns = ("offer", "digest", "part", "terms", "links")
    sets.insert(session, LinkTerms, columns, sorted(rows), _MORE)


def _add(session: Session, counts: Counts) -> None:
    rows = [(*key, amount) for key, amount in sorted(counts.items()) if amount]
    sets.insert(session, FunnelCount, (*_KEY, "amount"), rows, _ADD)
