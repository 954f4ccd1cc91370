"""Letters over the wire: a real SMTP server and a real HTTP gateway, in all their moods."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app import database, mail
from app.settings import Settings, check_safe
from members import letters
from members.way_tables import Letter
from tests.test_settings import GOOD
from tests.ways.post import Box, a_gateway, a_server, certificate, free_port

NOW = datetime.now(UTC)


def post(engine: Engine, address: str = "anna@shop.test", channel: str = "email", **more: Any) -> None:
    with database.transaction(engine) as session:
        letters.post(session, channel, address, "Ваш код", "Код: 123456\n\nПривет", NOW, **more)


def kept(engine: Engine) -> Letter:
    with database.reading(engine) as session:
        return session.exec(select(Letter)).one()


def smtp(port: int, way: str = "smtp+plain", who: str = "") -> dict[str, mail.Sender]:
    return sent_by(smtp_url=f"{way}://{who}127.0.0.1:{port}", mail_from="Shop <club@shop.test>")


def sent_by(**given: Any) -> dict[str, mail.Sender]:
    return mail.senders(Settings(**given))


def at(later: timedelta) -> Any:
    return lambda: NOW + later


def test_a_letter_arrives_as_it_was_written(engine: Engine) -> None:
    box = Box()
    post(engine, html="<p>Привет</p>")
    with a_server(box) as port:
        assert mail.deliver(engine, smtp(port), at(timedelta(0))) == 1
        assert mail.deliver(engine, smtp(port), at(timedelta(minutes=5))) == 0
    (came,) = box.came
    letter = kept(engine)
    assert (came["From"], came["To"], came["Subject"]) == (
        "Shop <club@shop.test>",
        "anna@shop.test",
        "Ваш код",
    )
    assert came["Message-ID"] == f"<{letter.letter_id}@shop.test>"
    assert came["Auto-Submitted"] == "auto-generated"
    body, html = came.get_body(("plain",)), came.get_body(("html",))
    assert body is not None
    assert html is not None
    assert "123456" in body.get_content()
    assert "Привет" in html.get_content()
    assert (letter.sent_at, letter.text, letter.html, letter.subject) == (NOW, "", "", "")


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # with smtps TLS is there before
@pytest.mark.parametrize("way", ["smtp", "smtps"])
def test_by_tls_with_a_name_and_a_password(
    engine: Engine, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Box()
    trusted, context = certificate(tmp_path)
    kind: dict[str, Any] = {"ssl_context": context} if way == "smtps" else {"tls_context": context}
    more: dict[str, Any] = {
        "authenticator": box.log_in,
        "auth_required": True,
        "auth_require_tls": way == "smtp",
    }
    post(engine)
    with a_server(box, **kind, **more) as port:
        who = smtp(port, way, "club:p%40ss@")
        assert (
            mail.deliver(engine, who, at(timedelta(0))) == 0
        )  # nobody we trust says that this is the server
        assert box.logins == []
        assert kept(engine).error == "SSLCertVerificationError"
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert mail.deliver(engine, who, at(timedelta(minutes=1))) == 1
    assert (len(box.came), box.logins) == (1, [b"club:p@ss"])


def test_a_server_without_tls_is_told_nothing(engine: Engine) -> None:
    box = Box()
    post(engine)
    with a_server(box) as port:
        assert mail.deliver(engine, smtp(port, "smtp", "club:secret@"), at(timedelta(0))) == 0
    assert (box.came, box.logins) == ([], [])


@pytest.mark.parametrize(("says", "final"), [("550 no such box", True), ("450 later", False)])
def test_a_refused_recipient_is_final_only_when_the_server_says_so(
    engine: Engine, says: str, final: bool
) -> None:
    box = Box()
    box.says = says
    post(engine)
    with a_server(box) as port:
        assert mail.deliver(engine, smtp(port), at(timedelta(0))) == 0
        box.says = ""
        assert mail.deliver(engine, smtp(port), at(timedelta(minutes=1))) == (not final)
    letter = kept(engine)
    assert (letter.failed_at is not None, letter.sent_at is not None) == (final, not final)
    assert "shop.test" not in letter.error


def test_a_server_that_is_away_gets_it_when_it_is_back(engine: Engine) -> None:
    box, port = Box(), free_port()
    post(engine)
    for seconds in (0, 5, 20):
        assert mail.deliver(engine, smtp(port), at(timedelta(seconds=seconds))) == 0
    assert kept(engine).error == "ConnectionRefusedError"
    with a_server(box, port):
        assert mail.deliver(engine, smtp(port), at(timedelta(minutes=2))) == 1
    assert len(box.came) == 1


def test_a_letter_that_came_too_late_is_not_sent(engine: Engine) -> None:
    box = Box()
    post(engine, lasts=timedelta(minutes=10))
    with a_server(box) as port:
        assert mail.deliver(engine, smtp(port), at(timedelta(minutes=10))) == 0
    assert box.came == []


def test_a_sender_that_dies_between_sending_and_saying_so_costs_one_duplicate(engine: Engine) -> None:
    box = Box()
    post(engine)

    class Dies(BaseException):
        pass

    class Dying:
        def __init__(self, inner: mail.Sender) -> None:
            self.inner = inner

        def send(self, letter: Letter) -> None:
            self.inner.send(letter)
            raise Dies

    with a_server(box) as port:
        with pytest.raises(Dies):
            mail.deliver(engine, {"email": Dying(smtp(port)["email"])}, at(timedelta(0)))
        assert mail.deliver(engine, smtp(port), at(timedelta(minutes=1))) == 0  # it is lent still
        assert mail.deliver(engine, smtp(port), at(timedelta(minutes=3))) == 1
        assert mail.deliver(engine, smtp(port), at(timedelta(minutes=9))) == 0
    assert len(box.came) == 2
    assert len({came["Message-ID"] for came in box.came}) == 1


def test_a_gateway_is_told_in_json_or_as_a_form(engine: Engine) -> None:
    post(engine, "+4915112345678", "phone")
    with a_gateway([503, 302]) as (url, came):
        plain = sent_by(sms_url=url, sms_header="Authorization: Bearer k3y")
        assert [mail.deliver(engine, plain, at(timedelta(minutes=n))) for n in range(4)] == [0, 0, 1, 0]
        post(engine, "+4915112345679", "phone")
        form = sent_by(sms_url=url, sms_body="to={to}&body={text}&from=Shop")
        assert mail.deliver(engine, form, at(timedelta(minutes=5))) == 1
    headers, body = came[2]
    assert (headers["authorization"], headers["content-type"]) == ("Bearer k3y", "application/json")
    assert json.loads(body) == {"to": "+4915112345678", "text": "Код: 123456\n\nПривет"}
    assert len({headers["idempotency-key"] for headers, _ in came[:3]}) == 1
    assert parse_qs(came[3][1].decode()) == {
        "to": ["+4915112345679"], "body": ["Код: 123456\n\nПривет"], "from": ["Shop"],
    }  # fmt: skip


def test_a_number_that_the_gateway_refuses_is_given_up(engine: Engine) -> None:
    post(engine, "+4915112345678", "phone")
    with a_gateway([422]) as (url, came):
        texts = sent_by(sms_url=url)
        assert [mail.deliver(engine, texts, at(timedelta(minutes=n))) for n in range(3)] == [0, 0, 0]
    assert len(came) == 1
    assert kept(engine).failed_at == NOW


def test_in_the_demo_letters_are_printed_and_stay_to_be_shown(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    post(engine)
    assert mail.deliver(engine, mail.senders(Settings()), at(timedelta(0))) == 1
    assert "anna@shop.test: Ваш код\nКод: 123456" in capsys.readouterr().out
    assert "123456" in kept(engine).text


def test_production_has_no_sender_that_prints() -> None:
    assert mail.senders(Settings(**{**GOOD, "smtp_url": ""})) == {}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"smtp_url": "http://mail.test", "mail_from": "a@b.test"}, "SMTP_URL"),
        ({"smtp_url": "smtp+plain://mail.test", "mail_from": "a@b.test"}, "SMTP_URL"),
        ({"smtp_url": "smtps://mail.test", "mail_from": ""}, "MAIL_FROM"),
        ({"sms_url": "http://sms.test/send"}, "SMS_URL"),
    ],
)
def test_production_sends_no_codes_in_the_open(change: dict[str, Any], name: str) -> None:
    said = check_safe(Settings(**{**GOOD, **change}))
    assert [one.split()[0] for one in said] == [f"REGULARS_{name}"]
