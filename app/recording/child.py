"""The recording process: `python -m app.recording.child`, with one end of a pair of sockets as its standard input.

Facts come in, are recorded with whatever else has come, and are answered after the commit. It ends when the other end
is gone, in whatever way: what it was at is committed or not, as with any process, and is asked for again. Signals to
end are the web process's to hear; this one works on until nothing more is asked of it.
"""

from __future__ import annotations

import gc
import signal
import socket
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import suppress

from sqlalchemy import Engine

from app import database
from app.recording import frames
from app.recording.batch import BATCH_MAX, Answer, by_halves
from facts.refusals import Refusal
from members.programme import versions

CHUNK = 2**18
NEW_OBJECTS = 50_000  # how many before Python looks for garbage; its own is 700


class Inbox:
    """The messages that have come, and batches of them."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._buffer = bytearray()
        self._come: deque[frames.Message] = deque()

    def batch(self) -> list[frames.Message]:
        """What has come by now, up to a batch, or one message that is to be alone. Waits for one; [] at the end."""
        self._take(wait=not self._come)
        batch: list[frames.Message] = []
        count = 0
        while self._come and (not batch or self._joins(count)):
            count += self._come[0][0]
            batch.append(self._come.popleft())
            if batch[-1][1]:
                break
        return batch

    def _joins(self, count: int) -> bool:
        more, alone, _ = self._come[0]
        return not alone and count + more <= BATCH_MAX

    def _take(self, *, wait: bool) -> None:
        """Take in what has come; with `wait` at least one message, unless there will be none."""
        while True:
            self._come.extend(frames.messages_in(self._buffer))
            wait = wait and not self._come
            try:
                more = self._line.recv(CHUNK, 0 if wait else socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            except ConnectionError:
                more = b""
            if not more:
                return
            self._buffer += more


def answered(engine: Engine, batch: list[frames.Message]) -> bytes:
    """Record a batch; the reply to it."""
    errors: list[str] = []

    def told(count: int, error: Exception) -> None:
        if not isinstance(error, Refusal):
            trace = "".join(traceback.format_exception(error)).rstrip()
            errors.append(f"{count} facts could not be recorded\n{trace}")

    whole = [frames.facts_of(content) for _, _, content in batch]
    answers = iter(by_halves(engine, [fact for each in whole for fact in each], told))
    return frames.reply([list(_some(answers, len(each))) for each in whole], errors)


def _some(answers: Iterator[Answer], count: int) -> Iterator[Answer]:
    return (next(answers) for _ in range(count))


def _look_around(engine: Engine) -> None:
    """What the first fact would have to wait for: a connection, and the programme. It may do without."""
    with suppress(Exception), database.reading(engine) as session:
        versions(session)


def serve(line: socket.socket) -> None:
    """Answer until the other end is gone."""
    inbox = Inbox(line)
    (_, _, url), *_ = inbox.batch() or [(0, True, b"")]
    if not url:
        return
    engine = database.engine(url.decode())
    _look_around(engine)
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 10, 10)
    try:
        line.sendall(frames.reply([], []))
        while batch := inbox.batch():
            line.sendall(answered(engine, batch))
    except ConnectionError:
        pass
    finally:
        engine.dispose()


def main() -> None:
    """Serve whoever started this."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with socket.socket(fileno=0) as line:
        serve(line)


if __name__ == "__main__":
    main()
