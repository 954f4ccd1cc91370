"""Logs: whatever is planted in a message or an error is not found in what is written."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from app.frame import redacting, trouble
from app.frame.redacting import GONE, redacted

PLANTED = [
    "anna.petrova@example.com",
    "+49 151 23456789",
    "+79991234567",
    "rk_dGhpcyBpcyBhIGtleQ",
    "OZ7_5sd15yYnNNzwk6yiBjGG6WBQyYO97lYMb-p8_08",
    "7K2M-9QXD-4TTR",
    "481516",
    "pa55-word!",
]
SAID = [
    "a letter to {0} came back",
    "GET /?x=1 cookie: theme=dark; regulars_session={4}; other=1",
    "{{'cookie': 'regulars_device={4}', 'authorization': 'Bearer {3}'}}",
    "token={4}&EIO=4 for {0}",
    "handler got {{'code': '{6}', 'phone': '{2}', 'voucher': '{5}'}}",
    "cannot reach postgresql://regulars:{7}@db.example/regulars",
    "try {6} for {1}",
    'payload {{"email": "{0}", "password": "{7}"}}',
    "Error transforming event argument 'form' with value '{4}'",
    "GET /sign-in/link/{4} 200",
    'POST http://club.test/ru/staff/start/{4}?x=1 "{0}"',
    "cannot answer '/unsubscribe/{4}.{4}'",
    "GET /unsubscribe/{7} 404",
]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """A log as a server writes it."""
    before, stream = logging.getLogRecordFactory(), io.StringIO()
    redacting.install()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)
    logging.setLogRecordFactory(before)


@pytest.mark.parametrize("said", SAID)
def test_what_is_planted_is_not_written(written: io.StringIO, said: str) -> None:
    whole = said.format(*PLANTED)
    logging.getLogger("some.library").warning("%s", whole)
    logging.getLogger("another").error(whole.replace("%", "%%"))
    try:
        raise ValueError(whole)
    except ValueError:
        logging.getLogger("regulars.pages").exception("it failed with %s", whole)
    text = written.getvalue()
    assert [one for one in PLANTED if one in text] == []
    assert GONE in text
    assert "test_redacting.py" in text, "where it happened is still told"


@pytest.mark.parametrize(
    "said",
    [
        "an event failed: ValueError at app/frame/line.py:120 receive",
        "42 letters in 0.512 s, 1234567 bytes, at 2026-11-22T16:00:00+00:00",
        "the outbox could not be read; trying again",
        "the page reflex___state____state.pages___staff___studio____studio_state was reset",
        "member 018f2b7c-5a3e-7c11-9d2e-0a1b2c3d4e5f was merged",
    ],
)
def test_what_is_nobodys_stays(said: str) -> None:
    assert redacted(said) == said


def test_a_message_that_cannot_be_said_stops_nothing(written: io.StringIO) -> None:
    words = "%d of %s"
    logging.getLogger("some.library").warning(words, "many")
    assert GONE in written.getvalue()


def test_a_browsers_words_are_one_short_line(written: io.StringIO) -> None:
    trouble.on_frontend_error(
        Exception("a\nERROR forged line\x1b[31m for anna.petrova@example.com " + "x" * 9000)
    )
    lines = written.getvalue().splitlines()
    assert len(lines) == 1
    assert len(lines[0]) < trouble.LENGTH_MAX + 60
    assert "anna" not in lines[0]
    assert "\x1b" not in lines[0]


def test_an_error_of_a_page_tells_neither_event_nor_message(written: io.StringIO) -> None:
    try:
        raise RuntimeError("for anna.petrova@example.com")
    except RuntimeError as error:
        trouble.on_backend_error(error)
    assert "anna" not in written.getvalue()
    assert "RuntimeError" in written.getvalue()
