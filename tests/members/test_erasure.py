"""Erasing a member: nothing personal is left anywhere, and the books are as they were."""

from __future__ import annotations

import logging
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from app import database
from app.migrations.tables import metadata
from facts.refusals import Refusal
from members import consents, devices, letters, sessions
from members.actions import boards, own, record, sharing
from members.actions.awards import grant
from members.actions.erase import erase
from members.actions.identify import identify
from members.actions.merging import merge
from members.actions.staff import adjust
from members.audit import first_broken
from members.prove import prove
from members.roles import MEMBER, Person
from members.tables import FactRow, Identity, Member, Standing
from members.way_tables import Login, Passkey, Proof
from tests.builders import NOW, PROGRAMME, a_fact, a_line, an_order, days, in_force
from tests.members.boards import BOARDS

RULES = "earning:\n  - {kind: fixed_points, slug: review, on: review.posted, points: 40}"
CASH = "\nwallets:\n  cash: {kind: cashback, name: Cashback}\n"
GAME = PROGRAMME.replace("earning:", RULES) + BOARDS
PLANTED = (
    "Anneliese", "Quiet-Heron", "anneliese@shop.example", "+15550101234", "nr-anneliese", "gift-for-klara",
    "brand-of-klara", "cat-of-klara", "tag-of-klara", "channel-of-klara", "partner-of-klara", "code-of-klara",
    "refund-was-too-small", "survey-I-live-in-Elm-Street", "sku-of-klara", "page-of-klara", "url-of-klara",
    "invited-by-klara", "reason-she-called-us", "badge-page-Liese", "Firefox-of-klara", "passkey-of-klara",
    "subject-of-klara", "letter-to-klara", "proof-of-klara", "klara@old.example", "badge-because-of-klara",
    "nr-merged-liese", "merged-liese@old.example", "merged-as-one-of-klara",
)  # fmt: skip


def plant(session: Session) -> UUID:
    """A member of whom something personal came in through every door."""
    at = NOW - days(20)
    line = a_line(
        "30.00",
        name="gift-for-klara",
        brand="brand-of-klara",
        category=["cat-of-klara"],
        tags=["tag-of-klara"],
    )
    who = "customer:nr-anneliese"
    facts = [
        an_order("1", line, at=at, subject=who, channel="channel-of-klara", partner="partner-of-klara",
                 codes=["code-of-klara"]),
        a_fact("order.refunded", {"order_id": "1", "refund_id": "r", "amount": "1.00",
                                  "reason": "refund-was-too-small"}, subject=who),
        a_fact("survey.answered", {"survey_id": "s", "text": "survey-I-live-in-Elm-Street"}, subject=who),
        a_fact("review.posted", {"review_id": "v", "sku": "sku-of-klara"}, subject=who),
        a_fact("visit", {"page": "page-of-klara"}, subject=who),
        a_fact("social.shared", {"url": "url-of-klara"}, subject=who),
        a_fact("member.signed_up", {"referral_code": "invited-by-klara"}, subject=who),
        an_order("9", "5.00", subject="email:klara@old.example"),
    ]  # fmt: skip
    statuses = [one.status for one in record(session, facts, NOW)]
    assert statuses == ["recorded"] * 7 + ["waiting"]
    mira = session.exec(select(Identity.member_id).where(col(Identity.key).endswith("nr-anneliese"))).one()
    for subject in ("email:anneliese@shop.example", "phone:+15550101234"):
        identify(session, mira, subject, NOW)
    session.add(
        Identity(key="email:klara@old.example", member_id=mira, since=NOW)
    )  # verified, and not yet looked at
    own.tell(session, mira, NOW, name="Anneliese", birthday="1985-04-01", language="ru")
    boards.enter(session, mira, "Quiet-Heron", NOW)
    adjust(session, mira, 7, "reason-she-called-us", "support:kim", NOW)
    grant(session, mira, "winner", 1, "badge-because-of-klara", "support:kim", NOW)
    sharing.share(session, mira, "winner", "badge-page-Liese", "en", "t" * 22, NOW)
    consents.decide(session, mira, "offers", "email", True, NOW, way="me")
    sessions.start(session, Person(str(mira), MEMBER), NOW, label="Firefox-of-klara")
    devices.remember(session, mira, b"d" * 32, "Firefox-of-klara", NOW, trusted=True)
    session.add(Passkey(credential_id=b"k", role=MEMBER, person=str(mira), public_key=b"p", name="passkey-of-klara",
                        created_at=NOW))  # fmt: skip
    session.add(Login(issuer="https://id.example", subject="subject-of-klara", role=MEMBER, person=str(mira),
                      created_at=NOW))  # fmt: skip
    letters.post(session, "email", "anneliese@shop.example", "Hello", "letter-to-klara", NOW)
    session.add(Proof(digest=b"x" * 32, purpose="sign_in", subject="email:anneliese@shop.example",
                      data='{"said": "proof-of-klara"}', created_at=NOW, expires_at=NOW))  # fmt: skip
    session.add(Proof(digest=b"y" * 32, purpose="oidc_join", data='{"email": "anneliese@shop.example"}', created_at=NOW,
                      expires_at=NOW))  # fmt: skip
    session.flush()
    _plant_a_merge(session, mira)
    return mira


