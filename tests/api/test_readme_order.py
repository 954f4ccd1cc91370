"""The order that the README tells people to send."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.api.shop import ONE, Shop, an_order

pytestmark = pytest.mark.anyio
README = (Path(__file__).parents[2] / "README.md").read_text()


async def test_the_order_of_the_readme_brings_points(shop: Shop) -> None:
    own = shop.key()
    await shop.post(an_order("10.00"), key=own)
    before = await shop.standing(own)
    source = re.search(r"keys create till --source (\S+)`", README)
    told = re.search(r"<<EOF\n(.*?)\nEOF\n", README, re.DOTALL)
    assert source
    assert told
    text = told[1].replace("$MEMBER", before["member"])
    text = text.replace("$(date -u +%FT%TZ)", f"{datetime.now(UTC):%FT%TZ}")
    key = shop.key(source=source[1])
    answer = await shop.client.post("/api/v1/events", content=text, headers=key | ONE)
    assert answer.status_code == 200, answer.text
    assert (await shop.standing(own))["available"] == before["available"] + 373
