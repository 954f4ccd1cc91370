"""Every kind of entry says why it has its amount, in three languages, and so does everything that limits an amount."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from facts.history import events
from facts.language import language
from facts.refusals import Refusal
from members.programme.versions import FOR_EVER, version_of
from members.views.entries import why_sentence
from members.views.saying import wording
from rewards.earning import BY_KIND, Rule
from rewards.terms import TermsLine
from rewards.why import OTHERS
from rewards.wording import CAPS
from tests.builders import NOW
from tests.kinds import folding
from tests.kinds.drawing import a_programme
from tests.kinds.happening import a_history, facts_of
from tests.kinds.test_laws import LATER
from tests.kinds.test_said import LETTERS

ELSEWHERE = {"prize", "released", "restored", "budget", "pause"}
"""Entries of the game, of what comes back, and limits that are met too seldom here: their own tests read them."""
DRAWN_MOST = 300


def test_every_kind_of_entry_and_every_limit_has_its_sentence_in_three_languages() -> None:
    giving = {name for name, kind in BY_KIND.items() if kind.recompute is not Rule.recompute}
    unsaid, number = (giving | set(OTHERS) | set(CAPS)) - ELSEWHERE, 0
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
