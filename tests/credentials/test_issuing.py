"""Issuing, revoking, and what we ourselves say of a credential; the keys, the lists, and what is kept of a person."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc.jwk import OKPKey
from sqlmodel import select

from badges.credentials import keys, status
from badges.credentials.baking import baked
from badges.credentials.integrity import signed
from badges.credentials.issuer import Issuer, did_document
from badges.credentials.keys import SigningKey
from badges.credentials.reading import presented
from badges.credentials.tables import Credential, IssuerKey, StatusSlot
from facts.refusals import Refusal
from members import issuer as issuers
from members.actions import credentials
from members.actions.credentials import issue, revoke
from members.audit import first_broken
from members.tables import Audit
from members.views.credentials import Finding, look_up, status_list, verify
from tests.credentials.shop import EMAIL, NOW, SECRET, Shop, a_member
from tests.credentials.test_reading import a_png


def finding(shop: Shop, raw: str | bytes, at: Any = NOW) -> Finding:
    shown = presented(raw if isinstance(raw, bytes) else raw.encode())
    return verify(shop.session, shown, shop.issuer, at).finding


def forms(row: Credential) -> list[str | bytes]:
    """The three ways to carry a credential."""
    return [row.document, row.token, baked(a_png(), row.document), baked(a_png(), row.token)]


def test_asking_twice_gives_the_same_credential(shop: Shop) -> None:
    first, second = shop.issued(), shop.issued()
    assert first.credential_id == second.credential_id
    assert len(shop.session.exec(select(StatusSlot)).all()) == 1


def test_all_forms_are_valid_until_revoked_and_for_ever_after(shop: Shop) -> None:
    row = shop.issued()
    assert [finding(shop, form) for form in forms(row)] == [Finding.VALID] * 4
    assert [finding(shop, form, NOW + timedelta(days=366)) for form in forms(row)] == [Finding.EXPIRED] * 4
    assert revoke(shop.session, row.member_id, row.award_id, "staff:eva", "a mistake", NOW)
    assert not revoke(shop.session, row.member_id, row.award_id, "staff:eva", "again", NOW)
    assert [finding(shop, form) for form in forms(row)] == [Finding.REVOKED] * 4
    kept = look_up(shop.session, row.credential_id, NOW)
    assert kept
    assert (kept.finding, kept.revoked_at) == (Finding.REVOKED, NOW)


def test_an_award_made_again_gets_a_credential_of_its_own(shop: Shop) -> None:
    first = shop.issued()
    revoke(shop.session, first.member_id, first.award_id, "staff:eva", "a mistake", NOW)
    second = shop.issued()
    assert second.credential_id != first.credential_id
    assert (finding(shop, first.token), finding(shop, second.token)) == (Finding.REVOKED, Finding.VALID)


def test_changed_ones_are_refused_and_lead_to_the_true_one(shop: Shop) -> None:
    row = shop.issued()
    document = json.loads(row.document)
    document["credentialSubject"]["achievement"]["name"] = "Bread master"
    verdict = verify(shop.session, presented(json.dumps(document).encode()), shop.issuer, NOW)
    assert (verdict.finding, verdict.seen, verdict.original) == (Finding.TAMPERED, None, row.credential_id)


@pytest.mark.parametrize("part", [1, 2])
def test_a_changed_token_is_refused(shop: Shop, part: int) -> None:
    """Another title, or another signature, and everything else as it was."""
    parts = shop.issued().token.split(".")
    data = keys.from_base64url(parts[part])
    changed = data.replace(b"Bread lover", b"Bread fiend") if part == 1 else data[:-1] + bytes([data[-1] ^ 1])
    assert changed != data
    parts[part] = keys.base64url(changed)
    assert finding(shop, ".".join(parts)) is Finding.TAMPERED


def test_a_changed_proof_is_refused(shop: Shop) -> None:
    """Each member of the proof, and the signature in another spelling or length."""
    whole = json.loads(shop.issued().document)
    value = whole["proof"]["proofValue"]
    changes = {
        "created": "2020-01-01T00:00:00Z",
        "verificationMethod": shop.issuer.method("other"),
        "proofPurpose": "authentication",
        "cryptosuite": "eddsa-jcs-2022",
        "type": "Ed25519Signature2020",
    }
    for name, said in changes.items():
        assert (
            finding(shop, json.dumps({**whole, "proof": {**whole["proof"], name: said}})) is Finding.TAMPERED
        ), name
    for said in (value[:-1], value + "1", value[1:], "z", "u" + value[1:], "z0OIl", "z" + "1" * 500):
        assert (
            finding(shop, json.dumps({**whole, "proof": {**whole["proof"], "proofValue": said}}))
            is Finding.TAMPERED
        )


def test_a_forger_with_a_key_is_found_out_or_named(shop: Shop) -> None:
    """Under our name it is a forgery; under their own it is simply not ours, and no word of it is shown."""
    document = json.loads(shop.issued().document)
    del document["proof"]
    theirs = SigningKey(b"\7" * 32)
    as_ours = signed(document, theirs, shop.issuer.method(theirs.name), NOW)
    assert finding(shop, json.dumps(as_ours)) is Finding.TAMPERED
    them = Issuer("https://evil.example", "Marlow")
    document["id"], document["issuer"] = "https://evil.example/credentials/1", them.profile()
    with_our_key = signed(
        document, theirs, shop.issuer.method(issuers.signing_key(shop.session, SECRET, NOW).name), NOW
    )
    assert finding(shop, json.dumps(with_our_key)) is Finding.FOREIGN
    verdict = verify(
        shop.session, presented(json.dumps(signed(document, theirs, them.method(theirs.name), NOW)).encode()),
        shop.issuer, NOW,
    )  # fmt: skip
    assert (verdict.finding, verdict.seen, verdict.foreign_issuer) == (Finding.FOREIGN, None, them.did)


def test_a_list_of_revocations_is_no_badge(shop: Shop) -> None:
    row = shop.issued()
    for token in (False, True):
        listed = status_list(shop.session, shop.issuer, row.list_number, NOW, SECRET, token=token)
        assert listed
        assert finding(shop, listed) is Finding.TAMPERED


def test_one_that_we_signed_and_do_not_know_is_not_vouched_for(shop: Shop) -> None:
    document = json.loads(shop.issued().document)
    del document["proof"]
    document["id"] = document["id"][:-12] + "0" * 12
    key = issuers.signing_key(shop.session, SECRET, NOW)
    again = signed(document, key, shop.issuer.method(key.name), NOW)
    assert finding(shop, json.dumps(again)) is Finding.UNKNOWN


def test_after_a_move_a_holder_gets_a_new_signature(shop: Shop) -> None:
    old = shop.issued()
    there = Issuer("https://new.example.com", shop.issuer.name)
    new = issue(shop.session, shop.award, there, NOW, SECRET)
    assert json.loads(new.document)["issuer"]["id"] == "did:web:new.example.com"
    assert (finding(shop, old.document), finding(shop, new.document)) == (Finding.REVOKED, Finding.VALID)


def test_what_is_kept_and_shown_names_nobody(shop: Shop) -> None:
    """Neither the address nor our own number of the member is in anything that is published."""
    row = shop.issued()
    listed = [
        status_list(shop.session, shop.issuer, row.list_number, NOW, SECRET, token=t) for t in (False, True)
    ]
    for text in (row.document, keys.from_base64url(row.token.split(".")[1]).decode(), *listed):
        assert text
        for word in (EMAIL, EMAIL.split("@")[0] + "@", str(row.member_id), row.member_id.hex):
            assert word not in text
    seen = verify(shop.session, presented(row.token.encode()), shop.issuer, NOW).seen
    assert seen
    assert (seen.belongs_to(f" {EMAIL.upper()}"), seen.belongs_to("bob@example.com")) == (True, False)
    other = shop.issued(award_id=shop.other_award("other"))
    one, two = (json.loads(each.document)["credentialSubject"] for each in (row, other))
    assert one["id"] != two["id"]
    assert one["identifier"][0]["identityHash"] != two["identifier"][0]["identityHash"]


def test_a_member_without_an_address_is_known_by_number(shop: Shop) -> None:
    award = a_member(shop.session, "bob", email="", language="ru")
    row = issue(shop.session, award, shop.issuer, NOW, SECRET)
    claims = json.loads(row.document)
    assert claims["credentialSubject"]["identifier"][0]["identityType"] == "accountId"
    assert str(award.member_id) not in row.document
    assert claims["credentialSubject"]["achievement"]["inLanguage"] == "ru"
    assert claims["name"] == "Любитель хлеба"


def test_who_never_chose_a_language_has_it_in_the_shops_own(shop: Shop) -> None:
    award = a_member(shop.session, "eve", email="", language="")
    sorted_by_name = replace(award, title=dict(sorted(award.title.items())))
    row = issue(shop.session, sorted_by_name, shop.issuer, NOW, SECRET)
    assert json.loads(row.document)["credentialSubject"]["achievement"]["inLanguage"] == "en"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda award: replace(award, awarded_at=NOW + timedelta(days=1)), "award_not_standing"),
        (lambda award: replace(award, expires_at=NOW), "award_not_standing"),
        (lambda award: replace(award, member_id=award.award_id), "member_unknown"),
    ],
)
def test_what_does_not_stand_is_not_signed(shop: Shop, change: Callable[[Any], Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        issue(shop.session, change(shop.award), shop.issuer, NOW, SECRET)
    assert refused.value.code == code


def test_the_key_is_sealed_where_it_lies(shop: Shop) -> None:
    shop.issued()
    row = shop.session.exec(select(IssuerKey)).one()
    key = keys.opened(row.sealed, SECRET)
    assert key
    assert key.public == row.public
    assert keys.opened(row.sealed, SECRET + b"!") is None
    with pytest.raises(Refusal) as refused:
        issue(
            shop.session,
            replace(shop.award, award_id=shop.other_award("b")),
            shop.issuer,
            NOW,
            b"another secret",
        )
    assert refused.value.code == "issuer_key_sealed"


def test_keys_are_spelt_as_others_spell_them(shop: Shop) -> None:
    public = SigningKey(b"\1" * 32).public
    assert OKPKey.import_key(keys.jwk(public)).thumbprint() == keys.name_of(public)  # type: ignore[arg-type]
    assert keys.multikey(public).startswith("z6Mk")
    did = did_document(Issuer("https://club.example.com:8443/our club", "Club"), [public])
    assert did["id"] == "did:web:club.example.com%3A8443:our%20club"


def test_signatures_are_those_of_the_standard() -> None:
    """RFC 8032 §7.1, test 1; and they are the same each time."""
    key = SigningKey(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
    assert key.public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert key.sign(b"").hex().startswith("e5564300c360ac729086e2cc806e828a")
    Ed25519PublicKey.from_public_bytes(key.public).verify(key.sign(b""), b"")


def test_rotation_and_withdrawal_are_audited(shop: Shop) -> None:
    row = shop.issued()
    issuers.rotate(shop.session, SECRET, "staff:eva", NOW + timedelta(minutes=1))
    assert [finding(shop, form) for form in forms(row)] == [Finding.VALID] * 4
    issuers.withdraw(shop.session, row.key_name, SECRET, "staff:eva", NOW + timedelta(minutes=2))
    assert [finding(shop, form) for form in forms(row)] == [Finding.WITHDRAWN] * 4
    assert row.key_name not in json.dumps(shop.keys())
    assert not status.is_set(list_of(shop, row), row.list_index)
    new = shop.issued()
    assert (new.credential_id != row.credential_id, finding(shop, new.token)) == (True, Finding.VALID)
    said = [audit.action for audit in shop.session.exec(select(Audit).order_by(Audit.seq)).all()]  # type: ignore[arg-type]
    assert [one for one in said if one.startswith(("issuer_key", "credential"))] == [
        "issuer_key.made", "issuer_key.made", "issuer_key.withdrawn", "credential.revoked",
    ]  # fmt: skip
    assert first_broken(shop.session) is None


def test_a_bit_in_the_list_is_one_credential(shop: Shop) -> None:
    encoded = status.encoded_list([0, 7, 8, 131_071])
    assert [index for index in (0, 1, 7, 8, 9, 131_070, 131_071) if status.is_set(encoded, index)] == [
        0,
        7,
        8,
        131_071,
    ]
    assert len(encoded) < 300
    row = shop.issued()
    before, after = list_of(shop, row), None
    revoke(shop.session, row.member_id, row.award_id, "staff:eva", "a mistake", NOW)
    after = list_of(shop, row)
    assert (status.is_set(before, row.list_index), status.is_set(after, row.list_index)) == (False, True)
    assert status_list(shop.session, shop.issuer, 2, NOW, SECRET, token=False) is None


def list_of(shop: Shop, row: Credential) -> str:
    listed = status_list(shop.session, shop.issuer, row.list_number, NOW, SECRET, token=False)
    assert listed
    said = json.loads(listed)
    start, end = (datetime.fromisoformat(said[name]) for name in ("validFrom", "validUntil"))
    assert start <= NOW < NOW + timedelta(hours=12) < end
    return said["credentialSubject"]["encodedList"]


def test_the_key_that_signs_now_can_be_withdrawn(shop: Shop) -> None:
    """The lists stay there, signed with the key that took its place."""
    row = shop.issued()
    issuers.withdraw(shop.session, row.key_name, SECRET, "staff:eva", NOW + timedelta(minutes=1))
    issuers.withdraw(shop.session, row.key_name, SECRET, "staff:eva", NOW + timedelta(minutes=2))
    assert len(shop.keys()["keys"]) == 1
    assert not status.is_set(list_of(shop, row), row.list_index)


def test_a_full_list_is_followed_by_the_next(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """With four places a list, nine credentials need three lists at the least, and no two share a place."""
    monkeypatch.setattr(status, "LENGTH", 4)
    monkeypatch.setattr(credentials, "TRIES", 200)
    rows = [shop.issued(award_id=shop.other_award(str(n))) for n in range(9)]
    places = {(row.list_number, row.list_index) for row in rows}
    assert len(places) == 9
    assert {number for number, _ in places} == {1, 2, 3}
