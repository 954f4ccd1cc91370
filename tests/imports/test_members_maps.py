"""The maps of `regulars import members`: the ready ones read what they say, and the guide has every key and works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.cli.imports.members_map import (
    MEMBER_MAPS,
    ConsentColumns,
    LotColumns,
    MemberMap,
    PastColumns,
    PeopleColumns,
    TierColumns,
    read_member_map,
)
from facts.refusals import Refusal
from tests.imports.moving import ANN, HEADER, MAP, House, a_house

GUIDE = (Path(__file__).parents[2] / "docs" / "moving-in.md").read_text(encoding="utf-8")
EXPORTS = {
    "smile": "email,first_name,last_name,points,vip_tier\nann@example.com,Ann,Bell,1200,Gold\n",
    "loyaltylion": "merchant_id,email,first_name,points_approved,points_pending,enrolled_at\n"
                   "1001,ann@example.com,Ann,1200,70,2025-06-01T15:00:00Z\n",
    "voucherify": "id,source_id,name,email,phone,loyalty_points,created_at\n"
                  "cust_1,1001,Ann Bell,ann@example.com,+44 20 7946 0958,1200,2022-05-18T10:00:00.000Z\n",
    "woocommerce_points": "user_id,user_email,points_balance,date\n1001,ann@example.com,1000,2024-01-02 10:00:00\n"
                          "1001,ann@example.com,200,2023-05-06 11:00:00\n",
}  # fmt: skip


@pytest.fixture
def house(engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """An open shop with nobody in it."""
    monkeypatch.setenv("REGULARS_SECRET", "a secret of the tests of moving in")
    return a_house(engine, database_url, tmp_path)


def test_every_ready_map_is_tried_here() -> None:
    assert {path.stem for path in MEMBER_MAPS.glob("*.toml")} == set(EXPORTS)


@pytest.mark.parametrize("name", EXPORTS)
def test_a_ready_map_says_where_its_columns_are_published(name: str) -> None:
    text = (MEMBER_MAPS / f"{name}.toml").read_text()
    assert re.search(r"^# .*https://", text, re.MULTILINE)
    assert name in GUIDE


@pytest.mark.parametrize("name", EXPORTS)
def test_a_ready_map_brings_an_export_in(house: House, name: str) -> None:
    (house.folder / "export.csv").write_text(EXPORTS[name])
    told = house.run(
        "import", "members", str(house.folder / "export.csv"), "--map", name, "--source", "shop.example/o"
    )
    assert told.exit_code == 0, told.output
    ann = house.person("email:ann@example.com")
    assert ann.points == 1200
    assert ("customer:shop.example/o:1001" in house.found_by()) == (name != "smile")
    if name == "woocommerce_points":
        assert [lot.rank[:8] for lot in ann.lots] == ["20240102", "20230506"]
        log = "user_id,date,points,type\n1001,2024-01-02 10:00:00,1000,order-placed\n"
        (house.folder / "log.csv").write_text(log)
        words = ("--map", name, "--source", "shop.example/o", "--history", str(house.folder / "log.csv"))
        assert house.run("import", "members", str(house.folder / "export.csv"), *words).exit_code == 0
    house.proven()


@pytest.mark.parametrize("expiry", ["inactivity", "calendar, dates: [12-31]"])
def test_points_that_last_for_ever_come_over_only_where_points_have_days(
    engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expiry: str
) -> None:
    monkeypatch.setenv("REGULARS_SECRET", "a secret of the tests of moving in")
    house = a_house(engine, database_url, tmp_path, expiry=expiry)
    lasting = MAP.replace('expires = "ends"', 'expires = "ends"\nlasts = true')
    told = house.move(HEADER + ANN, map_=lasting)
    if expiry == "inactivity":
        assert (told.exit_code, house.found_by()) == (1, set())
        assert "take lasts out of the map" in " ".join(told.output.split())
        assert house.move(HEADER + ANN).exit_code == 0
    else:
        assert told.exit_code == 0


def test_the_example_of_the_guide_works(house: House) -> None:
    for name, text in re.findall(r"^```\w+ ([\w.-]+)\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE):
        (house.folder / name).write_text(text, encoding="utf-8")
    told = house.run(
        "import", "members", str(house.folder / "people.csv"), "--map", str(house.folder / "people.toml")
    )
    assert told.exit_code == 0, told.output
    assert (
        house.person("email:ann@example.com").points,
        house.person("email:ann@example.com").stand.tier,
    ) == (1500, "gold")
    assert house.person("phone:+4930901820").member.name == "Ann Bell"


@pytest.mark.parametrize(
    "part", [MemberMap, PeopleColumns, LotColumns, TierColumns, ConsentColumns, PastColumns]
)
def test_every_key_is_in_the_guide(part: type[MemberMap]) -> None:
    missing = [name for name in part.model_fields if not re.search(rf"[`\[ \n]{name}[`\] =]", GUIDE)]
    assert missing == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('name = "a"\n[member]\nname = "n"\n', "says nobody"),
        ('name = "A B"\n[member]\nid = "n"\n', "name: String should match"),
        ('name = "a"\nzone = "Mars"\n[member]\nid = "n"\n', "is no time zone"),
        ('name = "a"\n[member]\nid = "n"\n[[consent]]\npurpose = "spam"\nchannel = "email"\ngiven = "g"\nat = "t"\n'
         'version = "1"\n', "nobody can agree to spam by email here"),
        ('name = "a"\n[member]\nid = "n"\nmial = "m"\n', "member.mial: Extra inputs"),
        ("name = a\n", "is not TOML"),
    ],
)  # fmt: skip
def test_a_wrong_map_says_what_would_be_right(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "map.toml").write_text(text)
    with pytest.raises(Refusal, match=problem):
        read_member_map(tmp_path / "map.toml")
