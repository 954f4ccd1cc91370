"""Guarding: the guards' half of a weighing. What is held back is passed by, and written down apart.

When a burst crosses its limit after its first facts were paid, and when a late fact, a cancellation or staff's decision
changes who is in a burst, the member's history is weighed again from the first place that this can touch.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from facts.events import Fact
from facts.guards import DECISIONS, SPAN_MAX, Decision, GuardLine, Watch, latest, moment
from facts.history import Event, Key
from members.books import Account
from members.changes import Changes

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


class Guarding:
    """One account's guards in one batch; nothing at all where the programme has none."""

    def __init__(self, account: Account, line: GuardLine) -> None:
        self.account, self.line = account, line
        self.stood: dict[str, Any] = {}
        if line.concerned and '"watch"' in account.standing.state:
            self.stood = json.loads(account.standing.state).get("watch", {})
        self.watch, self.quiet = Watch(line), True
        self.events, self.told_before = list[Event](), dict[str, Any]()

    def touched(self, weighed: Sequence[Fact], events: Callable[[], Sequence[Event]]) -> Key | None:
        """The first place in history that news change because of guards; None where they change nothing.

        `weighed` are the facts that count, met by the news or among them; `events` says what they come to. Around a
        fact that comes late, nothing further away than the guard's length can change; around a decision, nothing
        further away than that of its stretch, or of the one that it takes the place of.
        """
        concerned = self.line.concerned
        if not concerned or not any(fact.type in concerned for fact in weighed):
            return None
        last, found = self.account.last, list[datetime]()
        decided = {case: since for case, _, since, *_ in self.stood.get("decided", ())}
        for fact in weighed:
            if fact.type in DECISIONS:
                since = fact.data["since"]
                found.append(moment(min(since, decided.get(fact.data["case"], since))) - SPAN_MAX)
            elif last and fact.key <= last and fact.type in self.line.types:
                guards = self.line.watching(fact.type, fact.data, fact.occurred_at)
                found += [fact.occurred_at - guard.within.span for guard in guards]
        if any(fact.type in self.line.types for fact in weighed):
            watch = self._remembered(self.stood, self.account.news)
            watch.sift([event for event in events() if last is None or event.key > last])
            found += [watch.stirred] if watch.stirred else []
        return (min(found), "", "") if found else None

    def _remembered(self, told: dict[str, Any], facts: Iterable[Fact]) -> Watch:
        watch = Watch.of(told, self.line)
        decided = [Decision.of(fact) for fact in facts if fact.type in DECISIONS]
        watch.decisions = latest([*watch.decisions.values(), *decided])
        return watch

    def begin(self, events: Sequence[Event], news: Sequence[Fact], checkpoint: str | None) -> None:
        """Look at everything that is to be weighed; from a `checkpoint` on in a replay, else from the standing."""
        self.watch, concerned = Watch(self.line), self.line.concerned
        self.quiet = not concerned or not (
            self.stood
            or any(event.type in concerned for event in events)
            or any(fact.type in DECISIONS for fact in (*self.account.history, *news))
        )
        if self.quiet:
            return
        told = self.stood if checkpoint is None else json.loads(checkpoint).get("watch", {})
        self.events, self.told_before = list(events), told
        self.watch = self._remembered(told, [*self.account.history, *news])
        self.watch.sift(events)

    def began(self, news: Sequence[Fact]) -> bool:
        """Whether the news made guards hold back something that had counted."""
        new = {(fact.source, fact.id) for fact in news}
        now_held = [key for key in self.watch.held if key[1:] not in new]
        if not now_held:
            return False
        before = self._remembered(self.told_before, self.account.history)
        before.sift([event for event in self.events if event.key[1:] not in new])
        return any(key not in before.held for key in now_held)

    def holds(self, event: Event) -> bool:
        """Whether an event is held back."""
        return not self.quiet and event.key in self.watch.held

    def told(self, to: datetime | None = None) -> dict[str, Any]:
        """What is remembered; with `to` only of what lies before."""
        if self.quiet:
            return {}
        told = self.watch.told(to)
        if self.watch.held or "ever" in self.stood:
            told["ever"] = 1
        return told

    def settle(self, changed: Changes, replayed: bool) -> None:
        """Put what is held into `changed`, and who has to be looked at because of it."""
        member_id = self.account.standing.member_id
        if replayed and "ever" in self.stood:
            changed.let_go.append((member_id, self.account.since or BEGINNING))
        changed.held.extend((member_id, source, name, guard, at)
                            for (at, source, name), guard in self.watch.held.items())  # fmt: skip
