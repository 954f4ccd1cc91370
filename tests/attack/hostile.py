"""What an attacker sends where a page expects a word, a number or a form."""

from __future__ import annotations

from typing import Any

FIELDS = (
    "amount", "at", "alias", "badge", "badge_reason", "code", "department", "email", "how_many", "id", "key", "name",
    "purpose", "reason", "role", "since", "slug", "taken", "taking_reason", "until", "wanted", "zone",
)  # fmt: skip


def values(*known: str) -> list[Any]:
    """Seventy hostile values; `known` are ids and names of others, which look right."""
    words: list[Any] = [
        "", " ", "0", "-1", "1", "999999999999999999999", "1e308", "NaN", "Infinity", "0x10", "١٢٣", "½", "null",
        "true",
        "../../etc/passwd", "..\\..\\windows", "/", "\x00", "a\x00b", "\r\nSet-Cookie: a=b", "\u202etxt.exe",
        "\ud83d\ude00" * 200,
        "'; DROP TABLE member; --", "' OR '1'='1", "1); DELETE FROM entry; --", "%' OR 1=1 --", "%%%%", "_", "*",
        "[a-z",
        "<script>alert(1)</script>", "{{7*7}}", "{0.__class__}", "%s%n", "javascript:alert(1)", "__class__", "__dict__",
        "status", "_filled_for", "set_is_hydrated", "x" * 100_000, "(" * 2000, "owner", "published", "draft", "\udcff",
    ]  # fmt: skip
    things: list[Any] = [
        None, True, False, 0, -1, 2**63, 1e308, float("nan"), [], ["a"] * 1000, {}, {"a": [1]}, {"$gt": ""},
        [[[[[[]]]]]], {"__class__": "Person", "role": "owner"}, [None], {"id": {"id": {"id": 1}}},
    ]  # fmt: skip
    theirs = list(known)
    forms = [
        dict.fromkeys(FIELDS, word) for word in ("", "1", "-1", "x" * 5000, "\x00", None, [], *known[:2])
    ]
    return [*words, *things, *theirs, *forms]
