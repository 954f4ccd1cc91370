"""What waits for a second person, as sentences: who wants what for whom, and why."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from facts.language import N_, Language
from members.approving import DONE, EXPIRED, REFUSED, WAITING, WITHDRAWN, id_of
from members.programme.versions import Version, versions
from members.roles import Capability, Person
from members.tables import Member
from members.team_cards import RequestCard, RequestsCard
from members.views.saying import wording
from members.views.staff_keys import ASKED, asked_words
from members.views.team import called, moment, role_name
from members.way_tables import Approval, Staff
from rewards.lots import POINTS

SHOWN_MAX, DECIDED_MAX = 50, 20
BECAME = {
    DONE: N_("{who} agreed on {when}."),
    REFUSED: N_("{who} refused on {when}."),
    WITHDRAWN: N_("Taken back on {when}."),
    EXPIRED: N_("Nobody decided in time."),
}


def requests(session: Session, person: Person, now: datetime, say: Language) -> RequestsCard:
    """What waits and what was decided lately: all of it for who may agree, one's own for others."""
    mine = [] if person.may(Capability.APPROVE) else [col(Approval.asked_by).like(f"%:{person.id}")]
    open_ones = (Approval.status == WAITING, Approval.expires_at > now)
    over = or_(col(Approval.status) != WAITING, col(Approval.expires_at) <= now)
    waiting = session.exec(
        select(Approval).where(*open_ones, *mine).order_by(col(Approval.asked_at)).limit(SHOWN_MAX)
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    decided = session.exec(
        select(Approval).where(over, *mine).order_by(col(Approval.asked_at).desc()).limit(DECIDED_MAX)
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    rows = [*waiting, *decided]
    actors = {one.asked_by for one in rows} | {one.decided_by for one in rows if one.decided_by}
    teller = _Teller(session, versions(session).at(now), person, called(session, actors, say), now, say)
    return RequestsCard(
        tuple(teller.card(one) for one in waiting),
        tuple(teller.card(one) for one in decided),
        say.plural(
            "{n} request waits for a second person.", "{n} requests wait for a second person.", len(waiting)
        ),
    )


class _Teller:
    """Says what was asked for."""

    def __init__(self, session: Session, version: Version, person: Person, who: dict[str, str], now: datetime,
                 say: Language) -> None:  # fmt: skip
        self.session, self.version, self.person, self.who = session, version, person, who
        self.now, self.say, self.words = now, say, wording(version, say)

    def card(self, one: Approval) -> RequestCard:
        """The card of one request."""
        say, open_ = self.say, one.status == WAITING and one.expires_at > self.now
        own = id_of(one.asked_by) == self.person.id
        when = moment(one.asked_at, say, self.version.zone)
        return RequestCard(
            key=str(one.approval_id),
            what=self._what(one.action, json.loads(one.detail)),
            path=_path(one),
            reason=one.reason,
            asked=say.text("{who} asked on {when}.", who=self.who[one.asked_by], when=when),
            note="" if open_ else self._note(one),
            may_agree=open_ and one.detail != "{}" and not own and self.person.may(Capability.APPROVE),
            may_withdraw=open_ and own,
        )

    def _one_account(self, detail: dict[str, Any], one: str, other: str) -> str:
        points = self._all_of(detail["points"], detail.get("purses", {}))
        if "meets" not in detail:
            words = N_("Make one account of {one} ({points}) and {other}")
            return self.say.text(words, one=one, points=points, other=other)
        words = N_("Make one account of {one} ({points}), which is closed, and {other} ({meets})")
        meets = self._all_of(detail["meets"], detail.get("purses_met", {}))
        return self.say.text(words, one=one, points=points, other=other, meets=meets)

    def _all_of(self, points: int, purses: dict[str, int]) -> str:
        """The points of an account, and what is in its other wallets."""
        said = [
            self.say.text("{wallet}: {amount}", wallet=self.words.purses[slug].name,
                          amount=self.words.of(slug).points(amount))
            for slug, amount in purses.items() if slug in self.words.purses
        ]  # fmt: skip
        return " · ".join([self.words.points(points), *said])

    def _of_wallet(self, amount: int, wallet: str) -> str:
        """Points, or how much of which other wallet; of one that is no more, its smallest units and its slug."""
        if wallet == POINTS:
            return self.words.points(amount)
        purse = self.words.purses.get(wallet)
        said = self.words.of(wallet).points(amount) if purse else self.say.number(amount)
        return self.say.text("{amount} of “{wallet}”", amount=said, wallet=purse.name if purse else wallet)

    def _called(self, member_id: str) -> str:
        row = self.session.get(Member, UUID(member_id))
        return (row.name if row else "") or self.say.text("A member without a name")

    def _what(self, action: str, detail: dict[str, Any]) -> str:
        say = self.say
        if not detail:
            return say.text("Something for an account that is gone")
        if action == "points.adjusted":
            name = self._called(detail["member"])
            points = self._of_wallet(abs(detail["points"]), detail.get("wallet", POINTS))
            if detail["points"] > 0:
                return say.text("Give {points} to {name}", points=points, name=name)
            return say.text("Take {points} from {name}", points=points, name=name)
        if action == "points.extended":
            name = self._called(detail["member"])
            until = say.date(date.fromisoformat(detail["until"]), "medium")
            points = self._of_wallet(detail["points"], detail.get("wallet", POINTS))
            return say.text("Let {points} of {name} last to {day}", points=points, name=name, day=until)
        if action == "tier.pinned":
            name = self._called(detail["member"])
            return say.text(
                "Give {name} the tier {tier}, which is welcomed with {points}",
                name=name,
                tier=self.words.tiers.get(detail["tier"], detail["tier"]),
                points=self.words.points(detail["points"]),
            )
        if action == "member.merged":
            return self._one_account(detail, self._called(detail["member"]), self._called(detail["into"]))
        if action in ASKED:
            return asked_words(action, detail, say)
        if action == "staff.role_changed":
            colleague = self.session.get(Staff, detail["staff"])
            name = colleague.name if colleague else detail["staff"]
            return say.text("Make {name} {role}", name=name, role=role_name(detail["role"], say))
        badge = self.version.programme.badge(detail["badge"])
        name, members = self.words.words(badge.name) if badge else detail["badge"], detail["members"]
        if detail["verb"] == "grant":
            return say.plural(
                "Give {badge} to {n} member", "Give {badge} to {n} members", members, badge=name
            )
        return say.plural(
            "Take {badge} from {n} member", "Take {badge} from {n} members", members, badge=name
        )

    def _note(self, one: Approval) -> str:
        status = EXPIRED if one.status == WAITING else one.status
        at = moment(one.decided_at or one.expires_at, self.say, self.version.zone)
        said = self.say.text(BECAME[status], who=self.who.get(one.decided_by, ""), when=at)
        return f"{said} {one.said}".strip()


def _path(one: Approval) -> str:
    """Where more is said of what it is about."""
    kind, _, rest = one.object.partition(":")
    return {"member": f"/staff/member?id={rest}", "key": "/staff/keys", "issuer_key": "/staff/keys"}.get(
        kind, ""
    )
