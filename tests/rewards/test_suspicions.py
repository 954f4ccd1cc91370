"""The signs that a friend was here already, as a table: what is alike, what each weighs, and from when on it counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from rewards.suspicions import (
    KINDS,
    Found,
    Signals,
    Weights,
    alike,
    counted,
    disposable,
    nth,
    plain,
    plain_email,
    together,
)

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


def days(count: float) -> datetime:
    return AT + timedelta(days=count)


FOUND: Found = {
    "network": (days(3), 1),
    "name": (days(1), 2),
    "device": (days(2), 1),
    "velocity": (days(1), 9),
}


def test_what_could_be_seen_by_then_counts_the_heaviest_first() -> None:
    assert list(counted(FOUND, Signals(), None).items()) == [
        ("device", 60), ("name", 15), ("network", 10), ("velocity", 10)]  # fmt: skip
    late: Found = {"velocity": (days(1), 9), "crowd": (days(1), 1)}
    heavy = Signals(weights=Weights(velocity=70, crowd=5))
    assert list(counted(late, heavy, None)) == ["velocity", "crowd"]
    assert counted(FOUND, Signals(), days(2)) == {"device": 60, "name": 15, "velocity": 10}
    assert counted(FOUND, Signals(), days(2) - timedelta(microseconds=1)) == {"name": 15, "velocity": 10}
    off = Signals(weights=Weights(device=0, name=0))
    assert counted(FOUND, off, None) == {"network": 10, "velocity": 10}
    assert counted({"forgotten": (days(1), 1)}, Signals(), None) == {}, "a sign that nothing knows any more"
    assert tuple(Weights().model_dump()) == KINDS


def test_what_was_found_only_grows() -> None:
    before: Found = {"name": (days(2), 2), "device": (days(2), 1)}
    found = [
        ("name", (days(1), 1)),
        ("device", (days(3), 4)),
        ("crowd", (days(3), 5)),
        ("crowd", (days(4), 6)),
    ]
    assert together(before, found) == {
        "name": (days(1), 2), "device": (days(2), 4), "crowd": (days(3), 6)}  # fmt: skip
    assert before == {"name": (days(2), 2), "device": (days(2), 1)}
    assert together({}, found[::-1]) == {
        "name": (days(1), 1), "device": (days(3), 4), "crowd": (days(3), 6)}  # fmt: skip


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [(" Ann@Shop.Example ", "ann@shop.example"), ("ann+tag+more@shop.example", "ann@shop.example"),
     ("a.n.n@shop.example", "a.n.n@shop.example"), ("a.n.n+x@gmail.com", "ann@gmail.com"),
     ("a.nn@googlemail.com", "ann@gmail.com"), ('"a@b"@shop.example', '"a@b"@shop.example')],
)  # fmt: skip
def test_a_mailbox_is_what_its_post_office_knows(address: str, mailbox: str) -> None:
    assert plain_email(address) == mailbox


@pytest.mark.parametrize(
    ("address", "thrown_away"),
    [("a@mailinator.com", True), ("a@MAILINATOR.com", True), ("a@x.y.mailinator.com", True),
     ("a@notmailinator.com", False), ("a@mailinator.com.example", False), ("a@com", False),
     ("a@own.example", True), ("a@b.own.example", True), ("a@example", False), ("a@b@own.example", True)],
)  # fmt: skip
def test_mailboxes_to_be_thrown_away(address: str, *, thrown_away: bool) -> None:
    assert disposable(address, Signals(disposable=["own.example"])) is thrown_away


def test_letters_are_compared_without_marks_and_size() -> None:
    assert plain("Jo\u0308rg-O\u2019Neill 2") == "jorgoneill2"
    assert plain("\u0401\u0436\u0438\u043a STRASSE") == plain("\u0435\u0436\u0438\u043a stra\u00dfe")
    assert plain(" -!") == ""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Ann Miller", "miller ANN", True), ("Ann Miller", "Anne Miller", True), ("Ann Miller", "Ben Miller", False),
     ("Ann", "Ann", False), ("Ann Miller", "Ann", False), ("Ann", "Ann Miller", False), ("Ann -", "Ann -", False),
     ("Li Wu", "Wu Li", True), ("Abcd Efghi", "Abcd Efghj", True), ("abcdefgh ij", "abcdefgh kl", False)],
)  # fmt: skip
def test_names_that_are_nearly_the_same(one: str, other: str, *, same: bool) -> None:
    assert alike(one, other) is same


def test_when_there_were_so_many() -> None:
    moments = [days(5), days(1), days(3)]
    assert [nth(moments, number) for number in (1, 2, 3, 4)] == [days(1), days(3), days(5), None]


@pytest.mark.parametrize("wrong", ["Mail.example", "example", "a b.example", ".example", "mail.example\n"])
def test_what_is_no_domain_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError, match="is no domain in small letters"):
        Signals(disposable=["fine.example", wrong])
