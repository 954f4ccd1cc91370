"""R6 for the audit: what is changed in it, or cut off its end, is found, and the row is named; so is what was noted."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, text, update
from sqlmodel import Session, col, select

from app import database
from members import audit
from members.tables import Audit, AuditHead, Standing
from rewards.tables import Entry
from tests.builders import NOW, days, in_force
from tests.cli.conftest import Run

LENGTH = 12
SECRET = b"of this test only, 32 bytes long"


@pytest.fixture
def chain(session: Session) -> list[Audit]:
    """An audit of some length, written by somebody who knows the secret."""
    session.info["sealed_with"] = lambda: SECRET
    for number in range(LENGTH):
        audit.audit(
            session, f"owner:{number % 3}", "stock.set", f"reward:{number}", {"n": number}, NOW + days(number)
        )
    found = list(session.exec(select(Audit).order_by(col(Audit.seq))).all())
    assert audit.broken(session, SECRET) == ""
    session.expunge_all()
    return found


def found_after(session: Session, *changes: Any) -> str:
    """What is said of the audit after some changes that are then undone."""
    with session.begin_nested() as trial:
        for change in changes:
            session.execute(change)
        session.expire_all()
        said = audit.broken(session, SECRET)
        trial.rollback()
    session.expire_all()
    return said


@pytest.mark.feature(111)
def test_every_changed_field_and_every_tail_is_found_and_named(session: Session, chain: list[Audit]) -> None:
    chance = random.Random(6)
    for row in chain:
        field = chance.choice(["at", "actor", "action", "object", "detail", "hash"])
        was = getattr(row, field)
        other = was + days(1) if field == "at" else was[:-1] + b"x" if field == "hash" else was + "x"
        said = found_after(session, update(Audit).where(col(Audit.seq) == row.seq).values({field: other}))
        assert said.startswith((f"audit {row.seq}: ", f"audit {row.seq + 1}: ")), (field, said)
        said = found_after(session, delete(Audit).where(col(Audit.seq) >= row.seq))
        assert said == f"audit {row.seq}: the tail is cut off, the audit should end with {LENGTH}"
        said = found_after(session, delete(Audit).where(col(Audit.seq) == row.seq))
        assert said.startswith(f"audit {row.seq}: ")
    assert audit.broken(session, SECRET) == ""


@pytest.mark.feature(111)
@pytest.mark.parametrize("signature", ["kept", "none", "of another row"])
def test_who_moves_the_head_along_cannot_sign_it(
    session: Session, chain: list[Audit], signature: str
) -> None:
    last = chain[-3]
    values: dict[str, Any] = {"seq": last.seq, "hash": last.hash}
    values |= {} if signature == "kept" else {"signature": b"" if signature == "none" else bytes(32)}
    cut = delete(Audit).where(col(Audit.seq) > last.seq)
    said = found_after(session, cut, update(AuditHead).values(values))
    assert said.startswith(f"audit {last.seq}: its head is not signed with this secret")
    gone = found_after(session, cut, delete(AuditHead))
    assert gone == f"audit {last.seq}: where it ends is not known any more, the head is gone"


@pytest.mark.parametrize("forged", ["tail", "head", "both"])
def test_what_is_written_afterwards_heals_nothing(session: Session, chain: list[Audit], forged: str) -> None:
    """The chain goes on from its head, and a forged head is never signed over."""
    last = chain[-3]
    session.execute(delete(Audit).where(col(Audit.seq) > last.seq))
    if forged == "head":
        session.execute(delete(AuditHead))
    if forged == "both":
        session.execute(update(AuditHead).values(seq=last.seq, hash=last.hash))
    session.expire_all()
    for _ in range(3):
        audit.audit(session, "owner:kim", "stock.set", "reward:coffee", {}, NOW)
    assert audit.broken(session, SECRET)
    assert audit.had(session, f"{last.seq}:{last.hash.hex()}")
    assert not audit.had(session, f"{chain[-1].seq}:{chain[-1].hash.hex()}")


@pytest.mark.feature(111)
def test_prove_names_a_cut_tail_and_what_was_noted(run: Run, shop: database.Engine, house: Path) -> None:
    """By the command line, as whoever runs the shop sees it: the head that was printed is missed when it is gone."""
    backup = house / "b.zip"
    run("export", "entries")
    said = run("prove").stdout
    noted = said.partition("The audit ends with ")[2].split()[0]
    number = int(noted.partition(":")[0])
    assert noted in run("backup", str(backup)).stdout
    run("prove", "--expect", noted, "--against", str(backup))
    assert "looks like" in run("prove", "--expect", "12", code=1).stderr
    run("export", "members")
    run("prove", "--expect", noted, "--against", str(backup))
    with database.transaction(shop) as session:
        session.execute(delete(Audit).where(col(Audit.seq) >= number))
    said = run("prove", "--expect", noted, "--against", str(backup), code=1).stderr
    assert f"audit {number}: the tail is cut off" in said
    assert f"{noted} is not in it any more" in said
    assert f"audit {number}: the backup has it" in said
    run("export", "members")  # what is written afterwards does not heal it
    assert (
        f"audit {number}: it is not as it was written, or one before it is gone"
        in run("prove", code=1).stderr
    )


def test_another_secret_is_said_and_the_head_is_signed_anew(
    run: Run, shop: database.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app import settings

    run("export", "entries")
    monkeypatch.setenv("REGULARS_SECRET", "x" * 40)
    settings.current.cache_clear()
    assert "not signed with this secret" in run("prove", code=1).stderr
    run("export", "entries")
    assert "not signed with this secret" in run("prove", code=1).stderr
    assert "Every law holds" in run("prove", "--sign").stdout
    run("export", "entries")
    assert "Every law holds" in run("prove").stdout


@pytest.mark.feature(22)
def test_a_ledger_whose_standing_was_rewritten_is_found_with_a_backup(
    run: Run, shop: database.Engine, house: Path
) -> None:
    """An account that is taken out whole, with its standing, is not missed by itself; the backup knows better."""
    backup = house / "b.zip"
    run("backup", str(backup))
    with database.transaction(shop) as session:
        member_id = session.exec(select(Entry.member_id).limit(1)).one()
        for table in ("lot", "entry", "standing", "redemption"):
            name = member_id.hex if shop.dialect.name == "sqlite" else str(member_id)
            session.execute(text(f"DELETE FROM {table} WHERE member_id = :member"), {"member": name})
        assert session.get(Standing, member_id) is None
    run("prove")
    said = run("prove", "--against", str(backup), code=1).stderr
    assert f"member {member_id}, entry " in said


@pytest.mark.feature(111)
def test_who_takes_the_whole_audit_away_is_found_also_when_it_goes_on(session: Session) -> None:
    session.info["sealed_with"] = lambda: SECRET
    in_force(session)
    assert audit.broken(session, SECRET) == ""
    session.execute(delete(Audit))
    session.execute(delete(AuditHead))
    session.expire_all()
    assert audit.broken(session, SECRET).startswith("audit 1: it was begun anew")
    audit.audit(session, "owner:kim", "stock.set", "reward:tea", {"n": 1}, NOW)
    assert audit.broken(session, SECRET).startswith("audit 1: it was begun anew")
