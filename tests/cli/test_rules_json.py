"""A rule that `regulars programme apply` changes is another one on the rules page and in `/rules.json`, at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette

from app.public import rules
from members.programme.presets import text
from pages.rules import RulesState
from tests.cli.conftest import Run
from tests.pages.conftest import House, call

pytestmark = pytest.mark.anyio
BEFORE, AFTER = "10 points for each $1 you spend.", "12 points for each $1 you spend."


async def document() -> dict[str, Any]:
    transport = httpx.ASGITransport(Starlette(routes=rules.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        answer = await client.get("/rules.json")
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    return answer.json()


async def page(code: str = "") -> Any:
    state = House(UUID(int=0)).visit(RulesState, f"{code}/rules", who="")
    await call(state, "load")
    return state.card


def main_rule(found: dict[str, Any]) -> tuple[int, int]:
    (rule,) = [one for one in found["earning"] if one["kind"] == "points_per_money"]
    return found["version"], rule["points"]


@pytest.mark.feature(130)
async def test_a_rule_that_is_changed_at_the_command_line_is_changed_on_the_page_and_in_the_data(
    house: Path, run: Run
) -> None:
    draft = house / "p.yaml"
    draft.write_text(text("grocery"))
    run("programme", "apply", str(draft))
    assert main_rule(await document()) == (1, 10)
    card = await page()
    assert card.earn[0].sentence == BEFORE
    assert card.version == "Version 1 of the programme, in force since its beginning"

    written = draft.read_text()
    draft.write_text(written.replace("points: 10\n    per:", "points: 12\n    per:"))
    assert "points from 10 to 12" in run("programme", "plan", str(draft)).stdout
    assert main_rule(await document()) == (1, 10), "a plan changes nothing"
    run("programme", "apply", str(draft))
    assert main_rule(await document()) == (2, 12)
    card = await page()
    assert card.earn[0].sentence == AFTER
    assert card.version.startswith("Version 2 of the programme, in force since ")
    assert (await page("/ru")).earn[0].sentence.startswith("12 баллов за каждые потраченные")
    assert "١٢" in (await page("/ar")).earn[0].sentence
    draft.write_text(written)
    run("programme", "apply", str(draft), "--at", "2999-01-01T00:00:00Z")
    assert (main_rule(await document()), (await page()).earn[0].sentence) == ((2, 12), AFTER)
