"""The addresses that a credential names, the verify page, and the command line, as strangers and owners meet them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette
from typer.testing import CliRunner

from app import database, door, settings
from app.cli import main
from app.public import credentials, verifying
from badges.credentials.baking import baked, text_in
from badges.credentials.tables import Credential
from members import issuer as issuers
from members.actions.credentials import issue, revoke
from tests.builders import in_force
from tests.credentials.outside import Bazaar, library_document, library_text, library_token
from tests.credentials.shop import ADDRESS, EMAIL, a_member
from tests.credentials.test_reading import a_png

pytestmark = pytest.mark.anyio
HTML = {"accept": "text/html,*/*;q=0.8"}


@dataclass(frozen=True)
class Street:
    """The shop as it is reached from outside, and one credential of it."""

    client: httpx.AsyncClient
    row: Credential

    async def text(self, path: str, **headers: str) -> str:
        answer = await self.client.get(path, headers=headers)
        assert answer.status_code == 200
        return answer.text

    async def published(self) -> dict[str, str]:
        """What a verifier would fetch, fetched."""
        document = json.loads(self.row.document)
        token_list = document["credentialStatus"]["statusListCredential"] + ".jwt"
        found = [f"{ADDRESS}/.well-known/did.json", token_list.removesuffix(".jwt"), token_list]
        return {address: await self.text(address.removeprefix(ADDRESS)) for address in found}

    async def check(self, raw: str | bytes = "", email: str = "", path: str = "/verify") -> str:
        """What the page says, without its markup."""
        file = {"file": ("badge", raw)} if isinstance(raw, bytes) else {"file": ("", b"")}
        pasted = raw if isinstance(raw, str) else ""
        answer = await self.client.post(path, data={"credential": pasted, "email": email}, files=file)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        return plain(answer.text)


def plain(page: str) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<(style|title).*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL))


@pytest.fixture
def house(house: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same at its public address."""
    monkeypatch.setenv("REGULARS_PUBLIC_URL", ADDRESS)
    settings.current.cache_clear()
    return house


@pytest.fixture
async def street(house: Path) -> AsyncIterator[Street]:
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        in_force(session)
        who = issuers.issuer(session, ADDRESS, now)
        row = issue(session, a_member(session), who, now, door.secret())
    app = Starlette(routes=[*credentials.routes(), *verifying.routes()])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as client:
        yield Street(client, row)


def take_back(row: Credential) -> None:
    with database.transaction(door.engine()) as session:
        revoke(session, row.member_id, row.award_id, "staff:eva", "a mistake", datetime.now(UTC))


@pytest.mark.feature(66)
async def test_what_is_fetched_from_us_satisfies_both_verifiers(street: Street, outside: Bazaar) -> None:
    """Everything by HTTP: the credential in three forms, the keys, the lists; and again when it is revoked."""
    path = f"/credentials/{street.row.credential_id}"
    document, token = json.loads(await street.text(f"{path}.json")), await street.text(f"{path}.jwt")
    png = (await street.client.get(f"{path}.png")).content
    assert json.loads(text_in(png) or "") == document == json.loads(await street.text(path))
    assert json.loads(library_text(png)) == document
    assert Image.open(io.BytesIO(png), formats=("PNG",)).size == (512, 512)
    published, jwks = await street.published(), json.loads(await street.text("/.well-known/jwks.json"))
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    assert outside.document(document, published, now).errors == []
    assert library_document(document, published).errors == []
    assert outside.token(token, jwks, now).errors == []
    assert library_token(token, document["issuer"]["id"], published).errors == []
    take_back(street.row)
    published = await street.published()
    assert outside.document(document, published, now).revoked
    assert library_document(document, published).revoked
    assert library_token(token, document["issuer"]["id"], published).revoked


@pytest.mark.feature(66)
async def test_the_page_says_what_it_finds(street: Street) -> None:
    document = street.row.document
    for form in (document, street.row.token, document.encode(), baked(a_png(), document)):
        said = await street.check(form)
        assert "This badge is valid" in said
        assert all(
            word in said for word in ("Bread lover", "Corner Shop", "Ten loaves", "17/200", "&lt;crust&gt;")
        )
    assert "This badge was changed" in await street.check(document.replace("Bread lover", "Bread master"))
    assert "Bread master" not in await street.check(document.replace("Bread lover", "Bread master"))
    assert "It was given to" in await street.check(document, EMAIL)
    assert "It was not given to" in await street.check(document, "bob@example.com")
    assert "There was nothing to check" in await street.check("")
    assert "no credential in this picture" in await street.check(a_png())
    assert "This is too long" in await street.check(b"{" * 100_000)
    take_back(street.row)
    assert "This badge was revoked" in await street.check(street.row.token)


