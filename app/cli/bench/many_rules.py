"""P1r, P2r, P4r and P16r: the same as without r, while 60 earning rules of all kinds are active."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.cli.bench import importing, one_fact, proving, statements
from app.cli.bench.figures import Measured
from app.cli.bench.place import Bench
from app.cli.bench.rules import ACTIVE

COMPARED: dict[str, Callable[[Bench], Measured]] = {
    "P1r": partial(one_fact.compare, rules=ACTIVE),
    "P2r": partial(importing.compare, kind="postgresql", rules=ACTIVE),
    "P4r": partial(statements.counted, rules=ACTIVE),
    "P16r": partial(proving.compare, rules=ACTIVE),
}


def measure(bench: Bench) -> dict[str, Measured]:
    """One after the other. Each is handed on when it is known: one that cannot be had does not hide those before."""
    found: dict[str, Measured] = {}
    for name, compare in COMPARED.items():
        found[name] = compare(bench)
        bench.keep({name: found[name]})
    return found
