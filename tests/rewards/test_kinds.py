"""The kinds of rewards: what each checks, says and allows, how often it can be had, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from facts.language import codes, language
from members.programme import load, plan
from members.programme.plan import ENGLISH
from members.programme.reading import validate
from rewards.allowance import again, began, lately
from rewards.catalogue import Holder, Shelf, Why, offer
from rewards.document import Reward
from rewards.kinds import BY_NAME, KINDS, OWN
from rewards.kinds.kind import Kind
from rewards.redemption import State, expires_at, first_state, returnable_until
from rewards.wording import Wording
from tests.builders import PROGRAMME

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LINK = "https://partner.example/"
NEEDED: dict[str, dict[str, Any]] = {
    "percent": {"value": "10"},
    "fixed": {"value": "5.00"},
    "experience": {"terms": "Friday at six"},
    "donation": {"thanks": "Thank you", "value": "2.50"},
    "partner_code": {"terms": "Once", "link": LINK},
    "early_access": {"access": "The winter sale"},
    "points": {"price": 0, "points": 250, "occasion": {"on": "member.birthday"}},
}


def a_reward(kind: str, **more: Any) -> Reward:
    wanted = NEEDED.get(kind, {})
    return Reward.model_validate({"slug": "it", "kind": kind, "name": "It", "price": 100} | wanted | more)


def problem(line: str) -> str:
    """What `validate` says of a programme with this reward."""
    found = validate(PROGRAMME.replace("rewards: []", f"rewards:\n  - {line}"))
    return "\n".join(str(one) for one in found)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("code", codes())
def test_every_kind_speaks_every_language(kind: Kind, code: str) -> None:
    say, reward = Wording(language(code), "USD"), a_reward(kind.name)
    said = [kind.says(reward, say), say.text(kind.label), say.text(kind.hint)]
    assert all(said)
    if code != "en":
        english = Wording(ENGLISH, "USD")
        assert said[0] != kind.says(reward, english)
        assert said[2] != kind.hint
        assert len(kind.promises(reward, say)) == len(kind.promises(reward, english))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{slug: a, name: A, price: 5, kind: gitf}", "did you mean “gift”?"),
        ("{slug: a, name: A, price: 5, kind: zzz}", "use product, fixed, percent, free_delivery, gift, experience"),
        ("{slug: a, name: A, price: 5, kind: experience}", "says in its terms when and where"),
        ("{slug: a, name: A, price: 5, kind: donation}", "thanks whoever gives"),
        ("{slug: a, name: A, price: 5, kind: early_access}", "early access says to what"),
        ("{slug: a, name: A, price: 5, kind: partner_code, link: 'https://a.example'}", "where it is good"),
        ("{slug: a, name: A, price: 5, kind: partner_code, terms: Once}", "such as link: https://partner.example/"),
        ("{slug: a, name: A, price: 5, kind: gift, link: 'javascript:alert(1)'}", "a link is an address such as"),
        ("{slug: a, name: A, price: 5, kind: gift, link: 'http://a.example'}", "a link is an address such as"),
        ("{slug: a, name: A, price: 5, kind: gift, link: 'https://me:pw@a.example'}", "a link is an address such as"),
        ("{slug: a, name: A, price: 5, kind: gift, thanks: Thanks}", "a gift reward has no thanks, only donation has"),
        ("{slug: a, name: A, price: 5, kind: gift, access: Sale}", "only early_access has"),
        ("{slug: a, name: A, price: 5, kind: gift, codes: pool, stock: 3}", "as many as there are uploaded codes"),
        ("{slug: a, name: A, price: 5, kind: gift, codes: pool, fulfilment: by_staff}", "given at once"),
        ("{slug: a, name: A, price: 5, kind: donation, thanks: T, codes: pool}", "has no code: leave codes out"),
        ("{slug: a, name: A, price: 5, kind: donation, thanks: T, fulfilment: by_staff}", "leave fulfilment out"),
        ("{slug: a, name: A, price: 5, kind: donation, thanks: T, value: '1.005'}", "USD has 2 decimals"),
        ("{slug: a, name: A, price: 5, kind: early_access, access: S, codes: pool}", "is a pass of ours"),
        ("{slug: a, name: A, price: 5, kind: gift, per_period: {per: moth, most: 1}}", "did you mean “month”?"),
        ("{slug: a, name: A, price: 5, kind: gift, per_period: {per: month, most: 0}}", "per_period.most"),
        ("{slug: a, name: A, price: 5, kind: gift, per_period: {per: month, most: 1, tiers: {gld: 2}}}", "“gold”?"),
        ("{slug: a, name: A, price: 0, kind: gift}", "write 1 or more"),
        ("{slug: a, name: A, price: 0, kind: gift, fulfilment: by_staff, occasion: {on: member.birthday}}", "at once"),
        ("{slug: a, name: A, price: 0, kind: gift, prices: {gold: 5}, occasion: {on: member.birthday}}", "prices out"),
        ("{slug: a, name: A, price: 5, kind: gift, occasion: {on: member.birthdy}}", "did you mean “member.birthday”?"),
        ("{slug: a, name: A, price: 5, kind: gift, occasion: {on: member.birthday, days: 301}}", "occasion.days"),
        ("{slug: a, name: A, price: 5, kind: gift, points: 9}", "a gift reward has no points, only points has"),
        ("{slug: a, name: A, price: 0, kind: points, points: 9}", "rewards[0].occasion: this does not fit; points are "
         "given on an occasion, such as occasion: {on: member.birthday}."),
        ("{slug: a, name: A, price: 0, kind: points, occasion: {on: member.birthday}}",
         "rewards[0].points: this does not fit; say how many points, such as points: 250."),
        ("{slug: a, name: A, price: 5, kind: points, points: 9, occasion: {on: member.birthday}}",
         "rewards[0].price: “5” does not fit; points are not paid with points: use price: 0 and no prices."),
        ("{slug: a, name: A, price: 0, prices: {gold: 5}, kind: points, points: 9, occasion: {on: member.birthday}}",
         "prices"),
        ("{slug: a, name: A, price: 5, kind: gift, terms: {ru: Условия}}", "there is no text in “en”"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_reward_is_taught(line: str, said: str) -> None:
    assert said in problem(line)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", "price: “0” does not fit; write 1 or more."),
        ("prices: {gold: 5}, occasion: {on: member.birthday}",
         "prices: this does not fit; what costs nothing costs nobody anything: leave prices out."),
        ("fulfilment: by_staff, occasion: {on: member.birthday}",
         "fulfilment: “by_staff” does not fit; what costs nothing is had at once: leave fulfilment out."),
    ],
)  # fmt: skip
def test_what_costs_nothing_says_where_it_is_wrong(more: str, said: str) -> None:
    assert problem(f"{{slug: a, name: A, price: 0, kind: gift, {more}}}").endswith(f": rewards[0].{said}")


def test_a_donation_and_a_code_of_others_are_only_had_for_points() -> None:
    badge = (
        "\nbadges:\n  - {slug: b, name: B, criterion: {kind: count, at_least: 1}, prizes: [{reward: a}]}\n"
    )
    for line, said in (
        ("{slug: a, name: A, price: 5, kind: donation, thanks: T}", "is a donation, and that is only had for points"),
        (f"{{slug: a, name: A, price: 5, kind: partner_code, terms: T, link: '{LINK}'}}", "is a partner_code"),
        ("{slug: a, name: A, price: 5, kind: gift, codes: pool}", "whoever wins it could come too late"),
        ("{slug: a, name: A, price: 5, kind: early_access, access: S}", ""),
    ):  # fmt: skip
        found = validate(PROGRAMME.replace("rewards: []", f"rewards:\n  - {line}") + badge)
        assert (said in "\n".join(map(str, found))) if said else not found


def test_what_was_written_before_there_were_kinds_is_read_as_it_was() -> None:
    old = {
        "slug": "mug",
        "kind": "product",
        "name": {"en": "Mug"},
        "price": 5,
        "value": "0",
        "sku": "",
        "stock": 3,
    }
    reward = Reward.model_validate(old)
    assert (reward.pooled, reward.can_run_out, reward.at_counter, reward.per_period) == (
        False,
        True,
        True,
        None,
    )
    assert all(getattr(reward, field) is None for field in OWN)


def test_a_plan_says_what_changes_in_a_limit() -> None:
    def programme(more: str) -> Any:
        return load(
            PROGRAMME.replace(
                "rewards: []", f"rewards:\n  - {{slug: a, name: A, price: 5, kind: gift{more}}}"
            )
        )

    before = programme(", per_period: {per: month, most: 1}")
    after = programme(", per_period: {per: month, most: 2, tiers: {gold: 4}}")
    assert [change.sentence for change in plan(before, after)] == [
        "Reward “A”: per period.most from 1 to 2",
        "Reward “A”: per period.tiers.gold from nothing to 4",
    ]
    assert "from nothing to per “month”, most 1" in plan(programme(""), before)[0].sentence


@pytest.mark.parametrize(
    ("kind", "first", "back", "counter"),
    [
        ("gift", State.ISSUED, True, True),
        ("experience", State.ISSUED, True, True),
        ("donation", State.USED, False, False),
        ("partner_code", State.ISSUED, True, False),
        ("early_access", State.ISSUED, False, False),
        ("free_delivery", State.ISSUED, True, False),
    ],
)
def test_how_a_kind_is_had_and_given_back(kind: str, first: State, *, back: bool, counter: bool) -> None:
    reward = a_reward(kind)
    assert first_state(reward) is first
    until = returnable_until(reward, first, NOW, NOW + 90 * DAY)
    assert until == (NOW + 14 * DAY if back else None)
    assert returnable_until(reward, State.ISSUED, NOW, NOW + 90 * DAY, NOW) is None, "its code was seen"
    assert reward.at_counter is counter
    assert not a_reward("gift", codes="pool").at_counter


def test_a_pass_ends_with_what_it_opens() -> None:
    reward = a_reward("early_access", access_until=(NOW + 5 * DAY).isoformat())
    assert expires_at(reward, State.ISSUED, NOW) == NOW + 5 * DAY
    assert expires_at(a_reward("early_access", valid_days=3), State.ISSUED, NOW) == NOW + 3 * DAY
    assert reward.visible(NOW)
    assert not reward.visible(NOW + 5 * DAY), "nobody buys a pass that is over"


ZONE = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("per", "since", "opens"),
    [
        ("day", datetime(2026, 11, 22, 5, tzinfo=UTC), datetime(2026, 11, 23, 5, tzinfo=UTC)),
        ("week", datetime(2026, 11, 16, 5, tzinfo=UTC), datetime(2026, 11, 23, 5, tzinfo=UTC)),
        ("month", datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 12, 1, 5, tzinfo=UTC)),
        ("year", datetime(2026, 1, 1, 5, tzinfo=UTC), datetime(2027, 1, 1, 5, tzinfo=UTC)),
    ],
)
def test_a_period_is_that_of_the_programmes_zone(per: Any, since: datetime, opens: datetime) -> None:
    """New York: on a Sunday, in the month in which the clocks went back."""
    assert (began(per, NOW, ZONE), again(per, NOW, ZONE)) == (since, opens)


def test_so_many_in_a_period_and_another_number_for_a_tier() -> None:
    reward = a_reward("gift", per_period={"per": "day", "most": 1, "tiers": {"gold": 2}})
    midnight = datetime(2026, 11, 22, 5, tzinfo=UTC)
    had = [("it", midnight - timedelta(microseconds=1)), ("it", midnight), ("other", midnight)]
    assert lately([reward], had, NOW, ZONE) == {"it": 1}
    assert lately([a_reward("gift")], had, NOW, ZONE) == {}
    for tier, count, why in (("member", 0, None), ("member", 1, Why.LIMIT_FOR_NOW), ("gold", 1, None),
                             ("gold", 2, Why.LIMIT_FOR_NOW)):  # fmt: skip
        found = offer(reward, Holder(tier, 100, lately={"it": count}), None, NOW)
        assert (found.why, found.shelf) == (why, Shelf.LATER if why else Shelf.NOW)


def test_a_kind_is_one_file_and_one_line() -> None:
    assert list(BY_NAME) == [kind.name for kind in KINDS]
    assert len(BY_NAME) == len(KINDS) == 10
    assert {type(kind).__module__ for kind in KINDS} == {f"rewards.kinds.{name}" for name in BY_NAME}
