"""The list of badges and challenges for staff: what each asks, how it stands, who has it, and what it cost.

Nothing is counted when somebody opens the page: awards, and who holds a badge now, are by the hour
(`members.actions.rarity`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from badges.art.address import badge_picture
from badges.document import Badge, Challenge
from badges.tables import PAID, BadgeHolders, GameTally, Scarce
from facts.criteria.saying import sentence
from facts.language import Language
from members.cards import icon_of
from members.programme.versions import Timeline, Version, versions
from members.roles import Capability, Person
from members.staff_game_cards import FigureCard, GameCard, GamesCard
from members.views.budgets import budget_alerts
from members.views.saying import wording
from members.views.shared_badge import held_by
from members.views.staff_goals import staff_goals
from members.views.staff_lives import ENDED, RETIRED, TONES, limits, state_of
from rewards.wording import Wording

PICTURE = 192  # pixels
STEPS_SHOWN = 6
JOINED = "joined"


@dataclass(slots=True)
class Tally:
    """What was awarded of one badge or challenge: `stands` by level, what went back, and the points given for it."""

    stands: dict[int, int] = field(default_factory=dict[int, int])
    taken_back: int = 0
    points: int = 0

    @property
    def awards(self) -> int:
        """How many stand."""
        return sum(self.stands.values())


def games(session: Session, person: Person, now: datetime, language: Language) -> GamesCard:
    """All badges, challenges and goals of the newest version."""
    line = versions(session)
    version, say = line.latest, wording(line.latest, language)
    counted = {row.slug: row for row in session.exec(select(BadgeHolders))}
    taken = {row.key: row.taken for row in session.exec(select(Scarce))}
    awarded = session.exec(select(GameTally)).all()
    rows = _Rows(
        version, say, now, person.may(Capability.PUBLISH_PROGRAMME), person.may(Capability.EDIT_CATALOGUE),
        person.may(Capability.SEE_MEMBERS), tallies(awarded, line), counted, taken,
        {row.slug: row.total for row in awarded if row.kind == JOINED},
    )  # fmt: skip
    at = max((row.counted_at for row in (*counted.values(), *awarded)), default=None)
    return GamesCard(
        badges=tuple(rows.badge(one) for one in sorted(version.programme.badges, key=_place)),
        challenges=tuple(rows.challenge(one) for one in sorted(version.programme.challenges, key=_place)),
        version=say.text("Version {n} of the programme", n=version.number),
        counted=say.text("Counted at {time}.", time=language.date(at, "time", version.zone)) if at else "",
        base=version.number,
        may_give=person.may(Capability.AWARD_IN_BULK),
        goals=staff_goals(session, version, say, now, person.may(Capability.PUBLISH_PROGRAMME)),
        alerts=budget_alerts(session, version, taken, say, now),
    )


def tallies(rows: Iterable[GameTally], line: Timeline) -> dict[str, Tally]:
    """What was awarded, by `badge:<slug>` or `challenge:<slug>`.

    The points are those of the prizes as they were in the version of each award, wherever it was paid; what went back
    with an order counts no more, what staff took away does, because its prize stays.
    """
    found: dict[str, Tally] = {}
    for row in rows:
        if row.kind == JOINED:
            continue
        key = f"{row.kind.removeprefix(PAID)}:{row.slug}"
        tally = found.setdefault(key, Tally())
        if row.kind.startswith(PAID):
            tally.points += _cost(line.numbered(row.version), key, row.level) * (row.total - row.returned)
            continue
        tally.stands[row.level] = tally.stands.get(row.level, 0) + row.standing
        tally.taken_back += row.total - row.standing
    return found


def _cost(version: Version, key: str, level: int) -> int:
    """What a level gave away in points, in the version that gave it."""
    track = version.achievements.tracks.get(key)
    return track.cost(level) if track else 0


def _place(one: Badge | Challenge) -> tuple[bool, int]:
    """What is over stands below; badges are in the order of the document's own `order`."""
    return one.retired, one.order if isinstance(one, Badge) else 0


