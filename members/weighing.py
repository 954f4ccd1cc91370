"""Weighing: one member's news against their history. Forward where it can be, by replay where it must be.

News that comes after everything weighed so far moves the engine forward from the standing. News about
earlier times (late facts, refunds, cancellations) replays the history from the last checkpoint before it,
and the difference is posted.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from badges import tables as badges
from facts.dates import day_of, midnight, month_start
from facts.events import Fact
from facts.history import Event, Key, about_of, changes, events, events_and_returns, silent
from facts.refusals import Refusal
from facts.returned import BACK
from members.awarding import Awarding
from members.books import Account, fold_of, state_of, unknown_to
from members.changes import Changes
from members.guarding import Guarding
from members.posting import Poster, base
from members.prizes import Name
from members.programme.versions import Timeline
from members.scarcity import Glimpse, Scarcity
from rewards.fold import Fold, falls_due, needs_lots
from rewards.lots import DEBT, HELD, POINTS, LotState
from rewards.pins import tier_of
from rewards.restoring import RETURNED, backs
from rewards.terms import TermsLine
from rewards.tiers import counted
from rewards.wallets import tally

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
EVENT_OF = {"redemption": "redemption.made", "payment": "payment.held", "gift": "gift.given"}


class Weighing:
    """One account in one batch. `gained` is by how much the balance changed, once weighed.

    `anew` weighs the whole history again, from the beginning.
    """

    def __init__(
        self, account: Account, line: Timeline, now: datetime, scarcity: Scarcity, *, anew: bool = False
    ) -> None:
        self.account, self.line, self.now, self.scarcity = account, line, now, scarcity
        self.awarding = Awarding(account, line.achievements, now, scarcity)
        self.guarding = Guarding(account, line.guards)
        self.gained = 0
        self.ahead: list[Event] | None = None
        self.stood: Fold | None = None
        self.lasting: set[Name] | None = None
        touched = self._touched()
        last = account.last
        self.replays = touched is not None and last is not None and touched <= last
        if self.replays and touched:
            account.since = month_of(touched[0], line)
        if anew or (touched and last and unknown_to(line, account.standing.state)):
            self.replays, account.since = True, BEGINNING
        self.idle = touched is None and bool(account.news)
        self.whole = self.replays or not account.news  # whether all open lots are at hand

    def _touched(self) -> Key | None:
        """The first place in history that the news change; None when they change nothing (yet)."""
        account = self.account
        weighed = met_by(account.news, account.related, self.line.waits)
        touched = [fact.key for fact in weighed if not changes(fact.type)]
        guarded = self.guarding.touched(weighed, lambda: self._events(account.news))
        touched += [guarded] if guarded else []
        return min(touched, default=None)

    def wants_lots(self) -> bool:
        """Whether a forward run has to take something from older lots, or to let some of them end."""
        if self.replays or self.idle:
            return False
        self.stood = fold_of(self.account.standing.state, self.line)
        self.ahead = self._events(self.account.news)
        self.whole = needs_lots(self.stood, self.account.standing.debt, self.ahead)
        self.account.ending = None if self.whole else falls_due(self.stood, self.ahead)
        return self.whole or self.account.ending is not None

    def into(self, changed: Changes) -> dict[tuple[str, str], Refusal]:
        """Weigh, and put the rows to write into `changed`; returns what the balance did not allow, by fact."""
        account, refused = self.account, dict[tuple[str, str], Refusal]()
        news, known = list(account.news), len(changed.checkpoints)
        try:
            fold = None if self.idle else self._run(news, changed)
        except Refusal:
            del changed.checkpoints[known:]
            news, refused = self._one_by_one()
            fold = self._run(news, changed) if news or self.replays else None
        for fact in news:
            changed.fact(account.standing.member_id, fact, self.now)
        if fold:
            self._close(fold, news, changed)
        return refused

    def awards(self, news: Sequence[Fact] | None = None) -> set[tuple[Name, Key]]:
        """The awards that would stand, had only `news` come, by name and place in history; puts nothing anywhere."""
        self._run(list(self.account.news) if news is None else news, Changes())
        game = self.awarding.game
        return {(award.name, award.event) for award in game.awards} if game else set()

    def _one_by_one(self) -> tuple[list[Fact], dict[tuple[str, str], Refusal]]:
        """The facts that the balance allows, tried in their order, and the refusals of the others."""
        kept: list[Fact] = []
        refused: dict[tuple[str, str], Refusal] = {}
        for fact in sorted(self.account.news, key=lambda fact: fact.key):
            try:
                self._run([*kept, fact], Changes())
                kept.append(fact)
            except Refusal as refusal:
                refused[fact.source, fact.id] = refusal
        return kept, refused

    def _events(self, news: Sequence[Fact]) -> list[Event]:
        made = events_and_returns if self.line.graces else events
        return made(self._known(news))

    def _known(self, news: Sequence[Fact]) -> Iterable[Fact]:
        every = (*self.account.history, *self.account.related, *news)
        return {(fact.source, fact.id): fact for fact in every}.values()

    def _unreturned(self, news: Sequence[Fact], since: datetime) -> list[Event]:
        """The events since a moment as if no order had been returned or cancelled."""
        left = events(fact for fact in self._known(news) if fact.type not in BACK)
        return [event for event in left if event.at >= since]

    def _why_lost(self, news: Sequence[Fact], name: Name) -> str:
        """Why news take back what was reached before them: a return, where without it this would stand."""
        others = [fact for fact in news if fact.type not in BACK]
        if len(others) < len(news) and (not others or name in self._lasting(others)):
            return badges.RETURNED
        return badges.HELD if self.guarding.began(news) else badges.UNCOUNTED

    def _lasting(self, news: Sequence[Fact]) -> set[Name]:
        """The awards that would stand if of the news only these had come; asked once for each run."""
        if self.lasting is None:
            looked = Glimpse(self.scarcity.session, self.line, self.scarcity.member_ids, self.now)
            whole = self.account.since == BEGINNING
            other = Weighing(self.account, self.line, self.now, looked, anew=whole)
            try:
                self.lasting = {name for name, _ in other.awards(news)}
            except Refusal:  # what was given back is spent already
                self.lasting = {(row.kind, row.slug, row.instance, row.level) for row in self.account.awards}
        return self.lasting

    def _run(self, news: Sequence[Fact], changed: Changes) -> Fold:
        """The fold after these news; checkpoints on the way."""
        account, self.lasting = self.account, None
        state = account.checkpoint if self.replays else account.standing.state
        fold, self.stood = self.stood or fold_of(state, self.line), None  # read once, and moved once
        since = account.since or BEGINNING
        if self.replays:
            fold.lots = {lot.cause: lot for old in account.lots.values() if (lot := old.as_of(since))}
            fold.settlements = sorted(self._settlements(fold.lots, since), key=lambda pair: pair[0])
            fold.expiry_due = fold.next_expiry()
            fold.last = (since, "", "") if since > BEGINNING else None
            reached = since
        else:
            fold.lots = {cause: lot.copy() for cause, lot in account.lots.items()}
            fold.older_due = self._older_due(fold)
            reached = account.standing.as_of or BEGINNING
            fold.last = account.last
        whole = self.ahead is not None and len(news) == len(self.account.news)
        ahead = self.ahead if whole and self.ahead is not None else self._events(news)
        ahead = [event for event in ahead if event.at >= since]
        self.guarding.begin(ahead, news, state if self.replays else None)
        fold.ask = self.scarcity.spender(account.standing.member_id, decided=self.replays)
        held = [event for event in ahead if self.guarding.holds(event)]
        self.awarding.begin(since if self.replays else None, held, lambda: self._unreturned(news, since))
        for event in ahead:
            reached = self._checkpoint(fold, event.at, reached, changed)
            self.awarding.keep_up(fold, event.key)
            self._apply(fold, event)
        ends = [*(at for at, _ in fold.settlements), *backs(fold)]
        if account.standing.as_of and self.replays:
            ends.append(account.standing.as_of)
        if not news:
            ends.append(self.now)
        self.awarding.keep_up(fold)
        if ends:
            fold.advance(max(ends))
        if account.last and (fold.last is None or fold.last < account.last):
            fold.last = account.last  # what is there no more was weighed all the same
        return fold

    def _older_due(self, fold: Fold) -> datetime | None:
        """When the next lot ends that is not at hand."""
        if self.whole or self.account.ending:
            return self.account.later
        return fold.expiry_due

    def _apply(self, fold: Fold, event: Event) -> None:
        """Let an event count. One that is held back earns nothing; what was paid with points is spent all the same."""
        if self.guarding.holds(event):
            fold.advance(event.at)
            fold.last = event.key
            fold.pay(event)
            return
        climbed = len(fold.climbs)
        fold.apply(event)
        if self.awarding.game and event.type != RETURNED:
            self.awarding.apply(event, fold, climbed)

    def _settlements(self, lots: dict[str, LotState], since: datetime) -> Iterable[tuple[datetime, Event]]:
        """What was held before the replay's beginning and handed over, or placed without its order, after it."""
        said: dict[str, dict[str, Any]] = {
            base(entry.cause): json.loads(entry.why) for entry in self.account.entries
        }
        for lot in lots.values():
            taken = [draw for draw in self.account.lots[lot.cause].draws if draw[1] >= since]
            if lot.kind != HELD or not lot.remaining or not taken:
                continue
            cause, at, _ = taken[0]
            _, source, name = lot.cause.split("|", 2)
            kind, _, key = name.partition(":")
            if not cause.endswith(f"|{name}"):
                continue  # an order took it, and will again
            why = said.get(cause, {})
            data = {f"{kind}_id": key, "points": lot.amount, "reward": why.get("reward", ""),
                    "order_id": why.get("order", ""), "wallet": lot.wallet}  # fmt: skip
            yield at, Event((lot.at, source, name), EVENT_OF[kind], data)

    def _checkpoint(self, fold: Fold, at: datetime, reached: datetime, changed: Changes) -> datetime:
        """When a month begins, remember what the engine knew; returns the moment that is passed now."""
        start = month_of(at, self.line)
        if reached < start and fold.last is not None:
            self.awarding.keep_up(fold, (start, "", ""))
            fold.advance(start - timedelta(microseconds=1))  # as `as_of(start)` reads lots: strictly before
            state = state_of(fold, self.guarding.told(start))
            known = (self.account.standing.member_id, start.isoformat(), state, self.awarding.told())
            changed.checkpoints.append(known)
        return max(reached, at)

    def _close(self, fold: Fold, news: Sequence[Fact], changed: Changes) -> None:
        """Post, and write down how the member stands now."""
        account, standing = self.account, self.account.standing
        trigger = f"{news[0].type}|{news[0].source}|{news[0].id}" if news else "time"
        poster = Poster(account, self.now, trigger)
        if self.replays:
            poster.settle(account, fold.postings, self.guarding.watch.held)
            changed.replayed.append((standing.member_id, account.since or BEGINNING))
            changed.lots_gone.extend(
                (standing.member_id, cause) for cause in account.lots if cause not in fold.lots
            )
        else:
            for posting in fold.postings:
                poster.post(posting)
        changed.entries.extend(poster.rows)
        self.scarcity.budgets.stand(standing.member_id, fold.postings)
        for cause, lot in fold.lots.items():
            if account.lots.get(cause) != lot:
                changed.lot(standing.member_id, lot)
        if self.line.entry_rewards:
            stood = account.entries if self.replays else ()
            changed.entered.add(standing.member_id, stood, fold.postings)
        for move in fold.moves:
            changed.move(standing.member_id, move)
        self.awarding.settle(changed, self.replays, lambda name: self._why_lost(news, name))
        self.guarding.settle(changed, self.replays)
        self.gained = poster.balance - standing.balance
        changed.standings.append(self._standing(fold, poster))

    def _standing(self, fold: Fold, poster: Poster) -> tuple[Any, ...]:
        climb, last = fold.climb, fold.last
        at = last[0] if last else self.now
        terms = self.line.at(at)
        tier, tier_since, last_day = tier_of(fold, terms)
        until = midnight(last_day + 1, terms.zone) if last_day is not None else None
        owed, held = self.account.standing.debt, self.account.standing.held
        if self.whole:
            mine = [lot for lot in fold.lots.values() if lot.wallet == POINTS]
            owed = -sum(lot.remaining for lot in mine if lot.kind == DEBT)
            held = sum(lot.remaining for lot in mine if lot.kind == HELD)
            tally(fold)
        progress = counted(climb, day_of(at, terms.zone), terms)
        return (poster.member_id, poster.balance, owed, held, poster.seq, poster.head, tier, tier_since, until,
                progress, last[0] if last else None, last[1] if last else "", last[2] if last else "", fold.due_at(),
                state_of(fold, self.guarding.told()), self.awarding.told())  # fmt: skip


def month_of(at: datetime, line: TermsLine) -> datetime:
    """When the local month of a moment began."""
    zone = line.at(at).zone
    return midnight(month_start(day_of(at, zone)), zone)


def met_by(news: Sequence[Fact], related: Sequence[Fact], waits: Container[str]) -> list[Fact]:
    """The news that move something, and the known facts that they are about; of the shop's own facts those of types
    that points wait for (`waits`) are about an order.
    """
    about = {(fact.source, name) for fact in news if (name := about_of(fact, waits))}
    met = [fact for fact in related if (fact.source, about_of(fact, waits)) in about]
    return [fact for fact in (*news, *met) if not silent(fact.type)]
