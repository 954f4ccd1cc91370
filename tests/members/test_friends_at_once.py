"""Friends are followed together: what is read of them is read for all of them at once."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from sqlmodel import Session, col, func, select

from members.actions import referring
from members.actions.merging import merge
from members.actions.record import record
from members.merged import one_person, people
from members.tables import Outbox
from tests.builders import NOW, in_force
from tests.members.test_referring import FRIENDS, bought, somebody
from tests.members.test_referring_many import brings
from tests.members.test_taking_away import statements

BATCHED = ("fact", "merge", "programme_version", "standing")
SEARCHES = 8  # that looking for what makes one friend suspicious takes


def read(session: Session, friends: list[UUID]) -> Counter[str]:
    """How often each table was read when these are looked at."""
    with statements(session) as asked:
        assert referring.follow(session, friends, NOW) == len(friends)
    texts = [" ".join(text.split()) for text in asked if text.lstrip().startswith("SELECT")]
    return Counter(text.partition(" FROM ")[2].partition(" ")[0] for text in texts)


def test_what_friends_did_is_read_for_all_of_them_at_once(session: Session) -> None:
    in_force(session, FRIENDS)
    ann = somebody(session, "ann")
    friends = brings(session, ann, *(f"f{n}" for n in range(8)))
    record(session, [bought(f"f{n}", f"o{n}", "40.00", 3) for n in range(8)], NOW)
    referring.follow(session, friends, NOW)
    few, many = read(session, friends[:2]), read(session, friends)
    assert {table: many[table] for table in BATCHED} == {table: few[table] for table in BATCHED}
    assert many.total() - few.total() <= SEARCHES * 6


def test_all_accounts_of_several_people_are_found_together(session: Session) -> None:
    """As `one_person` finds them one by one: over two merges, from whichever account one asks."""
    in_force(session, FRIENDS)
    ann, old, older, ben, lone = (somebody(session, name) for name in ("ann", "old", "older", "ben", "lone"))
    merge(session, older, old, "One person", "owner:ada", NOW)
    merge(session, old, ann, "One person", "owner:ada", NOW)
    merge(session, lone, ben, "One person", "owner:ada", NOW)
    asked = [ann, old, older, ben, lone]
    found = people(session, asked)
    for one in asked:
        assert found[one][0] == one_person(session, one)[0]
        assert sorted(found[one]) == sorted(one_person(session, one))
    assert people(session, []) == {}


def test_open_pages_of_both_hear_why_nothing_is_paid_and_once(session: Session) -> None:
    """Nothing is posted on either account, so this is all that a page that is open could hear."""
    in_force(session, FRIENDS)
    ann = somebody(session, "ann")
    (ben,) = brings(session, ann, "ben")
    record(session, [bought("ben", "1", "5.00", 3)], NOW)
    before = session.exec(select(func.max(Outbox.seq))).one() or 0
    for _ in range(2):
        referring.follow(session, [ben], NOW)
    told = session.exec(select(Outbox.members).where(col(Outbox.seq) > before)).all()
    assert [set(one.split()) for one in told] == [{ann.hex, ben.hex}]
