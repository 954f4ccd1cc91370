"""An offer for friends on the workbench: its boxes, what both sides will read, and what publishing would change."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from sqlmodel import Session

from facts.language import N_, SOURCE, Language, codes
from facts.language import language as language_of
from members.actions.drafts import Draft, thing_of
from members.actions.studio import is_stale, problem_of, read_offer
from members.programme.plan import plan
from members.programme.versions import Version, versions
from members.referral_tables import ReferralCode
from members.roles import Capability, Person
from members.staff_cards import FieldCard, TickCard
from members.staff_game_cards import OptionCard
from members.staff_referral_cards import OfferCard, SideCard
from members.studio.offer import Read, placed
from members.views import friends
from members.views.drafted import planned_words
from members.views.saying import wording
from members.views.staff_referrals_offers import alike, gives, keeping, links, title_of
from rewards.referrals import Offer
from rewards.wording import Wording

EXAMPLE = "swift-otter-42"
NOBODY = UUID(int=0)
LABELS = {
    "slug": (N_("Short name for links and lists"), N_("It stays for ever, so choose it well.")),
    "points": (N_("Points"), N_("Empty: none.")),
    "expires_days": (N_("Days until the points expire"), N_("Empty: as all points do.")),
    "order_min": (N_("First purchase of at least"), N_("Empty: any purchase.")),
    "hold_days": (N_("Days for returns"), N_("So long the points wait. 0: they count at once.")),
    "per_member": (N_("For how many friends one member is paid"), N_("Empty: no limit.")),
    "link_days": (N_("Days for which a link is good"), N_("Empty: as long as the offer is made.")),
    "opens": (N_("Opens"), N_("Empty: at once.")),
    "closes": (N_("Closes"), N_("Empty: until it is retired.")),
}
TERMS = ("order_min", "hold_days", "per_member", "link_days")
MOMENTS = ("opens", "closes")


def offer_card(
    session: Session, draft: Draft, spoken: str, person: Person, now: datetime, language: Language, *, told: bool
) -> OfferCard:  # fmt: skip
    """The form of a draft, kept or not yet. `spoken` is the language of the preview; with `told` problems are shown."""
    version = versions(session).latest
    say, form = wording(version, language), draft.body.get("form", {})
    found, there = (
        read_offer(draft, version.programme),
        None if draft.fresh else _published(version, draft.slug),
    )
    boxes = _Boxes(form, found, say, told=told)
    problem = next(
        (one for one in (f"{side}.reward" for side in ("friend", "sharer")) if one in found.problems), ""
    )
    return OfferCard(
        title=say.words(there.name) if there else title_of(draft, say),
        stage=say.text("Retired") if there and there.retired else say.text("An offer for friends"),
        draft=draft.id,
        fresh=draft.fresh,
        slug=boxes.labelled("slug"),
        names=tuple(boxes.box(f"name.{code}", language_of(code).name, "", "text", code)
                    for code in version.programme.languages),
        sharer=boxes.of_side("sharer"),
        friend=boxes.of_side("friend"),
        burns=tuple(boxes.tick(f"{side}.promotional", label) for side, label in BURNS.items()),
        rewards=_rewards(version, say),
        sharer_reward=form.get("sharer.reward", ""),
        friend_reward=form.get("friend.reward", ""),
        reward_problem=boxes.problem(problem),
        paid=form.get("paid", "first_order"),
        terms=tuple(boxes.labelled(name) for name in TERMS),
        per=form.get("per", "ever"),
        times=tuple(boxes.labelled(name, "datetime-local") for name in MOMENTS),
        zone=language.place(version.zone),
        links=_links(session, there, found.offer, say),
        preview=_preview(session, found.offer, spoken, now, say),
        languages=tuple(TickCard(code, language_of(code).name, code == spoken) for code in codes()),
        changes=tuple(_changes(found, version, language)),
        behind=_behind(found.offer, version, say, now),
        wrong=_count_wrong(found, say) if told else "",
        ready=found.offer is not None,
        stale=is_stale(session, draft),
        retired=bool(there and there.retired),
        planned=planned_words(draft, say, version),
        problem=problem_of(draft, language),
        may_publish=person.may(Capability.PUBLISH_PROGRAMME),
    )  # fmt: skip


BURNS = {
    "friend": N_("The friend's points are promotional: spent first"),
    "sharer": N_("The sharer's points are promotional: spent first"),
}


def _published(version: Version, slug: str) -> Offer | None:
    there = thing_of(version.programme, "offer", slug)
    return there if isinstance(there, Offer) else None


class _Boxes:
    """Makes boxes of a form."""

    def __init__(self, form: dict[str, str], found: Read, say: Wording, *, told: bool) -> None:
        self.form, self.found, self.say, self.told = form, found, say, told

    def problem(self, name: str) -> str:
        """What is wrong with a box, once that is told."""
        if not self.told or name not in self.found.problems:
            return ""
        msgid, params = self.found.problems[name]
        return self.say.text(msgid, **params)

    def box(self, name: str, label: str, hint: str = "", kind: str = "text", language: str = "") -> FieldCard:
        """One box."""
        return FieldCard(name, label, self.form.get(name, ""), hint, self.problem(name), kind, language)

    def labelled(self, name: str, kind: str = "text", box: str = "") -> FieldCard:
        """One that every offer has, called `box` in the form when that is another name."""
        label, hint = LABELS[name]
        return self.box(box or name, self.say.text(label), self.say.text(hint), kind)

    def of_side(self, side: str) -> tuple[FieldCard, ...]:
        """What one side gets."""
        return tuple(self.labelled(name, box=f"{side}.{name}") for name in ("points", "expires_days"))

    def tick(self, name: str, label: str) -> TickCard:
        """Something to tick."""
        return TickCard(name, self.say.text(label), self.form.get(name) == "yes")


def _rewards(version: Version, say: Wording) -> tuple[OptionCard, ...]:
    """The rewards that can be promised: those of which there are always more."""
    there = [one for one in version.programme.rewards if one.can_be_won and not one.retired]
    return (
        OptionCard("", say.text("No reward")),
        *(OptionCard(one.slug, say.words(one.name)) for one in there),
    )


def _links(session: Session, there: Offer | None, new: Offer | None, say: Wording) -> tuple[str, ...]:
    """What links keep, and what this would change about them."""
    if there is None:
        return ()
    kept = links(session).get(there.slug, [])
    now, old = keeping(kept, there)
    said = [say.language.plural("{n} link makes this offer.", "{n} links make this offer.", now)]
    for terms, number in kept:
        if not alike(terms, there):
            line = say.language.plural(
                "{n} link keeps: {gives}", "{n} links keep: {gives}", number, gives=gives(terms, say)
            )
            said.append(line)
    if new is not None and not alike(new, there) and now + old:
        said.append(
            say.text(
                "Once this is published they keep what they were shared with; new links make the new one."
            )
        )
    return tuple(said)


def example(offer: Offer) -> ReferralCode:
    """A link of nobody's that makes an offer."""
    return ReferralCode(code=EXAMPLE, member_id=NOBODY, offer=offer.slug, terms=offer.model_dump_json())


