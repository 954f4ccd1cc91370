"""What goes into a log says what happened, and never who it happened to or with what key.

`install` makes every record of this process pass here, whichever library writes it: tokens, cookies, keys, codes,
e-mail addresses and telephone numbers are taken out of the message and of the traceback. Rather too much than too
little; ids of members stay, which say nothing to a stranger.
"""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

GONE = "[…]"
_PARTS = (
    (re.compile(r"(\w+://)[^\s/@]+@"), rf"\1{GONE}@"),  # a password in an address
    (re.compile(r"(regulars_\w+=)[^;,\s'\"\\]+"), rf"\1{GONE}"),
    (
        re.compile(
            r"((?:cookie|authorization|[\w-]*token|[\w-]*secret|password|credential|[\w-]*code|proof|state|nonce)"
            r"['\"]?\s*[:=]\s*(?:bearer\s+)?)(['\"]?)[^\s,;&'\"}\])]{4,}",
            re.IGNORECASE,
        ),
        rf"\1\2{GONE}",
    ),
    (re.compile(r"(/(?:sign-in/link|staff/start|unsubscribe)/)[^\s/?#'\"<>]+"), rf"\1{GONE}"),
    (re.compile(r"\brk_[\w-]+"), GONE),
    (re.compile(r"[^\s@'\"<>=:,;()\[\]{}]+@[^\s@'\"<>=,;()\[\]{}]+\.\w{2,}"), GONE),
    (re.compile(r"(?<![\w.])\+\d[\d ()-]{6,20}\d"), GONE),
    (re.compile(r"(?<![\w.:-])\d{6}(?![\w.:-])"), GONE),  # a one-time code
    (re.compile(r"\b[A-Z0-9]{4}(?:-[A-Z0-9]{4}){1,5}\b"), GONE),  # a voucher's code
)
_LONG = re.compile(r"(?<![\w/.-])[A-Za-z0-9_-]{32,}(?![\w/.-])")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_make = logging.LogRecord


def redacted(text: str) -> str:
    """The text without what is somebody's."""
    for found, instead in _PARTS:
        text = found.sub(instead, text)
    return _LONG.sub(lambda hit: GONE if _is_chance(hit.group()) else hit.group(), text)


def _is_chance(word: str) -> bool:
    """Whether a long word looks like one that chance made: letters and digits mixed."""
    mixed = sum(one.isdigit() for one in word) >= 3 and any(one.isalpha() for one in word)
    return mixed and not _ID.fullmatch(word)


def install() -> None:
    """From now on, every record of this process."""
    logging.setLogRecordFactory(_record)


def _record(*args: Any, **named: Any) -> logging.LogRecord:
    made = _make(*args, **named)
    try:
        made.msg, made.args = redacted(made.getMessage()), None
        if made.exc_info and made.exc_info[0]:
            made.exc_text = redacted("".join(traceback.format_exception(*made.exc_info)).rstrip())
    except (TypeError, ValueError, KeyError):  # what cannot be said must not stop what it was about
        made.msg, made.args = GONE, None
    return made
