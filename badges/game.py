"""The achievement engine: a member's history folded into awards. Pure, and the same for any arrival.

`Game` walks along with the rewards' fold: after an event has earned and climbed, it wakes the tracks that the event
can move, and says what was reached. Whoever called it pays the prizes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from badges.awards import Awarded, Taken, Walked, part_in
from badges.away import remembered, without
from badges.coming_over import meet
from badges.document import Badge, Challenge
from badges.memory import Tracks
from badges.scores import Scores
from badges.tracks import Rules, RulesLine, Track
from facts.criteria import TIER_REACHED, Place, Seen, period_of
from facts.dates import day_of, midnight
from facts.history import Event, Key

Ask = Callable[[Awarded], bool]


def _always(_: Awarded) -> bool:
    return True


@dataclass(slots=True)
class Game:
    """What the engine knows of one member's achievements while it walks through the history.

    `keeps` are earlier awards that stay whatever happens, by what they are. `ask` decides whether there is one left
    of something scarce.
    """

    line: RulesLine
    tracks: Tracks = field(default_factory=Tracks)
    zone: str = ""
    joined: int = 0
    away: tuple[tuple[int, int], ...] = ()
    keeps: list[Awarded] = field(default_factory=list[Awarded])
    ask: Ask = _always
    awards: list[Awarded] = field(default_factory=list[Awarded])
    taken: list[Taken] = field(default_factory=list[Taken])
    scores: Scores = field(default_factory=Scores)

    def place(self, rules: Rules) -> Place:
        """Where the member is."""
        return Place(ZoneInfo(self.zone) if self.zone else rules.zone, self.joined, rules.digits, self.away)

    def apply(self, event: Event, tier: str, reached: Sequence[str] = ()) -> list[Awarded]:
        """Let an event move what it can; returns the awards in the order in which they were reached.

        `tier` is the member's tier after the event, `reached` the tiers that the event made the member climb to.
        """
        before = len(self.awards)
        rules = self.line.at(event.at)
        if not self.joined:
            self.joined = day_of(event.at, ZoneInfo(self.zone) if self.zone else rules.zone)
        self.keep_up(event.key, before=True)
        if event.type in _OWN:
            _OWN[event.type](self, event, rules)
        seen = Seen.of(event, self.place(rules))
        for track in rules.woken(event):
            self._step(track, seen, tier)
            if self.keeps:
                self._keep_here(event.key, track.key)
        for slug in reached:
            below = list(rules.ladder[: rules.ladder.index(slug) + 1]) if slug in rules.ladder else [slug]
            climbed = Seen.of(Event(event.key, TIER_REACHED, {"tiers": below}), seen.place)
            for track in rules.woken(climbed.event):
                self._step(track, climbed, tier)
                self._keep_here(event.key, track.key)
        self.keep_up(event.key)
        if self.scores.kept:
            self.scores.forget(event.at, {*rules.boards, *rules.goals})
        if rules.boards:
            self.scores.apply(event, tier, rules.boards, rules.zone, rules.digits)
        if rules.goals:
            self.scores.apply(event, tier, rules.goals, rules.zone, rules.digits)
        return self.awards[before:]

    def keep_up(self, to: Key, *, before: bool = False) -> None:
        """Let awards that stay by policy stand again, up to an event; with `before` not those of the event itself."""
        while self.keeps and (self.keeps[0].event < to or (self.keeps[0].event == to and not before)):
            self._stand_again(self.keeps.pop(0))

    def _keep_here(self, key: Key, track: str) -> None:
        """Let those of one track stand again that an event brought: where it would have brought them."""
        while self.keeps and self.keeps[0].event == key:
            found = next((one for one in self.keeps if one.event == key and one.track.key == track), None)
            if found is None:
                return
            self.keeps.remove(found)
            self._stand_again(found)

    def _stand_again(self, kept: Awarded) -> None:
        walked = self._walked(kept.track)
        behind = walked.reached if kept.instance == walked.instance else 0
        barred = kept.track.kind == "badge" and walked.blocked
        if kept.instance >= walked.instance and kept.level > behind and not barred:
            walked.instance = kept.instance
            self._award(kept, walked)

    def _walked(self, track: Track) -> Walked:
        walked = self.tracks.get(track.key)
        if walked is None:
            walked = self.tracks[track.key] = Walked(track.shape)
        if walked.shape != track.shape:  # another question than before: begin to count anew
            walked.shape, walked.state = track.shape, None
        return walked

    def _step(self, track: Track, seen: Seen, tier: str) -> None:
        definition = track.definition
        at = seen.event.at
        if definition.paused or definition.retired or not definition.open_at(at):
            return
        if definition.tiers and tier not in definition.tiers:
            return
        walked = self._walked(track)
        self._round(definition, walked, seen.day)
        done = walked.reached >= len(track.goals)
        if (done and track.complete) or not part_in(definition, walked, seen.day)[0]:
            return
        criterion = definition.criterion
        state = criterion.step(walked.state, seen, track.enough)
        if state is walked.state:
            return
        walked.state = state
        if done:  # counted on: a streak is shown as long as it lasts, and a level may be added
            return
        value = criterion.value(state, seen.day, seen.place)
        while walked.reached < len(track.goals) and value >= track.goals[walked.reached]:
            if not self._reach(track, walked, seen.event.key, value):
                return

    def _round(self, definition: Badge | Challenge, walked: Walked, day: int) -> None:
        """Begin a new round when the old one is over."""
        if isinstance(definition, Badge):
            if walked.until is not None and day >= walked.until:
                walked.instance, walked.reached, walked.state, walked.until = (
                    walked.instance + 1,
                    0,
                    None,
                    None,
                )
        elif definition.period:
            now = period_of(day, definition.period)
            if now > walked.instance:
                walked.instance, walked.reached, walked.state = now, 0, None

    def _reach(self, track: Track, walked: Walked, key: Key, value: int, by_hand: str = "") -> bool:
        level = walked.reached + 1
        track = track.of_level(level)
        until, zone = self._until(track, key[0])
        expires = midnight(until, zone) if until is not None else None
        award = Awarded(track, walked.instance, level, key, value, expires, by_hand)
        if track.scarce and not self.ask(award):
            return False
        self._award(award, walked)
        return True

    def _award(self, award: Awarded, walked: Walked) -> None:
        walked.reached = award.level
        walked.until = self._until(award.track, award.at)[0]
        self.awards.append(award)
        prize = award.prize
        if prize and prize.badge:
            self._give(prize.badge, award.event)

    def _until(self, track: Track, at: datetime) -> tuple[int | None, ZoneInfo]:
        """The day, by the member's own clock, from which on what is reached at a moment is lost; None for never."""
        definition, zone = track.definition, self.place(self.line.at(at)).zone
        if not isinstance(definition, Badge) or definition.expires_days is None:
            return None, zone
        return day_of(at, zone) + definition.expires_days + 1, zone

    def _give(self, slug: str, key: Key) -> None:
        """A badge that is the prize of something else."""
        rules = self.line.at(key[0])
        track = rules.tracks.get(f"badge:{slug}")
        if track is None:
            return
        walked = self._walked(track)
        self._round(track.definition, walked, day_of(key[0], self.place(rules).zone))
        if not walked.reached and not walked.blocked:
            self._reach(track, walked, key, 1)

    # --- what members and staff do ---------------------------------------------------------------------------

    def _join(self, event: Event, rules: Rules) -> None:
        """Take part from now on. Who comes back goes on; only what is behind them begins anew, where it may."""
        track = rules.tracks.get(f"challenge:{event.data['challenge']}")
        if track is None or not isinstance(track.definition, Challenge):
            return
        walked, day = self._walked(track), day_of(event.at, self.place(rules).zone)
        walked.blocked = False
        if walked.since is None:
            walked.since = day
        elif track.definition.repeats == "on_joining" and (
            walked.reached >= track.own or part_in(track.definition, walked, day)[1]
        ):
            walked.instance, walked.reached, walked.state = walked.instance + 1, 0, None
            walked.since = day

    def _leave(self, event: Event, rules: Rules) -> None:
        walked = self.tracks.get(f"challenge:{event.data['challenge']}")
        if walked and walked.since is not None:
            walked.blocked = True

    def _grant(self, event: Event, rules: Rules) -> None:
        track = rules.tracks.get(f"badge:{event.data['badge']}")
        if track is None:
            return
        walked = self._walked(track)
        if walked.blocked:
            walked.blocked, walked.instance, walked.reached = False, walked.instance + 1, 0
        else:
            self._round(track.definition, walked, day_of(event.at, self.place(rules).zone))
        while walked.reached < min(event.data.get("level", 1), track.own):
            goal = track.goals[walked.reached]
            if not self._reach(track, walked, event.key, goal, by_hand=event.data["reason"]):
                return

    def _revoke(self, event: Event, rules: Rules) -> None:
        walked = self.tracks.get(f"badge:{event.data['badge']}")
        if walked and walked.reached:
            walked.blocked, walked.reached, walked.state = True, 0, None
            self.taken.append(Taken(event.data["badge"], event.key, event.data["reason"]))

    def _pause(self, event: Event, rules: Rules) -> None:
        absence = (event.data["since"], event.data["until"])
        self.away = remembered((*self.away, absence), day_of(event.at, self.place(rules).zone))

    def _resume(self, event: Event, rules: Rules) -> None:
        absence = (event.data["since"], event.data["until"])
        self.away = without(self.away, absence, day_of(event.at, self.place(rules).zone))

    def _move(self, event: Event, rules: Rules) -> None:
        self.zone = event.data["zone"]

    def _place(self, event: Event, rules: Rules) -> None:
        """A place on a board that was closed, or a goal that was reached, brings a badge."""
        self._give(event.data.get("badge", ""), event.key)

    def _take_over(self, event: Event, rules: Rules) -> None:
        """Another account of the same person became part of this one."""
        said, place = event.data, self.place(rules)
        day = day_of(event.at, place.zone)
        self.joined = min(self.joined, said.get("joined") or self.joined)
        self.away = remembered((*self.away, *((first, last) for first, last in said.get("away", ()))), day)
        for key, told in said.get("tracks", {}).items():
            track = rules.tracks.get(key)
            if track is None:
                continue
            walked, other = self._walked(track), Walked.of(json.loads(told))
            self._round(track.definition, walked, day)
            theirs = [one for one in said.get("awards", ()) if f"{one['kind']}:{one['slug']}" == key]
            self.awards += meet(track, walked, other, theirs, event.key, place, day)

    # --- memory ----------------------------------------------------------------------------------------------

    def told(self) -> dict[str, Any]:
        """The memory as JSON."""
        kept = {"zone": self.zone, "joined": self.joined, "away": self.away, "tracks": self.tracks.told(),
                "boards": self.scores.told()}  # fmt: skip
        return {name: value for name, value in kept.items() if value}

    @staticmethod
    def of(told: dict[str, Any], line: RulesLine) -> Game:
        """The memory from its JSON."""
        tracks = Tracks(told.get("tracks"))
        away = tuple((first, last) for first, last in told.get("away", ()))
        scores = Scores.of(told.get("boards", {}))
        return Game(line, tracks, told.get("zone", ""), told.get("joined", 0), away, scores=scores)


_OWN: dict[str, Callable[[Game, Event, Rules], None]] = {
    "challenge.joined": Game._join,  # pyright: ignore[reportPrivateUsage]
    "challenge.left": Game._leave,  # pyright: ignore[reportPrivateUsage]
    "badge.granted": Game._grant,  # pyright: ignore[reportPrivateUsage]
    "badge.revoked": Game._revoke,  # pyright: ignore[reportPrivateUsage]
    "streak.paused": Game._pause,  # pyright: ignore[reportPrivateUsage]
    "streak.resumed": Game._resume,  # pyright: ignore[reportPrivateUsage]
    "member.moved": Game._move,  # pyright: ignore[reportPrivateUsage]
    "board.placed": Game._place,  # pyright: ignore[reportPrivateUsage]
    "goal.reached": Game._place,  # pyright: ignore[reportPrivateUsage]
    "game.transferred": Game._take_over,  # pyright: ignore[reportPrivateUsage]
}
