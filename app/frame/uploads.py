"""Pictures that staff uploads from a page: who it is first, then how much, then what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from app import door
from app.door import Admitted, Turned
from app.pictures import store
from app.pictures.decode import BYTES_MAX, Made, Purpose, decoder, too_heavy
from facts.refusals import Refusal
from members.audit import audit
from members.roles import Capability, Person


async def take_picture(
    state: Any,
    file: Any,
    purpose: Purpose = "photograph",
    capability: Capability = Capability.EDIT_CATALOGUE,
) -> Admitted[str] | Turned:
    """Keep an uploaded picture; returns its digest. The person is looked up before a byte is read."""
    allowed = await door.look(state, capability, lambda _session, person, _now: person)
    if isinstance(allowed, Turned):
        return allowed
    try:
        content: bytes = await file.read(BYTES_MAX + 1)
        if len(content) > BYTES_MAX:
            raise too_heavy()
        made = await door.in_worker(decoder.decode, content, purpose)
    except Refusal as refusal:
        return Turned(refusal)
    return await door.enter(state, capability, _keep(made))


def _keep(made: list[Made]) -> Any:
    def work(session: Session, person: Person, now: datetime) -> str:
        digest = store.keep(session, made)
        audit(session, person.actor, "picture.uploaded", f"picture:{digest}", {"width": made[0].width}, now)
        return digest

    return work
