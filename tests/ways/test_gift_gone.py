"""Whoever joins for a gift that is gone meanwhile reads so once, and is at home from then on."""

from __future__ import annotations

import pytest

from tests.ways.conftest import Visit, newest_code
from tests.ways.test_gifts import BEN, a_member, give, kept, link_in, shop, signed_in

pytestmark = pytest.mark.anyio
__all__ = ["shop"]


async def test_a_gift_that_is_gone_leads_nobody_back_to_it(visit: Visit) -> None:
    _, hers = a_member("ann")
    async with visit() as one, visit() as other:
        await give(signed_in(one, hers))
        page = await one.get("/give")
        link = link_in(page)
        await other.get(link)
        assert "regulars_gift" in other.cookies
        form = kept(page.text.split("/give/back", 1)[1])
        assert (await one.post("/give/back", data=form)).status_code == 303
        await other.post("/join", data={"address": BEN, "agree": "yes"})
        done = await other.post("/join/code", data={"code": newest_code(BEN)})
        assert done.headers["location"] == link
        assert (await other.get(link)).status_code == 404
        assert "regulars_gift" not in other.cookies
        await other.get("/g/7XKQ-2M9D-VB40-HT3WE")
        assert "regulars_gift" not in other.cookies
