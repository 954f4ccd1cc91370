"""Badges for many, as staff sees it: what a list would do, line by line, and the lists that were done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from badges.art.address import badge_picture
from badges.tables import BadgeBatch
from facts.language import N_, Language
from members.actions.bulk import Order, Progress, newest, progress
from members.bulk_cards import BatchCard, BulkCard, LookedCard, WrongLine
from members.lists import Found
from members.programme.versions import Timeline, versions
from members.staff_game_cards import OptionCard
from members.views.saying import day, wording
from members.views.team import called
from rewards.wording import Wording

PICTURE = 96  # pixels
SHOWN_MAX = 100  # lines that are left out, and told
BATCHES = 10
RUNNING, DONE, UNDOING, UNDONE = N_("Not finished"), N_("Done"), N_("Not undone yet"), N_("Undone")
HELD = N_("Waits for a second person")
TONES = {HELD: "caution", RUNNING: "caution", DONE: "good", UNDOING: "caution", UNDONE: "plain"}


def bulk_card(session: Session, now: datetime, language: Language) -> BulkCard:
    """What there is to give, and the newest lists."""
    line = versions(session)
    version = line.at(now)
    say = wording(version, language)
    given: list[OptionCard] = []
    taken: list[OptionCard] = []
    for badge in sorted(version.programme.badges, key=lambda one: one.order):
        name, total = say.words(badge.name), len(badge.thresholds())
        taken.append(OptionCard(badge.slug, name))
        for level in range(1, total + 1) if not badge.retired else ():
            label = say.text("{badge}, level {n}", badge=name, n=level) if total > 1 else name
            given.append(OptionCard(f"{badge.slug} {level}", label))
    found = newest(session, BATCHES)
    who = called(session, {one.actor for one in found}, language)
    batches = tuple(_batch(one, progress(session, one), line, say, now, who) for one in found)
    return BulkCard(tuple(given), tuple(taken), batches)


def looked_card(found: Sequence[Found], order: Order, language: Language) -> LookedCard:
    """What a list would do."""
    ready = sum(one.member_id is not None for one in found)
    wrong = [one for one in found if one.member_id is None]
    if order.verb == "grant":
        said = language.plural("{n} member will get it.", "{n} members will get it.", ready)
        go = language.plural("Give it to {n} member", "Give it to {n} members", ready)
    else:
        said = language.plural("{n} member will lose it.", "{n} members will lose it.", ready)
        go = language.plural("Take it from {n} member", "Take it from {n} members", ready)
    hidden = len(wrong) - SHOWN_MAX
    return LookedCard(
        ready=said if ready else language.text(N_("There is nobody in the list for whom this can be done.")),
        go=go if ready else "",
        left_out=language.plural("{n} line is left out", "{n} lines are left out", len(wrong))
        if wrong
        else "",
        wrong=tuple(_wrong(one, language) for one in wrong[:SHOWN_MAX]),
        more=language.plural("and {n} more", "and {n} more", hidden) if hidden > 0 else "",
    )


def _wrong(one: Found, language: Language) -> WrongLine:
    said = language.text(one.problem, line=one.twin) if one.twin else language.text(one.problem)
    return WrongLine(str(one.line), language.text("Line {n}", n=one.line), one.text, said)


def _batch(batch: BadgeBatch, told: Progress, line: Timeline, say: Wording, now: datetime,
           who: dict[str, str]) -> BatchCard:  # fmt: skip
    version = line.at(now)
    badge = version.programme.badge(batch.badge)
    reached = told.undone if batch.undone_at else told.done
    ends = (UNDOING, UNDONE) if batch.undone_at else (RUNNING, DONE)
    state = HELD if told.held else ends[0] if told.to_come else ends[1]
    whole = reached + told.to_come + told.held
    return BatchCard(
        key=batch.batch_id,
        picture=badge_picture(badge.artwork, PICTURE) if badge else "",
        title=_title(batch, told, say.words(badge.name) if badge else batch.badge, say),
        words=" · ".join([
            day(batch.made_at, say, version.zone, now), who[batch.actor],
            *([say.language.plural("none left for {n}", "none left for {n}", told.left_out)] if told.left_out else []),
        ]),
        reason=batch.reason,
        state=say.text(state),
        tone=TONES[state],
        percent=100 * reached // whole if whole else 100,
        may_go_on=bool(told.to_come),
        may_undo=batch.undone_at is None,
    )  # fmt: skip


def _title(batch: BadgeBatch, told: Progress, name: str, say: Wording) -> str:
    members = told.done + told.undone + (0 if batch.undone_at else told.to_come) + told.held
    plural = say.language.plural
    if batch.verb == "grant":
        return plural("{badge}: given to {n} member", "{badge}: given to {n} members", members, badge=name)
    return plural("{badge}: taken from {n} member", "{badge}: taken from {n} members", members, badge=name)
