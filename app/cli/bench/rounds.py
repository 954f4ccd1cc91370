"""Rounds: two things measured by turns, so that what disturbs the machine disturbs both of them."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from app.cli.bench.figures import Measured

LOOK_SECONDS = 0.25
DISTURBED = 0.15  # other programs used more of the processors than this


def others() -> float:
    """How much of the processors is in use while we do nothing, from 0 to 1."""
    import psutil

    return psutil.cpu_percent(interval=LOOK_SECONDS) / 100


def by_turns(
    rounds: int, ours: Callable[[], float], theirs: Callable[[], float], names: tuple[str, str]
) -> Measured:
    """The median ratio of `ours` to `theirs` over interleaved rounds; both are called in each."""
    pairs: list[tuple[float, float]] = []
    busy: list[float] = []
    for number in range(rounds):
        busy.append(others())
        if number % 2:
            second = theirs()
            pairs.append((ours(), second))
        else:
            first = ours()
            pairs.append((first, theirs()))
    ratio = median(mine / other for mine, other in pairs)
    detail = {
        names[0]: [round(mine, 3) for mine, _ in pairs],
        names[1]: [round(other, 3) for _, other in pairs],
    }
    return Measured(ratio, median(busy), detail)


def at(percent: float, values: list[float]) -> float:
    """The value below which `percent` of the values lie."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * percent / 100))]
