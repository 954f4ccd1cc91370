"""Where things are: modules in their places, small, named by meaning, and free of one machine's ways."""

from __future__ import annotations

import ast
import re
import tomllib

from tests.repo.sources import PACKAGES, ROOT, files, imported, modules

LINES_MAX = 300
VAGUE = {
    "utils",
    "util",
    "helpers",
    "helper",
    "core",
    "manager",
    "managers",
    "service",
    "services",
    "misc",
    "common",
}
TOP_LEVEL = {*PACKAGES, "assets", "bench", "docs", "locales", "tests", "typings", "reflex.lock", ".ci"}
# Written so that this module does not contain what it looks for.
MACHINE = re.compile(
    "|".join(["/wor" + "k/", "/roo" + "t/", "/tmp/bri" + "ef", r"/home/[a-z]+/", "localhost:80" + "81"])
)


def test_every_module_of_app_has_its_place_in_the_import_contracts() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    placed = {
        name
        for contract in contracts
        if contract["type"] == "layers"
        for layer in contract["layers"]
        for name in re.findall(r"app\.\w+", layer)
    }
    found = {
        "app." + path.relative_to(ROOT / "app").parts[0].removesuffix(".py")
        for path in files()
        if path.is_relative_to(ROOT / "app") and path.suffix == ".py" and path != ROOT / "app" / "__init__.py"
    }
    assert found - placed == set()


def test_rxconfig_reads_the_settings_and_little_else() -> None:
    """Besides the settings only the plugin that finishes built pages, which itself knows facts alone."""
    allowed = {"rxconfig.py": ("app.settings", "app.frame.build"), "app/frame/build.py": ("facts.",)}
    for name, prefixes in allowed.items():
        found = [said for _, said in imported(ast.parse((ROOT / name).read_text()))]
        ours = [said for said in found if said.split(".")[0] in PACKAGES and said != "app.settings"]
        assert [said for said in ours if not said.startswith(prefixes)] == []


def test_the_root_is_no_package_and_app_stays_empty() -> None:
    assert not (ROOT / "__init__.py").exists()
    assert (ROOT / "app" / "__init__.py").read_text() == ""


def test_only_the_agreed_folders_at_the_top() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in files() if path.parent != ROOT}
    assert found - TOP_LEVEL == set()


def test_every_package_of_tests_is_one() -> None:
    folders = {
        path.parent for path in files() if path.is_relative_to(ROOT / "tests") and path.suffix == ".py"
    }
    assert [folder.name for folder in folders if not (folder / "__init__.py").exists()] == []


def test_modules_stay_readable() -> None:
    long = {}
    for path in files():
        if path.suffix == ".py" and "versions" not in path.parts:
            lines = len(path.read_text().splitlines())
            if lines > LINES_MAX:
                long[path.relative_to(ROOT).as_posix()] = lines
    assert long == {}


def test_modules_are_named_by_what_they_mean() -> None:
    named = {path for path in files() if path.suffix == ".py" and {path.stem, path.parent.name} & VAGUE}
    assert named == set()


def test_no_page_module_shares_a_name_with_a_package() -> None:
    pages = {path.stem for path in files() if path.is_relative_to(ROOT / "pages")}
    assert pages & {*PACKAGES, "tests", "docs"} == set()


def test_modules_open_with_a_sentence() -> None:
    silent = [
        name
        for name, tree in modules(*PACKAGES, "tests")
        if tree.body and not ast.get_docstring(tree) and name != "app/__init__.py"
    ]
    assert silent == []


def test_nothing_of_one_machine() -> None:
    text = (
        ".py",
        ".md",
        ".toml",
        ".txt",
        ".in",
        ".lock",
        ".yaml",
        ".yml",
        ".sh",
        ".ini",
        ".json",
        ".cfg",
        "",
    )
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path in files()
        if path.suffix in text and (hit := MACHINE.search(path.read_text(errors="ignore")))
    ]
    assert found == []


def test_table_modules_keep_their_annotations() -> None:
    """With postponed annotations, a Relationship to a list cannot be resolved."""
    lazy = [
        name
        for name, tree in modules(*PACKAGES)
        if name.endswith("tables.py")
        and name != "app/migrations/tables.py"
        and "__future__.annotations" in {found for _, found in imported(tree)}
    ]
    assert lazy == []
