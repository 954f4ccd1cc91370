"""Every kind of entry says why it has its amount, in three languages, and so does everything that limits an amount."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from sqlmodel import Session, select

from facts.history import events
from facts.language import language
from facts.refusals import Refusal
from members.actions.record import record
from members.actions.redeem import cancel, redeem
from members.programme import versions
from members.programme.versions import FOR_EVER, version_of
from members.prove import prove
from members.views.entries import why_sentence
from members.views.saying import wording
from rewards.earning import BY_KIND, Rule
from rewards.tables import Entry
from rewards.terms import TermsLine
from rewards.why import OTHERS
from rewards.wording import CAPS
from tests.builders import NOW, a_fact, an_order, days, in_force, standing_of
from tests.engine.wording import a_programme as a_shop
from tests.kinds import folding
from tests.kinds.drawing import a_programme
from tests.kinds.happening import a_history, facts_of
from tests.kinds.test_laws import LATER
from tests.kinds.test_said import LETTERS

SCENE = {"prize", "restored", "budget", "pause"}
"""Entries of the game, of what comes back, and limits that are met too seldom in what is drawn."""
OLD = {"released"}
"""What nobody writes any more; entries from before are still read."""
DRAWN_MOST = 300


def test_every_kind_of_entry_and_every_limit_has_its_sentence_in_three_languages() -> None:
    giving = {name for name, kind in BY_KIND.items() if kind.recompute is not Rule.recompute}
    unsaid, number = (giving | set(OTHERS) | set(CAPS)) - SCENE - OLD, 0
    while unsaid and number < DRAWN_MOST:
        chance = Random(number)
        programme, number = a_programme(chance, often=0.3), number + 1
        version = version_of(programme, 1, FOR_EVER, "test", NOW)
        try:
            fold = folding.folded(TermsLine([version]), events(facts_of(a_history(chance), "shop")), LATER)
        except Refusal:
            continue
        for posting in fold.postings:
            why: dict[str, Any] = json.loads(posting.why)
            names = {why["k"], *([min(why["caps"], key=lambda cap: cap[1])[0]] if why.get("caps") else [])}
            if names & unsaid:
                said = {code: why_sentence(why, wording(version, language(code))) for code in LETTERS}
                assert all(letters.search(said[code]) for code, letters in LETTERS.items()), (why, said)
                assert len(set(said.values())) == len(LETTERS), (why, said)
                unsaid -= names
    assert not unsaid, f"nobody was told why: {sorted(unsaid)}"


SHORT = a_shop(
    points="  expiry: {kind: rolling, months: 1}\n  restored_grace_days: 14",
    earning="""  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}
  - {kind: fixed_points, slug: few, on: survey.answered, points: 40, budget: 60}
  - {kind: fixed_points, slug: slow, on: visit, points: 5, pause: {hours: 6}}""",
    rewards="  - {slug: mug, kind: product, name: Mug, price: 20, fulfilment: by_staff, held_days: 90}",
)
GAME = """badges:
  - {slug: big, name: Big, criterion: {kind: largest, at_least: "25"}, prizes: [{points: 7}]}
"""


def test_a_prize_what_came_back_too_late_a_spent_budget_and_a_pause_say_why_in_three_languages(
    session: Session,
) -> None:
    in_force(session, SHORT + GAME)
    deeds: list[tuple[str, dict[str, Any]]] = [
        *(("survey.answered", {"survey_id": number}) for number in "12"),
        *(("visit", {}) for _ in "12"),
    ]
    told = [a_fact(kind, data, at=NOW, id=f"f{number}") for number, (kind, data) in enumerate(deeds)]
    record(session, [an_order("A", "30.00", at=NOW), *told], NOW)
    me = standing_of(session).member_id
    made = redeem(session, me, "mug", NOW + days(1), "tap", b"a secret of this test only, 32 bytes")
    cancel(session, me, made.redemption_id, NOW + days(40), f"member:{me}")
    whys: list[dict[str, Any]] = [
        json.loads(why) for why in session.exec(select(Entry.why).where(Entry.member_id == me))
    ]
    version, unsaid = versions(session).latest, SCENE | OLD
    whys.append({"k": "released", "points": 5})
    for why in whys:
        caps: list[tuple[str, int]] = why.get("caps", [])
        names = {str(why["k"]), *(name for name, _ in caps)} & unsaid
        if names:
            said = {code: why_sentence(why, wording(version, language(code))) for code in LETTERS}
            assert all(letters.search(said[code]) for code, letters in LETTERS.items()), (why, said)
            assert len(set(said.values())) == len(LETTERS), (why, said)
        unsaid -= names
    assert not unsaid, f"nobody was told why: {sorted(unsaid)}"
    assert prove(session).flaws == []
