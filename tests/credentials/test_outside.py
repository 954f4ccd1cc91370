"""Verifiers of others accept what we sign, and refuse every tampered copy and every revoked badge (row 66)."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from badges.credentials import base58
from badges.credentials.document import moment
from badges.credentials.integrity import signed
from badges.credentials.keys import SigningKey, base64url, from_base64url
from badges.credentials.tokens import issued
from members import issuer as issuers
from members.actions.credentials import revoke
from tests.credentials.outside import Bazaar, library_document, library_token
from tests.credentials.shop import NOW, SECRET, Shop

Document = dict[str, Any]
TODAY = moment(NOW)


def in_subject(name: str, value: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        document["credentialSubject"][name] = value

    return change


def in_achievement(name: str, value: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        document["credentialSubject"]["achievement"][name] = value

    return change


def at_top(name: str, value: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        document[name] = value

    return change


def no_status(document: Document) -> None:
    document["credentialStatus"]["statusListIndex"] = "5"
    document["credentialStatus"]["id"] = document["credentialStatus"]["statusListCredential"] + "#5"


CHANGES = [
    pytest.param(in_achievement("name", "Bread master"), id="name"),
    pytest.param(in_achievement("humanCode", "bread/3"), id="level"),
    pytest.param(in_subject("licenseNumber", "1/200"), id="edition"),
    pytest.param(in_subject("id", "urn:uuid:0192f000-0000-7000-8000-000000000000"), id="holder"),
    pytest.param(at_top("validFrom", moment(NOW - timedelta(days=900))), id="awarded"),
    pytest.param(at_top("awardedDate", moment(NOW - timedelta(days=900))), id="awarded on"),
    pytest.param(at_top("validUntil", moment(NOW + timedelta(days=9000))), id="valid until"),
    pytest.param(no_status, id="another place in the status list"),
]


@pytest.mark.feature(66)
def test_both_accept_both_forms(shop: Shop, outside: Bazaar) -> None:
    row = shop.issued()
    document, published = json.loads(row.document), shop.published(row)
    assert outside.document(document, published, TODAY).errors == []
    assert library_document(document, published).errors == []
    assert outside.token(row.token, shop.keys(), TODAY).errors == []
    assert library_token(row.token, shop.issuer.did, published).errors == []


@pytest.mark.feature(66)
@pytest.mark.parametrize("change", CHANGES)
def test_both_refuse_a_changed_claim(shop: Shop, outside: Bazaar, change: Callable[[Document], None]) -> None:
    row = shop.issued()
    document, published = json.loads(row.document), shop.published(row)
    changed = copy.deepcopy(document)
    change(changed)
    assert changed != document
    assert not outside.document(changed, published, TODAY).verified
    assert not library_document(changed, published).verified
    token = with_payload(row.token, change)
    assert not outside.token(token, shop.keys(), TODAY).verified
    assert not library_token(token, shop.issuer.did, published).verified


def with_payload(token: str, change: Callable[[Document], None]) -> str:
    """The token with a claim changed, and its signature left as it was."""
    header, payload, signature = token.split(".")
    claims = json.loads(from_base64url(payload))
    change(claims)
    return f"{header}.{base64url(json.dumps(claims, ensure_ascii=False).encode())}.{signature}"


@pytest.mark.feature(66)
def test_both_refuse_a_changed_signature(shop: Shop, outside: Bazaar) -> None:
    row = shop.issued()
    document, published = json.loads(row.document), shop.published(row)
    value = bytearray(base58.decoded(document["proof"]["proofValue"][1:]))
    value[40] ^= 1
    document["proof"]["proofValue"] = "z" + base58.encoded(bytes(value))
    assert not outside.document(document, published, TODAY).verified
    assert not library_document(document, published).verified
    head, _, signature = row.token.rpartition(".")
    data = bytearray(from_base64url(signature))
    data[40] ^= 1
    token = f"{head}.{base64url(bytes(data))}"
    assert not outside.token(token, shop.keys(), TODAY).verified
    assert not library_token(token, shop.issuer.did, published).verified


@pytest.mark.feature(66)
def test_both_refuse_another_key(shop: Shop, outside: Bazaar) -> None:
    """Somebody signs our words with their own key: under our key's name, and under a name that we never published."""
    row = shop.issued()
    document, published = json.loads(row.document), shop.published(row)
    method = document.pop("proof")["verificationMethod"]
    theirs = SigningKey(b"\7" * 32)
    for name in (method, shop.issuer.method(theirs.name)):
        forged = signed(document, theirs, name, NOW)
        assert not outside.document(forged, published, TODAY).verified
        assert not library_document(forged, published).verified
        token = issued(document, theirs, name)
        assert not outside.token(token, shop.keys(), TODAY).verified
        assert not library_token(token, shop.issuer.did, published).verified


