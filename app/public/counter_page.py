"""The counter's page as HTML: its screens, one for each thing to do, and the words that its script says.

It holds nothing about anybody, so a phone may keep it (`assets/sw.js`). `assets/counter.js` shows one screen at a time.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape

from app import database
from app.door import engine
from app.public.counter_style import STYLE
from app.public.sheet import sheet
from facts.language import N_, SOURCE, Language
from members.actions import joining
from members.programme.versions import in_force
from members.views.saying import shop as shop_card

WORDS = {
    "offline": N_("No line. Purchases are kept on this phone and sent later."),
    "kept": N_("It is kept on this phone, and sent as soon as there is a line."),
    "kept_title": N_("{money} kept"),
    "join_kept": N_("They are kept on this phone, and become a member as soon as there is a line."),
    "needs_line": N_("This needs a line. Please try again in a moment."),
    "signed_out": N_("You are signed out. What waits here stays here until you are back."),
    "not_yours": N_("This page is for staff who serve at the counter."),
    "waiting": N_("Waiting to be sent: {n}"),
    "look_at": N_("To be looked at: {n}"),
    "other": N_("Somebody else recorded this: it is sent when they sign in."),
    "unusual": N_("Is it really {money}? That is much more than usual here."),
    "yes": N_("Yes, {money}"),
    "other_card": N_("This is another member’s card."),
    "refused": N_("They said no. Nothing was taken."),
    "over": N_("There was no answer in time. Nothing was taken."),
    "no_camera": N_("The camera cannot be used here. Type the number on the card instead."),
    "rewards": N_("Rewards they can have now: {n}"),
    "sale": N_("Purchase"),
    "joining": N_("Joining"),
    "again": N_("It is right, record it"),
    "retry": N_("Try again"),
    "remove": N_("Remove"),
    "nothing_waits": N_("Everything is sent."),
    "trouble": N_("Something went wrong on our side. Nothing was changed."),
}
DRAWN = {
    "scan": '<path d="M3 8V5a2 2 0 0 1 2-2h3M16 3h3a2 2 0 0 1 2 2v3M21 16v3a2 2 0 0 1-2 2h-3M8 21H5a2 2 0 0 1-2-2v-3'
    'M7 12h10"/>',
    "back": '<path d="m15 18-6-6 6-6"/>',
    "phone": '<rect x="6" y="2" width="12" height="20" rx="3"/><path d="M11 18h2"/>',
    "done": '<path d="M20 6 9 17l-5-5"/>',
    "voucher": '<path d="M3 9V6h18v3a3 3 0 0 0 0 6v3H3v-3a3 3 0 0 0 0-6zM14 6v12"/>',
    "join": '<circle cx="9" cy="8" r="4"/><path d="M2 21a7 7 0 0 1 14 0M19 8v6M16 11h6"/>',
}


def shell(say: Language) -> str:
    """The whole page in one language."""
    now = datetime.now(UTC)
    with database.reading(engine()) as session:
        version = in_force(session, now)
        terms, shop = joining.terms(session, say, now), shop_card(version, say).name
    prefix = "" if say.code == SOURCE else f"/{say.code}"
    about = {"base": prefix, "language": say.code, "currency": version.programme.currency,
             "digits": version.programme.digits, "words": {name: say.text(said, money="{money}", n="{n}")
                                                           for name, said in WORDS.items()}}  # fmt: skip
    told = json.dumps(about, ensure_ascii=False).replace("<", "\\u003c")
    body = [
        STYLE,
        _top(say, prefix),
        *(
            draw(say)
            for draw in (_start, _camera, _member, _unusual, _receipt, _rewards, _proof, _asking, _voucher)
        ),
        _join(say, terms),
        _waiting(say),
        f'<script type="application/json" id="about">{told}</script><script type="module" src="/counter.js"></script>',
    ]
    title = say.text("Counter")
    return sheet(say, title, body, shop=shop, path="/staff/counter", description=title)


def _top(say: Language, prefix: str) -> str:
    title, out = escape(say.text("Counter")), escape(say.text("Sign in"))
    staff = escape(say.text("To the staff pages"))
    return (
        f'<div class="top"><h1>{title}</h1><a class="soft" id="name" href="{prefix}/staff/members" '
        f'title="{staff}"></a><button class="chip" id="queue" data-do="waiting" hidden></button></div>'
        f'<div id="said" role="status" aria-live="polite"></div><p id="way-in" hidden><a class="go" '
        f'href="{prefix}/staff/sign-in">{out}</a></p>'
        f'<noscript><p class="panel">{escape(say.text(NO_SCRIPT))}</p></noscript>'
    )


NO_SCRIPT = N_("This page needs JavaScript.")


def _drawing(name: str, size: int = 24) -> str:
    shape = f'viewBox="0 0 24 24" width="{size}" height="{size}"'
    return f'<svg class="drawn" aria-hidden="true" {shape}>{DRAWN[name]}</svg>'


def _screen(name: str, inside: str, title: str = "", say: Language | None = None, back: str = "start") -> str:
    """One screen; with a title there is a way back from it."""
    head = ""
    if title and say:
        word = escape(say.text("Back"))
        head = (
            f'<div class="head"><button class="round mirrored" data-do="{back}" aria-label="{word}">{_drawing("back")}'
            f'</button><h2 tabindex="-1">{escape(title)}</h2></div>'
        )
    return f'<section data-screen="{name}" hidden>{head}{inside}</section>'


def _start(say: Language) -> str:
    scan, or_type, find = say.text("Scan a card"), say.text("Card number, phone or e-mail"), say.text("Find")
    take, join = say.text("Take a voucher"), say.text("Join somebody")
    return _screen(
        "start",
        f'<button class="huge" data-do="scan">{_drawing("scan", 56)}<span>{escape(scan)}</span></button>'
        f'<form data-form="find"><label for="who">{escape(or_type)}</label><div class="row"><input id="who" name="who" '
        f'dir="ltr" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="254" required '
        f'enterkeyhint="search"><button>{escape(find)}</button></div></form>'
        f'<div class="pair"><button class="tile" data-do="voucher">{_drawing("voucher")}{escape(take)}</button>'
        f'<button class="tile" data-do="join">{_drawing("join")}{escape(join)}</button></div>',
    )


def _camera(say: Language) -> str:
    hint, stop = escape(say.text("Hold the code into the frame.")), escape(say.text("Stop"))
    return _screen(
        "camera",
        f'<div class="camera"><video muted playsinline></video><i></i></div>'
        f'<p class="soft center" role="status">{hint}</p>'
        f'<button class="wide plain" data-do="stop">{stop}</button>',
    )


def _member(say: Language) -> str:
    receipt = escape(say.text("Receipt number, if you like"))
    next_one, label = escape(say.text("Next customer")), escape(say.text("Amount of the purchase"))
    more, done = escape(say.text("Add a receipt number")), escape(say.text("Record the purchase"))
    return _screen(
        "member",
        '<div class="member-card" id="card"><b data-of="name"></b><span class="tier" data-of="tier"></span>'
        '<strong data-of="balance"></strong><span data-of="worth"></span><span data-of="next"></span></div>'
        '<p class="panel caution" data-of="note" hidden></p>'
        f'<form data-form="sell"><label for="amount">{label}</label>'
        '<div class="money"><input id="amount" name="amount" dir="ltr" inputmode="decimal" autocomplete="off" '
        'maxlength="20" required enterkeyhint="done"><span data-currency></span></div>'
        f'<details><summary>{more}</summary><input name="receipt" dir="ltr" '
        f'maxlength="40" autocomplete="off" aria-label="{receipt}" placeholder="{receipt}"></details>'
        f'<button class="wide">{done}</button></form>'
        '<button class="wide tile" data-do="rewards" id="can-have" hidden></button>'
        f'<button class="wide plain" data-do="start">{next_one}</button>',
    )


def _unusual(say: Language) -> str:
    no = escape(say.text("No, correct it"))
    return _screen(
        "unusual",
        '<div class="panel caution"><h2 tabindex="-1" data-of="question"></h2></div>'
        f'<button class="wide" data-do="correct">{no}</button>'
        '<button class="wide tile" data-do="sure" id="sure"></button>',
    )


def _receipt(say: Language) -> str:
    undo, next_one = escape(say.text("Undo this purchase")), escape(say.text("Next customer"))
    return _screen(
        "receipt",
        f'<div class="panel good center">{_drawing("done", 40)}<h2 tabindex="-1" data-of="title"></h2>'
        '<p data-of="words"></p></div><ul class="why" data-of="earned"></ul>'
        '<p class="sum" data-of="balance"></p><p class="soft" data-of="next"></p><p class="soft" data-of="reward"></p>'
        f'<button class="wide" data-do="start">{next_one}</button>'
        f'<button class="wide plain" data-do="undo" id="undo" hidden>{undo}</button>',
    )


def _rewards(say: Language) -> str:
    return _screen("rewards", '<ul class="choices"></ul>', say.text("What would they like?"), say, "member")


def _proof(say: Language) -> str:
    hand, phone = escape(say.text("Hand it over")), escape(say.text("Ask on their phone"))
    card = escape(say.text("Scan their card"))
    hint = escape(say.text("They say yes on their own page, or show their card once more."))
    return _screen(
        "proof",
        '<p class="sum" data-of="price"></p>'
        f'<button class="wide" data-do="hand" id="hand">{hand}</button>'
        f'<div id="ways-to-prove"><p class="soft">{hint}</p>'
        f'<button class="huge" data-do="ask">{_drawing("phone", 40)}<span>{phone}</span></button>'
        f'<button class="wide tile" data-do="scan-proof">{_drawing("scan")}{card}</button></div>',
        say.text("Redeem"),
        say,
        "rewards",
    )


def _asking(say: Language) -> str:
    asked = escape(say.text("Asked on their phone"))
    stop, told = (
        escape(say.text("Stop asking")),
        escape(say.text("They see it on their start page for three minutes.")),
    )
    return _screen(
        "asking",
        f'<div class="panel center">{_drawing("phone", 40)}<h2 tabindex="-1">{asked}</h2>'
        f'<p class="sum" data-of="asked"></p><p class="soft">{told}</p></div>'
        f'<button class="wide plain" data-do="stop-asking">{stop}</button>',
    )


def _voucher(say: Language) -> str:
    label, take = escape(say.text("The voucher’s code")), escape(say.text("Take it"))
    scan = escape(say.text("Scan the voucher"))
    return _screen(
        "voucher",
        f'<button class="huge" data-do="scan-voucher">{_drawing("scan", 56)}<span>{scan}'
        f'</span></button><form data-form="voucher"><label for="code">{label}</label><div class="row"><input id="code" '
        'name="code" dir="ltr" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="64" '
        "required>"
        f"<button>{take}</button></div></form>",
        say.text("Take a voucher"),
        say,
    )


def _join(say: Language, terms: str) -> str:
    label, said_yes = escape(say.text("Their e-mail or phone number")), escape(say.text("They said yes"))
    done = escape(say.text("Join them"))
    read = escape(say.text("Read this to them, or let them read it:"))
    return _screen(
        "join",
        f'<form data-form="join"><label for="address">{label}</label><input id="address" name="who" dir="ltr" '
        'inputmode="email" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="254" required>'
        f'<p class="soft">{read}</p><blockquote>{escape(terms)}</blockquote>'
        f'<label class="tick"><input type="checkbox" name="agreed" required> {said_yes}</label>'
        f'<button class="wide">{done}</button></form>',
        say.text("Join somebody"),
        say,
    )


def _waiting(say: Language) -> str:
    send = escape(say.text("Send now"))
    return _screen(
        "waiting",
        f'<ul class="choices" id="kept"></ul><p class="soft" id="none-kept"></p>'
        f'<button class="wide" data-do="send">{send}</button>',
        say.text("Waiting to be sent"),
        say,
    )
