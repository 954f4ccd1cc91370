"""The document as YAML: it reads without surprises, says what is wrong, and writes back the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from facts.language import language
from members.programme import Programme, ProgrammeInvalid, dump, load, plan, validate
from members.programme.presets import names, preset, text
from members.programme.text import read
from rewards.document import Reward
from rewards.earning import BY_KIND

SMALL = """\
regulars: 1
name: Corner Shop
currency: EUR
timezone: Europe/Berlin
points:
  value: {points: 100, money: "1.00"}
tiers:
  levels:
    - {slug: member, name: Member, threshold: 0}
    - {slug: gold, name: Gold, threshold: 500, multiplier: 1.5}
earning:
  - {kind: points_per_money, slug: base, points: 1}
  - kind: fixed_points
    slug: review
    on: review.posted
    points: 10
rewards:
  - {slug: mug, kind: product, name: Mug, price: 300, prices: {gold: 250}}
"""


def test_a_document_is_read_as_people_mean_it() -> None:
    """`on` is a key, not the truth; 1.5 is one and a half; a text alone is in the shop's language."""
    programme = load(SMALL)
    assert programme.tiers.levels[1].multiplier == 1500
    assert programme.earning[1].model_dump()["on"] == "review.posted"
    assert programme.name == {"en": "Corner Shop"}
    assert programme.rewards[0].price_for("gold") == 250
    assert programme.rewards[0].price_for("member") == 300


@pytest.mark.parametrize("name", names())
def test_presets_have_nothing_wrong_and_write_back_the_same(name: str) -> None:
    assert validate(text(name)) == []
    programme = preset(name, datetime(2026, 3, 1, tzinfo=UTC))
    assert load(dump(programme)).model_dump() == programme.model_dump()


def test_a_preset_never_announces_what_has_begun() -> None:
    now = datetime(2031, 12, 20, tzinfo=UTC)
    later = [reward for reward in preset("grocery", now).rewards if reward.claimable_from]
    assert later
    assert all(reward.claimable_from and reward.claimable_from > now for reward in later)


WRONG = [
    ("currency: EUR", "currency: EURO", 3, "currency", "ISO 4217"),
    ("Europe/Berlin", "Europe/Berln", 4, "timezone", "did you mean “Europe/Berlin”?"),
    ("multiplier: 1.5", "multipler: 1.5", 10, "tiers.levels[1].multipler", "did you mean “multiplier”?"),
    (
        "kind: points_per_money",
        "kind: points_for_money",
        12,
        "earning[0]",
        "did you mean “points_per_money”?",
    ),
    ("on: review.posted", "on: reviews", 15, "earning[1].on", "review.posted"),
    ("price: 300", "price: 3 coins", 18, "rewards[0].price", "write a whole number"),
    ("price: 300", "price: 0", 18, "rewards[0].price", "write 1 or more"),
    ("{gold: 250}", "{gld: 250}", 18, "rewards[0].prices.gld", "did you mean “gold”?"),
    ("kind: product", "kind: produce", 18, "rewards[0].kind", "did you mean “product”?"),
    ("name: Mug", "name: 7", 18, "rewards[0].name", "quotes"),
    ("slug: mug", "slug: The Mug", 18, "rewards[0].slug", "small letters"),
    ("threshold: 500", "threshold: 0", 7, "tiers", "higher than the one before"),
    ("slug: review", "slug: base", 14, "earning[1].slug", "a slug of its own"),
    ('money: "1.00"', "money: 1.00", 6, "points.value.money", "in quotes"),
    ('money: "1.00"', 'money: "1.005"', 6, "points.value.money", "EUR has 2 decimals"),
    ("name: Corner Shop", "name: {en: ' '}", 2, "name", "add en"),
    ("price: 300", 'price: 300, value: "9.999"', 18, "rewards[0].value", "EUR has 2 decimals"),
    ("price: 300", "price: 300, price: 400", 18, "rewards[0].price", "keep one"),
    ("name: Mug", "name: *mug", 18, "", "quotes and colons"),
    ("currency: EUR\n", "", 1, "currency", "add currency"),
    (
        "price: 300",
        "price: 300, until: 9999-12-31T23:59:00Z",
        18,
        "rewards[0].until",
        "in the years from 2000 to 9000",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "line", "path", "remedy"), WRONG)
def test_what_is_wrong_is_said_with_its_place_and_what_would_be_right(
    right: str, wrong: str, line: int, path: str, remedy: str
) -> None:
    assert right in SMALL
    problems = validate(SMALL.replace(right, wrong, 1))
    assert [problem.path for problem in problems] == [path], problems
    assert problems[0].line == line
    assert remedy in problems[0].remedy
    with pytest.raises(ProgrammeInvalid, match=f"line {line}"):
        load(SMALL.replace(right, wrong, 1))