@pytest.mark.feature(66)
def test_a_revoked_badge_fails_in_both(shop: Shop, outside: Bazaar) -> None:
    row = shop.issued()
    assert revoke(shop.session, row.member_id, row.award_id, "staff:eva", "a mistake", NOW)
    document, published = json.loads(row.document), shop.published(row)
    bazaar, library = outside.document(document, published, TODAY), library_document(document, published)
    token = library_token(row.token, shop.issuer.did, published)
    assert [(one.verified, one.revoked) for one in (bazaar, library, token)] == [(False, True)] * 3


def test_one_revocation_is_nobody_elses(shop: Shop, outside: Bazaar) -> None:
    row = shop.issued()
    other = shop.issued(award_id=shop.other_award("other"), slug="other")
    assert (row.list_number, row.list_index) != (other.list_number, other.list_index)
    revoke(shop.session, row.member_id, row.award_id, "staff:eva", "a mistake", NOW)
    document, published = json.loads(other.document), shop.published(other)
    assert outside.document(document, published, TODAY).verified
    assert library_document(document, published).verified


def test_both_refuse_one_that_has_expired(shop: Shop, outside: Bazaar) -> None:
    row = shop.issued()
    later = NOW + timedelta(days=366)
    document, published = json.loads(row.document), shop.published(row)
    assert not outside.document(document, published, moment(later)).verified
    assert not outside.token(row.token, shop.keys(), moment(later)).verified
    with time_machine.travel(later, tick=False):
        assert not library_document(document, published).verified
        assert not library_token(row.token, shop.issuer.did, published).verified


def test_after_a_new_key_both_accept_old_and_new(shop: Shop, outside: Bazaar) -> None:
    old = shop.issued()
    issuers.rotate(shop.session, SECRET, "staff:eva", NOW + timedelta(minutes=1))
    new = shop.issued(award_id=shop.other_award("new"))
    assert old.key_name != new.key_name
    for row in (old, new):
        document, published = json.loads(row.document), shop.published(row)
        assert outside.document(document, published, TODAY).errors == []
        assert library_document(document, published).errors == []
        assert outside.token(row.token, shop.keys(), TODAY).errors == []
        assert library_token(row.token, shop.issuer.did, published).errors == []


def test_a_withdrawn_key_is_no_good_any_more(shop: Shop, outside: Bazaar) -> None:
    row = shop.issued()
    issuers.withdraw(shop.session, row.key_name, SECRET, "staff:eva", NOW + timedelta(minutes=1))
    document, published = json.loads(row.document), shop.published(row)
    assert not outside.document(document, published, TODAY).verified
    assert not library_document(document, published).verified
    assert not outside.token(row.token, shop.keys(), TODAY).verified
    assert not library_token(row.token, shop.issuer.did, published).verified
    assert shop.issued().key_name != row.key_name


@pytest.mark.parametrize("language", ["ru", "ar"])
def test_both_accept_every_script(shop: Shop, outside: Bazaar, language: str) -> None:
    title = {language: shop.award.title[language] + ' «№ 1» \\ " \n\t😀 \u2028 e\u0301'}
    row = shop.issued(title=title)
    document, published = json.loads(row.document), shop.published(row)
    assert document["name"] == title[language]
    assert outside.document(document, published, TODAY).errors == []
    assert library_document(document, published).errors == []
    assert library_token(row.token, shop.issuer.did, published).errors == []
