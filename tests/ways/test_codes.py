"""One-time codes: five tries in all, one browser, ten minutes, used once; and the letters that carry them."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app import database
from facts.refusals import Refusal
from members.actions import codes
from members.way_tables import Letter, Proof
from tests.builders import NOW, in_force

SECRET = b"s" * 32
ANNA = "email:anna@shop.test"


def sent(session: Session) -> Letter:
    return session.exec(select(Letter).order_by(Letter.letter_id.desc())).first()  # type: ignore[attr-defined]


def code_in(letter: Letter) -> str:
    return re.findall(r"\b\d{6}\b", letter.text)[0]


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


@pytest.fixture
def shop(session: Session) -> Session:
    in_force(session)
    return session


def test_the_code_that_was_sent_proves_the_address_once(shop: Session) -> None:
    begun = codes.begin(shop, "join", ANNA, SECRET, NOW, language="en", data={"link": "bread"})
    letter = sent(shop)
    assert (letter.channel, letter.address) == ("email", "anna@shop.test")
    assert (begun.expires_at, letter.expires_at) == (NOW + timedelta(minutes=10),) * 2
    proof = codes.answer(shop, "join", begun.token, code_in(letter), SECRET, NOW)
    assert (proof.subject, proof.data) == (ANNA, '{"link": "bread"}')
    with pytest.raises(Refusal, match="does not fit"):
        codes.answer(shop, "join", begun.token, code_in(letter), SECRET, NOW)


@pytest.mark.parametrize(
    ("language", "typed"), [("ar", "٠١٢٣٤٥٦٧٨٩"), ("ru", "0123456789")], ids=["arabic digits", "plain digits"]
)
def test_a_code_may_be_typed_with_spaces_and_in_ones_own_digits(
    shop: Session, language: str, typed: str
) -> None:
    begun = codes.begin(shop, "sign_in", ANNA, SECRET, NOW, language=language)
    code = code_in(sent(shop)).translate(str.maketrans("0123456789", typed))
    assert codes.answer(shop, "sign_in", begun.token, f" {code[:3]} {code[3:]}", SECRET, NOW).subject == ANNA


@pytest.mark.parametrize(
    "wrong",
    ["purpose", "browser", "secret", "late", "code", "no code", "garbage"],
)
def test_every_wrong_case_is_the_same_refusal(shop: Session, wrong: str) -> None:
    begun = codes.begin(shop, "join", ANNA, SECRET, NOW)
    code = code_in(sent(shop))
    typed = {"code": other(code), "no code": "", "garbage": "\ud800' OR 1=1"}.get(wrong, code)
    with pytest.raises(Refusal) as refused:
        codes.answer(
            shop,
            "erase" if wrong == "purpose" else "join",
            "another" if wrong == "browser" else begun.token,
            typed,
            b"x" * 32 if wrong == "secret" else SECRET,
            NOW + timedelta(minutes=10 if wrong == "late" else 9),
        )
    assert (refused.value.code, refused.value.status, refused.value.keeps) == ("code_wrong", 422, True)


def test_a_new_code_ends_the_one_before_and_there_is_a_pace(shop: Session) -> None:
    first = codes.begin(shop, "join", ANNA, SECRET, NOW)
    old = code_in(sent(shop))
    with pytest.raises(Refusal) as hasty:
        codes.begin(shop, "join", ANNA, SECRET, NOW + timedelta(seconds=29))
    assert (hasty.value.code, hasty.value.status) == ("code_too_soon", 429)
    codes.begin(shop, "join", ANNA, SECRET, NOW + timedelta(seconds=31))
    with pytest.raises(Refusal):
        codes.answer(shop, "join", first.token, old, SECRET, NOW + timedelta(seconds=32))
    later = NOW + timedelta(minutes=2)
    for n in range(codes.PER_DAY_MAX - 2):
        codes.begin(shop, "join", ANNA, SECRET, later + timedelta(minutes=n))
    with pytest.raises(Refusal) as many:
        codes.begin(shop, "sign_in", ANNA, SECRET, later + timedelta(hours=1))
    assert many.value.code == "too_many_codes"
    assert codes.begin(shop, "join", ANNA, SECRET, later + timedelta(days=1, hours=1))


def test_nothing_that_is_kept_gives_the_code_away(shop: Session) -> None:
    codes.begin(shop, "join", ANNA, SECRET, NOW)
    code, proof = code_in(sent(shop)), shop.exec(select(Proof)).one()
    assert code not in repr(proof)
    assert proof.secret
    assert len(proof.secret) == 32


def test_a_link_is_looked_at_as_often_as_one_likes_and_used_once(shop: Session) -> None:
    codes.begin(shop, "sign_in", ANNA, SECRET, NOW, language="ru", site="https://club.test")
    found = re.findall(r"https://club\.test/ru/sign-in/link/(\S+)", sent(shop).text)
    assert len(found) == 1
    for _ in range(3):
        assert codes.by_link(shop, found[0], NOW)
    assert codes.by_link(shop, found[0], NOW + timedelta(minutes=11)) is None
    assert codes.follow(shop, found[0], NOW).subject == ANNA
    assert codes.by_link(shop, found[0], NOW) is None
    for link in (found[0], "nothing", ""):
        with pytest.raises(Refusal) as over:
            codes.follow(shop, link, NOW)
        assert over.value.code == "link_over"


def test_text_messages_and_what_is_risky_carry_no_link(shop: Session) -> None:
    codes.begin(shop, "sign_in", "phone:+4915112345678", SECRET, NOW, site="https://club.test")
    assert sent(shop).channel == "phone"
    assert "http" not in sent(shop).text
    codes.begin(shop, "erase", ANNA, SECRET, NOW, site="https://club.test")
    assert "http" not in sent(shop).text


def test_fifty_answers_at_once_share_five_tries(engine: Engine) -> None:
    with database.transaction(engine) as session:
        in_force(session)
        begun = codes.begin(session, "join", ANNA, SECRET, NOW)
        right = code_in(sent(session))

    def guess(code: str) -> str:
        try:
            database.attempt(engine, lambda s: codes.answer(s, "join", begun.token, code, SECRET, NOW))
        except Refusal as refusal:
            return refusal.code
        return "in"

    with ThreadPoolExecutor(16) as pool:
        said = Counter(pool.map(guess, [other(right)] * 50))
    assert said == {"code_wrong": 50}
    with database.reading(engine) as session:
        assert session.exec(select(Proof.tries)).one() == codes.TRIES_MAX
    assert guess(right) == "code_wrong"


def test_of_fifty_right_answers_at_once_one_is_let_in(engine: Engine) -> None:
    with database.transaction(engine) as session:
        in_force(session)
        begun = codes.begin(session, "join", ANNA, SECRET, NOW)
        right = code_in(sent(session))

    def guess(_: int) -> bool:
        try:
            database.attempt(engine, lambda s: codes.answer(s, "join", begun.token, right, SECRET, NOW))
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(guess, range(50))) == 1
