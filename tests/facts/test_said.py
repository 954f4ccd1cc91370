"""Texts that are said in English, and in any other language: with numbers as they are written, and kept as data."""

from __future__ import annotations

import json
import pickle
from datetime import date

from facts.language import language
from facts.refusals import Refusal
from facts.said import NOTHING, Said, kept, told

NEAR = Said("did you mean “{word}”?", word="gold")
WHOLE = Said("line {line}, column {column}: {sentence}", line=1200, column=3, sentence=NEAR)


def test_a_text_is_english_and_every_other_language() -> None:
    assert WHOLE == "line 1200, column 3: did you mean “gold”?"
    assert WHOLE.sentence() == WHOLE
    assert WHOLE.sentence(language("ru")) == "строка 1200, столбец 3: может быть, «gold»?"
    assert "1200" in WHOLE.sentence(language("ar"))
    assert "هل تقصد" in WHOLE.sentence(language("ar"))


def test_braces_of_a_text_without_parameters_are_its_own() -> None:
    assert Said("such as {hours: 1}") == "such as {hours: 1}"


def test_a_text_inside_of_a_refusal_is_said_in_its_language_in_another_process_too() -> None:
    refusal = pickle.loads(
        pickle.dumps(Refusal("malformed", "{problem} at “{path}”.", path="data.km", problem=NEAR))
    )
    assert refusal.sentence(language("ru")).startswith("может быть, «gold»?")
    assert refusal.sentence() == "did you mean “gold”? at “data.km”."


def test_a_text_is_kept_as_data() -> None:
    again = told(json.loads(json.dumps(kept({"first": WHOLE, "path": "tiers", "n": 3}))))
    assert again == {"first": WHOLE, "path": "tiers", "n": 3}
    assert again["first"].sentence(language("ru")) == WHOLE.sentence(language("ru"))
    assert json.dumps(kept(Said("from {since} on", since=date(2026, 2, 1))))
    assert not NOTHING
