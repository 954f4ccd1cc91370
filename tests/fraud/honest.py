"""Honest people who bring each other, and look suspicious to whoever looks at one thing only.

Families on one network, flatmates at one address, colleagues behind one office's address, people with nearly the same
name, somebody popular whose post is seen by many in an hour, and people who return things. Of every four hundred, one
pair shares a browser, another one a card at one address, and one has a mailbox that is made to be thrown away: nobody
could tell them from a fraud, and they may be asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from tests.fraud.deeds import FIRST, THROWAWAY, Buys, Deed, Joins, Person, Returns, Story, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAIRS_PER = 400


def honest(world: World, size: int) -> Story:
    """At least so many people who came by a friend's link."""
    story, count = Story("honest people"), 0
    kinds = (family, flatmates, office, namesakes, some_friends)
    story.deeds += popular(world, size // 4)
    for number in range(size // PAIRS_PER):
        story.deeds += couple(world, sharing="browser" if number % 2 == 0 else "card")
        story.deeds += couple(world, sharing="card" if number % 2 == 0 else "browser")
        story.deeds += careful(world)
    while count < size:
        story.deeds += world.dice.choice(kinds)(world)
        count = len(story.brought())
    return story


def joins_and_lives(world: World, who: Person, by: Person | None, at: timedelta) -> Iterator[Deed]:
    """Somebody joins, buys now and then, and returns what does not fit, as one in eight does."""
    yield Joins(at, who, by)
    for _ in range(world.dice.choice((0, 1, 1, 2, 3))):
        order, bought = f"h-{world.number()}", at + world.hours(0.2, 24 * 30)
        amount = f"{world.dice.randint(8, 160)}.00"
        yield Buys(bought, who, order, amount)
        if world.dice.random() < 0.125:
            yield Returns(bought + world.hours(24, 24 * 13), who, order, amount)


def a_time(world: World) -> timedelta:
    return world.hours(0, 24 * 30)


def family(world: World) -> list[Deed]:
    """Parents and children, with one name, one network, and mostly one address; each has a telephone."""
    parent, at = world.person(), a_time(world)
    last = parent.name.split()[-1]
    deeds = list(joins_and_lives(world, parent, None, at))
    for first in world.dice.sample(
        [one for one in FIRST if one != parent.name.split()[0]], world.dice.randint(1, 3)
    ):
        home = parent.address if world.dice.random() < 0.8 else ""
        network = parent.network if world.dice.random() < 0.9 else ""
        who = world.person(name=f"{first} {last}", network=network, address=home)
        deeds += joins_and_lives(world, who, parent, at + world.hours(0.1, 24 * 10))
    return deeds


def flatmates(world: World) -> list[Deed]:
    """Two to four people behind one door."""
    host, at = world.person(), a_time(world)
    deeds = list(joins_and_lives(world, host, None, at))
    for _ in range(world.dice.randint(1, 3)):
        who = world.person(network=host.network, address=host.address)
        deeds += joins_and_lives(world, who, host, at + world.hours(0.1, 24 * 4))
    return deeds


def office(world: World) -> list[Deed]:
    """Colleagues: one network, mail of one domain, all within two days; a few have it sent to the office."""
    desk, domain, at = world.address(), f"firm{world.number()}.example", a_time(world)
    first = world.name()
    sharer = world.person(name=first, email=world.mailbox(first, domain), address=desk)
    deeds = list(joins_and_lives(world, sharer, None, at))
    for number in range(world.dice.randint(5, 14)):
        name = world.name()
        who = world.person(
            name=name,
            email=world.mailbox(name, domain),
            network=sharer.network,
            address=desk if number < 2 else "",
        )
        deeds += joins_and_lives(world, who, sharer, at + world.hours(0.1, 48))
    return deeds


def namesakes(world: World) -> list[Deed]:
    """Two with the same name, or nearly, and nothing else in common."""
    sharer, at = world.person(), a_time(world)
    name = sharer.name + world.dice.choice(("", "a", "s"))
    friend = world.person(name=name)
    deeds = list(joins_and_lives(world, sharer, None, at))
    return deeds + list(joins_and_lives(world, friend, sharer, at + world.hours(1, 24 * 8)))


def some_friends(world: World) -> list[Deed]:
    """A few friends, each of whom may bring one more."""
    sharer, at = world.person(), a_time(world)
    deeds, last = list(joins_and_lives(world, sharer, None, at)), sharer
    for _ in range(world.dice.randint(1, 4)):
        at += world.hours(1, 24 * 6)
        by = world.dice.choice((sharer, last))
        last = world.person()
        deeds += joins_and_lives(world, last, by, at)
    return deeds


def popular(world: World, many: int) -> list[Deed]:
    """Somebody whose post is seen by many: most come within an hour, over the networks of three telephone companies."""
    sharer, at = world.person(), a_time(world)
    networks = [world.network() for _ in range(3)]
    deeds = list(joins_and_lives(world, sharer, None, at))
    for _ in range(many):
        network = world.dice.choice(networks) if world.dice.random() < 0.6 else ""
        late = world.hours(0, 1) if world.dice.random() < 0.7 else world.hours(1, 24 * 7)
        deeds += joins_and_lives(world, world.person(network=network), sharer, at + DAY + late)
    return deeds


def careful(world: World) -> list[Deed]:
    """Somebody who gives nobody their own mailbox."""
    sharer, name, at = world.person(), world.name(), a_time(world)
    friend = world.person(name=name, email=world.mailbox(name, THROWAWAY[0]))
    return [
        Joins(at, sharer),
        Joins(at + DAY, friend, sharer),
        Buys(at + DAY + HOUR, friend, f"h-{world.number()}"),
    ]


def couple(world: World, sharing: str) -> list[Deed]:
    """Two who share a browser, or a card and a home."""
    one, at = world.person(), a_time(world)
    deeds = [Joins(at, one), Buys(at + HOUR, one, f"h-{world.number()}")]
    device = one.device if sharing == "browser" else ""
    payment = one.payment if sharing == "card" else ""
    other = world.person(device=device, payment=payment, network=one.network, address=one.address)
    return [*deeds, Joins(at + DAY, other, one), Buys(at + DAY + HOUR, other, f"h-{world.number()}")]
