"""Every id that a browser or a shop's system can send: what it names, and where it goes in.

A handler's argument, a part of an address, a box of a form. What is new and takes something stands here, as the kind of
id that it takes or as a `WORD`: `tests/attack/test_ids.py` fails with what does not.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlmodel import Session, col, select

from app import database, door
from badges.tables import BadgeBatch, BadgePage, GameDraft
from members import sessions
from members.actions import counter_rewards, logins, passkeys
from members.actions.counter import Sale, sell
from members.actions.counter_rewards import Wish
from members.actions.redeem import redeem
from members.case_tables import HeldCase
from members.referral_tables import Referral
from members.roles import MEMBER, Person
from members.suspicion_tables import Suspicion
from members.tables import Identity
from members.way_tables import Approval, Invitation, JoinLink, Login, Passkey, Staff
from rewards.gift_tables import Gift
from rewards.referrals import Offer, Share
from rewards.tables import Entry

WORD = ""  # no id: a text, a choice, or the name of something that is the same for everybody

EVENTS: dict[str, str] = {
    "boards.stand(alias)": WORD, "boards.stand_as(form)": WORD, "challenges.join(slug)": WORD,
    "challenges.leave(slug)": WORD, "history.open_order(key)": "entry", "me.agree(name)": WORD,
    "me.claim(form)": WORD, "me.keep(form)": WORD, "home.answer(form)": WORD, "offers.ask(slug)": WORD,
    "offers.prove(form)": WORD, "offers.show(key)": "redemption", "offers.take(key)": "redemption",
    "rules.calculate(form)": WORD, "rules.foresee(spend)": WORD, "rules.foresee_by(day)": WORD,
    "shelf.let_go(slug)": WORD, "shelf.put_first(slug)": WORD,
    "shelf.share(form)": WORD, "shelf.shift(slug)": WORD, "shelf.shift(forward)": WORD, "shelf.show(key)": WORD,
    "shelf.switch(part)": WORD, "shelf.tell_copied(what)": WORD, "streaks.be_away(form)": WORD,
    "streaks.be_back(since)": WORD, "streaks.be_back(until)": WORD, "streaks.move(zone)": WORD,
    "staff.approvals.agree(key)": "approval", "staff.approvals.ask(key)": "approval",
    "staff.approvals.refuse(form)": WORD, "staff.approvals.withdraw(key)": "approval",
    "staff.artwork.choose(layer)": WORD, "staff.artwork.choose(value)": WORD, "staff.artwork.search(text)": WORD,
    "staff.artwork.share_in(code)": WORD, "staff.artwork.take_emblem(files)": WORD, "staff.artwork.tick(value)": WORD,
    "staff.audit.search(form)": "member", "staff.boards.take(form)": "member", "staff.bulk.ask_undo(key)": "batch",
    "staff.bulk.choose(verb)": WORD, "staff.bulk.go_on(key)": "batch", "staff.bulk.look_over(form)": "member",
    "staff.bulk.take_list(files)": WORD, "staff.cases.ask(key)": "case", "staff.cases.ask(verdict)": WORD,
    "staff.cases.decide(form)": WORD, "staff.cases.look(key)": "case", "staff.games.ask_retire(key)": WORD,
    "staff.games.go_on(key)": WORD, "staff.games.pause(key)": WORD, "staff.people.search(form)": "member",
    "staff.keys.answer(form)": WORD, "staff.keys.ask_about(key)": WORD, "staff.keys.ask_about(what)": WORD,
    "staff.keys.ask_new(form)": WORD, "staff.person.adjust(form)": WORD, "staff.person.extend(form)": WORD,
    "staff.person.pin_tier(form)": WORD, "staff.person.unpin_tier(form)": WORD,
    "staff.person.give_back(key)": "redemption",
    "staff.person.give_badge(form)": WORD, "staff.person.hand_over(key)": "redemption",
    "staff.person.look_behind(key)": "entry", "staff.person.take_badge(form)": WORD,
    "friends.appeal(form)": WORD, "friends.ask_appeal(key)": "friend",
    "staff.cases.settle(key)": "friend case", "staff.cases.settle(verdict)": WORD,
    "friends.name(form)": WORD, "friends.shared(way)": WORD, "home.prove(form)": WORD,
    "friends.switch(name)": WORD, "friends.speak(code)": WORD,
    "staff.same.choose(key)": "member", "staff.same.merge(form)": WORD,
    "staff.same.search(form)": "member", "staff.same.undo(key)": "member", "staff.posters.make(form)": WORD,
    "staff.posters.retire(code)": "join link", "staff.reward.count(form)": WORD,
    "staff.referrals.choose_offer(slug)": WORD, "staff.referrals.choose_days(days)": WORD,
    "staff.referrals.put_first(key)": WORD, "staff.referrals.ask_retire(key)": WORD,
    "staff.referrals_offer.put(name)": WORD, "staff.referrals_offer.put(value)": WORD,
    "staff.referrals_offer.tick(name)": WORD, "staff.referrals_offer.tick(value)": WORD,
    "staff.referrals_offer.see_in(code)": WORD, "staff.referrals_offer.plan(form)": WORD,
    "staff.reward.put(name)": WORD, "staff.reward.put(value)": WORD, "staff.reward.see_as(level)": WORD,
    "staff.reward.take_codes(files)": WORD, "staff.reward.take_picture(files)": WORD,
    "staff.reward.tick(name)": WORD, "staff.reward.tick(value)": WORD,
    "staff.studio.add_condition(part)": WORD, "staff.studio.add_condition(name)": WORD,
    "staff.studio.add_item(name)": WORD, "staff.studio.add_item(text)": WORD, "staff.studio.drop_condition(name)": WORD,
    "staff.studio.drop_item(name)": WORD, "staff.studio.drop_item(text)": WORD, "staff.studio.drop_part(part)": WORD,
    "staff.studio.drop_step(step)": WORD, "staff.studio.look_for(form)": "member", "staff.studio.plan(form)": WORD,
    "staff.studio.put(name)": WORD, "staff.studio.put(value)": WORD, "staff.studio.tick(name)": WORD,
    "staff.studio.tick(value)": WORD, "staff.studio.try_on(key)": "member", "staff.team.ask_change(key)": "staff",
    "staff.team.ask_leave(key)": "staff", "staff.team.change(form)": WORD, "staff.team.invite(form)": WORD,
    "staff.team.take_back(key)": "invitation",
}  # fmt: skip

PAGES: dict[str, dict[str, str]] = {
    "staff.person": {"id": "member"}, "staff.artwork": {"draft": "draft"}, "staff.studio": {"draft": "draft"},
    "staff.reward": {"slug": WORD}, "staff.referrals_offer": {"draft": "draft", "slug": WORD},
    "staff.holders": {"slug": WORD}, "staff.same": {"id": "member"}, "staff.audit": {"object": "member"},
}  # fmt: skip
"""What a page takes from the end of its address, by module."""

PARTS: dict[str, str] = {
    "/pictures/preview/{what}.png": "draft", "/pictures/{name}.webp": "link",
    "/pictures/badge/{what}/{name}.{kind}": WORD, "/credentials/status/{name}": WORD, "/credentials/{name}": "link",
    "/b/{token}/card.png": "link", "/b/{token}": "link",
    "/r/{code}": "link", "/r/{code}/card.png": "link", "/r/{code}/poster.pdf": "link", "/r/{code}/poster.png": "link",
    "/oidc/{name}/back": WORD, "/oidc/{name}": WORD,
    "/oidc/{name}/link": WORD, "/oidc/{name}/unlink": WORD, "/oidc/{name}/join": WORD, "/demo/enter/{name}": "link",
    "/staff/posters/{code}.png": "join link", "/staff/posters/{code}.pdf": "join link",
    "/staff/posters/{code}.svg": "join link", "/j/{link}": "link", "/sign-in/link/{link}": "link",
    "/staff/start/{token}": "link", "/unsubscribe/{token}": "link", "/g/{code}": "link",
}  # fmt: skip
"""Addresses with a part that is filled in. A `link` opens to whoever holds it, and no id of ours is one."""

FORMS: dict[str, tuple[str, str]] = {
    "/ways/end": ("which", "session"), "/passkey/rename": ("which", "passkey"), "/passkey/remove": ("which", "passkey"),
    "/ways/address": ("address", "mailbox"), "/ways/address/remove": ("address", "address"),
    "/ways/address/news": ("address", "address"), "/give/back": ("gift", "gift"),
}  # fmt: skip
"""Boxes with an id in the forms of our own routes."""


def counter(name: str, kind: str, **more: Any) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """What the counter's page sends, with an id in the box `name`."""
    return {f"/counter/{where}": (name, kind, sent) for where, sent in more.items()}


