"""By which way a friend's link went from hand to hand: a word at its end, `?by=telegram`. Pure."""

from __future__ import annotations

import re

TAGS = ("telegram", "whatsapp", "vk", "mail", "sheet", "copy", "qr", "poster")
"""What a link can be tagged with; `sheet` is the phone's own way to share."""

WAYS = {"link": "link", "code": "code", "order": "till"}
"""What a friend came by who brought no tag along: a bare link, a code they named, or one named with an order."""

ALL = (*TAGS, *WAYS.values())
_BY = re.compile(r"(?:[?&]by=|~)([a-z]{1,20})(?![a-z])")


def tagged(link: str, tag: str) -> str:
    """A link that says by which way it went."""
    return f"{link}?by={tag}"


def kept(code: str, tag: str) -> str:
    """A code with its tag as a browser's cookie keeps it."""
    return f"{code}~{tag}" if code and tag in TAGS else code


def tag_of(typed: str) -> str:
    """The tag of a link or of a code that was kept; "" for none that we know."""
    found = _BY.search(typed.lower())
    return found[1] if found and found[1] in TAGS else ""


def channel_of(typed: str, way: str) -> str:
    """The channel that a friend is counted under, who named `typed` in some `way` (link, code, order)."""
    return tag_of(typed) or WAYS.get(way, "link")
