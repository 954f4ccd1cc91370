"""Events on trial: what they would do, with every entry and its why. Nothing is written."""

from __future__ import annotations

import json
from collections.abc import Collection

from pydantic import BaseModel
from sqlmodel import Session

from app.api.events import ONE, Checked, answer, check, checked_all, listed
from app.api.operations import Call
from app.api.shapes import Effect, SimulationAnswer, TierEffect
from app.door import in_worker
from facts.events import Fact
from members.programme.versions import in_force
from members.simulation import Simulation, simulate
from members.views.rules_document import SECRET
from rewards.tables import Entry


async def post_simulate(call: Call) -> BaseModel:
    """Run one event, or a batch, through the engine and roll it back."""
    if call.media_type == ONE:
        checked: list[Checked] = [(call.body, check(call.body, call.key.source))]
    else:
        checked = await checked_all(listed(call.body), call.key.source)
    facts = [fact for _, fact in checked if isinstance(fact, Fact)]
    found: tuple[Simulation, frozenset[str]] = await call.write(_simulate, facts, call)
    return await in_worker(_said, checked, *found)


def _simulate(session: Session, facts: list[Fact], call: Call) -> tuple[Simulation, frozenset[str]]:
    """What they would do, and the badges that are secret now."""
    badges = in_force(session, call.now).programme.badges
    return simulate(session, facts, call.now), frozenset(badge.slug for badge in badges if badge.secret)


def _said(checked: list[Checked], done: Simulation, secret: Collection[str]) -> SimulationAnswer:
    outcomes = iter(done.outcomes)
    return SimulationAnswer(
        results=[
            answer(envelope, next(outcomes) if isinstance(fact, Fact) else fact) for envelope, fact in checked
        ],
        effects=[_effect(entry, done, secret) for entry in done.entries],
        tiers=[TierEffect(member=who, before=before, after=after) for who, before, after in done.tiers],
    )


def _effect(entry: Entry, done: Simulation, secret: Collection[str]) -> Effect:
    """An entry in the words of the API. A secret badge has no name before it is earned."""
    rule, why = entry.rule, json.loads(entry.why)
    prize = why.get("of", why)
    if prize.get("for") == "badge" and rule in secret and (entry.member_id, rule) not in done.earned:
        rule = prize["slug"] = SECRET
    return Effect(
        member=entry.member_id,
        wallet=entry.wallet,
        kind=entry.kind,
        amount=entry.amount,
        at=entry.at,
        active_from=entry.active_from,
        expires_at=entry.expires_at,
        rule=rule,
        version=entry.version,
        why=why,
    )
