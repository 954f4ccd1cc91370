"""The digital card as HTML: the member's card with its code, the number for a scanner that knows bars alone."""

from __future__ import annotations

import json
from datetime import datetime
from html import escape
from typing import Any

from app.public.coming_in_pages import prefix
from app.public.sheet import sheet
from facts.language import N_, Language
from members.views.own_card import OwnCard

TITLE = N_("Your card")
BAR_HEIGHT, QUIET_BARS, QUIET_MODULES = 28, 10, 4  # in modules (ISO/IEC 15417 and 18004)
# 264 px are eight for a module of the code (25 and 2 × 4) and two for one of the bars (112 and 2 × 10): sharp edges.
STYLE = """<style>
header,main{max-inline-size:26rem}main{padding-block:.25rem 2rem}
h1{position:absolute;clip-path:inset(50%);inline-size:1px;
block-size:1px;overflow:hidden}.face{border-radius:22px;padding:1rem;box-shadow:var(--shade)}
.top{display:flex;align-items:center;gap:.75rem;min-block-size:2rem;margin-block-end:.75rem}
.top b{flex:1;text-align:match-parent;font-size:1.0625rem;font-weight:600;overflow:hidden;text-overflow:ellipsis;
white-space:nowrap}
.chip{border-radius:99px;padding:.25rem .625rem;background:rgb(255 255 255/.15);font-size:.875rem;font-weight:600}
.white{background:#fff;color:#211b16;border-radius:14px;text-align:center}
.code{padding:0 0 .75rem;overflow:hidden}.code svg{display:block;inline-size:264px;max-inline-size:100%;
margin-inline:auto;aspect-ratio:1}.code.none svg{visibility:hidden}.code.none .left{visibility:hidden}
main:has([data-say=plain]:not([hidden])) :is(.code svg,.left,.hint),
main:has([data-say=never]:not([hidden])) .hint{display:none}
.left{block-size:3px;margin:0 1.5rem;border-radius:99px;background:#e8e0d3;overflow:hidden}
.left i{display:block;block-size:100%;background:#b93c0b;transform-origin:left}[dir=rtl] .left i{transform-origin:right}
.number{margin:.625rem 0 0;font-size:1.1875rem;font-weight:600;letter-spacing:.02em;font-variant-numeric:tabular-nums}
.sum{display:flex;align-items:baseline;justify-content:space-between;gap:.75rem;margin:.75rem 0 0;
font-variant-numeric:tabular-nums}.sum b{font-size:1.1875rem;font-weight:700}.sum span,.worth{color:var(--card-soft);
font-size:.8125rem}.worth{margin:.125rem 0 0}
.bars{margin-block:.75rem;padding:.75rem;border:1px solid var(--line)}.bars svg{display:block;inline-size:264px;
max-inline-size:100%;margin-inline:auto;block-size:4rem}.hint{margin:.5rem .25rem;color:var(--soft);font-size:.8125rem}
.told{margin:0 0 .75rem;padding:.625rem 1rem;border-radius:14px;background:var(--sunk)}
[hidden]{display:none!important}.ways{margin-block:.25rem}
</style>"""


def filled(say: Language, card: OwnCard, number: str, key_id: str, now: datetime) -> str:
    """The page of whoever is signed in."""
    fields = {"name": card.name, "tier": card.tier, "number": card.number, "balance": card.balance,
              "worth": card.worth, "balance-at": card.at}  # fmt: skip
    told = {"fields": fields, "tone": card.tone, "bars": bars(number), "day": card.at_day, "number": number,
            "keyId": key_id, "now": int(now.timestamp() * 1000)}  # fmt: skip
    return _page(say, card.shop, fields, card.tone, told)


def empty(say: Language, shop: str) -> str:
    """The page with nothing in it, which the script fills."""
    return _page(say, shop, {}, "1", None)


def bars(number: str) -> str:
    """The bars of Code 128 as the outline of an SVG path, one unit a module."""
    from barcode.codex import Code128

    (signs,) = Code128(number).build()
    return "".join(f"M{x} 0h1v{BAR_HEIGHT}h-1z" for x, sign in enumerate(signs) if sign == "1")


def _page(say: Language, shop: str, fields: dict[str, str], tone: str, told: dict[str, Any] | None) -> str:
    data = f' data-card="{escape(json.dumps(told, ensure_ascii=False))}"' if told else " hidden"
    lines = told["bars"] if told else ""
    body = [
        f"{STYLE}<h1>{escape(say.text(TITLE))}</h1>",
        _told(say),
        f'<div id="card"{data}>{_face(say, fields, tone)}{_bars(say, lines)}</div>',
        _hints(say),
        '<script src="/card.js" type="module"></script><script src="/pwa.js" async></script>',
    ]
    title = say.text(TITLE)
    head = f'<link rel="manifest" href="{prefix(say)}/manifest.webmanifest"><link rel="modulepreload" href="/qr.js">'
    return sheet(say, title, body, shop=shop, path="/card", description=title, head=head)


def _face(say: Language, fields: dict[str, str], tone: str) -> str:
    def part(name: str, tag: str, more: str = "") -> str:
        return f'<{tag} data-part="{name}"{more}>{escape(fields.get(name, ""))}</{tag}>'

    label = escape(say.text("The code of your card"))
    side = 25 + 2 * QUIET_MODULES
    name, tier = part("name", "b", ' dir="auto"'), part("tier", "span", ' class="chip"')
    number = part("number", "bdo", ' dir="ltr"')  # Arabic digits in groups would stand from right to left
    balance, at, worth = (
        part("balance", "b"),
        part("balance-at", "span"),
        part("worth", "p", ' class="worth"'),
    )
    return (
        f'<section class="face member-card tier-{tone}" data-part="face"><div class="top">{name}{tier}</div>'
        f'<div class="white code none" data-part="code"><svg viewBox="-{QUIET_MODULES} -{QUIET_MODULES} {side} {side}" '
        f'role="img" aria-label="{label}" shape-rendering="crispEdges"><path data-part="qr" fill="#000"/></svg>'
        '<div class="left" aria-hidden="true"><i data-part="left"></i></div>'
        f'<p class="number">{number}</p></div><p class="sum">{balance}{at}</p>{worth}</section>'
    )


def _bars(say: Language, outline: str) -> str:
    label = escape(say.text("Your number as bars"))
    wide = 112 + 2 * QUIET_BARS
    return (
        f'<div class="white bars"><svg viewBox="-{QUIET_BARS} 0 {wide} {BAR_HEIGHT}" preserveAspectRatio="none" '
        f'role="img" aria-label="{label}" shape-rendering="crispEdges"><path data-part="bars" fill="#000" '
        f'd="{outline}"/></svg></div>'
    )


def _told(say: Language) -> str:
    """What is said when something is not as it should be; the script shows one of them."""
    said = {
        "away": say.text("No signal here: your card works all the same."),
        "plain": say.text("The code cannot be shown here. Show the bars, or say the number."),
        "never": say.text("Open your card once while you have a signal. From then on it works without one."),
    }
    lines = "".join(
        f'<p class="told" data-say="{name}" hidden>{escape(text)}</p>' for name, text in said.items()
    )
    return f'<div role="status">{lines}<noscript><p class="told">{escape(said["plain"])}</p></noscript></div>'


def _hints(say: Language) -> str:
    hint = say.text(
        "A new code comes every half minute. If the scanner does not see it, make your screen brighter."
    )
    home = escape(say.text("Home"))
    return f'<p class="hint">{escape(hint)}</p><p class="ways"><a class="on" href="{prefix(say)}/">{home}</a></p>'
