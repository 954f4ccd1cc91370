"""What pages must not do: go round the door, offer a handler by accident, or point left and right."""

from __future__ import annotations

import ast
import re

import pytest

from tests.repo.sources import dotted, imported, modules

DOORS = {"enter", "look", "in_thread", "needs", "everybody"}
PLAIN = {
    "str",
    "int",
    "bool",
    "float",
    "list[str]",
    "dict",
    "dict[str, str]",
    "dict[str, Any]",
    "list[rx.UploadFile]",
}
NEVER_FROM_THE_BROWSER = {
    "points",
    "price",
    "amount",
    "member_id",
    "member",
    "role",
    "balance",
    "column",
    "tier",
}
PHYSICAL = re.compile(
    r"(?<![\w-])-?(?:[a-z0-9@\[\]-]+:)*(?:m[lr]|p[lr]|left|right|border-[lr]|rounded-(?:l|r|tl|tr|bl|br)|scroll-[mp][lr])-"
    r"(?:\d|px|auto|\[)|(?<![\w-])(?:text|float|clear)-(?:left|right)(?![\w-])"
)
RAW_COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|(?:bg|text|border|ring|fill|stroke)-(?:red|green|blue|"
    r"gray|slate|zinc|neutral|stone|amber|yellow|lime|emerald|teal|cyan|sky|indigo|violet|purple|"
    r"fuchsia|pink|rose|orange)-\d"
)

PAGES = [pytest.param(name, tree, id=name) for name, tree in modules("pages")]
HANDLERS = [pytest.param(name, tree, id=name) for name, tree in modules("pages", "app", "components")]
FACES = [pytest.param(name, tree, id=name) for name, tree in modules("pages", "components")]


def states(tree: ast.Module) -> list[ast.ClassDef]:
    """The classes of a module that are a Reflex State."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(dotted(base).endswith("State") for base in node.bases)
    ]


def handlers(tree: ast.Module) -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Name and definition of every method that a browser can call."""
    return [
        (f"{state.name}.{node.name}", node)
        for state in states(tree)
        for node in state.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_")
    ]


@pytest.mark.parametrize(("name", "tree"), PAGES)
def test_pages_come_in_by_the_door(name: str, tree: ast.Module) -> None:
    """Only `enter`, `look` and `in_thread`: no engine, no token and no session of one's own."""
    round_it = [
        f"{name}:{node.lineno} {dotted(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and dotted(node.value) in {"door", "app.door"}
        and node.attr[0].islower()
        and node.attr not in DOORS
    ]
    round_it += [
        f"{name}:{line} {found}"
        for line, found in imported(tree)
        if found.startswith(("app.database", "sqlalchemy", "members.sessions"))
        or (
            found.startswith("app.door.")
            and found.split(".")[-1][0].islower()
            and found.split(".")[-1] not in DOORS
        )
        or (found.startswith("sqlmodel.") and found != "sqlmodel.Session")
    ]
    made = [
        f"{name}:{n.lineno}"
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and dotted(n.func) == "Session"
    ]
    assert round_it + made == []


@pytest.mark.parametrize(("name", "tree"), PAGES)
def test_a_public_method_is_meant_to_be_one(name: str, tree: ast.Module) -> None:
    """A browser can call every public method of a State, with or without a decorator; so each has one."""
    bare = [
        f"{name} {title}"
        for title, node in handlers(tree)
        if not any(dotted(mark).split(".")[-1] in {"event", "var"} for mark in node.decorator_list)
    ]
    assert bare == []


@pytest.mark.parametrize(("name", "tree"), HANDLERS)
def test_a_handler_says_whom_it_is_for(name: str, tree: ast.Module) -> None:
    """Right under `@rx.event`, so that what runs is held to it: `@needs(…)`, or `@everybody`."""
    silent = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            marks = [
                dotted(mark.func if isinstance(mark, ast.Call) else mark) for mark in node.decorator_list
            ]
            if "rx.event" in marks and marks[marks.index("rx.event") + 1 :] not in (["needs"], ["everybody"]):
                silent.append(f"{name}:{node.lineno} {node.name}")
    assert silent == []


@pytest.mark.parametrize(("name", "tree"), PAGES)
def test_handlers_take_plain_values_and_no_worth(name: str, tree: ast.Module) -> None:
    """Slugs and words only: a model would be built from the sender's dict, and worth is looked up."""
    wrong = []
    for title, node in handlers(tree):
        for argument in [*node.args.args[1:], *node.args.kwonlyargs]:
            kind = ast.unparse(argument.annotation) if argument.annotation else "nothing"
            if kind not in PLAIN or argument.arg in NEVER_FROM_THE_BROWSER:
                wrong.append(f"{name} {title}({argument.arg}: {kind})")
    assert wrong == []


def strings(tree: ast.Module) -> list[tuple[int, str]]:
    """Line and value of every string that is no docstring."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
    found = [
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return [(node.lineno, str(node.value)) for node in found if node.value not in docs]


@pytest.mark.parametrize(("name", "tree"), FACES)
def test_styles_know_start_and_end_not_left_and_right(name: str, tree: ast.Module) -> None:
    found = [f"{name}:{line} {hit.group()}" for line, text in strings(tree) if (hit := PHYSICAL.search(text))]
    assert found == []


@pytest.mark.parametrize(("name", "tree"), FACES)
def test_colours_are_tokens(name: str, tree: ast.Module) -> None:
    found = [
        f"{name}:{line} {hit.group()}" for line, text in strings(tree) if (hit := RAW_COLOUR.search(text))
    ]
    assert found == []


@pytest.mark.parametrize(("name", "tree"), HANDLERS)
def test_no_form_forgets_what_was_typed_before_it_is_known_to_be_done(name: str, tree: ast.Module) -> None:
    """A form that is to be empty afterwards has a `key` that changes when it was done; what was refused stays in it."""
    found = [
        f"{name}:{node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword)
        and node.arg == "reset_on_submit"
        and not (isinstance(node.value, ast.Constant) and node.value.value is False)
    ]
    assert found == []


@pytest.mark.parametrize(
    "text", ["ml-2", "md:-mr-4", "text-left", "flex pl-[3px]", "hover:right-0", "rounded-tl-2"]
)
def test_the_rule_sees_left_and_right(text: str) -> None:
    assert PHYSICAL.search(text)


@pytest.mark.parametrize("text", ["ms-2 pe-4", "start-0", "text-start", "arrow-right", "align-left", "xl-2"])
def test_the_rule_lets_start_and_end_pass(text: str) -> None:
    assert not PHYSICAL.search(text)
