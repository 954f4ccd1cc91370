"""Where lines end on a narrow phone: not between a number and what it counts, not within a day, and nothing is cut."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Shop, at_rest, until

pytestmark = pytest.mark.slow

PARTED = r"""() => {
  const found = [], range = document.createRange(), main = document.querySelector("main");
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  const top = (text, from) => {
    range.setStart(text, from); range.setEnd(text, from + 1);
    return range.getBoundingClientRect();
  };
  for (let text = walker.nextNode(); text; text = walker.nextNode())
    for (const pair of text.data.matchAll(/\p{Nd}\s(?=\p{L})/gu)) {
      const [number, word] = [top(text, pair.index), top(text, pair.index + 2)];
      if (number.height && word.height && word.top - number.top > number.height / 2)
        found.push(text.data.slice(Math.max(0, pair.index - 20), pair.index + 20));
    }
  return found;
}"""
CUT = """() => [...document.querySelectorAll("main li button > span")]
  .filter(words => words.scrollHeight > words.clientHeight + 3).map(words => words.textContent)"""


@pytest.mark.parametrize("language", ["", "/ru", "/ar"])
@pytest.mark.parametrize("path", ["/badges", "/streaks", "/rules", "/history"])
def test_no_line_ends_between_a_number_and_what_it_counts(
    shop: Shop, phone: Page, path: str, language: str
) -> None:
    phone.goto(f"{shop.url}/demo/enter/middling")
    phone.goto(f"{shop.url}{language}{path}")
    at_rest(phone)
    assert until(phone, lambda: phone.evaluate(PARTED), [], 5_000) == []


@pytest.mark.parametrize("who", ["top", "middling", "new"])
def test_no_words_under_a_badge_are_cut(shop: Shop, phone: Page, who: str) -> None:
    phone.goto(f"{shop.url}/demo/enter/{who}")
    phone.goto(f"{shop.url}/ru/badges")
    at_rest(phone)
    assert until(phone, lambda: phone.evaluate(CUT), [], 5_000) == []


LONG = """([place, words, beside]) => {
  document.querySelector(place).textContent = words;
  const seen = document.querySelector(beside), range = document.createRange();
  range.selectNodeContents(seen);
  const lines = new Set([...range.getClientRects()].map(one => Math.round(one.top)));
  const cut = seen.scrollWidth > seen.clientWidth || seen.scrollHeight > seen.clientHeight + 3;
  return [lines.size, cut];
}"""
KEEP = "1 680 баллов, чтобы сохранить уровень «Золото» и всё, что он даёт"
CHOICE = "250 баллов ко дню рождения или Торт на шестерых ко дню рождения"


def test_a_long_way_to_a_tier_leaves_its_day_whole(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/demo/enter/middling")
    phone.goto(f"{shop.url}/ru")
    at_rest(phone)
    place, by = '[data-first="tier.before"]', '[data-first="tier.by"]'
    assert phone.evaluate(LONG, [place, KEEP, by])[0] == 1


def test_a_free_choice_at_home_is_read_to_its_end(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/demo/enter/middling")
    phone.goto(f"{shop.url}/ru")
    at_rest(phone)
    step = "#next-step span span:last-child"
    assert phone.evaluate(LONG, [step, CHOICE, step]) == [3, False]