@dataclass(frozen=True, slots=True)
class _Rows:
    """Makes the rows. `taken` says how much of what is scarce is gone."""

    version: Version
    say: Wording
    now: datetime
    may: bool
    edits: bool
    sees: bool
    tallies: Mapping[str, Tally]
    counted: Mapping[str, BadgeHolders]
    taken: Mapping[str, int]
    joined: Mapping[str, int]

    def badge(self, badge: Badge) -> GameCard:
        """A badge."""
        say, tally = self.say, self.tallies.get(f"badge:{badge.slug}", Tally())
        said: list[str] = []
        if badge.secret:
            said.append(say.text("Secret"))
        if badge.edition:
            gone = self.taken.get(f"badge:{badge.slug}", 0)
            said.append(say.text("{n} of {total} given", n=gone, total=badge.edition))
        level = len(badge.thresholds())
        shared = self._shared("badge", badge, tally, said)
        picture = badge_picture(badge.artwork, PICTURE, level=level if level > 1 else None)
        figures = (self._holders(badge), self._awards(tally), self._points(tally))
        holders = f"/staff/badges/holders?slug={badge.slug}" if self.sees else ""
        return GameCard(**shared, picture=picture, figures=figures, holders=holders)

    def challenge(self, challenge: Challenge) -> GameCard:
        """A challenge."""
        say, tally = self.say, self.tallies.get(f"challenge:{challenge.slug}", Tally())
        said: list[str] = []
        if challenge.budget:
            gone = self.taken.get(f"challenge:{challenge.slug}", 0)
            left = say.text("{n} of {total} points of its budget are given", n=gone, total=challenge.budget)
            said.append(left)
        shared = self._shared("challenge", challenge, tally, said)
        finished = tally.stands.get(len(challenge.milestones), 0)
        done = FigureCard(say.text("Finished"), say.language.number(finished), "")
        figures = (done, self._awards(tally), self._points(tally))
        if challenge.join == "opt_in":
            took = say.language.number(self.joined.get(challenge.slug, 0))
            figures = (FigureCard(say.text("Took it on"), took, ""), *figures)
        return GameCard(**shared, icon=icon_of(challenge.icon), figures=figures)

    def _shared(self, kind: str, one: Badge | Challenge, tally: Tally, said: list[str]) -> dict[str, Any]:
        say, state, total = self.say, state_of(one, self.now), len(one.thresholds())
        asks = sentence(
            one.criterion, say.language, say.currency, target=one.thresholds()[0], tiers=say.tiers
        )
        over = state in (RETIRED, ENDED)
        return {
            "key": f"{kind}:{one.slug}",
            "name": say.words(one.name),
            "state": say.text(state),
            "tone": TONES.get(state, "plain"),
            "asks": asks[:1].upper() + asks[1:],
            "words": " · ".join([*self._limits(one, total), *said]),
            "steps": " · ".join(
                say.text("step {n}: {members}", n=level, members=tally.stands.get(level, 0))
                for level in range(1, total + 1)
            )
            if 1 < total <= STEPS_SHOWN
            else "",
            "edit": f"/staff/badges/edit?kind={kind}&slug={one.slug}" if self.edits else "",
            "may_pause": self.may and not over and not one.paused,
            "may_go_on": self.may and not over and one.paused,
            "may_retire": self.may and not one.retired,
        }

    def _limits(self, one: Badge | Challenge, total: int) -> list[str]:
        said = [self.say.language.plural("{n} step", "{n} steps", total)] if total > 1 else []
        return [*said, *limits(one, self.version, self.say, self.now)]

    def _holders(self, badge: Badge) -> FigureCard:
        say, row = self.say, self.counted.get(badge.slug)
        label = say.text("Holders")
        if row is None:
            return FigureCard(
                label, say.language.number(0), "" if self.counted else say.text("not counted yet")
            )
        return FigureCard(
            label, say.language.number(row.holders), held_by(row.holders, row.members, say.language)
        )

    def _awards(self, tally: Tally) -> FigureCard:
        say, back = self.say, tally.taken_back
        words = say.language.plural("{n} taken back", "{n} taken back", back) if back else ""
        return FigureCard(say.text("Awards"), say.language.number(tally.awards), words)

    def _points(self, tally: Tally) -> FigureCard:
        """What its prizes came to. Prizes of a replayed history may have met another version, hence "about"."""
        say = self.say
        value = say.text("about {n}", n=tally.points) if tally.points else say.language.number(0)
        return FigureCard(say.text("Points given"), value, "")