def _plant_a_merge(session: Session, mira: UUID) -> None:
    """An account that became part of hers, and remembers by which ways one came to it."""
    (came,) = record(session, [a_fact("visit", {}, id="seen", subject="customer:nr-merged-liese")], NOW)
    assert came.member_id
    identify(session, came.member_id, "email:merged-liese@old.example", NOW)
    merge(session, came.member_id, mira, "merged-as-one-of-klara", "support:kim", NOW)


def everything(engine: Engine) -> dict[str, str]:
    """Every row of every table, as text."""
    found: dict[str, str] = {}
    with engine.connect() as connection:
        for table in metadata().sorted_tables:
            rows = connection.execute(text(f'SELECT * FROM "{table.name}"')).all()
            found[table.name] = "\n".join(repr(tuple(row)) for row in rows)
    return found


def found_in(places: dict[str, str], words: tuple[str, ...]) -> set[tuple[str, str]]:
    return {
        (where, word)
        for where, said in places.items()
        for word in words
        if word.casefold() in said.casefold()
    }


@pytest.mark.feature(133)
def test_of_all_that_came_in_nothing_is_left(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with database.transaction(engine) as session:
        in_force(session, GAME)
        record(session, [an_order("2", "80.00", subject="customer:2")], NOW)
        mira = plant(session)
    before = everything(engine)
    planted = {word for _, word in found_in(before, PLANTED)}
    assert len(planted) >= 20, "what is not there cannot be erased"
    print(f"{len(planted)} strings planted, to be looked for after an erasure")
    with database.reading(engine) as session:
        sums = prove(session)
        assert sums.flaws == []
    with database.transaction(engine) as session:
        erase(session, mira, f"{MEMBER}:{mira}", NOW + days(1))
    database.fold_in(engine)
    assert found_in(everything(engine), PLANTED) == set()
    assert found_in({"log": caplog.text}, PLANTED) == set()
    if engine.dialect.name == "sqlite":
        file = Path(str(engine.url.database))
        raw = {path.name: path.read_bytes().decode("latin-1") for path in file.parent.glob(f"{file.name}*")}
        assert found_in(raw, PLANTED) == set(), "the file itself, and its journal"
    with database.reading(engine) as session:
        after = prove(session)
        assert (after.points.issued, after.points.outstanding, after.entries, after.flaws) == (
            sums.points.issued, sums.points.outstanding, sums.entries, []
        )  # fmt: skip
        assert first_broken(session) is None
        kept = [(one.purpose, one.given) for one in consents.history(session, mira)]
        assert kept == [("offers", True)], "that somebody agreed can be shown, and not who"


@pytest.mark.feature(9)
def test_what_comes_for_an_erased_account_is_turned_away(session: Session) -> None:
    in_force(session, GAME)
    mira = plant(session)
    erase(session, mira, f"{MEMBER}:{mira}", NOW)
    erase(session, mira, f"{MEMBER}:{mira}", NOW)
    sums = prove(session)
    refund = a_fact(
        "order.refunded", {"order_id": "1", "refund_id": "q", "amount": "2.00"}, id="q", subject=""
    )
    same = an_order("1", "30.00", subject="customer:nr-anneliese")
    waited = an_order("9", "5.00", subject="email:klara@old.example")
    later = NOW + days(1)
    again = record(session, [refund, same, waited], later)
    assert [one.status for one in again] == ["refused", "duplicate", "duplicate"]
    assert again[0].refusal is not None
    assert again[0].refusal.code == "account_closed"
    (new,) = record(session, [an_order("3", "4.00", at=later, subject="customer:nr-anneliese")], later)
    assert (new.status, new.points) == ("recorded", 4), "the shop's number means a stranger now"
    assert new.member_id != mira
    after = prove(session)
    assert (after.points.outstanding, after.flaws) == (sums.points.outstanding + 4, [])
    assert session.get_one(Member, mira).status == "erased"
    assert session.get_one(Standing, mira).due_at is None
    assert session.exec(select(FactRow).where(FactRow.member_id == mira)).all() == []
    with pytest.raises(Refusal):
        own.tell(session, mira, NOW, name="Anneliese")


def test_what_is_in_a_wallet_stays_in_the_books(session: Session) -> None:
    back = "earning:\n  - {kind: cashback, slug: back, percent: '10', wallet: cash}\n"
    in_force(session, PROGRAMME.replace("earning:\n", back, 1) + CASH)
    (one,) = record(session, [an_order("1", "30.00", at=NOW)], NOW)
    assert one.member_id
    erase(session, one.member_id, f"{MEMBER}:{one.member_id}", NOW + days(1))
    assert prove(session).flaws == []
