"""What is done to the pages after they are built: the document's own language, scripts after the paint, the digests."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

from reflex_base.plugins.base import Plugin

from facts.language import SOURCE, codes, language

_HTML = re.compile(r"<html\b[^>]*>")
_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_AHEAD = re.compile(r'<link rel="modulepreload"[^>]* href="([^"]+)"[^>]*>')
_START = re.compile(r'<script type="module"[^>]*>(.*?)</script>', re.DOTALL)
_LATER = """(()=>{{let gone=0;const go=()=>{{if(gone++)return;for(const href of {hrefs}){{
const link=document.createElement("link");link.rel="modulepreload";link.href=href;document.head.append(link)}}
import("{start}").finally(()=>import("{last}"))}};try{{if(document.hidden)go();else{{
new PerformanceObserver(go).observe({{type:"paint",buffered:true}});setTimeout(go,{wait})}}}}catch{{go()}}}})()"""
PAINT_MS_MAX = 2000  # a browser that has not told of its paint by then does not tell
DIGESTS = "inline-scripts.json"
LAST = "/pwa.js"  # what comes when the page is there: the worker behind it


class DocumentLanguage(Plugin):
    """Writes `lang` and `dir` into each page's `<html>`, and lists what its policy must let run.

    Scripts are fetched when the document has been painted: what is in it can be read before any of them has come, and
    until then the line is the stylesheet's and the letters' alone.
    """

    def post_build(self, **context: Any) -> None:
        """Go through all pages."""
        folder = Path(context["static_dir"])
        found: dict[str, list[str]] = {}
        for path in folder.rglob("*.html"):
            first = path.relative_to(folder).parts[0].removesuffix(".html")
            spoken = language(first if first in codes() else SOURCE)
            text = _HTML.sub(f'<html lang="{spoken.code}" dir="{spoken.dir}">', path.read_text(), count=1)
            text = painted_first(text, folder)
            path.write_text(text)
            found[path.relative_to(folder).as_posix()] = sorted(
                {digest(one) for one in _SCRIPT.findall(text)}
            )
        (folder.parent / DIGESTS).write_text(json.dumps(found))


class CodeReader(Plugin):
    """What the counter reads codes with where the browser cannot (`assets/counter-scan.js`), as `/jsqr.js`."""

    def get_frontend_development_dependencies(self, **_: Any) -> list[str]:
        """Pinned in `reflex.lock`, as all that comes from npm. Other dependencies would go into every page."""
        return ["jsqr@1.4.0"]

    def post_build(self, **context: Any) -> None:
        """Put it beside the pages, as it is."""
        folder = Path(context["static_dir"])
        shutil.copyfile(folder.parents[1] / "node_modules" / "jsqr" / "dist" / "jsQR.js", folder / "jsqr.js")


def painted_first(text: str, folder: Path) -> str:
    """A page whose module script, and all that it needs, is asked for after the first paint.

    The script becomes a file of its own in `folder`. A page in a tab that nobody looks at is not painted: there it
    starts at once. (React looks for links of the head by what they are, so it misses none of those that come later.)
    """
    start = _START.search(text)
    if start is None:
        return text
    name = f"/assets/start-{hashlib.sha256(start[1].encode()).hexdigest()[:12]}.js"
    (folder / name.lstrip("/")).parent.mkdir(exist_ok=True)
    (folder / name.lstrip("/")).write_text(start[1])
    hrefs = json.dumps([*dict.fromkeys(_AHEAD.findall(text))], separators=(",", ":"))
    later = f"<script>{_LATER.format(hrefs=hrefs, start=name, last=LAST, wait=PAINT_MS_MAX)}</script>"
    return _AHEAD.sub("", text.replace(start[0], later))


def digest(script: str) -> str:
    """An inline script as a Content-Security-Policy names it (CSP level 3, §2.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