def test_what_is_retired_hinders_nothing() -> None:
    assert validate(SMALL.replace("price: 300", 'price: 300, value: "9.999", retired: true', 1)) == []


PLAYED = (
    SMALL
    + """
badges:
  - {slug: b, name: B, criterion: {kind: count, at_least: 1}, MOMENT}
challenges:
  - {slug: c, name: C, criterion: {kind: count, at_least: 1}, milestones: [{at: 1}], MOMENT}
goals:
  - {slug: g, name: G, criterion: {kind: count, at_least: 1}, target: 100, MOMENT}
boards:
  - {slug: l, name: L, criterion: {kind: count, at_least: 1}, MOMENT}
"""
)


@pytest.mark.parametrize(
    ("name", "at"), [("closes", "9999-12-31T23:59:00Z"), ("opens", "0001-01-01T00:00:00+00:00")]
)
def test_no_moment_is_where_a_zone_has_no_day(name: str, at: str) -> None:
    problems = validate(PLAYED.replace("MOMENT", f"{name}: {at}"))
    parts = ("badges", "challenges", "goals", "boards")
    assert [problem.path for problem in problems] == [f"{part}[0].{name}" for part in parts], problems
    assert (
        validate(PLAYED.replace("MOMENT", "opens: 2000-01-01T00:00:00Z, closes: 9000-12-31T23:59:00Z")) == []
    )


def test_everything_wrong_is_said_at_once() -> None:
    wrong = SMALL.replace("multiplier", "multipler").replace("slug: mug", "slug: MUG").replace("EUR", "EURO")
    assert len(validate(wrong)) == 3


@pytest.mark.parametrize(
    "hostile",
    [
        "", "[]", "regulars: 1\nname: &a x\ncurrency: *a", "a: &a [1]\nb: [*a, *a, *a]", "!!python/object:os.system {}",
        "regulars: 2", "{" * 5000, "- " * 3000, "\x00", "regulars: 99999999999999999999999999999999999", "? [a]\n: b",
        "points: {<<: {value: 1}}", "a: 1\n\tb: 2", "regulars: 1\nearning: {}\nrewards: 7\ntiers: ~",
        "regulars: 1\nearning: [1, {kind: multiply, slug: x, factor: .inf, where: {categories: [[]]}}]",
    ],
)  # fmt: skip
def test_hostile_texts_are_refused_with_a_sentence(hostile: str) -> None:
    problems = validate(hostile)
    assert problems
    assert all(str(problem)[-1] in ".?" for problem in problems)


def test_a_plan_reads_as_sentences() -> None:
    old = load(SMALL)
    changed = SMALL.replace("price: 300", "price: 280").replace("slug: review", "slug: reviews")
    said = [str(change) for change in plan(old, load(changed.replace("threshold: 500", "threshold: 400")))]
    assert "~ Reward “Mug”: price from 300 to 280" in said
    assert "~ Tier “Gold”: threshold from 500 to 400" in said
    assert "- Earning rule “review” is no more" in said
    assert any(line.startswith("+ Earning rule “reviews” is new:") for line in said)
    assert plan(old, load(SMALL)) == []


def test_what_staff_named_like_a_field_is_told_by_its_name_in_every_language() -> None:
    named = """wallets:
  money: {kind: cashback, name: Money, expiry: {kind: rolling, months: 3}}
facts:
  x.keep: {name: Kept, fields: {share: {type: integer, at_least: 1}}}
paying: {share: 50, rates: {points: {points: 50, money: "1.00"}}}
"""
    old = (SMALL.replace("tiers:\n", named + "tiers:\n").replace("slug: gold", "slug: points")
           .replace("gold: 250", "points: 250"))  # fmt: skip
    new = (old.replace("months: 3", "months: 6").replace("at_least: 1", "at_least: 2")
           .replace("points: 50,", "points: 40,").replace("points: 250", "points: 200"))  # fmt: skip
    said = [change.sentence.rpartition(":")[0] for change in plan(load(old), load(new), language("ru"))]
    assert said == [
        "facts.x.keep.fields.share.at least",
        "кошельки.money.сгорание.месяцев",
        "оплата.rates.points.баллы",
        "Награда «Mug»: цены по уровням.points",
    ]


