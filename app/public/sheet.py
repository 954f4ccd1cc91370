"""A plain page on the server: the look of the member pages, from their own tokens, without a line of script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path

from app.public.appearance import chosen
from facts.language import SOURCE, Language, spoken

STYLES = Path(__file__).parent.parent.parent / "assets" / "regulars.css"
ROOM = """
*{box-sizing:border-box}main{max-inline-size:36rem;margin-inline:auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.625rem;line-height:1.2;margin:0 0 .5rem}h2{font-size:1rem;margin:0}p{margin:.25rem 0}
header,footer{max-inline-size:36rem;margin-inline:auto;padding:.75rem 1rem;display:flex;gap:1rem;align-items:center}
header b{margin-inline-end:auto;min-inline-size:0;overflow-wrap:anywhere}
.sign{display:grid;place-items:center;flex:none;inline-size:1.875rem;block-size:1.875rem;margin-inline-end:-.375rem;
border-radius:8px;background:var(--accent);color:var(--on-accent);font-weight:700}a{color:var(--accent)}.soft,label,dt{color:var(--soft);font-size:.8125rem}
nav a{display:inline-flex;align-items:center;justify-content:center;min-inline-size:2.75rem;min-block-size:2.75rem;
padding-inline:.5rem;color:var(--soft);text-decoration:none;border-radius:14px}nav a:hover{background:var(--sunk)}
nav{flex:none}::file-selector-button{font:inherit;font-weight:600;color:var(--ink);background:var(--raised);
border:1px solid var(--field);border-radius:10px;min-block-size:2rem;padding-inline:.75rem;
margin-inline-end:.75rem;cursor:pointer}
.panel{background:var(--raised);border:1px solid var(--line);border-radius:18px;padding:1rem;margin-block:1rem}
.good{background:var(--good-tint);border-color:transparent}.good h2{color:var(--good)}
.caution{background:var(--caution-tint);border-color:transparent}.caution h2{color:var(--caution)}
.badge{display:flex;gap:1rem;align-items:center}.badge img{inline-size:6rem;block-size:6rem}
.big{flex-direction:column;text-align:center}.big img{inline-size:10rem;block-size:10rem}
a.go{display:flex;align-items:center;justify-content:center;min-block-size:2.75rem;padding:.625rem 1.25rem;
border-radius:14px;background:var(--accent);color:var(--on-accent);font-weight:600;text-decoration:none;
text-align:center}
.ways{list-style:none;margin:1rem 0;padding:0}.ways a{display:inline-flex;align-items:center;min-block-size:2.75rem;
min-inline-size:2.75rem}
.nowhere{display:flex;flex-direction:column;align-items:center;text-align:center;padding-block:3rem}
.nowhere svg{margin-block-end:1.25rem}.nowhere a.go{margin-block-start:1rem}
dl{display:grid;gap:.75rem;margin:.75rem 0 0}dt,dd{margin:0}dd{overflow-wrap:anywhere}
form{display:grid;gap:.25rem}label{margin-block-start:.75rem}form.panel>label:first-of-type{margin-block-start:0}
textarea,input{inline-size:100%;font:inherit;color:inherit;background:var(--surface);border:1px solid var(--field);
border-radius:14px;padding:.75rem;min-block-size:2.75rem}textarea{min-block-size:7rem;font-family:ui-monospace,monospace}
button{font:inherit;font-weight:600;color:var(--on-accent);background:var(--accent);border:0;border-radius:14px;
min-block-size:2.75rem;padding-inline:1.25rem;margin-block-start:1rem;justify-self:start;cursor:pointer}
form.panel>[type=hidden]:first-child+button{margin-block-start:0}
button.plain,a.plain{color:var(--ink);background:var(--raised);border:1px solid var(--field)}
.on{display:inline-flex;align-items:center;min-block-size:2.75rem;min-inline-size:2.75rem}
"""

NOT_FOUND = '<meta name="robots" content="noindex">'


def sheet(
    say: Language, title: str, body: Sequence[str], *, shop: str, path: str, description: str, picture: str = "",
    head: str = "", found: bool = False,
) -> str:  # fmt: skip
    """The page. `body` and `head` are HTML that was escaped already; `path` is the address in English, for the links
    to the other languages. A search engine may list a page that is to be `found`.
    """
    links = "".join(
        f'<a href="{escape(_in(other, path))}" lang="{other.code}" hreflang="{other.code}">{other.name}</a>'
        for other in spoken()
        if other.code != say.code
    )
    seen = f'<meta property="og:image" content="{escape(picture)}">' if picture else ""
    return (
        f'<!doctype html><html lang="{say.code}" dir="{say.dir}"{_worn()}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{'' if found else NOT_FOUND}<title>{escape(title)} · {escape(shop)}</title>"
        f'<meta name="description" content="{escape(description)}"><meta property="og:title" content="{escape(title)}">'
        f'<meta property="og:description" content="{escape(description)}">{seen}'
        '<link rel="icon" href="/favicon.svg" type="image/svg+xml"><link rel="stylesheet" href="/regulars.css">'
        f"{head}<style>{_dark()}{ROOM}</style></head><body><header>"
        f'<span class="sign" aria-hidden="true">{escape(shop.strip()[:1].upper())}</span><b>{escape(shop)}</b>'
        f"<nav>{links}</nav></header><main>{''.join(body)}</main></body></html>"
    )


def _in(say: Language, path: str) -> str:
    return path if say.code == SOURCE else f"/{say.code}{path}"


def _worn() -> str:
    mode = chosen()
    return f' class="{mode}"' if mode else ""


@cache
def _dark() -> str:
    """The dark tokens for whoever's device is dark and who has not chosen: member pages choose by a class."""
    found = re.search(r"\.dark (\{.*?\})", STYLES.read_text(), re.DOTALL)
    assert found
    return f"@media (prefers-color-scheme: dark){{:root:not(.light){found[1]}}}"
