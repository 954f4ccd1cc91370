"""What staff do to wallets, stock and the catalogue by hand: each with its actor, in the audit, at once."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from facts.events import OWN_SOURCE, Fact
from facts.ids import id_for
from facts.language import N_
from facts.money import decimal_text
from facts.refusals import Refusal
from members import alone
from members.actions.reasons import checked_reason
from members.actions.record import Outcome, record
from members.audit import audit, changes
from members.programme.document import Programme
from members.programme.versions import Version, apply, versions
from members.purses import purses, weight
from members.tables import Standing
from rewards import stock
from rewards.document import Reward
from rewards.lots import POINTS
from rewards.tables import RewardDraft

NEEDS_SECOND = "adjustment_needs_second"
STOCK_MAX = 10**9


def adjust(
    session: Session,
    member_id: UUID,
    points: int,
    reason: str,
    actor: str,
    now: datetime,
    *,
    wallet: str = POINTS,
    request_id: str = "",
    agreed_by: str = "",
) -> Outcome:
    """Give (or with a negative number take) points by hand, for a reason that the member reads too.

    With a `wallet`, `points` are of that one, in its smallest unit, and its limits are what they weigh in points
    (`members.purses.weight`).

    Above the programme's limit, by itself or with what they adjusted alone for this member in 24 hours, and above ten
    times that for all members, a second person is needed (`agreed_by`, see `members.actions.approvals`). The same
    `request_id` is one adjustment.
    """
    reason, weighs = checked_reason(reason), weight_of(session, wallet, points, now)
    if not points:
        many, much = N_("Say how many points to give or to take."), N_("Say how much to give or to take.")
        raise Refusal("adjustment_empty", many if wallet == POINTS else much, path="points")
    salt = secrets.token_hex(16)
    name = str(id_for(now, member_id.hex, actor, request_id or salt))
    data = {"adjustment_id": name, "points": points, "reason": reason, "actor": actor, "salt": salt}
    data |= {} if wallet == POINTS else {"wallet": wallet}
    fact_id = f"adjusted:{member_id}:{request_id}" if request_id else f"adjusted:{name}"
    if not agreed_by:
        within_limits(session, member_id, weighs, actor, fact_id, now)
    before = _balance(session, member_id, wallet)
    outcome = record(
        session, [Fact(OWN_SOURCE, fact_id, "points.adjusted", now, f"member:{member_id}", data)], now
    )[0]
    if outcome.refusal:
        raise outcome.refusal
    if outcome.status == "recorded":
        said = said_in(session, wallet, now)
        detail = deed(wallet, said(points), weighs, {"fact": fact_id})
        detail |= {"agreed_by": agreed_by} if agreed_by else {}
        audit(session, actor, "points.adjusted", f"member:{member_id}", detail, now, before={"balance": said(before)},
              after={"balance": said(_balance(session, member_id, wallet))})  # fmt: skip
    return outcome


def weight_of(session: Session, wallet: str, points: int, now: datetime) -> int:
    """What is given or taken of a wallet, in points; refuses a wallet that the programme does not have now."""
    if wallet == POINTS:
        return points
    version = versions(session).at(now)
    if wallet not in version.wallets:
        raise Refusal("wallet_unknown", N_("There is no such wallet."), path="wallet", status=404)
    weighs = weight(version.wallets[wallet], points, version)
    return weighs if points > 0 else -weighs


def deed(wallet: str, amount: int | str, weighs: int, more: dict[str, Any]) -> dict[str, Any]:
    """What the audit keeps of points, or of a wallet: which, how much, and what that weighs `in_points`."""
    if wallet == POINTS:
        return {"points": weighs, **more}
    return {"wallet": wallet, "amount": amount, "in_points": weighs, **more}


def said_in(session: Session, wallet: str, now: datetime) -> Callable[[int], int | str]:
    """How the audit writes what is in a wallet: money with its currency, all else as the number that it is."""
    version = versions(session).at(now)
    if wallet == POINTS or not version.wallets[wallet].spendable:
        return int
    return lambda amount: f"{decimal_text(amount, version.digits)} {version.currency}"


def within_limits(
    session: Session, member_id: UUID, points: int, actor: str, fact_id: str, now: datetime
) -> None:
    """Refuse what is too much for one person alone: for this member in a day, or for all of them together.

    The person is locked, then the member's standing, so that two at once do not both find room below the limit.
    """
    before = alone.done(session, actor, now, member_id=member_id, but_for=fact_id)
    session.exec(select(Standing.member_id).where(Standing.member_id == member_id).with_for_update()).all()
    limit = versions(session).at(now).points.adjustment_limit
    for so_far, most in ((before.to_one, limit), (before.to_all, limit * alone.MANY)):
        if abs(points) + so_far > most:
            raise Refusal(NEEDS_SECOND, N_("Above {limit} points in a day a second person has to agree."),
                          path="points", status=409, limit=most)  # fmt: skip


def _balance(session: Session, member_id: UUID, wallet: str) -> int:
    if wallet != POINTS:
        return purses(session, member_id).get(wallet, 0)
    return session.exec(select(Standing.balance).where(Standing.member_id == member_id)).first() or 0


def set_stock(session: Session, slug: str, left: int, actor: str, now: datetime) -> None:
    """Say how many of a reward are left, after counting them."""
    if not 0 <= left <= STOCK_MAX:
        raise Refusal("stock_malformed", N_("The stock is a whole number, zero or more."), path="stock")
    reward = versions(session).latest.programme.reward(slug)
    if reward is None or reward.stock is None:
        raise Refusal(
            "stock_unlimited", N_("This reward has no stock: it never runs out."), path="stock", status=409
        )
    before = stock.left_of(session, slug)
    audit(
        session, actor, "stock.set", f"reward:{slug}", {}, now, before={"left": before}, after={"left": left}
    )
    stock.put(session, slug, left)


def publish_reward(session: Session, reward: Reward, *, base: int, actor: str, now: datetime) -> Version:
    """Put a reward into the programme, or in the place of the one with its slug, as a new version from now on."""
    document = versions(session).latest.programme
    kept = [reward if one.slug == reward.slug else one for one in document.rewards]
    rewards = kept if document.reward(reward.slug) else [*kept, reward]
    return _publish(session, document, rewards, base, actor, now)


def retire_reward(session: Session, slug: str, *, base: int, actor: str, now: datetime) -> Version:
    """Take a reward out of the catalogue. What members hold of it stays theirs; its history keeps its name."""
    document = versions(session).latest.programme
    if document.reward(slug) is None:
        raise Refusal(
            "reward_hidden", N_("There is no such reward in the catalogue."), path="reward", status=404
        )
    gone = [one.model_copy(update={"retired": True}) if one.slug == slug else one for one in document.rewards]
    return _publish(session, document, gone, base, actor, now)


def _publish(
    session: Session, document: Programme, rewards: list[Reward], base: int, actor: str, now: datetime
) -> Version:
    changed = Programme.model_validate(
        {**document.model_dump(mode="json"), "rewards": [r.model_dump(mode="json") for r in rewards]}
    )
    return apply(session, changed, base=base, effective_from=now, actor=actor, now=now)


def keep_draft(session: Session, slug: str, form: dict[str, str], actor: str, now: datetime) -> None:
    """Keep what somebody typed for a reward, unpublished; the last one who keeps it wins."""
    draft = session.get(RewardDraft, slug) or RewardDraft(slug=slug, form="{}", actor=actor, changed_at=now)
    before = json.loads(draft.form)
    draft.form, draft.actor, draft.changed_at = (
        json.dumps(form, ensure_ascii=False, sort_keys=True),
        actor,
        now,
    )
    session.add(draft)
    audit(session, actor, "reward.drafted", f"reward:{slug}", {}, now,
          **changes(before, form))  # fmt: skip


def drop_draft(session: Session, slug: str, actor: str, now: datetime) -> None:
    """Throw a draft away; what is published stays."""
    draft = session.get(RewardDraft, slug)
    if draft:
        before = json.loads(draft.form)
        session.delete(draft)
        audit(session, actor, "reward.draft_dropped", f"reward:{slug}", {}, now, before=before)
