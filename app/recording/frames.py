"""What is said between a web process and its recording process, over a pair of sockets that nobody else holds.

A message holds facts that are recorded together; its head is the length of what follows (4 bytes), the number of facts
(2 bytes) and whether it is to be recorded alone (1 byte). A reply has its length (4 bytes) before it, and tells in
the order of the messages what became of them. Both are pickled tuples: either end is our own code of one version.
"""

from __future__ import annotations

import pickle
import struct
from collections.abc import Iterator, Sequence
from uuid import UUID

from app.recording.batch import Answer
from facts.events import Fact
from facts.refusals import Refusal
from members.actions.record import Outcome

HEAD = struct.Struct(">IHB")
LENGTH = struct.Struct(">I")

Message = tuple[int, bool, bytes]  # how many facts, whether alone, and the facts


class NotRecorded(Exception):
    """A fact could not be recorded just now; why is in the log."""


def message(facts: Sequence[Fact], *, alone: bool = False) -> bytes:
    """Facts to be recorded."""
    rows = [(one.source, one.id, one.type, one.occurred_at, one.subject, one.data) for one in facts]
    content = pickle.dumps(rows, pickle.HIGHEST_PROTOCOL)
    return HEAD.pack(len(content), len(facts), alone) + content


def facts_of(content: bytes) -> list[Fact]:
    """The facts of a message."""
    return [Fact(*row) for row in pickle.loads(content)]  # noqa: S301 - from the process that started this one


def reply(answers: Sequence[Sequence[Answer]], errors: Sequence[str]) -> bytes:
    """The answers to each of some messages, and what the log should hear."""
    told = [[_told(answer) for answer in each] for each in answers]
    content = pickle.dumps((told, list(errors)), pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(content)) + content


def answers_of(content: bytes) -> tuple[list[list[Answer]], list[str]]:
    """The answers of a reply, and what the log should hear."""
    told, errors = pickle.loads(content)  # noqa: S301 - from the process that this one started
    return [[_answer(*one) for one in each] for each in told], errors


def messages_in(buffer: bytearray) -> Iterator[Message]:
    """The messages that are whole, taken out of the buffer one by one."""
    while len(buffer) >= HEAD.size:
        length, count, alone = HEAD.unpack_from(buffer)
        end = HEAD.size + length
        if len(buffer) < end:
            return
        content = bytes(buffer[HEAD.size : end])
        del buffer[:end]
        yield count, bool(alone), content


def replies_in(buffer: bytearray) -> Iterator[bytes]:
    """The replies that are whole, taken out of the buffer one by one."""
    while len(buffer) >= LENGTH.size:
        end = LENGTH.size + LENGTH.unpack_from(buffer)[0]
        if len(buffer) < end:
            return
        content = bytes(buffer[LENGTH.size : end])
        del buffer[:end]
        yield content


def _told(answer: Answer) -> tuple[str, bytes | None, int, Refusal | None]:
    if isinstance(answer, Outcome):
        return (
            answer.status,
            answer.member_id.bytes if answer.member_id else None,
            answer.points,
            answer.refusal,
        )
    return "", None, 0, answer if isinstance(answer, Refusal) else None


def _answer(status: str, member: bytes | None, points: int, refusal: Refusal | None) -> Answer:
    if status:
        return Outcome(status, UUID(bytes=member) if member else None, points, refusal)
    return refusal or NotRecorded()