_WISH = {"reward": "coffee", "price": 300, "request": "0190a5d2-0000-7000-8000-00000000000a"}
COUNTER = {
    **counter("request", "sale", undo={}),
    **counter("ask", "question", answer={}, stop={}),
    **counter("proof", "proof", redeem={**_WISH, "member": "@mira"}),
    **counter("member", "member", ask=_WISH, purchase={**_WISH, "amount": "1"}),
    **counter("who", "member", look={}, join=_WISH),
    **counter("code", "redemption", voucher=_WISH),
}
"""Words with an id in what the counter's page sends, as JSON."""

FOR_SERVING = {"/counter/ask", "/counter/purchase"}
"""What whoever may serve sends of anybody: there they are not asked."""

PLAIN_FORMS = {
    "/verify", "/passkey/new/options", "/passkey/new", "/passkey/options", "/passkey/enter", "/leave",
    "/ways/end-others", "/join/agree", "/join", "/join/code", "/join/again", "/sign-in", "/sign-in/code",
    "/sign-in/again", "/me/export", "/me/erase", "/card/key", "/ways/address/code",
    "/ways/address/again", "/ways/address/both", "/give",
}  # fmt: skip
"""Forms about who sends them: there is nothing to name."""

CALLS = {
    "/members/{subject:path}": "subject",
    "/redemptions/{id}/cancel": "redemption",
    "/redemptions": "subject",
    "/payments/{id}/commit": "payment",
    "/payments/{id}/release": "payment",
    "/payments/quote": "subject",
    "/payments": "subject",
}
PLAIN_CALLS = {"/events", "/simulate", "/catalogue", "/codes/use", "/programme", "/openapi.json"}


