"""What the boxes of the studio are called, and what can be chosen in them."""

from __future__ import annotations

from facts.language import N_

KINDS = {
    "count": N_("So many times"),
    "sum": N_("So much altogether"),
    "distinct": N_("So many different ones"),
    "largest": N_("So much at once"),
    "streak": N_("So many periods in a row"),
    "event": N_("Once"),
    "date": N_("On a day"),
    "tier": N_("A tier is reached"),
    "manual": N_("Staff decide"),
}
"""What a part can ask."""

TOGETHER = {"all": N_("All of these"), "any": N_("Any one of these"), "n_of": N_("So many of these")}

FACTS = {
    "order.paid": N_("Orders"),
    "review.posted": N_("Reviews"),
    "survey.answered": N_("Surveys answered"),
    "social.shared": N_("Posts shared"),
    "visit": N_("Visits"),
    "member.signed_up": N_("Joining the programme"),
    "profile.completed": N_("A completed profile"),
    "redemption.made": N_("Rewards fetched with points"),
    "challenge.joined": N_("Challenges taken on"),
    "x.": N_("Something of our own"),
}

WINDOWS = {
    "ever": N_("Ever"),
    "calendar": N_("A calendar day, week, month …"),
    "rolling": N_("The last days"),
    "fixed": N_("From one day to another"),
    "from_joining": N_("The first days of a member"),
}

LABELS = {
    "at_least": N_("At least"),
    "of": N_("Of what"),
    "level": N_("How deep, 1 for departments"),
    "among": N_("Only among these"),
    "per": N_("For one and the same"),
    "every": N_("Periods"),
    "times": N_("How often in each"),
    "freezes": N_("Freezes a month"),
    "on": N_("Days"),
    "tier": N_("Tier"),
    "window": N_("Over which time"),
    "window.unit": N_("Which"),
    "window.days": N_("How many days"),
    "window.since": N_("First day"),
    "window.until": N_("Last day"),
    "where.type": N_("What counts"),
    "where.own": N_("Its name, as it is sent"),
    "where.skus": N_("Products"),
    "where.categories": N_("Categories"),
    "where.brands": N_("Brands"),
    "where.tags": N_("Marks of products"),
    "where.channels": N_("Shops and channels"),
    "where.partners": N_("Partners"),
    "where.amount_min": N_("An order of at least"),
    "where.weekdays": N_("Days of the week"),
    "where.hours": N_("From this hour"),
    "where.fields": N_("A detail of it"),
}

HINTS = {
    "per": N_("The field that names it, such as review_id."),
    "on": N_("12-25 for every year, or 2026-12-25."),
    "among": N_("Empty: any of them counts."),
    "where.own": N_("Without x., such as recipe_cooked."),
    "where.categories": N_("A path such as GROCERY > PASTRY, and everything below it."),
    "where.skus": N_("One article number at a time."),
    "freezes": N_("They keep a streak and never lengthen it: two at most."),
}

CHOICES: dict[str, dict[str, str]] = {
    "of": {
        "facts": N_("Whole ones"),
        "lines": N_("Lines of receipts"),
        "amount": N_("Money"),
        "quantity": N_("Pieces"),
        "count": N_("How often"),
        "category": N_("Categories"),
        "sku": N_("Products"),
        "brand": N_("Brands"),
        "tag": N_("Marks of products"),
        "channel": N_("Shops and channels"),
        "partner": N_("Partners"),
        "day": N_("Days"),
    },
    "every": {"day": N_("Days"), "week": N_("Weeks"), "month": N_("Months")},
    "window.unit": {
        "day": N_("Day"), "week": N_("Week"), "month": N_("Month"), "quarter": N_("Quarter"), "year": N_("Year"),
    },
    "where.weekdays": {
        "mon": N_("Mon"), "tue": N_("Tue"), "wed": N_("Wed"), "thu": N_("Thu"), "fri": N_("Fri"), "sat": N_("Sat"),
        "sun": N_("Sun"),
    },
    "how": {"at_least": N_("is at least"), "equals": N_("is exactly")},
    "yes": {"yes": N_("Yes"), "no": N_("No")},
    "lasting": {
        "promotional": N_("Promotional: they are spent first"), "base": N_("Like points for shopping"),
    },
    "ladder": {
        "one": N_("Once"), "list": N_("In levels, each with its figure"), "formula": N_("In levels, by a formula"),
    },
    "counts": {"from_now": N_("From its publication on"), "from_beginning": N_("From the beginning")},
    "on_refund": {"revoke": N_("It goes with the order"), "keep": N_("It stays")},
    "join": {"automatic": N_("Everybody takes part"), "opt_in": N_("Members take it on themselves")},
    "repeats": {
        "never": N_("Only once"), "day": N_("Anew each day"), "week": N_("Anew each week"),
        "month": N_("Anew each month"), "on_joining": N_("Anew each time it is taken on"),
    },
}  # fmt: skip

GAME = {
    "slug": (N_("Short name for links and lists"), N_("It stays for ever, so choose it well.")),
    "counts": (N_("Which facts count"), ""),
    "on_refund": (N_("When an order is returned"), ""),
    "join": (N_("Who takes part"), ""),
    "repeats": (N_("How often it can be done"), ""),
    "edition": (N_("How many there are"), N_("Empty: as many as are earned. Each is numbered.")),
    "expires_days": (N_("Lost after so many days"), N_("Empty: it is kept. It can be earned anew.")),
    "order": (N_("Place on the page"), N_("Small numbers stand first.")),
    "days": (N_("Days for it, from joining in"), N_("Empty: no end.")),
    "budget": (N_("Points it may give away"), N_("Empty: no limit. It stops by itself.")),
    "opens": (N_("Counts from"), N_("Empty: at once.")),
    "closes": (N_("Counts until"), N_("Empty: until it is retired.")),
    "ladder": (N_("How it is reached"), ""),
    "formula": (N_("Formula"), N_("5*level, 10*level + 5 or 2**level.")),
    "levels": (N_("Number of levels"), ""),
}

STEP = {
    "at": (N_("Reached at"), ""),
    "points": (N_("Points"), ""),
    "lasting": (N_("What kind of points"), ""),
    "expires_days": (N_("The points expire after days"), N_("Empty: like points for shopping.")),
    "badge": (N_("A badge as well"), ""),
    "reward": (N_("A reward as well"), N_("For no points. Rewards with a stock cannot be won.")),
    "factor": (N_("All earning times"), N_("Such as 1.5, for the days beside it.")),
    "boost_days": (N_("For so many days"), ""),
}
