"""What the counter shows of a member, of a purchase and of a reward: as little as it takes to serve them."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from badges.tables import Player
from facts.language import N_, Language
from members.actions import counter, counter_rewards
from members.actions.record import Outcome
from members.counter_cards import ChoiceCard, EarnedCard, ReceiptCard, SaleCard, ServedCard
from members.merged import latest_of
from members.programme.versions import Timeline, versions
from members.standing import MemberStanding, PurseStanding, standing_of
from members.tables import Member
from members.taken import accounts, days_of, taken
from members.views.entries import EntryRow, title, why_sentence
from members.views.offers import Counted, holder_of, in_sight, kind_words, price_words
from members.views.saying import wording
from members.views.standing import tier_card, unknown
from members.views.wallets import balance_words, main_purse, purse_cards, worth_words
from rewards import catalogue
from rewards.catalogue import Offer, Shelf
from rewards.lots import POINTS
from rewards.redemption import State
from rewards.tables import Entry, Redemption, RewardStock
from rewards.wording import Wording

NAMELESS = N_("A member without a name")
NOT_CONFIRMED = N_("Not confirmed yet: points are collected, rewards wait.")
ENTRIES_MAX = 60


def served(session: Session, member_id: UUID, now: datetime, language: Language) -> ServedCard:
    """The member in front of the counter: a name, a tier, a balance, and what they can have now."""
    line, member_id = versions(session), latest_of(session, member_id)
    standing, row = standing_of(session, member_id, now, line), session.get(Member, member_id)
    if standing is None or row is None or row.status in {"erased", "left", "merged"}:
        raise unknown()
    say = wording(standing.version, language)
    tier = tier_card(standing, say, now)
    is_open = counter_rewards.is_open(session, row)
    found = offers_for(session, standing, now) if is_open else []
    return ServedCard(
        key=str(member_id),
        name=_name(session, row, say),
        tier=tier.name,
        tone=tier.tone,
        balance=balance_words(standing, say),
        worth=_worth(standing, say, now),
        next=tier.before + tier.strong + tier.after,
        open=is_open,
        note="" if is_open else say.text(NOT_CONFIRMED),
        rewards=tuple(_choice(one, say) for one in found),
    )


def _worth(standing: MemberStanding, say: Wording, now: datetime) -> str:
    """What the balance is worth, and what is in other wallets, each in a line."""
    main = main_purse(standing)
    purses = [
        say.text("{wallet}: {amount}", wallet=one.name, amount=one.amount)
        for one in purse_cards(standing, say, now)
        if main is None or one.key != main.slug
    ]
    return "\n".join(said for said in (worth_words(standing, say), *purses) if said)


def _name(session: Session, row: Member, say: Wording) -> str:
    player = session.get(Player, row.member_id)
    return row.name or (player.alias if player else "") or say.text(NAMELESS)


def offers_for(session: Session, standing: MemberStanding, now: datetime) -> list[Offer]:
    """What they can have now, the dearest first: that is what people save for."""
    had = _had(session, standing)
    counts, rewards = Counter(slug for slug, _ in had), standing.version.programme.rewards
    days = days_of(session, accounts(session, standing.member_id, rewards), rewards)
    holder = holder_of(standing, counts, had, days, now)
    found = catalogue.offers(standing.version.programme.rewards, holder, _left(session), now)
    here = [one for one in found if one.shelf is Shelf.NOW and one.reward.at_counter]
    return sorted(here, key=lambda one: (-one.price, one.reward.slug))


def _had(session: Session, standing: MemberStanding) -> list[tuple[str, datetime]]:
    return taken(session, accounts(session, standing.member_id, standing.version.programme.rewards))


def _left(session: Session) -> dict[str, int]:
    return dict(session.exec(select(RewardStock.slug, RewardStock.left)).all())


def _choice(one: Offer, say: Wording) -> ChoiceCard:
    return ChoiceCard(one.reward.slug, say.words(one.reward.name), price_words(one.price, say), one.price)


def sale(
    session: Session, sold: counter.Sale, outcome: Outcome, actor: str, now: datetime, language: Language
) -> SaleCard:
    """A purchase: what it brought and why, what there is now, and how far it is to the next tier and reward."""
    line = versions(session)
    say = wording(line.at(now), language)
    money = say.money(sold.amount)
    request = str(sold.request)
    if outcome.member_id is None:
        words = say.text("Nobody has this address yet. It counts as soon as they join with it.")
        return SaleCard(request, say.text("{money} kept", money=money), words)
    member_id = latest_of(session, outcome.member_id)
    standing = standing_of(session, member_id, now, line)
    if standing is None:
        raise unknown()
    earned = _earned(session, member_id, request, line, language)
    tier = tier_card(standing, say, now)
    had = _had(session, standing)
    counted = Counted(_left(session), Counter(slug for slug, _ in had), had=had)
    near, _ = in_sight(standing, counted, say, now)
    gained = _gained(earned, say, main_purse(standing))
    return SaleCard(
        request,
        gained,
        say.text("{money} is recorded", money=money),
        tuple(card for _, _, card in earned),
        balance=_balance(standing, say),
        next=tier.before + tier.strong + tier.after,
        reward=say.text("{reward}: {words}", reward=near.name, words=near.words or near.percent_words or near.price)
        if near.slug else "",
        undo_seconds=counter.undo_seconds(session, sold.request, actor, now),
    )  # fmt: skip


def _gained(earned: list[tuple[str, int, EarnedCard]], say: Wording, main: PurseStanding | None) -> str:
    """What came in all, wallet by wallet; points, or the wallet in their place, are always told."""
    sums: dict[str, int] = {main.slug if main else POINTS: 0}
    for wallet, amount, _ in earned:
        sums[wallet] = sums.get(wallet, 0) + amount
    return " · ".join(_came(wallet, amount, say) for wallet, amount in sums.items())


def _came(wallet: str, amount: int, say: Wording) -> str:
    """`+62 points`; `+$0.62` of a wallet beside them."""
    if wallet != POINTS:
        return say.of(wallet).signed(amount)
    return f"{say.language.number(amount, signed=True)} {say.language.plural('point', 'points', amount)}"


def _balance(standing: MemberStanding, say: Wording) -> str:
    """What can be spent, and what is on its way."""
    now, main = say.text("Balance: {points}", points=balance_words(standing, say)), main_purse(standing)
    pending = main.pending if main else standing.pending
    if not pending:
        return now
    coming = say.of(main.slug if main else None).points(pending)
    return f"{now} · " + say.text("{points} on their way", points=coming)


def _earned(
    session: Session, member_id: UUID, request: str, line: Timeline, language: Language
) -> list[tuple[str, int, EarnedCard]]:
    """The entries that the purchase brought, by their cause: `earn|counter|<request>:paid|…`, and prizes with it."""
    newest = (
        select(Entry).where(Entry.member_id == member_id).order_by(col(Entry.seq).desc()).limit(ENTRIES_MAX)
    )
    found: list[tuple[str, int, EarnedCard]] = []
    for row in [_row(one) for one in session.exec(newest)]:
        if f"|{counter.SOURCE}|{request}:paid|" in row.cause and row.amount:
            version = line.numbered(row.version) if row.version else line.at(row.at)
            say, why = wording(version, language).of(row.wallet), json.loads(row.why)
            amount = say.signed(row.amount)
            card = EarnedCard(title(row, why, version, say), why_sentence(why, say), amount)
            found.append((row.wallet, row.amount, card))
    return found[::-1]


def _row(one: Entry) -> EntryRow:
    return EntryRow(one.seq, one.kind, one.amount, one.at, one.active_from, one.expires_at, one.cause, one.rule,
                    one.version, one.why)  # fmt: skip


def undone(session: Session, member_id: UUID, now: datetime, language: Language) -> ReceiptCard:
    """A purchase that was taken back."""
    standing = _standing(session, member_id, now)
    say = wording(standing.version, language)
    return ReceiptCard(
        say.text("Undone"), say.text("It is as if this purchase had not been."), _balance(standing, say)
    )


def handed_over(session: Session, made: Redemption, now: datetime, language: Language) -> ReceiptCard:
    """The receipt of a reward, the same for both: what it was, for how many points, and what is left."""
    standing = _standing(session, made.member_id, now)
    say = wording(standing.version, language)
    name = say.rewards.get(made.reward, made.reward)
    words = (
        say.text("{points} were taken.", points=say.points(made.price)) if made.price else say.text("Free")
    )
    return ReceiptCard(name, words, _balance(standing, say))


def _standing(session: Session, member_id: UUID, now: datetime) -> MemberStanding:
    standing = standing_of(session, member_id, now)
    if standing is None:
        raise unknown()
    return standing


def voucher(session: Session, made: Redemption, now: datetime, language: Language) -> ReceiptCard:
    """A voucher that was taken, and what it gives."""
    version = versions(session).numbered(made.version)
    say, reward = wording(version, language), version.programme.reward(made.reward)
    name = say.words(reward.name) if reward else made.reward
    what = kind_words(reward, say) if reward else ""
    if reward and reward.what.lasts:
        return ReceiptCard(name, what, say.text("The pass is good, and stays active."))
    assert made.state == State.USED
    return ReceiptCard(name, what, say.text("The voucher is taken, and used up."))
