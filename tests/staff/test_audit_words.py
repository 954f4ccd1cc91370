"""Every deed that can be written into the audit has a name in words, and every name in words is of such a deed."""

from __future__ import annotations

from facts.language import SOURCE, language
from members.actions.drafts import KINDS
from members.views.audit_words import ACTIONS, ANY, named
from tests.staff.deeds import UNKNOWN, deeds

SAY = language(SOURCE)


def test_every_deed_in_the_audit_is_said_in_words() -> None:
    found = deeds()
    assert len(found) > 80
    assert {deed for deed in found if UNKNOWN in deed.partition(".")[2] or "." not in deed} == set()
    whole = {deed for deed in found if not deed.startswith(UNKNOWN)}
    assert {deed for deed in whole if named(deed, SAY) == deed} == set()
    ends = {deed.partition(".")[2] for deed in found - whole} - set(ANY)
    drafted = {f"{kind}.{end}" for kind in KINDS for end in ends}
    assert {deed for deed in drafted if named(deed, SAY) == deed} == set()


def test_no_words_are_for_a_deed_that_nobody_does() -> None:
    found = deeds()
    assert {deed for deed in ACTIONS if not {deed, f"{UNKNOWN}.{deed.partition('.')[2]}"} & found} == set()
    assert {end for end in ANY if f"{UNKNOWN}.{end}" not in found} == set()


def test_what_has_no_words_is_shown_by_its_name() -> None:
    assert named("badge.paused", SAY) == "Paused"
    assert named("x.unheard_of", SAY) == "x.unheard_of"
