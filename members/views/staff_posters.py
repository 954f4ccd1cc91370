"""The ways to join, for the page of posters: how many came by each is counted as they come, so nothing is summed."""

from __future__ import annotations

from sqlmodel import Session

from facts.language import N_, SOURCE, Language
from members.actions.joining import links
from members.poster_cards import PostersCard, WayCard
from members.roles import Capability, Person
from members.way_tables import JoinLink

KINDS = {"poster": N_("On a poster"), "counter": N_("At the counter"), "online": N_("On the internet")}


def posters_card(session: Session, person: Person, site: str, say: Language) -> PostersCard:
    """The ways to join, with addresses under `site`; posters are in the language of the page."""
    return PostersCard(
        tuple(_way(one, site, say) for one in links(session)), person.may(Capability.EDIT_CATALOGUE)
    )


def _way(one: JoinLink, site: str, say: Language) -> WayCard:
    file, query = f"/staff/posters/{one.code}", f"?language={say.code}"
    return WayCard(
        code=one.code,
        label=one.label,
        kind=say.text(KINDS[one.channel]),
        joined=say.plural("{n} member joined here", "{n} members joined here", one.joined),
        address=f"{site}{'' if say.code == SOURCE else f'/{say.code}'}/j/{one.code}",
        png=f"{file}.png{query}",
        pdf=f"{file}.pdf{query}",
        svg=f"{file}.svg{query}",
    )
