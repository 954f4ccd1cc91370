"""Frauds as scripts: one person behind many accounts, who wants the points for friends that are no friends.

Each does what it takes to be paid (joins, buys for enough, waits), and hides as far as it is cheap: fresh browsers,
other names, other cards. What none can have is a hundred homes, networks, devices, mailboxes and cards at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from members.alias_words import WORDS
from tests.fraud.deeds import THROWAWAY, Buys, Deed, Joins, Person, Returns, Story, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def joins_and_buys(world: World, who: Person, by: Person | None, at: timedelta) -> Iterator[Deed]:
    """An account is opened, and buys what the offer asks for."""
    yield Joins(at, who, by)
    yield Buys(at + world.hours(0.1, 30), who, f"o-{world.number()}")


def ring_of_aliases(world: World, size: int = 100) -> Story:
    """One mailbox under a hundred spellings; a fresh browser each time, now and then another network and card."""
    boss = world.person(email=f"r.ing.{world.number()}@gmail.com")
    local, story = boss.email.partition("@")[0], Story("a ring of one mailbox", [Joins(timedelta(0), boss)])
    plain = local.replace(".", "")
    for number in range(size - 1):
        cut = 1 + number % (len(plain) - 1)
        spelling = f"{plain[:cut]}.{plain[cut:]}+{number}@gmail.com"
        own = world.dice.random() < 0.5
        who = world.person(email=spelling, address=boss.address, network="" if own else boss.network)
        story.deeds += joins_and_buys(world, who, boss, world.hours(1, 24 * 20))
    return story


def ring_in_a_line(world: World, size: int = 100) -> Story:
    """Each account brings the next one, so that none brings many. Other mailboxes and cards; one home."""
    home, story = world.person(), Story("a ring in a line")
    story.deeds.append(Joins(timedelta(0), home))
    before, networks = home, [home.network, *(world.network() for _ in range(4))]
    for number in range(1, size):
        who = world.person(address=home.address, network=world.dice.choice(networks))
        story.deeds += joins_and_buys(world, who, before, number * 3 * HOUR)
        before = who
    return story


def ring_with_one_card(world: World, size: int = 100) -> Story:
    """Other mailboxes, browsers, networks, and pick-up points instead of a home; three cards pay for all of it."""
    boss = world.person()
    cards, story = [boss.payment, "card-b", "card-c"], Story("a ring with three cards")
    story.deeds.append(Joins(timedelta(0), boss))
    story.deeds.append(Buys(HOUR, boss, f"o-{world.number()}"))
    points = [world.address() for _ in range(6)]
    for number in range(1, size):
        who = world.person(payment=cards[number % 3], address=world.dice.choice(points))
        story.deeds += joins_and_buys(world, who, boss, world.hours(2, 24 * 10))
    return story


def device_farm(world: World, size: int = 100, each: int = 5) -> Story:
    """A shelf of telephones with a mobile network each; every one opens several accounts, for several sharers."""
    phones = [(world.person().device, world.network()) for _ in range(size // each)]
    sharers = [world.person() for _ in range(4)]
    story = Story("a device farm", [Joins(timedelta(0), one) for one in sharers])
    for phone, network in phones:
        for _ in range(each):
            who = world.person(device=phone, network=network)
            story.deeds += joins_and_buys(world, who, world.dice.choice(sharers), world.hours(1, 24 * 9))
    return story


def refund_loop(world: World, size: int = 12) -> Story:
    """Friends that buy, wait for the points, and send it back the day before they count; and once more, and again."""
    boss, story = world.person(), Story("refund loops")
    story.deeds.append(Joins(timedelta(0), boss))
    for number in range(size):
        who, at = world.person(), number * DAY + HOUR
        story.deeds.append(Joins(at, who, boss))
        for turn in range(4):
            order, bought = f"loop-{world.number()}", at + HOUR + turn * 13 * DAY
            story.deeds.append(Buys(bought, who, order))
            story.deeds.append(Returns(bought + 12 * DAY + 20 * HOUR, who, order))
    return story


def bonus_farm(world: World, size: int = 100) -> Story:
    """Where joining is paid, nothing is bought: mailboxes that are thrown away, a fresh browser and network each."""
    boss, story = world.person(), Story("bonus farming", paid="joining")
    story.deeds.append(Joins(timedelta(0), boss))
    for _ in range(size):
        name = world.name()
        who = world.person(name=name, email=world.mailbox(name, world.dice.choice(THROWAWAY)))
        story.deeds.append(Joins(world.hours(1, 40), who, boss))
    return story


def guesses(world: World, many: int) -> list[str]:
    """Codes as they could be, by somebody who has read how they are made."""
    first, second = WORDS["en"]
    return [
        f"{world.dice.choice(first)}-{world.dice.choice(second)}-{world.dice.randint(10, 99)}".lower()
        for _ in range(many)
    ]


FRAUDS: dict[Callable[[World, int], Story], tuple[int, int]] = {
    ring_of_aliases: (100, 100), ring_in_a_line: (40, 100), ring_with_one_card: (40, 100), device_farm: (40, 100),
    refund_loop: (5, 20), bonus_farm: (40, 100),
}  # fmt: skip
"""With how many accounts each is played, and in full."""
