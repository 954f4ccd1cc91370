"""The look: colours that can be read, drawings that are there, and words in the page's language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import reflex as rx

from components.primitives import apart, button
from components.words import href, kept, speaking, t
from facts.language import language
from members.cards import ICONS, icon_of
from members.drawings import drawings

ASSETS = Path(__file__).parents[2] / "assets"
CSS = (ASSETS / "regulars.css").read_text()

READ_ON = [
    ("ink", "surface"), ("ink", "raised"), ("ink", "sunk"), ("soft", "surface"), ("soft", "raised"), ("soft", "sunk"),
    ("accent", "surface"), ("accent", "raised"), ("accent", "accent-tint"), ("on-accent", "accent"),
    ("good", "good-tint"),
    ("good", "raised"), ("good", "sunk"), ("caution", "caution-tint"), ("caution", "raised"), ("surface", "ink"),
]  # fmt: skip


def tokens(block: str) -> dict[str, str]:
    """The variables of one block of the stylesheet."""
    inside = re.search(rf"(?m)^{re.escape(block)}(?:, \.[\w-]+)? \{{(.*?)\}}", CSS, re.DOTALL)
    assert inside, block
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", inside.group(1)))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [":root", ".dark"])
@pytest.mark.parametrize(("text", "ground"), READ_ON)
def test_text_can_be_read(theme: str, text: str, ground: str) -> None:
    found = tokens(theme)
    assert contrast(found[text], found[ground]) >= 4.5


@pytest.mark.parametrize("theme", [":root", ".dark"])
def test_a_field_has_an_edge(theme: str) -> None:
    assert contrast(tokens(theme)["field"], tokens(theme)["raised"]) >= 3


@pytest.mark.parametrize("theme", ["", ".dark "])
@pytest.mark.parametrize("tone", ["1", "2", "3", "4"])
def test_the_member_card_can_be_read(theme: str, tone: str) -> None:
    found = tokens(f".tier-{tone}") | (tokens(f".dark .tier-{tone}") if theme else {})
    for ground in (found["card-from"], found["card-to"]):
        assert contrast(found["card-ink"], ground) >= 4.5
        assert contrast(found["card-soft"], ground) >= 4.5
        assert contrast(found["card-bar"], ground) >= 3


def test_every_drawing_is_there() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ASSETS / "icons.svg").read_text()))
    assert drawn == ICONS


@pytest.mark.parametrize("code", ["en", "ru", "ar"])
def test_every_drawing_has_a_name_of_its_own_where_it_is_chosen(code: str) -> None:
    named = drawings(language(code))
    assert {key for key, _ in named} == ICONS
    assert len({name for _, name in named}) == len(ICONS)
    assert code == "en" or not {name for _, name in named} & {name for _, name in drawings(language("en"))}


def test_an_unknown_drawing_is_a_gift() -> None:
    assert (icon_of("coffee"), icon_of("../../x")) == ("coffee", "gift")


def test_words_and_addresses_are_of_the_language_spoken() -> None:
    assert (t("Home"), href("/history")) == ("Home", "/history")
    with speaking("ru"):
        assert (t("Home"), href("/history")) == ("Главная", "/ru/history")
        with speaking("ar"):
            assert t("Home") == "الرئيسية"
        assert t("Home") == "Главная"
    assert t("Home") == "Home"


def test_a_button_submits_nothing_unless_asked() -> None:
    assert '"button"' in str(button("x").render())
    assert '"submit"' in str(button("x", type="submit").render())


def test_fonts_and_drawings_came_with_their_licences() -> None:
    for name in ("onest", "readex-pro"):
        assert "SIL Open Font License" in (ASSETS / "licences" / f"{name}.txt").read_text()
    assert "ISC License" in (ASSETS / "licences" / "lucide.txt").read_text()


def test_what_is_loaded_for_a_language_is_light() -> None:
    from app.frame.routes import FONTS

    for code, names in FONTS.items():
        assert sum((ASSETS / "fonts" / f"{name}.woff2").stat().st_size for name in names) <= 60_000, code


def test_what_an_empty_list_shows_is_drawn() -> None:
    folder = Path(__file__).parents[2]
    sources = [path.read_text() for part in ("pages", "components") for path in (folder / part).rglob("*.py")]
    named = {name for text in sources for name in re.findall(r'\bempty\(\s*"([a-z-]+)"', text)}
    assert "smile" in named
    assert named <= ICONS


def test_a_style_writes_nothing_that_its_scan_does_not_find() -> None:
    """Classes are looked for in what was compiled, where a letter beyond ASCII is written as an escape."""
    written = re.compile(r"content-\['[^']*[^\x00-\x7f][^']*'\]")
    root = ASSETS.parent
    sources = [path for place in ("components", "pages", "app") for path in (root / place).rglob("*.py")]
    assert [path.name for path in sources if written.search(path.read_text())] == []


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("140 points to Silver by 31 December", "140~points to Silver by 31~December"),
        ("0 из 12 месяцев подряд", "0~из 12~месяцев подряд"),
        ("٩٥٠ نقطة لمستوى فضي", "٩٥٠~نقطة لمستوى فضي"),
        ("50% of an order, 2 × 3", "50%~of an order, 2 × 3"),
        ("Place 1", "Place 1"),
        ("", ""),
    ],
)
def test_a_number_and_the_word_after_it_stay_on_one_line(said: str, shown: str) -> None:
    assert kept(said) == shown.replace("~", "\u00a0")


def test_short_words_are_parted_in_lists_whatever_these_call_their_items() -> None:
    rows = rx.Var(_js_expr="rows", _var_type=list[str])
    for listed in (
        rx.foreach(rows, lambda one, at: rx.el.p(apart(one), key=at)),
        rx.foreach(rows, lambda card, index: rx.el.p(apart(card), key=index)),
    ):
        outer: Any = listed.render()
        inner = outer["children"][0]["children"][0]
        assert ".split(" in inner["iterable_state"]
        assert not {inner["arg_name"], inner["arg_index"]} & {outer["arg_name"], outer["arg_index"]}
