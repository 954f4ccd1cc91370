"""The public history compares programmes that hold exactly what `rules.json` tells, whatever there is in them."""

from __future__ import annotations

from random import Random

import pytest

from facts.language import language
from members.programme import Programme, presets
from members.programme.versions import FOR_EVER, Timeline, version_of
from members.views.rules_document import HIDDEN, document_of
from members.views.rules_past import OF_VERSION, past
from tests.builders import NOW, days
from tests.kinds.drawing import a_programme


def both(first: Programme, second: Programme) -> Timeline:
    return Timeline([
        version_of(first, 1, FOR_EVER, "test", NOW), version_of(second, 2, NOW - days(1), "test", NOW - days(1))
    ])  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_a_version_changes_something_when_the_data_of_the_two_differ(seed: int) -> None:
    chance = Random(seed)
    line = both(a_programme(chance), a_programme(chance))
    told = [{name: part for name, part in document_of(one, NOW).items() if name not in OF_VERSION}
            for one in line.whole]  # fmt: skip
    newest, first = past(line, NOW, language("ru"))
    assert (told[0] != told[1]) is bool(newest.changes)
    assert len(first.changes) == 1
    assert not [one for one in newest.changes if one.path.startswith(HIDDEN)]


@pytest.mark.parametrize("name", presets.names())
def test_the_presets_have_a_history(name: str) -> None:
    made = presets.preset(name, NOW)
    newest, _ = past(both(made, made.model_copy(update={"earning": made.earning[:-1]})), NOW, language("en"))
    assert [(one.kind, one.path) for one in newest.changes] == [
        ("removed", f"earning.{made.earning[-1].slug}")
    ]
