"""A rule's budget, plainly: first come, decided once for a fact, and kept for good."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.model.oracle import Ask


@dataclass
class Budget:
    """What was `given` in all, and what was `decided` for each fact and rule."""

    given: int = 0
    decided: dict[tuple[str, str], int] = field(default_factory=dict)

    def asker(self, most: int | None, *, decides: bool) -> Ask:
        """Whole or not at all, when something is decided; otherwise what was decided before."""

        def ask(name: tuple[str, str], points: int) -> int:
            had = self.decided.get(name, 0)
            if points <= had:
                return points
            if not decides or self.given - had + points > (most or 0):
                return had
            self.given += points - had
            self.decided[name] = points
            return points

        return ask
