"""Languages: digits, plurals, money and dates as CLDR has them, and catalogues without holes."""

from __future__ import annotations

import gc
import re
import weakref
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from facts.language import LOCALES, codes, language

ROOT = Path(__file__).parents[2]
KEYWORDS: dict[str, Any] = {"text": None, "t": None, "N_": None, "bold": (1, 3), "plural": (1, 2),
                            "Said": None}  # fmt: skip
MEMBERS_SEE = (
    "pages/*.py", "components/*.py", "app/frame/*.py", "app/door.py", "app/limits.py", "members/views/*.py",
    "rewards/wording.py",
    "rewards/earning/*.py", "rewards/kinds/*.py", "members/actions/redeem.py", "members/actions/vouchers.py",
    "facts/criteria/*.py",
    "app/public/*.py", "members/actions/credentials.py", "members/actions/play.py", "members/actions/sharing.py",
    "members/actions/shelf.py", "members/actions/away.py", "members/issuer.py",
    "members/actions/codes.py", "members/actions/joining.py", "members/addresses.py", "members/devices.py",
    "members/takeover.py", "members/bringing.py", "members/referral_codes.py",
)  # fmt: skip
DOCUMENT_SAYS = (
    "facts/*.py",
    "facts/criteria/*.py",
    "rewards/**/*.py",
    "badges/*.py",
    "members/programme/*.py",
)
STAFF_ONLY = ("staff", "workbench", "reward_form")
TRANSLATED = [code for code in codes() if code != "en"]


def test_there_are_three_languages() -> None:
    assert codes() == ("en", "ar", "ru")
    assert [language(code).dir for code in codes()] == ["ltr", "rtl", "ltr"]
    assert [language(code).name for code in codes()] == ["English", "العربية", "Русский"]


def test_a_language_that_nobody_speaks_is_english() -> None:
    assert language("tlh").code == "en"
    assert language("../../etc/passwd").code == "en"
    assert language("tlh") is language("tlh-u-nu-latn") is language("en")
    assert language("ar") is language("ar")
    assert language("ar") is not language("ar-u-nu-latn") is language("ar-u-nu-latn")


def test_nothing_is_kept_of_a_language_that_nobody_speaks() -> None:
    class Code(str):
        __slots__ = ("__weakref__",)

    code = Code("tlh")
    kept = weakref.ref(code)
    assert language(code).code == "en"
    del code
    gc.collect()
    assert kept() is None


@pytest.mark.parametrize(
    ("code", "number", "money", "percent", "day", "month"),
    [
        ("en", "1,234,567", "$12.40", "88%", "31 December", "31 Dec 2026"),
        ("ru", "1\xa0234\xa0567", "12,40\xa0$", "88\xa0%", "31 декабря", "31 дек. 2026\u202fг."),
        ("ar", "١٬٢٣٤٬٥٦٧", "\u200f١٢٫٤٠\xa0$", "٨٨٪", "٣١ ديسمبر", "٣١ ديسمبر ٢٠٢٦"),
    ],
)
def test_figures(code: str, number: str, money: str, percent: str, day: str, month: str) -> None:
    say = language(code)
    assert say.number(1234567) == number
    assert say.money(1240, "USD") == money
    assert say.percent(Decimal("0.88")) == percent
    assert (
        say.percent(Decimal("0.542"), tenths=True) == {"en": "54.2%", "ru": "54,2\xa0%", "ar": "٥٤٫٢٪"}[code]
    )
    assert say.date(date(2026, 12, 31), "day") == day
    assert say.date(date(2026, 12, 31)).replace("\xa0", "\u202f") == month


def test_money_knows_its_decimals() -> None:
    assert language("en").money(1240, "JPY") == "¥1,240"
    assert language("en").money(1240, "KWD").replace("\xa0", "") == "KWD1.240"
    assert language("en").money(100, "USD", short=True) == "$1"
    assert language("en").money(150, "USD", short=True) == "$1.50"


def test_no_latin_digit_is_left_in_arabic() -> None:
    say = language("ar")
    moment = datetime(2026, 12, 31, 15, 4, tzinfo=UTC)
    said = [say.number(-9876543210), say.money(123456, "USD"), say.percent(0.37), say.text("{n} left", n=12),
            say.plural("{n} point", "{n} points", 105), say.factor(1_250_000), say.number(62, signed=True)]  # fmt: skip
    said += [say.date(moment, style) for style in ("day", "short", "medium", "long", "month", "time", "full")]
    assert not re.search("[0-9]", "".join(said))


def test_arabic_with_latin_digits_when_asked() -> None:
    assert language("ar-u-nu-latn").number(1234) == "1,234"
    assert language("ar-u-nu-latn").dir == "rtl"


