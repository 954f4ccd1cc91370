"""Pictures and lists that staff uploads from a page: who it is first, then how much, then what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PIL import Image
from sqlmodel import Session

from app import door
from app.door import Admitted, Turned
from app.pictures import store
from app.pictures.badges import opened
from app.pictures.decode import BYTES_MAX, Made, Purpose, decoder, too_heavy
from badges.artwork import Artwork
from facts.language import N_
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


async def take_text(state: Any, file: Any, bytes_max: int, capability: Capability) -> Admitted[str] | Turned:
    """The text of an uploaded file. The person is looked up before a byte is read."""
    allowed = await door.look(state, capability, lambda _session, person, _now: person)
    if isinstance(allowed, Turned):
        return allowed
    content: bytes = await file.read(bytes_max + 1)
    if len(content) > bytes_max:
        return Turned(
            Refusal("file_too_long", N_("This file is too long for a list."), path="list", status=413)
        )
    try:
        return Admitted(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Turned(
            Refusal(
                "file_no_text", N_("This file cannot be read. Save it as text or CSV in UTF-8."), path="list"
            )
        )


def emblem_of(session: Session, artwork: Artwork) -> Image.Image | None:
    """The uploaded emblem of an artwork, when it has one. Blocks: for a worker thread."""
    content = store.content_of(session, artwork.uploaded) if artwork.uploaded else None
    return opened(content) if content else None


def _keep(made: list[Made]) -> Any:
    def work(session: Session, person: Person, now: datetime) -> str:
        digest = store.keep(session, made)
        audit(session, person.actor, "picture.uploaded", f"picture:{digest}", {"width": made[0].width}, now)
        return digest

    return work
