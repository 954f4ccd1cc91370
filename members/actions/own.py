"""What members do about themselves: say who they are, pause, leave, and come back."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from facts.events import OWN_SOURCE, Fact
from facts.language import N_, codes
from facts.refusals import Refusal
from members import books, closing
from members.actions import boards
from members.actions.record import advance, record, weigh
from members.audit import audit
from members.claims import Admission, settle, waiting
from members.merged import merged_into, pass_on
from members.own_tables import Profile
from members.programme import versions
from members.questions import QUESTIONS, put_off
from members.tables import Member, Outbox, Standing
from members.views.standing import unknown

NAME_LENGTH_MAX = 60
AGE_MAX = 120
RETURN_DAYS = 30
BIRTHDAY_DAYS = (
    365  # a birthday that was said can be corrected once in so many days: there may be a present on it
)
ACTIVE, LEFT = "active", "left"


def profile_of(session: Session, member_id: UUID) -> Profile:
    """The member's row, new when they were never asked; locked by their standing."""
    if not books.lock(session, [member_id]):
        raise unknown()
    found = session.get(Profile, member_id, populate_existing=True)
    if found and found.erased_at:
        raise unknown()
    return found or Profile(member_id=member_id, salt=secrets.token_bytes(16))


def tell(
    session: Session,
    member_id: UUID,
    now: datetime,
    *,
    name: str | None = None,
    birthday: str | None = None,
    language: str | None = None,
) -> None:
    """Write down what the member says of themselves; what is None stays. `birthday` is `YYYY-MM-DD`, or "".

    The first name and the first birthday are each a fact (`profile.completed`), once. A birthday that was said can be
    corrected once a year.
    """
    profile, member = profile_of(session, member_id), session.get_one(Member, member_id)
    fresh: list[str] = []
    if name is not None:
        member.name = _name(name)
        fresh += ["name"] if member.name else []
    if birthday is not None and birthday.strip() != profile.birthday:
        profile.birthday = _birthday(birthday, profile, now)
        fresh += ["birthday"] if profile.birthday else []
    if language is not None:
        if language not in codes():
            raise Refusal("language_unknown", N_("We do not speak this language yet."), path="language")
        member.language = language
    session.add(profile)
    session.add(member)
    session.flush()
    facts = [
        Fact(OWN_SOURCE, f"profile:{member_id}:{one}", "profile.completed", now, f"member:{member_id}",
             {"fields": [one]})
        for one in fresh
    ]  # fmt: skip
    if facts:
        record(session, facts, now)  # what was recorded before is a duplicate, and that is that


def skip(session: Session, member_id: UUID, question: str, now: datetime) -> None:
    """Put a question off: nothing is asked at home for some weeks."""
    if question not in QUESTIONS:
        raise Refusal("question_unknown", N_("There is no such question."), path="question")
    profile = profile_of(session, member_id)
    profile.skipped = put_off(profile.skipped, question, now)
    session.add(profile)
    session.flush()


def _name(text: str) -> str:
    name = " ".join(text.split())
    if len(name) > NAME_LENGTH_MAX or not name.isprintable():
        raise Refusal("name_malformed", N_("A name is one line of at most {most} characters."), path="name",
                      most=NAME_LENGTH_MAX)  # fmt: skip
    return name


def _birthday(text: str, profile: Profile, now: datetime) -> str:
    """A birthday that may be: `YYYY-MM-DD`. It is kept with the day on which it may be changed again."""
    if not text.strip():
        return ""
    try:
        born = date.fromisoformat(text.strip())
    except ValueError:
        born = None
    if born is None or not now.year - AGE_MAX <= born.year or born > now.date():
        raise Refusal("birthday_malformed", N_("This is no birthday that can be."), path="birthday")
    if profile.birthday_at and now < profile.birthday_at + timedelta(days=BIRTHDAY_DAYS):
        raise Refusal("birthday_fixed", N_("A birthday can be corrected once a year. The shop can help you."),
                      path="birthday", status=409)  # fmt: skip
    profile.birthday_at = now
    return born.isoformat()


# --- pausing, leaving, coming back ------------------------------------------------------------------------


def pause(session: Session, member_id: UUID, now: datetime) -> None:
    """No messages and no boards until the member comes back; points are earned and kept as before."""
    profile = profile_of(session, member_id)
    if profile.left_at:
        raise _left()
    profile.paused_at = profile.paused_at or now
    session.add(profile)
    session.flush()
    boards.leave(session, member_id, now)


def resume(session: Session, member_id: UUID, now: datetime) -> None:
    """The pause is over."""
    profile = profile_of(session, member_id)
    profile.paused_at = None
    session.add(profile)
    session.flush()


def leave(session: Session, member_id: UUID, actor: str, now: datetime) -> datetime:
    """Leave the programme; returns until when the member can come back. After that they are erased.

    The ledger stands still: nothing is earned, spent or lost, and what is bought meanwhile waits. No message is sent.
    """
    profile = profile_of(session, member_id)
    if not profile.left_at:
        boards.leave(session, member_id, now)
        profile.left_at = now
        session.add(profile)
        session.get_one(Member, member_id).status = LEFT
        stand = session.get_one(Standing, member_id, populate_existing=True)
        stand.state, stand.due_at = closing.marked(stand.state, closing.LEFT), None
        session.add(Outbox(members=member_id.hex, at=now))
        session.flush()
        audit(session, actor, "member.left", f"member:{member_id}", {}, now)
    assert profile.left_at is not None
    return profile.left_at + timedelta(days=RETURN_DAYS)


def come_back(session: Session, member_id: UUID, actor: str, now: datetime) -> None:
    """Be a member again, within the days of grace; what was bought meanwhile counts when it happened."""
    profile = profile_of(session, member_id)
    if not profile.left_at:
        return
    profile.left_at = None
    session.add(profile)
    session.get_one(Member, member_id).status = ACTIVE
    open_again(session, member_id, now)
    session.add(Outbox(members=member_id.hex, at=now))
    audit(session, actor, "member.came_back", f"member:{member_id}", {}, now)


def open_again(session: Session, member_id: UUID, now: datetime) -> None:
    """Let an account's time go on, and let what waited for it count."""
    stand = session.get_one(Standing, member_id, populate_existing=True)
    stand.state, stand.due_at = closing.unmarked(stand.state), now
    session.flush()
    facts = waiting(session, closing.waits_for(member_id))
    ones = [Admission(fact, "new", member_id, known_object=True) for fact in facts]
    settle(session, ones)
    weigh(session, ones, versions(session), now)
    pass_on(session, merged_into(session, member_id), record, advance, now)


def _left() -> Refusal:
    return Refusal("account_closed", N_("This account is closed."), status=409)
