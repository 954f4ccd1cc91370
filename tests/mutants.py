"""What `mutmut run` found, module by module; status 1 when fewer than 95 of 100 mutants were noticed by a test."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

LEAST = 0.95
NOTICED = (1, 3, 24, 36, -24, 152, 255)  # a failed test, or one that did not come to an end


def what(code: int | None) -> str:
    """What became of a mutant."""
    if code is None:
        return "untried"
    return "noticed" if code in NOTICED else "survived"


def main() -> int:
    """Print the table; 0 when enough were noticed and none is left to be tried."""
    total: Counter[str] = Counter()
    for meta in sorted(Path("mutants").rglob("*.py.meta")):
        codes = json.loads(meta.read_text())["exit_code_by_key"]
        if not codes:
            continue
        found = Counter(what(code) for code in codes.values())
        total += found
        name = meta.relative_to("mutants").as_posix().removesuffix(".meta")
        print(
            f"{name:40} {len(codes):5} mutants  {found['survived']:3} survived  {found['untried']:4} untried"
        )
        for key, code in codes.items():
            if what(code) == "survived":
                print(f"    {key}")
    tried = total.total() - total["untried"]
    share = (tried - total["survived"]) / tried if tried else 0.0
    print(f"{share:.1%} of {tried} mutants were noticed, {total['untried']} were not tried")
    return 0 if share >= LEAST and not total["untried"] else 1


if __name__ == "__main__":
    sys.exit(main())
