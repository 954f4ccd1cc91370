"""The history page: the ledger newest first, and the order behind an entry."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from facts.language import Language
from facts.orders import QUANTITY_DIGITS, Order, effective
from facts.refusals import Refusal
from members.cards import HistoryCard, LineCard
from members.case_tables import OPEN, HeldCase
from members.programme.versions import Timeline, Version, versions
from members.standing import MemberStanding, standing_of
from members.tables import FactRow
from members.views.entries import EntryRow, entry_card
from members.views.saying import shop, wording
from members.views.standing import unknown
from members.views.wallets import balance_words, coming_words
from rewards.earning.by_money import ByMoney
from rewards.earning.case import Case
from rewards.tables import Entry
from rewards.wording import Wording

PAGE = 20
FIRST = 6  # more than a phone shows at once
COLUMNS = (
    col(Entry.seq),
    col(Entry.kind),
    col(Entry.amount),
    col(Entry.at),
    col(Entry.active_from),
    col(Entry.expires_at),
    col(Entry.cause),
    col(Entry.rule),
    col(Entry.version),
    col(Entry.why),
)


def history_first(session: Session, member_id: UUID, now: datetime, language: Language) -> HistoryCard:
    """What is seen at once: where the member stands, and the newest entries."""
    return history(session, member_id, now, language, count=FIRST)


def history(
    session: Session,
    member_id: UUID,
    now: datetime,
    language: Language,
    before: int | None = None,
    count: int = 0,
) -> HistoryCard:
    """Up to `count` (else `PAGE`) entries older than entry `before` (or the newest), with where they stand."""
    count = count or PAGE
    standing = standing_of(session, member_id, now)
    if standing is None:
        raise unknown()
    line = versions(session)
    wanted = [col(Entry.member_id) == member_id]
    if before is not None:
        wanted.append(col(Entry.seq) < before)
    found = session.execute(
        select(*COLUMNS).where(*wanted).order_by(col(Entry.seq).desc()).limit(count + 1)
    ).all()
    rows = [EntryRow(*row) for row in found]
    say = wording(standing.version, language)
    return replace(
        _head(standing, say, now),
        entries=tuple(entry_card(row, line, language, now) for row in rows[:count]),
        older=str(rows[count - 1].seq) if len(rows) > count else "",
        looked_at=held_words(held_of(session, member_id), say),
    )


def held_of(session: Session, member_id: UUID) -> int:
    """How many facts of a member wait for staff."""
    waiting = select(func.sum(HeldCase.facts)).where(
        col(HeldCase.member_id) == member_id, col(HeldCase.status) == OPEN
    )
    return int(session.execute(waiting).scalar() or 0)


def held_words(count: int, say: Wording) -> str:
    """That actions are looked at before they count; "" for none."""
    if not count:
        return ""
    return say.language.plural(
        "The shop looks at {n} action of yours before it counts. You need not do anything.",
        "The shop looks at {n} actions of yours before they count. You need not do anything.",
        count,
    )


def _head(standing: MemberStanding, say: Wording, now: datetime) -> HistoryCard:
    return HistoryCard(
        shop=shop(standing.version, say.language),
        balance=balance_words(standing, say),
        pending=coming_words(standing, say, now),
        turns_at=standing.turns_at,
    )


def order_lines(session: Session, member_id: UUID, seq: int, language: Language) -> tuple[LineCard, ...]:
    """The lines of the order behind an entry, as they count now, with the points of each."""
    found = session.execute(
        select(*COLUMNS).where(col(Entry.member_id) == member_id, col(Entry.seq) == seq)
    ).first()
    if found is None:
        raise Refusal("entry_unknown", "There is no such entry.", status=404)
    row = EntryRow(*found)
    facts = _facts_behind(session, member_id, row)
    paid = next((json.loads(fact.data) for fact in facts if fact.type == "order.paid"), None)
    if paid is None:
        return ()
    refunds = [json.loads(fact.data) for fact in facts if fact.type == "order.refunded"]
    order = effective(paid, refunds)
    line = versions(session)
    return _cards(paid, order, row, line, language)


def _facts_behind(session: Session, member_id: UUID, row: EntryRow) -> list[FactRow]:
    kind, source, rest = row.cause.split("|", 2)
    mine = (col(FactRow.member_id) == member_id, col(FactRow.source) == source)
    if kind == "earn":
        fact_id = rest.removesuffix("|" + rest.rpartition("|")[2]).removesuffix(f"|{row.rule}")
        paid = (col(FactRow.fact_id) == fact_id, col(FactRow.type) == "order.paid")
        about = select(col(FactRow.object_id)).where(*mine, *paid).scalar_subquery()
    elif kind == "spend":
        about = rest.rpartition("|")[0]
    else:
        return []
    return list(session.execute(select(FactRow).where(*mine, col(FactRow.object_id) == about)).scalars())


def _cards(
    paid: dict[str, Any], order: Order | None, row: EntryRow, line: Timeline, language: Language
) -> tuple[LineCard, ...]:
    version = line.numbered(row.version) if row.version else line.at(row.at)
    say = wording(version, language).of(row.wallet)
    names = {raw["line_id"]: raw.get("name") or raw["sku"] for raw in paid["lines"]}
    points = _points_by_line(order, row, version)
    kept = {item.line_id: item for item in order.lines} if order else {}
    cards: list[LineCard] = []
    for raw in paid["lines"]:
        item = kept.get(raw["line_id"])
        if item is None:
            cards.append(LineCard(raw["line_id"], names[raw["line_id"]], say.text("returned"), ""))
            continue
        whole, rest = divmod(item.quantity, 10**QUANTITY_DIGITS)
        many = say.text("{n} pieces", n=whole) if whole > 1 and not rest else ""
        amount = language.money(item.amount, say.currency)
        got = points.get(item.line_id)
        cards.append(
            LineCard(
                item.line_id,
                names[item.line_id],
                many,
                amount,
                say.signed(got) if got else "",
            )
        )
    return tuple(cards)


def _points_by_line(order: Order | None, row: EntryRow, version: Version) -> dict[str, int]:
    """What each line brought. The tier of that time is the one under which the entry's own figures come out."""
    rule = next((one for one in version.rules if one.slug == row.rule), None)
    if order is None or not isinstance(rule, ByMoney) or row.amount <= 0:
        return {}
    groups = json.loads(row.why)["groups"]
    for level in version.programme.tiers.levels:
        case = Case.of("order.paid", {}, order, level.slug, level.multiplier)
        for earlier in version.rules:
            if earlier.stage < rule.stage and earlier.wants(case):
                earlier.apply(case)
        grant = rule.apply(case)
        if grant and [list(group) for group in grant.why["groups"]] == groups:
            return dict(
                zip([item.line_id for item in case.lines], rule.shares(case, row.amount), strict=False)
            )
    return {}
