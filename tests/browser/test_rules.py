"""The rules page on a phone: the calculator answers, and a new version is told without what is the shop's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop, anew, at_rest, fits, regulars

pytestmark = pytest.mark.slow


@pytest.mark.feature(130)
def test_the_calculator_answers_and_a_new_version_is_told_in_each_language(
    shop: Shop, phone: Page, tmp_path: Path
) -> None:
    """The new version lets staff give less by hand, which is nobody else's business: it is named, and no more said."""
    phone.goto(f"{shop.url}/rules")
    at_rest(phone)
    phone.get_by_label("An amount").fill("20")
    phone.get_by_role("button", name="Calculate").click()
    expect(phone.get_by_role("listitem").filter(has_text=re.compile(r"^Member.*\d+\spoints"))).to_be_visible()

    draft = tmp_path / "p.yaml"
    written = regulars(shop.environment, "programme", "export")
    assert written.count("adjustment_limit: 5000") == 1
    draft.write_text(written.replace("adjustment_limit: 5000", "adjustment_limit: 4999"))
    done = re.search(
        r"Version (\d+) is in force", regulars(shop.environment, "programme", "apply", str(draft))
    )
    assert done
    number = done[1]  # other tests publish in this shop, too
    arabic = number.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    for path, heading, newest, said in (
        (
            "/rules",
            "How the rules have changed",
            f"Version {number}, since",
            "Nothing that members see is different.",
        ),
        ("/ru/rules", "Как менялись правила", f"Версия {number}, с", "Для участников ничего не меняется."),
        ("/ar/rules", "كيف تغيّرت القواعد", f"الإصدار {arabic}، منذ", "لا شيء مختلف مما يراه الأعضاء."),
    ):
        tab = anew(phone, f"{shop.url}{path}")
        expect(tab.get_by_role("heading", name=heading)).to_be_visible()
        expect(tab.get_by_role("heading", name=newest)).to_be_visible()
        expect(tab.get_by_text(said).first).to_be_visible()
        assert fits(tab), path
