"""Staff pages speak every language: their texts, what actions answer, and what publishing would change."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

from app import app as root
from app.frame.routes import address
from facts.language import LOCALES, codes, language
from members.views.team import moment
from pages.staff.referrals_offer import OfferState
from pages.staff.reward import RewardState
from pages.staff.studio import StudioState
from tests.facts.test_language import said_in
from tests.staff.conftest import call, visit
from tests.staff.shop import a_shop

STAFF_SEE = (
    "pages/staff/*.py", "components/*.py", "app/frame/*.py", "app/door.py", "app/pictures/decode.py",
    "members/views/*.py", "members/actions/*.py", "members/studio/*.py", "members/reward_form.py",
    "members/programme/plan.py",
)  # fmt: skip
TRANSLATED = [code for code in codes() if code != "en"]


@pytest.mark.parametrize("code", TRANSLATED)
def test_nothing_that_staff_read_is_left_in_english(code: str) -> None:
    with (LOCALES / f"{code}.po").open("rb") as file:
        known = {message.id: message.string for message in read_po(file, locale=code) if message.id}
    wanted = {one if isinstance(one, str) or one[1] else one[0] for one in said_in(*STAFF_SEE, staff=True)}
    assert len(wanted) > 250
    assert sorted(str(one) for one in wanted if not known.get(one)) == []


@pytest.mark.parametrize("code", codes())
def test_every_staff_page_has_an_address_in_every_language(code: str) -> None:
    pages = [page.path for page in root.PAGES if page.path.startswith("/staff")]
    assert len(pages) >= 9
    routes = {f"/{name}" for name in root.app._unevaluated_pages}
    assert {address(path, code) for path in pages} - routes == set()


@pytest.mark.anyio
@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "Reward “Mug”: price from 50 to 1,500"),
        ("ru", "Награда «Mug»: цена: было 50, станет 1 500"),
        ("ar", "مكافأة «\u2068Mug\u2069»: السعر: من ٥٠ إلى ١٬٥٠٠"),
    ],
)
async def test_what_publishing_would_change_is_said_in_the_language_of_the_page(code: str, said: str) -> None:
    a_shop()
    page = visit(RewardState, "owner", address("/staff/reward", code) + "?slug=mug")
    await call(page, "load")
    await call(page, "put", "price", "1500")
    assert [one.replace("\N{NO-BREAK SPACE}", " ") for one in page.card.changes] == [said]


@pytest.mark.parametrize(
    ("code", "said"),
    [("en", "23 Nov 2026, 06:31"), ("ru", "23 нояб. 2026\u202fг., 06:31"), ("ar", "٢٣ نوفمبر ٢٠٢٦، ٠٦:٣١")],
)
def test_a_day_and_its_time_are_parted_by_the_comma_of_the_language(code: str, said: str) -> None:
    at = datetime(2026, 11, 23, 11, 31, tzinfo=UTC)
    assert moment(at, language(code), ZoneInfo("America/New_York")) == said


@pytest.mark.anyio
@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(("code", "said"), [("en", "New York"), ("ru", "Нью-Йорк"), ("ar", "نيويورك")])
async def test_forms_say_by_the_clock_of_which_city_their_times_are(code: str, said: str) -> None:
    a_shop()
    for kind, path in (
        (RewardState, "/staff/reward?slug=mug"),
        (StudioState, "/staff/badges/edit?kind=badge"),
        (OfferState, "/staff/referrals/edit"),
    ):
        page = visit(kind, "owner", address(path.partition("?")[0], code) + "?" + path.partition("?")[2])
        await call(page, "load")
        assert page.card.zone == said, path