def test_signs_stay_before_their_number() -> None:
    assert language("en").number(62, signed=True) == "+62"
    assert language("en").number(-62, signed=True) == "\u221262"
    assert language("en").number(0, signed=True) == "0"
    assert language("ar").number(-62) == "\u200e\u2212٦٢"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", {1: "1 point", 2: "2 points", 0: "0 points"}),
        ("ru", {1: "1 балл", 2: "2 балла", 5: "5 баллов", 11: "11 баллов", 21: "21 балл", 22: "22 балла"}),
        ("ar", {1: "نقطة واحدة", 2: "نقطتان", 3: "٣ نقاط", 10: "١٠ نقاط", 11: "١١ نقطة", 100: "١٠٠ نقطة"}),
    ],
)
def test_plurals(code: str, said: dict[int, str]) -> None:
    assert {n: language(code).plural("{n} point", "{n} points", n) for n in said} == said


def test_a_moment_is_told_in_its_zone() -> None:
    moment = datetime(2027, 1, 1, 2, tzinfo=UTC)
    assert language("en").date(moment, "day", ZoneInfo("America/New_York")) == "31 December"
    assert language("en").date(moment, "day") == "1 January"


def test_a_latin_name_keeps_to_itself_in_arabic() -> None:
    assert "\u2068Marlow & Sons\u2069" in language("ar").text(
        "Every visit to {shop} gives something back", shop="Marlow & Sons"
    )
    assert "\u2068" not in language("en").text(
        "Every visit to {shop} gives something back", shop="Marlow & Sons"
    )


def test_a_text_may_contain_braces_of_others() -> None:
    assert (
        language("en").text("You exchanged {points} for “{reward}”.", points="1", reward="{0}")
        == "You exchanged 1 for “{0}”."
    )


def test_bold_parts_make_the_sentence() -> None:
    assert language("en").bold("[{n} point] to {tier}", 140, "[{n} points] to {tier}", tier="Gold") == (
        "",
        "140 points",
        " to Gold",
    )
    assert language("ru").bold("[{tier}] is yours", tier="Золото") == ("", "Золото", " — ваш уровень")


# --- the catalogues -------------------------------------------------------------------------------------------


def said_in(
    *patterns: str, staff: bool, keywords: dict[str, Any] = KEYWORDS
) -> Iterator[str | tuple[str, str]]:
    """Every text that the sources ask for."""
    for pattern in patterns:
        for path in ROOT.glob(pattern):
            if staff or not path.name.startswith(STAFF_ONLY):
                for _, message, _, _ in extract_from_file("python", str(path), keywords=keywords):
                    yield tuple(message) if isinstance(message, tuple) else message  # type: ignore[misc]


def wanted() -> set[str | tuple[str, str]]:
    """What members (and strangers) can read."""
    return {one if isinstance(one, str) or one[1] else one[0] for one in said_in(*MEMBERS_SEE, staff=False)}


@pytest.mark.parametrize("code", TRANSLATED)
def test_nothing_that_members_read_is_left_in_english(code: str) -> None:
    with (LOCALES / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    known = {message.id: message.string for message in catalogue if message.id}
    missing = sorted(str(one) for one in wanted() if not known.get(one))
    holes = [str(key) for key, said in known.items() if isinstance(said, tuple) and not all(said)]
    assert (missing, holes) == ([], [])


@pytest.mark.parametrize("code", TRANSLATED)
def test_nothing_that_is_said_of_a_document_is_left_in_english(code: str) -> None:
    with (LOCALES / f"{code}.po").open("rb") as file:
        known = {str(one.id) for one in read_po(file, locale=code) if one.id and one.string}
    asked = set(said_in(*DOCUMENT_SAYS, staff=True, keywords={"N_": None, "Said": None}))
    assert sorted({str(one) for one in asked} - known) == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_ask_for_nothing_that_is_not_there(code: str) -> None:
    with (LOCALES / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    wrong = []
    for message in catalogue:
        ids = [str(one) for one in (message.id if isinstance(message.id, list | tuple) else [message.id])]
        given = message.string
        strings = [str(one) for one in (given if isinstance(given, list | tuple) else [given])]
        allowed = set(re.findall(r"\{(\w+)\}", " ".join(ids)))
        for said in strings:
            if message.id and not set(re.findall(r"\{(\w+)\}", said)) <= allowed:
                wrong.append(said)
    assert wrong == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_translation_is_left_over(code: str) -> None:
    everything = {
        one if isinstance(one, str) or one[1] else one[0]
        for one in said_in(
            "app/**/*.py",
            "pages/**/*.py",
            "components/*.py",
            "members/**/*.py",
            "rewards/**/*.py",
            "badges/**/*.py",
            "facts/**/*.py",
            staff=True,
        )
    }
    everything |= set(re.findall(r'Refusal\(\s*"[a-z_]+",\s*"((?:[^"\\]|\\.)*)"', sources()))
    with (LOCALES / f"{code}.po").open("rb") as file:
        left = sorted(
            str(message.id)
            for message in read_po(file, locale=code)
            if message.id and message.id not in everything
        )
    assert left == []


def sources() -> str:
    """All Python of the programme."""
    folders = ("app", "pages", "components", "members", "rewards", "badges", "facts")
    return "\n".join(path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.py"))
