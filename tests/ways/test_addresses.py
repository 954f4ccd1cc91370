"""Addresses as people type them, and as they are known."""

from __future__ import annotations

import pytest

from facts.refusals import Refusal
from members.addresses import region_of, subject_of, veiled
from members.claims import identity_key


@pytest.mark.parametrize(
    ("typed", "region", "known"),
    [
        (" Anna@Shop.Example ", "", "email:anna@shop.example"),
        ("a.n.n.a+club@gmail.com", "", "email:a.n.n.a+club@gmail.com"),
        ("anna@bücher.example", "", "email:anna@xn--bcher-kva.example"),
        ("anna@Straße.example", "", "email:anna@xn--strae-oqa.example"),
        ("anna@strasse.example", "", "email:anna@strasse.example"),
        ("anna@xn--BCHER-kva.example", "", "email:anna@xn--bcher-kva.example"),
        ("anna@shop。example", "", "email:anna@shop.example"),
        ("＋49 151 12345678", "", "phone:+4915112345678"),
        ("8 (912) 345-67-89", "RU", "phone:+79123456789"),
        ("+7 912 345-67-89", "US", "phone:+79123456789"),
        ("٠١٠٠١٢٣٤٥٦٧", "EG", "phone:+201001234567"),
    ],
)
def test_what_is_typed_becomes_one_key(typed: str, region: str, known: str) -> None:
    assert subject_of(typed, region) == known


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "address_missing"),
        ("  ", "address_missing"),
        ("anna@", "address_malformed"),
        ("@shop.example", "address_malformed"),
        ("anna@shop", "address_malformed"),
        ("an na@shop.example", "address_malformed"),
        ("anna@shop.example\nBcc: all@x.test", "address_malformed"),
        ("anna@shop..example", "address_malformed"),
        ("anna@☃.example", "address_malformed"),
        ("a" * 65 + "@shop.example", "address_malformed"),
        ("anna@" + "b" * 300 + ".example", "address_malformed"),
        ("anna", "phone_malformed"),
        ("12345", "phone_malformed"),
        ("0151 12345678", "phone_malformed"),
        ("+1 000 000 0000", "phone_malformed"),
    ],
)
def test_what_is_neither_is_refused_with_a_word_on_what_to_do(typed: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        subject_of(typed)
    assert (refused.value.code, refused.value.path) == (code, "address")


@pytest.mark.parametrize(
    "value",
    [" Anna@Shop.Example", "anna@Bücher.example", "anna@straße.example", "anna@xn--bcher-kva.example",
     "ａｎｎａ@shop.example"],
)  # fmt: skip
def test_a_till_and_a_member_mean_the_same_address(value: str) -> None:
    assert identity_key("//till", f"email:{value}") == subject_of(value)


def test_what_a_till_calls_an_address_is_kept_where_it_is_none() -> None:
    assert identity_key("//till", "email: Анна@☃.Example ") == "email:анна@☃.example"


def test_an_address_is_shown_so_that_only_its_owner_knows_it() -> None:
    assert veiled("email:anna@shop.example") == "a…a@shop.example"
    assert veiled("email:ab@shop.example") == "a…@shop.example"
    assert veiled("phone:+4915112345678") == "+49…78"


@pytest.mark.parametrize(
    ("zone", "region"),
    [("Europe/Moscow", "RU"), ("Africa/Cairo", "EG"), ("America/New_York", "US"), ("UTC", "")],
)
def test_a_shop_dials_where_its_clock_is(zone: str, region: str) -> None:
    assert region_of(zone) == region
