"""What the drawings of `assets/icons.svg` are called, where one of them is chosen."""

from __future__ import annotations

from facts.language import N_, Language

CALLED = {
    "apple": N_("Apple"),
    "ban": N_("No entry"),
    "banknote": N_("Banknote"),
    "beer": N_("Beer"),
    "bike": N_("Bicycle"),
    "book-open": N_("Open book"),
    "cake": N_("Cake"),
    "calendar-days": N_("Calendar"),
    "candy": N_("Sweet"),
    "carrot": N_("Carrot"),
    "cat": N_("Cat"),
    "cherry": N_("Cherries"),
    "coffee": N_("Coffee"),
    "compass": N_("Compass"),
    "cookie": N_("Cookie"),
    "croissant": N_("Croissant"),
    "dog": N_("Dog"),
    "egg": N_("Egg"),
    "fish": N_("Fish"),
    "flag": N_("Flag"),
    "flame": N_("Flame"),
    "flower": N_("Flower"),
    "gift": N_("Gift"),
    "heart": N_("Heart"),
    "hourglass": N_("Hourglass"),
    "ice-cream-cone": N_("Ice cream"),
    "key-round": N_("Key"),
    "leaf": N_("Leaf"),
    "medal": N_("Medal"),
    "milk": N_("Milk"),
    "package": N_("Parcel"),
    "percent": N_("Percent sign"),
    "pizza": N_("Pizza"),
    "receipt": N_("Receipt"),
    "rotate-ccw": N_("Once more"),
    "salad": N_("Salad"),
    "sandwich": N_("Sandwich"),
    "scissors": N_("Scissors"),
    "shirt": N_("Shirt"),
    "shopping-bag": N_("Shopping bag"),
    "shopping-basket": N_("Basket"),
    "shopping-cart": N_("Shopping trolley"),
    "smile": N_("Smile"),
    "soup": N_("Soup"),
    "sparkles": N_("Sparkles"),
    "sprout": N_("Sprout"),
    "star": N_("Star"),
    "store": N_("Shop front"),
    "tag": N_("Tag"),
    "tags": N_("Two tags"),
    "target": N_("Target"),
    "ticket": N_("Ticket"),
    "trophy": N_("Trophy"),
    "truck": N_("Delivery van"),
    "undo-2": N_("Arrow back"),
    "user-plus": N_("A new friend"),
    "utensils": N_("Knife and fork"),
    "wheat": N_("Ear of wheat"),
    "wine": N_("Glass of wine"),
}


def drawings(language: Language) -> list[tuple[str, str]]:
    """Every drawing's key and what it is called in `language`, in the order of its words."""
    return sorted(
        ((key, language.text(name)) for key, name in CALLED.items()), key=lambda one: one[1].casefold()
    )
