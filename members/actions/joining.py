"""Joining: an address that was proved becomes a member's, at once, with nothing else asked.

Whoever has an account already is found by it. A draft (known from orders only) becomes the member's own account, and
what waited for the address is credited by `identify`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select, update

from facts.events import OWN_SOURCE, Fact
from facts.ids import id_from
from facts.language import N_, SOURCE, Language, language
from facts.refusals import Refusal
from members import books, consents, suspicion_signs
from members.actions.identify import identify
from members.actions.record import record
from members.intake import open_accounts
from members.own_tables import Consent, Merge
from members.programme.versions import in_force
from members.suspicion_signs import Signs
from members.tables import Identity, Member
from members.way_tables import JoinLink

TERMS_VERSION, MEMBERSHIP = "1", "membership"
TERMS = N_(
    "I would like to be a member. {shop} keeps my address, my purchases and my points for it, "
    "and I can leave whenever I like."
)
DRAFT, ACTIVE, LEFT, MERGED = "draft", "active", "left", "merged"
CHANNELS = {"email": consents.EMAIL, "phone": consents.SMS}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody who joins has said: in which language, by which link, and what they agreed to.

    `invited` is the code of the friend whose link they opened before, `signs` what was seen of them when they came.
    """

    language: str = SOURCE
    link: str = ""
    offers: bool = False
    way: str = "join"
    invited: str = ""
    signs: Signs = ()

    @classmethod
    def of(cls, data: dict[str, Any]) -> Wish:
        """As it was remembered with the code."""
        return cls(
            str(data.get("language", SOURCE)), str(data.get("link", "")), bool(data.get("offers")),
            str(data.get("way", "join")), str(data.get("invited", "")),
        )  # fmt: skip

    @property
    def data(self) -> dict[str, Any]:
        """To be remembered with the code."""
        return {"language": self.language, "link": self.link, "offers": self.offers, "way": self.way,
                "invited": self.invited}  # fmt: skip


def account_of(session: Session, subject: str) -> Member | None:
    """Whose an address is: the account that its owner signs in to, or None. A merged account leads to the other one."""
    key = session.get(Identity, subject)
    member = session.get(Member, key.member_id) if key else None
    for _ in range(5):
        if member is None or member.status != MERGED:
            break
        into = session.exec(
            select(Merge.into_id)
            .where(Merge.member_id == member.member_id, col(Merge.undone_at).is_(None))
            .order_by(col(Merge.at).desc())
        ).first()
        member = session.get(Member, into) if into else None
    return member if member and member.status in {DRAFT, ACTIVE, LEFT} else None


def joined(session: Session, subject: str) -> UUID | None:
    """The member who signs in with an address, when they have joined."""
    member = account_of(session, subject)
    return member.member_id if member and member.status != DRAFT else None


def join(session: Session, subject: str, wish: Wish, now: datetime) -> UUID:
    """Make whoever proved `subject` (`email:…`, `phone:…`) a member; who is one already is given as they are.

    `subject` is empty for somebody whom a provider vouches for without an address.
    """
    found = account_of(session, subject)
    if found and found.status != DRAFT:
        return found.member_id
    if found:
        books.lock(session, [found.member_id])
        found.status, found.language = ACTIVE, found.language or wish.language
        session.add(found)
        session.flush()
        member_id = found.member_id
    else:
        member_id = id_from(now, secrets.token_bytes(10))
        open_accounts(session, [member_id], now, ACTIVE)
        session.exec(update(Member).where(col(Member.member_id) == member_id).values(language=wish.language))
        if subject:
            identify(session, member_id, subject, now)
    agree(session, member_id, subject, wish, now)
    suspicion_signs.saw(session, member_id, wish.signs, now)
    _sign_up(session, member_id, channel_of(session, wish.link), wish.invited, now)
    return member_id


def agree(session: Session, member_id: UUID, subject: str, wish: Wish, now: datetime) -> None:
    """Keep that somebody agreed to be a member, with the text as they read or heard it."""
    say = language(wish.language)
    seq = session.exec(
        select(func.max(Consent.seq)).where(Consent.member_id == member_id, Consent.purpose == MEMBERSHIP)
    ).one()
    session.add(Consent(member_id=member_id, purpose=MEMBERSHIP, channel=consents.SITE, seq=(seq or 0) + 1, given=True,
                        at=now, version=TERMS_VERSION, language=say.code, text=terms(session, say, now),
                        way=wish.way))  # fmt: skip
    session.flush()
    if wish.offers:
        channel = CHANNELS[subject.partition(":")[0]]
        consents.decide(
            session, member_id, "offers", channel, True, now, language_code=say.code, way=wish.way
        )


def terms(session: Session, say: Language, now: datetime) -> str:
    """What whoever joins agrees to, as they read it."""
    programme = in_force(session, now).programme
    return say.text(TERMS, shop=programme.words(programme.name, say.code))


def _sign_up(session: Session, member_id: UUID, channel: str, invited: str, now: datetime) -> None:
    data = {"channel": channel} if channel else {}
    data |= {"referral_code": invited} if invited else {}
    fact = Fact(OWN_SOURCE, f"signed_up:{member_id}", "member.signed_up", now, f"member:{member_id}", data)
    outcome = record(session, [fact], now)[0]
    if outcome.refusal:
        raise outcome.refusal


def channel_of(session: Session, code: str) -> str:
    """The channel of a way to join, for the fact of who came by it, who is counted; "" for none."""
    if not code:
        return ""
    found = session.execute(
        update(JoinLink)
        .where(col(JoinLink.code) == code, col(JoinLink.retired_at).is_(None))
        .values(joined=JoinLink.joined + 1)
        .returning(col(JoinLink.channel)),
        execution_options={"synchronize_session": False},
    ).first()
    return f"{found[0]}:{code}" if found else ""


# --- the ways to join: posters, counters, links -------------------------------------------------------------

LABEL_LENGTH_MAX, LINKS_MAX = 60, 500
ALPHABET = (
    "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for something else when typed from a poster
)
KINDS = ("poster", "counter", "online")


def make_link(session: Session, label: str, channel: str, actor: str, now: datetime) -> JoinLink:
    """A new short way to join, `/j/<code>`, with six signs that are easily typed."""
    label = " ".join(label.split())
    if not 0 < len(label) <= LABEL_LENGTH_MAX:
        raise Refusal("label_missing", N_("Say where it will hang, in at most {most} characters."), path="label",
                      most=LABEL_LENGTH_MAX)  # fmt: skip
    if channel not in KINDS:
        raise Refusal("channel_unknown", N_("Choose what it is for."), path="channel")
    if len(links(session)) >= LINKS_MAX:
        raise Refusal("links_many", N_("There are {most} ways to join. Take one away first."), most=LINKS_MAX)
    code = "".join(secrets.choice(ALPHABET) for _ in range(6))
    link = JoinLink(code=code, label=label, channel=channel, created_at=now, created_by=actor)
    session.add(link)
    session.flush()
    return link


def retire_link(session: Session, code: str, now: datetime) -> None:
    """A way to join leads to the plain page from now on, and counts nobody."""
    link = session.get(JoinLink, code)
    if link is None:
        raise Refusal("link_unknown", N_("There is no such way to join."), status=404)
    link.retired_at = link.retired_at or now
    session.add(link)
    session.flush()


def links(session: Session) -> list[JoinLink]:
    """The ways to join that lead anywhere, the newest first."""
    query = (
        select(JoinLink).where(col(JoinLink.retired_at).is_(None)).order_by(col(JoinLink.created_at).desc())
    )
    return list(session.exec(query.limit(LINKS_MAX)))
