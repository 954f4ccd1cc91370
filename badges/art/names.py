"""The words for what an artwork can be, for the form in which staff composes one."""

from __future__ import annotations

from badges.artwork import Ground, Rarity, Ribbon, Ring, Shape, TierColour
from facts.language import N_

SHAPES: dict[Shape, str] = {
    "circle": N_("Circle"),
    "shield": N_("Shield"),
    "hexagon": N_("Hexagon"),
    "octagon": N_("Octagon"),
    "diamond": N_("Diamond"),
    "star": N_("Star"),
    "scallop": N_("Scalloped"),
    "tile": N_("Tile"),
}
RINGS: dict[Ring, str] = {
    "plain": N_("Plain ring"),
    "double": N_("Double ring"),
    "beaded": N_("Beaded ring"),
    "notched": N_("Notched ring"),
}
FIELDS: dict[Ground, str] = {
    "plain": N_("Plain field"),
    "rays": N_("Rays"),
    "dots": N_("Dots"),
    "stripes": N_("Stripes"),
    "split": N_("Two halves"),
}
RIBBONS: dict[Ribbon, str] = {
    "none": N_("No ribbon"),
    "tails": N_("Ribbon tails"),
    "banner": N_("Ribbon across"),
}
COLOURS: dict[Rarity | TierColour, str] = {
    "common": N_("Common"),
    "uncommon": N_("Uncommon"),
    "rare": N_("Rare"),
    "epic": N_("Epic"),
    "legendary": N_("Legendary"),
    "tier-1": N_("First tier"),
    "tier-2": N_("Second tier"),
    "tier-3": N_("Third tier"),
    "tier-4": N_("Fourth tier"),
}
