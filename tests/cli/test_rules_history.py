"""What `regulars programme apply` changed is told for good, on the rules page and in `/rules.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from app.public import rules
from members.cards import RulesCard
from tests.cli.conftest import Run
from tests.cli.test_rules_json import page
from tests.pages.conftest import SHOP

pytestmark = pytest.mark.anyio
BASE = 'name: Shopping, points: {}, per: "1.00"'
DISH = "  - {slug: dinner, kind: product, name: A dinner, price: 900"
BADGES = """
badges:
  - {slug: gem, name: Gem of night, secret: true, criterion: {kind: count, at_least: 3}}
  - {slug: plain, name: Plain, criterion: {kind: count, at_least: 3}, prizes: [{points: 5}]}
  - {slug: later, name: Later on, criterion: {kind: count, at_least: 3}, opens: 2999-01-01T00:00:00Z}
guards:
  - {slug: many, name: Many a day, on: review.posted, within: {hours: 24}, at_most: 9}
"""


async def history(language: str = "") -> list[dict[str, Any]]:
    transport = httpx.ASGITransport(Starlette(routes=rules.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        answer = await client.get("/rules.json", params={"language": language} if language else {})
    assert answer.status_code == 200, answer.text
    return answer.json()["history"]


def sentences(version: dict[str, Any]) -> list[str]:
    return [one["sentence"] for one in version["changes"]]


def apply(run: Run, draft: Path, text: str, *more: str) -> None:
    draft.write_text(text)
    run("programme", "apply", str(draft), *more)


@pytest.mark.feature(130)
async def test_each_version_says_what_it_changed_the_newest_first(house: Path, run: Run) -> None:
    draft = house / "p.yaml"
    apply(run, draft, SHOP)
    (first,) = await history()
    assert (first["version"], first["effective_from"]) == (1, None)
    assert sentences(first) == ["A first version: 4 earning rules, 2 tiers, and 4 rewards"]
    card: RulesCard = await page()
    assert (card.past, card.older) == ((), ())

    apply(run, draft, SHOP.replace(BASE.format(1), BASE.format(3)))
    apply(run, draft, SHOP.replace(BASE.format(1), BASE.format(9)), "--at", "2999-01-01T00:00:00Z")
    told = await history()
    assert [(one["version"], sentences(one)) for one in told] == [
        (2, ["Earning rule “Shopping”: points from 1 to 3"]),
        (1, ["A first version: 4 earning rules, 2 tiers, and 4 rewards"]),
    ], "what is planned for later is not told"
    assert told[0]["effective_from"]
    assert told[0]["changes"][0]["path"] == "earning.base.points"
    assert sentences((await history("ru"))[0]) == ["Правило начисления «Shopping»: баллы: было 1, станет 3"]
    for code, since in (("", "Version 2, since "), ("/ru", "Версия 2, с "), ("/ar", "الإصدار ٢، منذ ")):
        card = await page(code)
        newest = card.past[0]
        assert newest.title.startswith(since)
        assert newest.changes == tuple(sentences((await history(code[1:]))[0]))


@pytest.mark.feature(130)
async def test_neither_secrets_nor_stock_nor_guards_nor_what_comes_later_are_told(
    house: Path, run: Run
) -> None:
    draft = house / "p.yaml"
    apply(run, draft, SHOP)
    apply(run, draft, SHOP + BADGES)
    secret = SHOP.replace("rewards:\n", "rewards:\n  - {slug: soon, kind: product, name: Soon, price: 5, "
                          "visible_from: 2999-01-01T00:00:00Z}\n")  # fmt: skip
    apply(
        run,
        draft,
        secret.replace("stock: 1}", "stock: 2, alert_percent: 55}")
        + BADGES.replace("at_most: 9", "at_most: 3"),
    )
    third, second, _ = await history()
    assert third["changes"] == []
    (said,) = sentences(second)
    assert said.startswith("Badge “Plain” is new: ")
    assert (await page()).past[0].changes == ("Nothing that members see is different.",)
    apply(run, draft, SHOP + BADGES.replace("name: Plain,", "name: Plain, secret: true,"))
    assert not [one for version in await history() for one in sentences(version) if "Plain" in one], (
        "what is a secret by now is not told of the time before"
    )


@pytest.mark.feature(130)
async def test_the_newest_three_are_shown_and_older_ones_folded_and_twenty_are_told(
    house: Path, run: Run
) -> None:
    draft = house / "p.yaml"
    for points in range(1, 23):
        apply(run, draft, SHOP.replace(BASE.format(1), BASE.format(points)))
    assert [one["version"] for one in await history()] == list(range(22, 2, -1))
    card = await page()
    assert [one.key for one in card.past] == ["22", "21", "20"]
    assert [one.key for one in card.older] == [str(number) for number in range(19, 2, -1)]


@pytest.mark.feature(130)
async def test_of_many_changes_the_page_names_ten_and_counts_the_rest(house: Path, run: Run) -> None:
    draft = house / "p.yaml"
    apply(run, draft, SHOP)
    more = "".join(f"{DISH.replace('dinner', f'dinner-{n}')}}}\n" for n in range(13))
    apply(run, draft, SHOP + more)
    newest = (await page()).past[0]
    assert (len(newest.changes), newest.more) == (10, "and 3 more")
    assert len((await history())[0]["changes"]) == 13
