"""The pages on which people join and sign in, as HTML: an address, a code, and what a one-time link leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from app.public.sheet import sheet
from facts.language import N_, SOURCE, Language
from facts.refusals import Refusal
from members.cards import WelcomeCard
from members.referral_cards import InvitationCard

STYLE = """<style>
.gives{list-style:none;margin:1rem 0;padding:0}.gives li{display:flex;gap:.75rem;align-items:center;padding:.625rem 0}
.gives svg{inline-size:1.5rem;block-size:1.5rem;flex:none;color:var(--accent)}.gives b{display:block}
.tick{display:flex;gap:.75rem;align-items:start;min-block-size:2.75rem;color:inherit;font-size:.9375rem;padding-block:.5rem;cursor:pointer}
.tick input{inline-size:1.375rem;min-block-size:1.375rem;block-size:1.375rem;flex:none;margin:0;
accent-color:var(--accent)}
form.step{gap:.25rem}.step>button,.full{inline-size:100%;min-block-size:3rem}
.digits{font-size:1.75rem;letter-spacing:.4em;text-align:center;font-variant-numeric:tabular-nums;direction:ltr}
.wrong{color:var(--bad,var(--accent));margin:.25rem 0}.plain{background:none;color:var(--accent)}
.plain:disabled{color:var(--soft);cursor:default}.or{text-align:center;margin-block:1.25rem .25rem}
</style>"""
ADDRESS_LENGTH_MAX = 254


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody has typed on the first page so far."""

    address: str = ""
    link: str = ""
    agree: bool = False
    offers: bool = False


def prefix(say: Language) -> str:
    """What addresses in this language begin with."""
    return "" if say.code == SOURCE else f"/{say.code}"


def joining(
    say: Language,
    card: WelcomeCard,
    terms: str,
    draft: Draft,
    channels: Sequence[str],
    ways: str,
    wrong: Refusal | None,
) -> str:
    """The first page of joining: what one gets, an address, and what one agrees to; without a channel, other `ways`."""
    title = say.text("Join in three taps")
    form = _joining_form(say, terms, draft, channels, wrong) if channels else ways or closed(say)
    head = f"<h1>{escape(title)}</h1><p>{escape(card.headline)}</p>"
    body = [STYLE, head, form, _gives(card), _known(say)]
    return sheet(
        say, title, body, shop=card.shop.name, path="/join", description=card.headline, found=not draft.link
    )


def _joining_form(
    say: Language, terms: str, draft: Draft, channels: Sequence[str], wrong: Refusal | None
) -> str:
    send = escape(say.text("Send me a code"))
    return (
        f'<form class="step panel" method="post" action="{prefix(say)}/join">'
        f"{_address(say, draft, channels, wrong)}{_terms(say, terms, draft, wrong)}"
        f"<button>{send}</button></form>"
    )


def _gives(card: WelcomeCard) -> str:
    """What members have, with a drawing each."""
    gives = "".join(
        f'<li><svg aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" '
        f'stroke-linejoin="round"><use href="/icons.svg#{escape(one.icon)}"></use></svg>'
        f'<span><b>{escape(one.title)}</b><span class="soft">{escape(one.text)}</span></span></li>'
        for one in card.gives
    )
    return f'<ul class="gives">{gives}</ul>'


def _known(say: Language) -> str:
    already = escape(say.text("A member already?"))
    sign_in = escape(say.text("Sign in"))
    return f'<p>{already} <a class="on" href="{prefix(say)}/sign-in">{sign_in}</a></p>'


def invited(
    say: Language,
    card: WelcomeCard,
    invitation: InvitationCard | None,
    text: str,
    terms: str,
    channels: Sequence[str],
    picture: str,
    path: str,
) -> str:
    """What a friend's link leads to: what there is to have, and the first step of joining, on one page."""
    title = invitation.title if invitation else card.headline
    rules = "".join(f"<li>{escape(one)}</li>" for one in invitation.rules) if invitation else ""
    listed = f'<ul class="soft">{rules}</ul>' if rules else ""
    body = [
        STYLE,
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p>{listed}",
        _joining_form(say, terms, Draft(), channels, None) if channels else closed(say),
        _gives(card),
        _known(say),
    ]
    return sheet(say, title, body, shop=card.shop.name, path=path, description=text, picture=picture)


def signing_in(
    say: Language, shop: str, draft: Draft, channels: Sequence[str], ways: str, wrong: Refusal | None
) -> str:
    """The first page of signing in: an address, or another way in."""
    send = escape(say.text("Send me a code"))
    or_else = escape(say.text("or"))
    stranger = escape(say.text("Not a member yet?"))
    join = escape(say.text("Join"))
    title = say.text("Sign in")
    form = (
        f'<form class="step panel" method="post" action="{prefix(say)}/sign-in">'
        f"{_address(say, draft, channels, wrong)}<button>{send}</button></form>"
    )
    other = f'<p class="or soft">{or_else}</p>{ways}' if ways else ""
    new = f'<p>{stranger} <a class="on" href="{prefix(say)}/join">{join}</a></p>'
    body = [STYLE, f"<h1>{escape(title)}</h1>", form if channels else "", other, new]
    return sheet(say, title, body, shop=shop, path="/sign-in", description=title)


def closed(say: Language) -> str:
    """Nobody can be sent a code: the shop has set up neither mail nor text messages."""
    told = say.text("We cannot send codes just now. Please ask at the counter.")
    return f'<p class="panel caution">{escape(told)}</p>'


