"""`regulars codes`: ten thousand codes of a partner come in by one file, and no command shows one of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from app import database, door
from members.actions.record import record
from members.actions.redeem import redeem
from members.actions.vouchers import show_code
from members.tables import Audit
from tests.builders import PROGRAMME, an_order, days, in_force, standing_of
from tests.cli.conftest import Run

CINEMA = PROGRAMME.replace("rewards: []\n", """rewards:
  - {slug: cinema, kind: partner_code, name: Cinema, price: 10, terms: One seat, link: "https://cinema.example/"}
""")  # fmt: skip


@pytest.mark.feature(52)
def test_ten_thousand_codes_come_in_whole_go_out_once_and_staff_hear_in_time(run: Run, house: Path) -> None:
    engine = door.engine()
    with database.transaction(engine) as session:
        in_force(session, CINEMA)
        record(session, [an_order("o1", "90.00", at=datetime.now(UTC) - days(1))], datetime.now(UTC))
        me = standing_of(session).member_id
    file = house / "codes.txt"
    file.write_text("".join(f"CINE-{n:05}\n" for n in range(10_000)))
    assert "10000 codes were added to cinema." in run("codes", "load", "cinema", str(file)).stdout
    said = run("codes", "load", "cinema", str(file), code=1).stderr
    assert "codes.txt, line 1 was uploaded before" in said
    assert "Nothing was uploaded: 10000 lines are not as they should be" in said
    assert "no such reward" in run("codes", "load", "theatre", str(file), code=1).stderr
    assert run("codes", "show").stdout.splitlines()[1].split()[:3] == ["cinema", "10000", "10000"]

    with database.transaction(engine) as session:  # as if 8,999 had been had by others
        firsts = "SELECT digest FROM pool_code ORDER BY place LIMIT 8999"
        session.execute(
            text(f"UPDATE pool_code SET taken_at = '2026-01-01 00:00:00' WHERE digest IN ({firsts})")
        )
        session.execute(text('UPDATE reward_stock SET "left" = 1001'))
    with database.transaction(engine) as session:
        now = datetime.now(UTC)
        made = redeem(session, me, "cinema", now, "tap", door.secret())
    assert run("codes", "show").stdout.splitlines()[1].split()[2] == "1000"
    with database.reading(engine) as session:
        told = [
            (one.object, one.detail)
            for one in session.exec(select(Audit).where(Audit.action == "codes.alert"))
        ]
    assert [name for name, _ in told] == ["reward:cinema"]
    assert '"left":1000' in told[0][1].replace(" ", "")
    with database.transaction(engine) as session:
        show_code(session, me, made.redemption_id, now, door.secret())
    shown = (
        run("export", "redemptions").stdout + run("codes", "show").stdout + run("programme", "export").stdout
    )
    assert "CINE-" not in shown