@pytest.mark.parametrize(
    ("code", "said"), [("ru", "не больше: было 5, станет 3"), ("ar", "بحد أقصى: من ٥ إلى ٣")]
)
def test_the_boxes_of_a_guard_are_called_in_the_language(code: str, said: str) -> None:
    guard = "guards:\n  - {slug: many, name: Many, on: review.posted, at_most: 5, within: {hours: 1}}\n"
    old, new = load(SMALL + guard), load(SMALL + guard.replace("at_most: 5", "at_most: 3"))
    assert [change.sentence.partition(": ")[2] for change in plan(old, new, language(code))] == [said]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", ["kind “fixed_points”, on “visit”, points 5", "“Cup”, “Mug”"]),
        ("ru", ["вид «fixed_points», событие «visit», баллы 5", "«Cup», «Mug»"]),
        ("ar", ["النوع «fixed_points»، الحدث «visit»، النقاط ٥", "«Cup»، «Mug»"]),
    ],
)
def test_values_are_listed_and_quoted_as_the_language_does(code: str, words: list[str]) -> None:
    old = SMALL.replace("points: 1}", "points: 1, where: {skus: [Cup]}}")
    new = old.replace("[Cup]", "[Cup, Mug]").replace(
        "rewards:\n", "  - {kind: fixed_points, slug: come, on: visit, points: 5}\nrewards:\n"
    )
    said = [change.sentence for change in plan(load(old), load(new), language(code))]
    plain = sorted(one.replace("\u2068", "").replace("\u2069", "") for one in said)
    assert len(plain) == 2
    assert all(any(one.endswith(end) for one in plain) for end in words), plain


# --- the property: what is written reads back the same ------------------------------------------------------

slugs = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
words = st.dictionaries(st.sampled_from(["en", "ru", "ar"]), st.text(min_size=1, max_size=30), min_size=1)
points = st.integers(1, 10**6)
factors = st.integers(0, 1_000_000)
moments = st.none() | st.datetimes(
    min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip
where = st.fixed_dictionaries(
    {},
    optional={
        "skus": st.lists(st.text(max_size=9), max_size=3),
        "categories": st.lists(st.lists(st.text(min_size=1, max_size=9), min_size=1, max_size=3), max_size=3),
    },
)
common = {"slug": slugs, "name": words, "priority": st.integers(0, 10_000), "promotional": st.booleans()}
OF_KIND = {
    "exclude": {"where": where},
    "multiply": {"where": where, "factor": factors.map(lambda n: str(n / 1000))},
    "points_per_money": {"points": st.integers(1, 100), "per": st.sampled_from(["1", "1.00", "0.50"])},
    "cashback": {"percent": st.sampled_from(["0.5", "5", "100"]), "wallet": st.just("cash")},
    "extra_points": {
        "points": st.integers(1, 100),
        "where": where,
        "each": st.sampled_from(["piece", "order"]),
    },
    "fixed_points": {
        "points": st.integers(1, 100),
        "on": st.sampled_from(["visit", "review.posted", "x.tea"]),
    },
    "criterion_bonus": {
        "points": st.integers(1, 100),
        "criterion": st.fixed_dictionaries(
            {"kind": st.just("count"), "at_least": st.integers(1, 9)},
            optional={"window": st.just({"kind": "calendar", "unit": "month"}), "where": where},
        ),
    },
}


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """A programme of all rule kinds and any words."""
    rules = [
        draw(st.fixed_dictionaries({"kind": st.just(kind), **common, **fields}))
        for kind, fields in OF_KIND.items()
    ]
    reward = st.builds(
        Reward, slug=slugs, kind=st.just("product"), name=words, description=st.none() | words, price=points,
        prices=st.dictionaries(slugs, points, max_size=3), visible_from=moments, claimable_from=moments,
        stock=st.none() | st.integers(0, 9), icon=st.text(max_size=9), retired=st.booleans(),
    )  # fmt: skip
    small = load(SMALL)
    wallets = {"cash": {"kind": "cashback", "name": draw(words)}}
    whole = {**small.model_dump(mode="json"), "earning": rules, "name": draw(words), "wallets": wallets}
    return Programme.model_validate(whole).model_copy(update={"rewards": draw(st.lists(reward, max_size=3))})


@settings(max_examples=100, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(programmes())
def test_what_is_written_reads_back_the_same(programme: Programme) -> None:
    again = Programme.model_validate(read(dump(programme)).data)
    assert again.model_dump() == programme.model_dump()
    assert plan(programme, again) == []


def test_the_property_draws_every_kind() -> None:
    assert set(OF_KIND) == set(BY_KIND)


def test_a_document_that_is_refused_is_refused_in_the_language_of_who_asks() -> None:
    with pytest.raises(ProgrammeInvalid) as refused:
        load(SMALL.replace("price: 300", "price: 0", 1))
    said = "строка 18, столбец 43: rewards[0].price: «0» не подходит; напишите 1 или больше."
    assert refused.value.sentence(language("ru")) == said
    assert refused.value.sentence() == str(refused.value)
