"""Selling at the counter: a purchase becomes facts, once however often it is sent, and can be undone for a while."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from facts.events import Fact, parse
from facts.language import N_
from facts.money import decimal_text, minor
from facts.refusals import Refusal
from members.actions.record import Outcome, record
from members.audit import audit
from members.programme.versions import in_force
from members.tables import Audit, Claim, FactRow

SOURCE = "counter"
SOLD, UNDONE = "counter.sold", "counter.undone"
UNDO = timedelta(minutes=10)
KEPT = timedelta(days=14)  # how long a purchase may lie in a phone that has no line
RECEIPT_LENGTH_MAX = 40
MINOR_MAX = 10**11
USUAL_OF, USUAL_LEAST, UNUSUAL_TIMES = 20, 5, 10
_AMOUNT = re.compile(r"\d{1,9}(\.\d{1,6})?\Z", re.ASCII)
_BETWEEN = re.compile(r"(?<=\d)[\s\u00a0\u202f٬'’](?=\d{3}(\D|\Z))")


@dataclass(frozen=True, slots=True)
class Sale:
    """A purchase as it was typed: `subject` is whom it is for, `amount` in minor units, `at` when it happened.

    `request` is made by the device, once for each purchase. `sure`: somebody looked at an unusual amount again.
    """

    request: UUID
    subject: str
    amount: int
    at: datetime
    receipt: str = ""
    sure: bool = False


def amount_of(typed: str, digits: int) -> int:
    """Minor units of what was typed: `12.50`, `12,5`, `1 200`, or the same in Arabic-Indic digits."""
    plain = "".join(_sign(one) for one in typed.strip()[:40])
    plain = _BETWEEN.sub("", plain).replace(",", ".")
    try:
        found = minor(plain, digits) if _AMOUNT.match(plain) else 0
    except Refusal:
        found = 0
    if not 0 < found <= MINOR_MAX:
        raise Refusal("amount_malformed", N_("Type the amount, such as {example}."), path="amount",
                      example=decimal_text(1250 if digits == 2 else 10**digits * 12, digits))  # fmt: skip
    return found


def _sign(one: str) -> str:
    if one == "٫":
        return "."
    digit = unicodedata.decimal(one, None)
    return one if digit is None else str(digit)


def usual_max(session: Session) -> int:
    """Up to which amount, in minor units, a purchase is of the usual size here; 0 while nobody knows.

    Ten times the middle one of the latest purchases at the counter: who types 1,000 for 10.00 is asked once more.
    """
    query = select(Audit.detail).where(Audit.action == SOLD).order_by(col(Audit.seq).desc()).limit(USUAL_OF)
    found = [json.loads(detail)["amount"] for detail in session.exec(query)]
    return int(median(found)) * UNUSUAL_TIMES if len(found) >= USUAL_LEAST else 0


def sell(session: Session, sale: Sale, actor: str, now: datetime) -> Outcome:
    """Record a purchase. Sent again it is a `duplicate`; of an address that nobody has it is `waiting`.

    Refuses what lies too long in the past, and an unusual amount that nobody has looked at again (`amount_unusual`);
    what was recorded already is neither: its phone has only not heard of it.
    """
    if session.get(Claim, (SOURCE, f"fact:{sale.request}:paid")) is None:
        _check_age(sale, now)
        _check_size(session, sale)
    programme = in_force(session, now).programme
    amount = decimal_text(sale.amount, programme.digits)
    name = f"#{sale.receipt}" if sale.receipt else ""
    line = {"line_id": "1", "sku": SOURCE, "quantity": "1", "amount": amount, "name": name}
    data = {"order_id": str(sale.request), "currency": programme.currency, "lines": [line], "channel": SOURCE}
    facts = [_fact(sale, kind, data, min(sale.at, now)) for kind in ("placed", "paid")]
    outcomes = record(session, facts, now)
    refused = next((one.refusal for one in outcomes if one.refusal), None)
    if refused:
        raise refused
    paid = outcomes[1]
    if paid.status != "duplicate":
        whom = f"member:{paid.member_id}" if paid.member_id else ""
        audit(session, actor, SOLD, f"order:{sale.request}", {"amount": sale.amount, "for": whom}, now)
    return paid


def _check_age(sale: Sale, now: datetime) -> None:
    if sale.at < now - KEPT:
        raise Refusal("sale_old", N_("This was more than {days} days ago. Ask an owner to add it."),
                      status=409, days=KEPT.days)  # fmt: skip


def _check_size(session: Session, sale: Sale) -> None:
    usual = usual_max(session)
    if usual and sale.amount > usual and not sale.sure:
        raise Refusal("amount_unusual", N_("This is much more than usual here."), path="amount", status=409)


def _fact(sale: Sale, kind: str, data: dict[str, Any], at: datetime) -> Fact:
    return parse({"specversion": "1.0", "id": f"{sale.request}:{kind}", "source": SOURCE, "type": f"order.{kind}",
                  "time": at.isoformat(), "subject": sale.subject, "data": data})  # fmt: skip


def undo(session: Session, request: UUID, actor: str, now: datetime) -> Outcome:
    """Take a purchase back as if it had not been: by who recorded it, within ten minutes. Twice is once."""
    sold = _row(session, request, SOLD, actor)
    whom = json.loads(sold.detail)["for"].removeprefix("member:") if sold else ""
    if sold is None or not whom:
        raise Refusal("sale_unknown", N_("There is no such purchase of yours."), status=404)
    if _row(session, request, UNDONE, actor) is None and now > sold.at + UNDO:
        raise Refusal("undo_late", N_("This can be undone for {minutes} minutes only. Ask an owner."),
                      status=409, minutes=UNDO.seconds // 60)  # fmt: skip
    paid = session.get(FactRow, (UUID(whom), SOURCE, f"{request}:paid"))
    if paid is None:
        raise Refusal("sale_unknown", N_("There is no such purchase of yours."), status=404)
    line = json.loads(paid.data)["lines"][0]
    data = {"order_id": str(request), "refund_id": f"{request}:undone", "reason": "undone at the counter",
            "lines": [{"line_id": "1", "quantity": "1", "amount": line["amount"]}]}  # fmt: skip
    fact = parse({"specversion": "1.0", "id": f"{request}:undone", "source": SOURCE, "type": "order.refunded",
                  "time": now.isoformat(), "subject": f"member:{whom}", "data": data})  # fmt: skip
    outcome = record(session, [fact], now)[0]
    if outcome.refusal:
        raise outcome.refusal
    if outcome.status != "duplicate":
        audit(session, actor, UNDONE, f"order:{request}", {"for": f"member:{whom}"}, now)
    return outcome


def undo_seconds(session: Session, request: UUID, actor: str, now: datetime) -> int:
    """For how many seconds from now the purchase can be undone by this person; 0 for not at all."""
    sold = _row(session, request, SOLD, actor)
    if sold is None or not json.loads(sold.detail)["for"] or _row(session, request, UNDONE, actor):
        return 0
    return max(0, int((sold.at + UNDO - now).total_seconds()))


def _row(session: Session, request: UUID, action: str, actor: str) -> Audit | None:
    query = select(Audit).where(
        Audit.object == f"order:{request}", Audit.actor == actor, Audit.action == action
    )
    return session.exec(query).first()
