"""The words between a web process and its recording process, and how batches are made of them."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from uuid import UUID

from app.recording import frames
from app.recording.batch import BATCH_MAX
from app.recording.child import Inbox
from facts.events import Fact
from facts.refusals import Refusal
from members.actions.record import Outcome

AT = datetime(2026, 1, 1, tzinfo=UTC)


def a_fact(name: str) -> Fact:
    return Fact("shop", name, "order.paid", AT, "customer:1", {"lines": [{"sku": "tea"}], "spent": 3})


def test_facts_and_answers_come_out_as_they_went_in() -> None:
    facts = [a_fact("a"), a_fact("b")]
    buffer = bytearray(frames.message(facts) + frames.message(facts[:1], alone=True) + b"\0\0")
    (two, joins, content), (one, alone, _) = list(frames.messages_in(buffer))
    assert (two, joins, one, alone) == (2, False, 1, True)
    assert frames.facts_of(content) == facts
    assert buffer == b"\0\0", "the beginning of the next one waits"
    refusal = Refusal("c", "No {what}.", path="p", status=409, keeps=True, what="tea")
    outcomes = [
        Outcome("recorded", UUID(int=7), 12),
        Outcome("refused", None, 0, refusal),
        Outcome("waiting"),
    ]
    (told,) = frames.replies_in(
        bytearray(frames.reply([outcomes[:2], outcomes[2:], [refusal, ValueError()]], ["e"]))
    )
    ((first, second), third, (declined, failed)), errors = frames.answers_of(told)
    assert (first, third, errors) == (outcomes[0], outcomes[2:], ["e"])
    assert isinstance(second, Outcome)
    for made in (second.refusal, declined):
        assert isinstance(made, Refusal)
        assert vars(made) == vars(refusal)
        assert str(made) == "p: No tea."
    assert isinstance(failed, frames.NotRecorded)


def test_a_batch_is_what_has_come_by_then() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        inbox = Inbox(theirs)
        many = [a_fact(str(n)) for n in range(BATCH_MAX - 1)]
        for facts, alone in (
            (many, False),
            (many[:1], False),
            (many[:1], False),
            (many[:1], True),
            (many[:2], False),
        ):
            ours.sendall(frames.message(facts, alone=alone))
        ours.close()
        counts = []
        while batch := inbox.batch():
            counts.append([count for count, _, _ in batch])
        assert counts == [[BATCH_MAX - 1, 1], [1], [1], [2]]