@dataclass(frozen=True)
class Pair:
    """An id of Mira's or of the shop's, and one of the same shape that was made up."""

    theirs: str
    nobodys: str


def _like(known: UUID) -> UUID:
    """An id that nobody has, with digits and letters at the same places: what is typed is read by how it looks."""
    text, kinds = known.hex, ("0123456789", "abcdef")
    kind = next(one for one in kinds if text[-1] in one)
    return UUID(text[:-1] + kind[(kind.index(text[-1]) + 1) % len(kind)])


def planted(mira: UUID) -> dict[str, Pair]:
    """One of each kind, really there."""
    now = datetime.now(UTC)
    later, strange, friend = now + timedelta(days=1), _like(mira), uuid4()
    owner = "owner:olga"
    with database.transaction(door.engine()) as session:
        bag = redeem(session, mira, "tote", now, "planted", door.secret())  # type: ignore[arg-type]
        approval = Approval(approval_id=uuid4(), action="points.adjusted", object=f"member:{mira}", asked_by=owner,
                            detail=json.dumps({"member": str(mira), "points": 9, "reason": "x", "request": "r"}),
                            asked_at=now, expires_at=later)  # fmt: skip
        digest = bytes(range(32))
        key = Passkey(
            credential_id=b"of mira", role=MEMBER, person=str(mira), public_key=b"k", created_at=now
        )
        login = Login(
            issuer="https://id.example", subject="mira", role=MEMBER, person=str(mira), created_at=now
        )
        sessions.start(session, Person(str(mira), MEMBER), now)
        rows: list[Any] = [
            approval, key, login, Identity(key="email:mira@shop.example", member_id=mira, since=now),
            HeldCase(member_id=mira, guard="bursts", number=1, status="open", facts=2, since=now, until=now,
                     opened_at=now),
            Suspicion(member_id=mira, referral_id=friend, friend_id=uuid4(), status="open", counted="device",
                      opened_at=now),
            Referral(member_id=mira, referral_id=friend, friend_id=uuid4(), code="swift-otter-42", offer="one",
                     terms=Offer(slug="one", name={"en": "One"}, sharer=Share(points=5)).model_dump_json(), way="link",
                     came_at=now, reason="review"),
            BadgeBatch(batch_id="batch-1", verb="give", badge="none", level=1, reason="x", actor=owner, made_at=now),
            GameDraft(draft_id="draft-1", kind="badge", base=1, actor=owner, changed_at=now),
            BadgePage(token="t" * 22, member_id=mira, slug="none", name="Mirabelle", since=now),
            Gift(member_id=mira, gift_id=friend, request_id="planted", points=9, lots="[]", given_at=now, until=later),
            Staff(staff_id="olga", name="Olga", email="olga@shop.example", role="owner", created_at=now),
            Invitation(digest=digest, email="new@shop.example", role="cashier", invited_by=owner, created_at=now,
                       expires_at=later),
            JoinLink(code="till1", label="Till", channel="counter", created_at=now, created_by=owner),
        ]  # fmt: skip
        session.add_all(rows)
        question = counter_rewards.ask(session, Wish(uuid4(), mira, "coffee", 300), owner, now)
        proof = counter_rewards.shown(session, mira, owner, now)
        sale = Sale(uuid4(), f"member:{mira}", 100, now)
        sell(session, sale, owner, now)
        session.flush()
        return {
            "member": Pair(str(mira), str(strange)),
            "entry": Pair(str(_newest_entry(session, mira)), "999999"),
            "redemption": Pair(str(bag.redemption_id), str(strange)),
            "approval": Pair(str(approval.approval_id), str(strange)),
            "case": Pair(f"{mira} bursts 1", f"{strange} bursts 1"),
            "friend": Pair(friend.hex, strange.hex),
            "gift": Pair(friend.hex, strange.hex),
            "friend case": Pair(f"friend {mira} {friend}", f"friend {strange} {friend}"),
            "batch": Pair("batch-1", "batch-2"),
            "draft": Pair("draft-1", "draft-2"),
            "staff": Pair("olga", "olgb"),
            "invitation": Pair(digest.hex(), "ab" * 32),
            "join link": Pair("till1", "till2"),
            "question": Pair(str(question), str(strange)),
            "sale": Pair(str(sale.request), str(strange)),
            "proof": Pair(proof, "A" * len(proof)),
            "address": Pair("email:mira@shop.example", "email:nobd@shop.example"),
            "mailbox": Pair("mira@shop.example", "nobd@shop.example"),
            "link": Pair(str(mira), str(strange)),
            "session": Pair(_session_of(session, mira, now), "0123456789abcdef01234567"),
            "passkey": Pair(passkeys.ident_of(key), "0123456789abcdef"),
            "login": Pair(logins.ident_of(login), "0123456789abcdef"),
        }


def _newest_entry(session: Session, mira: UUID) -> int:
    return session.exec(select(func.max(col(Entry.seq))).where(Entry.member_id == mira)).one()


def _session_of(session: Session, mira: UUID, now: datetime) -> str:
    return sessions.ident_of(sessions.of(session, Person(str(mira), MEMBER), now)[0])
