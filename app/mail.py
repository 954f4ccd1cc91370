"""Letters on their way: e-mail by SMTP, text messages by an HTTP gateway; in the demo, without either, the terminal.

`deliver` takes what is due from the post (`members.letters`) and says of each letter what became of it. What a sender
raises as `Unwanted` will never be taken; after anything else the letter is tried again.
"""

from __future__ import annotations

import json
import logging
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any, Protocol
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from sqlalchemy import Engine

from app import database
from app.settings import Settings
from members import letters
from members.way_tables import Letter

SECONDS_MAX = 20
PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}

log = logging.getLogger(__name__)


class Unwanted(Exception):
    """The address is refused, now and for ever."""


class Sender(Protocol):
    """Takes one letter where it goes, or raises."""

    def send(self, letter: Letter) -> None:
        """Returns when the letter was taken."""
        ...


class Smtp:
    """A mail server: `smtp://` (STARTTLS or nothing), `smtps://`, `smtp+plain://`."""

    def __init__(self, url: str, sender: str) -> None:
        self.at: SplitResult = urlsplit(url)
        self.sender = sender

    def send(self, letter: Letter) -> None:
        """Hand over one letter. An error that begins with 5 and is about the recipient or the letter is final."""
        with self._line() as line:
            try:
                line.send_message(self._message(letter))
            except smtplib.SMTPRecipientsRefused as refused:
                codes = [code for code, _ in refused.recipients.values()]
                raise (Unwanted if all(code >= 500 for code in codes) else OSError)(
                    f"refused: {codes}"
                ) from None
            except smtplib.SMTPDataError as refused:
                raise (Unwanted if refused.smtp_code >= 500 else OSError)(
                    f"data: {refused.smtp_code}"
                ) from None

    @contextmanager
    def _line(self) -> Iterator[smtplib.SMTP]:
        host, port = self.at.hostname or "", self.at.port or PORTS[self.at.scheme]
        if self.at.scheme == "smtps":
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=SECONDS_MAX, context=ssl.create_default_context()
            )
        else:
            line = smtplib.SMTP(host, port, timeout=SECONDS_MAX)
        with line:
            if self.at.scheme == "smtp":
                line.starttls(context=ssl.create_default_context())
            if self.at.username:
                line.login(unquote(self.at.username), unquote(self.at.password or ""))
            yield line

    def _message(self, letter: Letter) -> EmailMessage:
        made = EmailMessage()
        made["From"], made["To"], made["Subject"] = self.sender, letter.address, letter.subject
        made["Date"] = format_datetime(letter.created_at)
        domain = parseaddr(self.sender)[1].rpartition("@")[2] or "regulars"
        made["Message-ID"] = f"<{letter.letter_id}@{domain}>"  # the same when it is sent again
        made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer from machines, please
        if letter.unsubscribe:  # RFC 8058: the mail program's own button
            made["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
            made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        made.set_content(letter.text)
        if letter.html:
            made.add_alternative(letter.html, subtype="html")
        return made


class Gateway:
    """An HTTP gateway for text messages. `body` is JSON or a form, in which {to} and {text} stand for themselves."""

    def __init__(self, url: str, header: str, body: str) -> None:
        name, _, value = header.partition(":")
        self.url, self.body = url, body
        self.headers = {name.strip(): value.strip()} if value else {}

    def send(self, letter: Letter) -> None:
        """One POST; 400, 404 and 422 mean that this number will not do."""
        content, kind = self._content({"to": letter.address, "text": letter.text})
        headers = {**self.headers, "Content-Type": kind, "Idempotency-Key": str(letter.letter_id)}
        import httpx

        with httpx.Client(timeout=SECONDS_MAX, follow_redirects=False) as client:
            status = client.post(self.url, content=content, headers=headers).status_code
        if status in {400, 404, 422}:
            raise Unwanted(f"the gateway said {status}")
        if not 200 <= status < 300:
            raise OSError(f"the gateway said {status}")

    def _content(self, values: dict[str, str]) -> tuple[bytes, str]:
        if self.body.lstrip().startswith("{"):
            return json.dumps(_filled(json.loads(self.body), values)).encode(), "application/json"
        pairs = [(name, _filled(value, values)) for name, value in parse_qsl(self.body)]
        return urlencode(pairs).encode(), "application/x-www-form-urlencoded"


def _filled(shape: Any, values: dict[str, str]) -> Any:
    if isinstance(shape, dict):
        return {name: _filled(value, values) for name, value in shape.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(shape, list):
        return [_filled(value, values) for value in shape]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(shape, str):
        return shape
    parts = shape.split("{to}")
    return values["to"].join(part.replace("{text}", values["text"]) for part in parts)


class Terminal:
    """For the demo: the letter is there to be read, and leaves nobody's machine."""

    def send(self, letter: Letter) -> None:
        """Print it."""
        print(f"\nA letter to {letter.address}: {letter.subject}\n{letter.text}\n", flush=True)  # noqa: T201


def senders(settings: Settings) -> dict[str, Sender]:
    """Who takes letters, by channel (`email`, `phone`); a channel that nobody serves is not there."""
    found: dict[str, Sender] = {}
    if url := settings.smtp_url.get_secret_value():
        found[letters.EMAIL] = Smtp(url, settings.mail_from or "Regulars <regulars@localhost>")
    if url := settings.sms_url.get_secret_value():
        found[letters.PHONE] = Gateway(url, settings.sms_header.get_secret_value(), settings.sms_body)
    if settings.demo:
        for channel in (letters.EMAIL, letters.PHONE):
            found.setdefault(channel, Terminal())
    return found


def deliver(
    engine: Engine, by: dict[str, Sender], clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> int:
    """Send what is due; returns how many letters were taken. Blocks: for a worker thread."""
    taken = 0
    while True:
        with database.reading(engine) as session:
            if not letters.waiting(session, clock()):
                return taken
        for letter in database.attempt(engine, lambda session: letters.lend(session, clock())):
            taken += _one(engine, letter, by, clock)


def _one(engine: Engine, letter: Letter, by: dict[str, Sender], clock: Callable[[], datetime]) -> bool:
    sender = by.get(letter.channel)
    try:
        if sender is None:
            raise Unwanted("nobody serves this channel")
        sender.send(letter)
    except Unwanted as error:
        said = str(error)
        log.warning("letter %s will not be taken: %s", letter.letter_id, said)
        database.attempt(engine, lambda session: letters.give_up(session, letter.letter_id, said, clock()))
    except Exception as error:  # noqa: BLE001 - whatever happens to one letter, the others go on
        said = type(error).__name__
        log.warning("letter %s was not taken (%s), and is tried again", letter.letter_id, said)
        database.attempt(
            engine, lambda session: letters.put_off(session, letter.letter_id, letter.attempts, said, clock())
        )
    else:
        shown = isinstance(sender, Terminal)
        database.attempt(
            engine, lambda session: letters.sent(session, letter.letter_id, clock(), shown=shown)
        )
        return True
    return False