def _preview(session: Session, offer: Offer | None, spoken: str, now: datetime, say: Wording) -> SideCard:
    """What the sharer reads, and what the friend does, in a language."""
    if offer is None:
        return SideCard(words=say.text("Fill in what is missing to see it."))
    words = language_of(spoken if spoken in codes() else SOURCE)
    theirs, version = wording(versions(session).latest, words), versions(session).latest
    card = friends.invitation(session, example(offer), now, words)
    share = offer.friend
    asked = {"language": words.code, "points": share.points if share else 0}
    reward = share.model_dump().get("reward") if share else None
    asked |= {"reward": reward} if reward else {}
    return SideCard(
        language=words.code,
        dir=words.dir,
        headline=friends.headline(offer, theirs),
        rules=friends.rules(offer, theirs),
        title=card.title,
        text=card.text,
        friend_rules=card.rules,
        picture=f"/pictures/preview/invitation.png?{urlencode(asked)}&version={version.number}",
    )


def _changes(found: Read, version: Version, language: Language) -> list[str]:
    if found.offer is None:
        return []
    after = placed(version.programme, found.offer)
    return [change.sentence for change in plan(version.programme, after, language)]


def _behind(offer: Offer | None, version: Version, say: Wording, now: datetime) -> str:
    """That another open offer stands before it, so that new links do not make this one yet."""
    first = version.programme.referrals.offer(now)
    if offer is None or first is None or not offer.open_at(now):
        return ""
    shown = placed(version.programme, offer).referrals.offer(now)
    if shown is None or shown.slug == offer.slug:
        return ""
    return say.text(
        "“{name}” is open and stands before it: new links make that one until it ends or this is put first.",
        name=say.words(shown.name),
    )


def _count_wrong(found: Read, say: Wording) -> str:
    count = len(found.problems)
    return (
        say.language.plural("{n} box needs another look.", "{n} boxes need another look.", count)
        if count
        else ""
    )