def _address(say: Language, draft: Draft, channels: Sequence[str], wrong: Refusal | None) -> str:
    label = say.text("E-mail or phone number") if len(channels) > 1 else say.text("E-mail")
    kind = {"email": 'type="email" autocomplete="email"', "phone": 'type="tel" autocomplete="tel"'}
    how = 'type="text" autocomplete="username" inputmode="email"'
    if len(channels) == 1:
        how = kind[channels[0]]
        label = say.text("Phone number") if channels[0] == "phone" else label
    mine, said = _wrong(say, wrong, "address")
    return (
        f'<label for="address">{escape(label)}</label><input id="address" name="address" {how} required dir="ltr" '
        f'autocapitalize="none" spellcheck="false" maxlength="{ADDRESS_LENGTH_MAX}" '
        f'value="{escape(draft.address)}"{mine}>{said}<input type="hidden" name="link" value="{escape(draft.link)}">'
    )


def _wrong(say: Language, wrong: Refusal | None, path: str) -> tuple[str, str]:
    """What is said of a box, and that it is said of it. A refusal without a place belongs to the first box."""
    first = (
        path in {"address", "code"} and wrong is not None and wrong.path not in {"agree", "address", "code"}
    )
    if wrong is None or not (wrong.path == path or first):
        return "", ""
    said = f'<p id="{path}-said" class="wrong" role="alert">{escape(wrong.sentence(say))}</p>'
    return f' aria-invalid="true" aria-describedby="{path}-said"', said


def _terms(say: Language, terms: str, draft: Draft, wrong: Refusal | None) -> str:
    mine, said = _wrong(say, wrong, "agree")
    agree, offers = (" checked" if one else "" for one in (draft.agree, draft.offers))
    offer = say.text("And write to me about offers, until I say no. (You need not.)")
    return (
        f'<label class="tick"><input type="checkbox" name="agree" value="yes" required{agree}{mine}>'
        f"<span>{escape(terms)}</span></label>{said}"
        f'<label class="tick"><input type="checkbox" name="offers" value="yes"{offers}>'
        f'<span class="soft">{escape(offer)}</span></label>'
    )


def code(say: Language, shop: str, path: str, address: str, wrong: Refusal | None, wait: int) -> str:
    """The second page: the code that was sent to `address`; another one in `wait` seconds."""
    label = escape(say.text("Code"))
    go_on = escape(say.text("Continue"))
    soon = escape(say.text("A new code in {n} seconds", n="{n}"))
    send = escape(say.text("Send me a new code"))
    back = escape(say.text("Wrong address? Go back"))
    title, base = say.text("Type your code"), f"{prefix(say)}{path}"
    mine, said = _wrong(say, wrong, "code")
    sent = say.text("We have sent six digits to {address}.", address="\0").split("\0")
    to = f'<bdi dir="ltr"><b>{escape(address)}</b></bdi>'
    body = [
        STYLE,
        f"<h1>{escape(title)}</h1><p>{escape(sent[0])}{to}{escape(sent[-1])}</p>",
        f'<form class="step panel" method="post" action="{base}/code">'
        f'<label for="code">{label}</label>'
        f'<input id="code" class="digits" name="code" inputmode="numeric" autocomplete="one-time-code" required '
        f'maxlength="12" autofocus data-code{mine}>{said}<button>{go_on}</button></form>',
        f'<form method="post" action="{base}/again"><button class="plain full" data-wait="{wait}" '
        f'data-soon="{soon}">'
        f"{send}</button></form>",
        f'<p><a class="on" href="{base}">{back}</a></p>',
        '<script src="/code.js" defer></script>',
    ]
    return sheet(say, title, body, shop=shop, path=path, description=title)


def agreeing(say: Language, shop: str, terms: str, wrong: Refusal | None) -> str:
    """For who has proved an address that nobody has joined with: one tick, and they are a member."""
    join = escape(say.text("Join"))
    another = escape(say.text("Use another address"))
    title = say.text("One tick, and you are in")
    told = say.text("Nobody has joined with this address yet. You can now.")
    body = [
        STYLE,
        f"<h1>{escape(title)}</h1><p>{escape(told)}</p>",
        f'<form class="step panel" method="post" action="{prefix(say)}/join/agree">{_terms(say, terms, Draft(), wrong)}'
        f"<button>{join}</button></form>",
        f'<p><a class="on" href="{prefix(say)}/sign-in">{another}</a></p>',
    ]
    return sheet(say, title, body, shop=shop, path="/join", description=title)


def link(say: Language, shop: str, action: str, address: str, here: bool) -> str:
    """What a one-time link leads to: a button, so that whoever only scans the letter uses nothing up."""
    go_on = escape(say.text("Continue"))
    title = say.text("Come in")
    told = (
        say.text("You come in with this button.")
        if here
        else say.text("You asked for this in another browser. Press the button only if it was you.")
    )
    body = [
        STYLE,
        f'<h1>{escape(title)}</h1><p><bdi dir="ltr">{escape(address)}</bdi></p><p>{escape(told)}</p>',
        f'<form class="step" method="post" action="{escape(action)}"><button>{go_on}</button></form>',
    ]
    return sheet(say, title, body, shop=shop, path="/sign-in", description=title)


def trouble(
    say: Language, shop: str, sentence: str, on: tuple[str, str] = (N_("Sign in"), "/sign-in")
) -> str:
    """What went wrong, and `on`: the words of the way on, and where it leads."""
    title = say.text("That did not work")
    body = [
        STYLE,
        f'<h1>{escape(title)}</h1><p class="panel caution" role="alert">{escape(sentence)}</p>'
        f'<p><a class="go" href="{prefix(say)}{on[1]}">{escape(say.text(on[0]))}</a></p>',
    ]
    return sheet(say, title, body, shop=shop, path="/sign-in", description=sentence)