async def test_the_page_speaks_three_languages(street: Street) -> None:
    assert "Значок действителен" in await street.check(street.row.token, path="/ru/verify")
    arabic = await street.check(street.row.token, path="/ar/verify")
    assert "هذه الشارة سارية" in arabic
    assert "١٧/٢٠٠" in arabic
    page = await street.text(f"/ar/credentials/{street.row.credential_id}")
    assert '<html lang="ar" dir="rtl">' in page
    assert "/regulars.css" in page
    assert "prefers-color-scheme: dark" in page


async def test_the_page_of_one_that_we_keep(street: Street) -> None:
    path = f"/credentials/{street.row.credential_id}"
    said = plain(await street.text(path, **HTML))
    assert "This badge is valid" in said
    take_back(street.row)
    assert "This badge was revoked" in plain(await street.text(path, **HTML))


async def test_what_is_shown_is_text_and_nothing_else(street: Street) -> None:
    evil = json.dumps({"issuer": {"id": "<script>alert(1)</script>"}, "id": '"><img src=x onerror=alert(1)>'})
    answer = await street.client.post("/verify", data={"credential": evil, "email": "<b>@x.example"})
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    answer = await street.client.post(
        "/verify", data={"credential": street.row.token, "email": "<b>@x.example"}
    )
    assert "&lt;b&gt;@x.example" in answer.text
    assert "<b>@x" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/credentials/00000000-0000-0000-0000-000000000000",
        "/credentials/00000000-0000-0000-0000-000000000000.png",
        "/credentials/1",
        "/credentials/..%2F..%2Fetc%2Fpasswd",
        "/credentials/status/2",
        "/credentials/status/0",
        "/credentials/status/99999999999999999999",
        "/credentials/status/1.json",
        "/ru/credentials/00000000-0000-0000-0000-000000000000",
    ],
)
async def test_what_is_not_there_is_not_there(street: Street, path: str) -> None:
    for headers in ({}, HTML):
        assert (await street.client.get(path, headers=headers)).status_code == 404


async def test_bad_forms_are_answered(street: Street) -> None:
    kinds = (
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "text/plain",
    )
    for kind in kinds:
        answer = await street.client.post(
            "/verify", content=b"\xff\x00--x\r\n", headers={"content-type": kind}
        )
        assert answer.status_code == 200
        assert "This cannot be checked" in plain(answer.text)
    many = [("file", ("a", b"x")) for _ in range(5)]
    answer = await street.client.post("/verify", files=many)
    assert (answer.status_code, "This cannot be checked" in plain(answer.text)) == (200, True)


async def test_machines_of_others_may_read(street: Street) -> None:
    kinds = {
        "/.well-known/did.json": "application/did+ld+json",
        "/.well-known/jwks.json": "application/jwk-set+json",
        "/credentials/issuer": "application/ld+json",
        "/credentials/status/1": "application/vc",
        "/credentials/status/1.jwt": "application/vc+jwt",
        f"/credentials/{street.row.credential_id}.json": "application/vc",
        f"/credentials/{street.row.credential_id}.jwt": "application/vc+jwt",
        f"/credentials/{street.row.credential_id}.png": "image/png",
    }
    for path, kind in kinds.items():
        answer = await street.client.get(path)
        assert (path, answer.headers["content-type"].split(";")[0]) == (path, kind)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert EMAIL.encode() not in answer.content
        assert str(street.row.member_id).encode() not in answer.content


async def test_without_a_programme_there_is_a_sentence(house: None) -> None:
    app = Starlette(routes=[*credentials.routes(), *verifying.routes()])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as client:
        for path in ("/.well-known/did.json", "/credentials/issuer", "/verify", "/credentials/status/1"):
            answer = await client.get(path)
            assert (path, answer.status_code) == (path, 503)
            assert "programme" in answer.text


async def test_keys_from_the_command_line(street: Street) -> None:
    run = CliRunner()
    assert street.row.key_name in run.invoke(main, ["issuer", "keys"]).output
    assert run.invoke(main, ["issuer", "rotate"]).exit_code == 0
    methods = json.loads(await street.text("/.well-known/did.json"))["verificationMethod"]
    assert [method["id"].partition("#")[2] for method in methods][1:] == [street.row.key_name]
    assert "This badge is valid" in await street.check(street.row.document)
    assert run.invoke(main, ["issuer", "withdraw", street.row.key_name]).exit_code == 0
    assert "This badge needs a new signature" in await street.check(street.row.document)
    assert street.row.key_name not in await street.text("/.well-known/did.json")
    for name in ("nobody", "-nobody", "--nobody"):
        refused = run.invoke(main, ["issuer", "withdraw", name])
        assert (refused.exit_code, f"There is no issuer key {name}." in refused.output) == (1, True)
