"""Uploaded codes: a file in whole or not at all, each code once, seen by nobody but who redeems it."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, select

from app import database
from facts.refusals import Refusal
from members.actions.erase import erase
from members.actions.record import record
from members.actions.redeem import cancel, code_of, redeem
from members.actions.staff import publish_reward
from members.actions.uploading_codes import SAID_MAX, CodesRefused, upload
from members.actions.vouchers import expire_unused, show_code, use_code
from members.programme import versions
from members.tables import Audit
from rewards import pool, stock
from rewards.pool_tables import PoolCode, RewardPool
from rewards.redemption import State
from rewards.tables import Redemption
from tests.builders import NOW, PROGRAMME, an_order, days, in_force, standing_of

SECRET = b"a secret of thirty-two characters"
REWARDS = """rewards:
  - {slug: cinema, kind: partner_code, name: Cinema, price: 10, terms: One seat, link: "https://cinema.example/"}
  - {slug: mug, kind: gift, name: Mug, price: 10, stock: 5}
"""


def a_shop(session: Session, members: int = 1, codes: Sequence[str] = ()) -> list[UUID]:
    """A shop with members who have 90 points each, and codes for the cinema."""
    in_force(session, PROGRAMME.replace("rewards: []\n", REWARDS))
    record(session, [an_order(f"o{i}", "90.00", subject=f"customer:{i}") for i in range(members)], NOW)
    if codes:
        load(session, *codes)
    return [standing_of(session, str(i)).member_id for i in range(members)]


def load(session: Session, *codes: str) -> int:
    return upload(session, "cinema", [f"{one}\n".encode() for one in codes], "staff:kim", NOW, SECRET)


def told(session: Session, lines: list[bytes], slug: str = "cinema") -> list[str]:
    """What is said of a file that is not taken; nothing of it stays, as the caller rolls back."""
    with pytest.raises(CodesRefused) as refused, session.begin_nested():
        upload(session, slug, lines, "staff:kim", NOW, SECRET)
    return refused.value.told()


def test_what_is_wrong_with_a_file_is_told_by_line_and_nothing_stays(session: Session) -> None:
    a_shop(session, codes=["OLD-1"])
    odd = "has a sign that no code has: a space, a comma, a quotation mark or something unseen"
    lines = [b"\xef\xbb\xbfA-1\r\n", b"\r\n", b"A-1\n", b"A-2,5.00\n", b"two words\n", b"\xff\xfe\n", b"x" * 65 + b"\n",
             b"OLD-1\n", "\u202eA-3\n".encode(), b"A-4\n", b"A\x00B\n", b"=cmd|' /C calc'!A0\n"]  # fmt: skip
    assert told(session, lines) == [
        "line 2 is empty", "line 3 is the same as line 1", f"line 4 {odd}", f"line 5 {odd}",
        "line 6 is no text in UTF-8", "line 7 is longer than 64 characters", "line 8 was uploaded before",
        f"line 9 {odd}", f"line 11 {odd}", f"line 12 {odd}",
    ]  # fmt: skip
    assert pool.free(session, "cinema") == stock.left_of(session, "cinema") == 1
    many = told(session, [b"OLD-1\n"] * 50)
    assert (len(many), many[-1]) == (SAID_MAX + 1, "and 30 more lines")
    for slug, lines, code in (("mug", [b"A\n"], "codes_own"), ("nothing", [b"A\n"], "reward_hidden"),
                              ("cinema", [], "codes_none")):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            upload(session, slug, lines, "staff:kim", NOW, SECRET)
        assert refused.value.code == code


def test_whoever_reads_the_tables_learns_no_code(session: Session) -> None:
    [me] = a_shop(session, codes=["FILM-1", "FILM-2"])
    made = redeem(session, me, "cinema", NOW, "tap", SECRET)
    assert code_of(show_code(session, me, made.redemption_id, NOW, SECRET), SECRET) == "FILM-1"
    with pytest.raises(Refusal):
        load(session, "FILM-2")
    kept = [
        repr(session.connection().execute(table.select()).all()) for table in SQLModel.metadata.sorted_tables
    ]
    assert not any("FILM-" in rows for rows in kept), "in no row, of the audit neither"
    other = b"another secret of thirty-two signs"
    assert code_of(made, other) is None


def test_a_code_is_seen_when_its_owner_asks_and_then_it_is_used(session: Session) -> None:
    [me] = a_shop(session, codes=["FILM-1", "FILM-2"])
    made = redeem(session, me, "cinema", NOW, "tap", SECRET)
    assert (made.state, code_of(made, SECRET), made.used_at) == (State.ISSUED, None, None)
    now = NOW + days(1)
    shown = show_code(session, me, made.redemption_id, now, SECRET)
    assert (code_of(shown, SECRET), shown.used_at) == ("FILM-1", now)
    again = show_code(session, me, made.redemption_id, now + days(1), SECRET)
    assert (code_of(again, SECRET), again.used_at) == ("FILM-1", now)
    with pytest.raises(Refusal, match="cannot be given back"):
        cancel(session, me, made.redemption_id, now, f"member:{me}")
    with pytest.raises(Refusal, match="cannot be used"):
        use_code(session, "FILM-1", "till", now, SECRET)
    assert expire_unused(session, NOW + days(100)) == 1
    session.refresh(made)
    assert (made.state, code_of(made, SECRET)) == (State.USED, None)
    assert stock.left_of(session, "cinema") == 1, "a code that is over goes to nobody else"


@pytest.mark.feature(54)
def test_a_code_that_was_given_back_unseen_waits_for_the_same_member(session: Session) -> None:
    """Who redeems and gives back, time after time, empties no pool; and nobody gets a code of somebody else."""
    me, other = a_shop(session, 2, codes=["FILM-1", "FILM-2", "FILM-3"])
    back = [redeem(session, me, "cinema", NOW, "tap", SECRET).redemption_id]
    for n in range(3):
        cancel(session, me, back[-1], NOW, f"member:{me}")
        back.append(redeem(session, me, "cinema", NOW, f"tap-{n}", SECRET).redemption_id)
    cancel(session, me, back[-1], NOW, f"member:{me}")
    for one in back:
        with pytest.raises(Refusal, match="not there any more"):
            show_code(session, me, one, NOW, SECRET)
    assert stock.left_of(session, "cinema") == pool.free(session, "cinema") == 2
    theirs = redeem(session, other, "cinema", NOW, "tap", SECRET)
    assert code_of(show_code(session, other, theirs.redemption_id, NOW, SECRET), SECRET) == "FILM-2"
    with pytest.raises(Refusal, match="no such redemption"):
        show_code(session, me, theirs.redemption_id, NOW, SECRET)
    mine = redeem(session, me, "cinema", NOW, "last", SECRET)
    assert code_of(show_code(session, me, mine.redemption_id, NOW, SECRET), SECRET) == "FILM-1"


def test_staff_are_told_once_for_each_file_that_few_are_left(session: Session) -> None:
    members = a_shop(session, 5, codes=[f"A-{n}" for n in range(20)])
    taken = session.exec(select(PoolCode).order_by(col(PoolCode.place)).limit(17)).all()
    for code in taken:
        code.taken_at = NOW
        session.add(code)
    stock.put(session, "cinema", 3)
    alerts = select(Audit.detail).where(Audit.action == "codes.alert")
    redeem(session, members[0], "cinema", NOW, "tap", SECRET)
    assert ['"left":2' in one.replace(" ", "") for one in session.exec(alerts)] == [True]
    redeem(session, members[1], "cinema", NOW, "tap", SECRET)
    assert len(session.exec(alerts).all()) == 1
    load(session, *[f"B-{n}" for n in range(9)])
    found = session.get_one(RewardPool, "cinema")
    assert (found.loaded, found.capacity, found.alerted_at) == (29, 10, None)
    redeem(session, members[2], "cinema", NOW, "tap", SECRET)
    assert len(session.exec(alerts).all()) == 1, "nine of ten are left"


def test_a_reward_that_comes_to_have_uploaded_codes_is_sold_out_until_there_are_some(
    session: Session,
) -> None:
    [me] = a_shop(session)
    mug = versions(session).latest.programme.reward("mug")
    assert mug
    pooled = mug.model_copy(update={"codes": "pool", "stock": None})
    publish_reward(session, pooled, base=1, actor="staff:kim", now=NOW)
    with pytest.raises(Refusal, match="run out"):
        redeem(session, me, "mug", NOW, "tap", SECRET)
    upload(session, "mug", [b"MUG-1\n"], "staff:kim", NOW, SECRET)
    made = redeem(session, me, "mug", NOW, "tap", SECRET)
    assert code_of(show_code(session, me, made.redemption_id, NOW, SECRET), SECRET) == "MUG-1"
    publish_reward(session, mug, base=2, actor="staff:kim", now=NOW)
    assert stock.left_of(session, "mug") == 5


def test_an_erased_member_leaves_no_code_and_the_same_file_is_known(session: Session) -> None:
    me, other = a_shop(session, 2, codes=["FILM-1", "FILM-2"])
    redeem(session, me, "cinema", NOW, "tap", SECRET)
    erase(session, me, "staff:kim", NOW)
    rows = session.exec(select(PoolCode.member_id, PoolCode.redemption_id, PoolCode.sealed, PoolCode.taken_at)
                        .order_by(col(PoolCode.place))).all()  # fmt: skip
    assert (rows[0][:3], rows[0][3] is not None, rows[1][3]) == ((None, None, None), True, None)
    assert told(session, [b"FILM-1\n"]) == ["line 1 was uploaded before"]
    made = redeem(session, other, "cinema", NOW, "tap", SECRET)
    assert code_of(show_code(session, other, made.redemption_id, NOW, SECRET), SECRET) == "FILM-2"


def _taking(asked: tuple[str, list[UUID]]) -> list[str]:
    """One process: 25 members tap at once."""
    engine = database.engine(asked[0])

    def one(me: UUID) -> str:
        def work(session: Session) -> str:
            made = redeem(session, me, "cinema", NOW, "tap", SECRET)
            return code_of(show_code(session, me, made.redemption_id, NOW, SECRET), SECRET) or ""

        try:
            return database.attempt(engine, work)
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(25) as threads:
        found = list(threads.map(one, asked[1]))
    engine.dispose()
    return found


@pytest.mark.feature(49)
@pytest.mark.feature(52)
@pytest.mark.slow
def test_fifty_at_once_in_two_processes_get_fifty_codes_less_those_there_are_not(
    engine: Engine, database_url: str
) -> None:
    with database.transaction(engine) as session:
        crowd = a_shop(session, 50, codes=[f"FILM-{n}" for n in range(40)])
    with multiprocessing.get_context("spawn").Pool(2) as processes:
        parts = processes.map(_taking, [(database_url, crowd[:25]), (database_url, crowd[25:])])
    said = Counter(one for part in parts for one in part)
    assert said.pop("reward_sold_out") == 10
    assert said == Counter(f"FILM-{n}" for n in range(40))
    with database.reading(engine) as session:
        assert stock.left_of(session, "cinema") == pool.free(session, "cinema") == 0
        assert len(session.exec(select(Redemption.member_id)).all()) == 40
