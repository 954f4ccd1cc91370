"""The kinds of rewards word for word: what each says of itself, promises and refuses."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from facts.language import language
from facts.parts import Misfit
from rewards.document import Reward
from rewards.kinds import BY_NAME
from rewards.kinds.fitting import LINK_LENGTH_MAX
from rewards.wording import Wording

SAY = Wording(language("en"), "USD")
LINK = "https://partner.example/"
NEEDED: dict[str, dict[str, Any]] = {
    "percent": {"value": "12.5"},
    "fixed": {"value": "5.00"},
    "experience": {"terms": {"en": "Friday"}},
    "donation": {"thanks": {"en": "Thank you"}},
    "partner_code": {"terms": {"en": "Once"}, "link": LINK},
    "early_access": {"access": {"en": "The sale"}},
    "points": {"price": 0, "points": 250, "occasion": {"on": "member.birthday"}},
}


def a_reward(kind: str, **more: Any) -> Reward:
    plain = {"slug": "it", "kind": kind, "name": {"en": "It"}, "price": 100}
    return Reward.model_validate(plain | NEEDED.get(kind, {}) | more)


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [("product", {}, "A product"), ("fixed", {}, "$5 off"), ("fixed", {"value": "0.01"}, "$0.01 off"),
     ("percent", {}, "12.5% off"), ("percent", {"value": "100"}, "100% off"), ("free_delivery", {}, "Free delivery"),
     ("gift", {}, "A gift"), ("experience", {}, "An experience"), ("donation", {}, "A donation"),
     ("donation", {"value": "0.01"}, "A donation of $0.01"), ("partner_code", {}, "A code for a partner\u2019s shop"),
     ("early_access", {}, "Early access"), ("points", {}, "250 points"), ("points", {"points": 1}, "1 point")],
)  # fmt: skip
def test_what_a_kind_says_of_itself(kind: str, more: dict[str, Any], said: str) -> None:
    assert BY_NAME[kind].says(a_reward(kind, **more), SAY) == said.replace("\u2019", "'")


def test_what_is_promised_before_it_is_had() -> None:
    promised = {kind: BY_NAME[kind].promises(a_reward(kind), SAY) for kind in BY_NAME}
    assert {kind: said for kind, said in promised.items() if said} == {
        "donation": ["It goes to the pot at once and cannot be taken back."],
        "early_access": ["The sale", "Your pass is active at once and cannot be given back."],
        "points": ["They last 90 days.", "They are used first, and count towards no tier."],
    }
    unsaid = a_reward("early_access").model_copy(update={"access": {"ru": "Распродажа"}})
    assert BY_NAME["early_access"].promises(unsaid, SAY)[0] == "Распродажа"


def refusal(kind: str, **more: Any) -> tuple[str, tuple[str | int, ...]]:
    """What is said of a reward, and of which of its fields."""
    with pytest.raises(ValidationError) as refused:
        a_reward(kind, **more)
    (error,) = refused.value.errors()
    cause = error.get("ctx", {})["error"]
    return str(cause), cause.at if isinstance(cause, Misfit) else ()


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        ("fixed", {"value": "0"}, 'a fixed reward has a value of money, such as "5.00"'),
        ("percent", {"value": "0"}, "a percent reward has a value above 0 and at most 100"),
        ("percent", {"value": "100.01"}, "a percent reward has a value above 0 and at most 100"),
        ("donation", {"thanks": None}, "a donation thanks whoever gives, such as thanks: {en: …}"),
        ("early_access", {"access": None}, "early access says to what, such as access: {en: …}"),
        ("experience", {"terms": None},
         "an experience says in its terms when and where it is, such as terms: {en: …}"),
        ("partner_code", {"terms": None},
         "a partner's code says in its terms where it is good and for what, such as terms: {en: …}"),
        ("partner_code", {"link": ""},
         "a partner's code leads to their shop, such as link: https://partner.example/"),
        ("gift", {"thanks": {"en": "Thanks"}}, "a gift reward has no thanks, only donation has"),
        ("gift", {"access": {"en": "Sale"}}, "a gift reward has no access, only early_access has"),
        ("donation", {"fulfilment": "by_staff"}, "a donation reward is had at once: leave fulfilment out"),
        ("donation", {"codes": "pool"}, "a donation reward has no code: leave codes out"),
        ("early_access", {"codes": "pool"}, "a early_access reward is a pass of ours: leave codes out"),
        ("gift", {"fulfilment": "by_staff", "codes": "pool"},
         "uploaded codes are given at once: leave fulfilment out"),
        ("gift", {"stock": 0, "codes": "pool"},
         "there are as many as there are uploaded codes: leave stock out"),
    ],
)  # fmt: skip
def test_what_a_kind_refuses(kind: str, more: dict[str, Any], said: str) -> None:
    field = next(iter(more))
    assert refusal(kind, **more) == (said, () if field == "value" else (field,))


@pytest.mark.parametrize(
    "link",
    ["http://a.example", "https://", "https://me@a.example", "https://a.example:0/", "https://a.example:x/",
     "https://a.example/\u00fc", "https://a.example/ b", "https://a.example/\t", "//a.example", "a.example",
     *(f"https://a.example/{sign}" for sign in '"<>\\^`{|}')],
)  # fmt: skip
def test_links_that_hide_where_they_lead(link: str) -> None:
    said, _ = refusal("product", link=link)
    assert said == "a link is an address such as https://partner.example/welcome"


def test_links_that_may_be_shown() -> None:
    longest = LINK + "x" * (LINK_LENGTH_MAX - len(LINK))
    for link in ("", LINK, "https://a.example:8443/b?c=d#e", longest):
        assert a_reward("product", link=link).link == link
    with pytest.raises(ValidationError):
        a_reward("product", link=f"{longest}x")
