"""Events in: each is checked alone, recorded together with whatever else arrives, and answered in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from app.api.operations import Call
from app.api.problems import Problem, shape_of
from app.api.shapes import EventAnswer, EventAnswers
from app.door import in_worker, secret
from app.recording.batch import Answer
from facts.events import Fact, parse
from facts.refusals import Refusal
from members import suspicion_signs

ONE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
EVENTS_MAX = 1000
INLINE_MAX = 5  # how many events are checked on the event loop itself: more go to a worker thread

Checked = tuple[dict[str, Any], Fact | Refusal]


async def post_events(call: Call) -> BaseModel:
    """Record one event, or a batch. A single event that is refused is a problem; in a batch it is an answer."""
    if call.media_type == ONE:
        checked = check(call.body, call.key.source)
        if isinstance(checked, Refusal):
            raise checked
        (outcome,) = await call.lane.record([checked])
        said = answer(call.body, outcome)
        if isinstance(outcome, Exception):
            raise outcome
        if outcome.refusal:
            raise outcome.refusal
        return said
    envelopes = listed(call.body)
    checked = await checked_all(envelopes, call.key.source)
    outcomes = iter(await call.lane.record([fact for _, fact in checked if isinstance(fact, Fact)]))
    return EventAnswers(
        results=[
            answer(envelope, next(outcomes) if isinstance(fact, Fact) else fact) for envelope, fact in checked
        ]
    )


def listed(body: Any) -> list[Any]:
    """The envelopes of a batch."""
    if not isinstance(body, list):
        raise Refusal("batch_malformed", "A batch is a JSON array of events.", status=422)
    if len(body) > EVENTS_MAX:
        raise Refusal("batch_too_long", "Send at most {limit} events at once.", status=413, limit=EVENTS_MAX)
    return body


async def checked_all(envelopes: list[Any], source: str) -> list[Checked]:
    """Each envelope with its fact, or with the refusal of it."""
    if len(envelopes) > INLINE_MAX:
        return await in_worker(_checked, envelopes, source)
    return _checked(envelopes, source)


def _checked(envelopes: Sequence[Any], source: str) -> list[Checked]:
    return [(envelope, check(envelope, source)) for envelope in envelopes]


def check(envelope: Any, source: str) -> Fact | Refusal:
    """The fact in an envelope, when its source is the one that the key speaks for."""
    try:
        fact = parse(envelope)
    except Refusal as refusal:
        return refusal
    if fact.source != source:
        return Refusal("source_not_yours", "This key speaks for “{ours}”, not for “{theirs}”.", path="source",
                       status=403, ours=source, theirs=fact.source)  # fmt: skip
    return suspicion_signs.hidden(fact, secret) if suspicion_signs.tells(fact) else fact


def answer(envelope: Any, outcome: Answer | Refusal) -> EventAnswer:
    """What to say about one event."""
    named = envelope if isinstance(envelope, dict) else {}
    name, source = _text(named.get("id")), _text(named.get("source"))
    if isinstance(outcome, Refusal):
        return EventAnswer(id=name, source=source, status="refused", problem=shape_of(outcome))
    if isinstance(outcome, Exception):
        return EventAnswer(id=name, source=source, status="failed", problem=FAILED)
    if outcome.refusal:
        return EventAnswer(id=name, source=source, status="refused", problem=shape_of(outcome.refusal))
    status: Any = outcome.status
    return EventAnswer(id=name, source=source, status=status, member=outcome.member_id, points=outcome.points)


FAILED: Problem = shape_of(
    Refusal("internal", "This could not be recorded just now. Sending it again is safe.", status=500)
)


def _text(value: Any) -> str:
    return value[:200] if isinstance(value, str) else ""
