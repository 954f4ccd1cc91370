"""What is done to the pages after they are built: the document's own language, what is fetched first, the digests."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from reflex_base.plugins.base import Plugin

from facts.language import SOURCE, codes, language

_HTML = re.compile(r"<html\b[^>]*>")
_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_AHEAD = '<link rel="modulepreload"'
DIGESTS = "inline-scripts.json"


class DocumentLanguage(Plugin):
    """Writes `lang` and `dir` into each page's `<html>`, and lists what its policy must let run.

    Scripts that are fetched ahead leave the line to the stylesheet and the letters: what is in the document can be
    read before any of them has come.
    """

    def post_build(self, **context: Any) -> None:
        """Go through all pages."""
        folder = Path(context["static_dir"])
        found: dict[str, list[str]] = {}
        for path in folder.rglob("*.html"):
            first = path.relative_to(folder).parts[0].removesuffix(".html")
            spoken = language(first if first in codes() else SOURCE)
            text = _HTML.sub(f'<html lang="{spoken.code}" dir="{spoken.dir}">', path.read_text(), count=1)
            text = text.replace(_AHEAD, f'{_AHEAD} fetchpriority="low"')
            path.write_text(text)
            found[path.relative_to(folder).as_posix()] = sorted(
                {digest(one) for one in _SCRIPT.findall(text)}
            )
        (folder.parent / DIGESTS).write_text(json.dumps(found))


def digest(script: str) -> str:
    """An inline script as a Content-Security-Policy names it (CSP level 3, §2.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
