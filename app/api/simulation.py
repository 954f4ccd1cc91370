"""Events on trial: what they would do, with every entry and its why. Nothing is written."""

from __future__ import annotations

import json

from pydantic import BaseModel
from sqlmodel import Session

from app.api.events import ONE, Checked, answer, check, checked_all, listed
from app.api.operations import Call
from app.api.shapes import Effect, SimulationAnswer, TierEffect
from app.door import in_worker
from facts.events import Fact
from members.simulation import Simulation, simulate


async def post_simulate(call: Call) -> BaseModel:
    """Run one event, or a batch, through the engine and roll it back."""
    if call.media_type == ONE:
        checked: list[Checked] = [(call.body, check(call.body, call.key.source))]
    else:
        checked = await checked_all(listed(call.body), call.key.source)
    facts = [fact for _, fact in checked if isinstance(fact, Fact)]
    done: Simulation = await call.write(lambda session: _simulate(session, facts, call))
    return await in_worker(_said, checked, done)


def _simulate(session: Session, facts: list[Fact], call: Call) -> Simulation:
    return simulate(session, facts, call.now)


def _said(checked: list[Checked], done: Simulation) -> SimulationAnswer:
    outcomes = iter(done.outcomes)
    return SimulationAnswer(
        results=[
            answer(envelope, next(outcomes) if isinstance(fact, Fact) else fact) for envelope, fact in checked
        ],
        effects=[
            Effect(
                member=entry.member_id,
                wallet=entry.wallet,
                kind=entry.kind,
                amount=entry.amount,
                at=entry.at,
                active_from=entry.active_from,
                expires_at=entry.expires_at,
                rule=entry.rule,
                version=entry.version,
                why=json.loads(entry.why),
            )
            for entry in done.entries
        ],
        tiers=[TierEffect(member=who, before=before, after=after) for who, before, after in done.tiers],
    )
