"""The pages of gifts as HTML: giving, the look before it, and what a link leads to."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app.public.coming_in_pages import prefix
from app.public.sheet import sheet
from facts.language import Language
from facts.refusals import Refusal
from members.gift_cards import GiftCard, GiveCard, GivenCard

STYLE = """<style>
.tick{display:flex;gap:.75rem;align-items:center;color:inherit;font-size:.9375rem;min-block-size:2.75rem}
.tick input{inline-size:1.375rem;min-block-size:1.375rem;block-size:1.375rem;flex:none;margin:0;
accent-color:var(--accent)}
.sum{font-size:1.75rem;font-weight:700;font-variant-numeric:tabular-nums;margin:.25rem 0}
.gifts{list-style:none;margin:.5rem 0 0;padding:0}
.gifts li{padding-block:.75rem;border-block-start:1px solid var(--line)}
.link{display:block;background:var(--sunk);border-radius:10px;padding:.5rem .75rem;font-size:.8125rem;
overflow-wrap:anywhere;user-select:all;margin-block:.5rem}
.acts{display:flex;flex-wrap:wrap;gap:0 .75rem;align-items:center}
.acts button{margin:0}.acts form{display:block}.wide{inline-size:100%;min-block-size:3rem}
p.go-on{margin-block-start:1rem}ul.how{padding-inline-start:1.25rem}ul.how li{margin-block:.25rem}
</style>"""


def _sheet(say: Language, shop: str, title: str, body: Sequence[str], path: str, told: str) -> str:
    return sheet(say, title, [STYLE, *body], shop=shop, path=path, description=told)


def giving(say: Language, card: GiveCard, request: str, wrong: Refusal | None) -> str:
    """What can be given, the box for it, and what was given lately."""
    title = say.text("Give points")
    rules = "".join(f"<li>{escape(one)}</li>" for one in card.rules)
    works = escape(say.text("How it works"))
    how = f'<h2>{works}</h2><ul class="soft how">{rules}</ul>' if rules else ""
    body = [f"<h1>{escape(title)}</h1>", f"<p>{escape(card.told)}</p>" if card.told else "",
            _form(say, card, request, wrong) if card.most else _alert(say, wrong), _given(say, card.given), how,
            _back(say, "/")]  # fmt: skip
    return _sheet(say, card.shop, title, body, "/give", card.told or title)


def _form(say: Language, card: GiveCard, request: str, wrong: Refusal | None) -> str:
    label, go = escape(say.text("How many points?")), escape(say.text("Look at it first"))
    named = escape(say.text("The link may say who gives: {name}", name=card.name))
    tick = (
        f'<label class="tick"><input type="checkbox" name="named" value="yes"><span>{named}</span></label>'
        if card.name
        else ""
    )
    about = ' aria-invalid="true" aria-describedby="said"' if wrong else ""
    return (
        f'<form class="panel" method="post" action="{prefix(say)}/give"><input type="hidden" name="step" value="look">'
        f'<input type="hidden" name="request" value="{escape(request)}"><label for="points">{label}</label>'
        f'<input id="points" name="points" type="number" inputmode="numeric" min="{card.least}" max="{card.most}" '
        f'dir="ltr" required{about}>{_alert(say, wrong)}{tick}<button class="wide">{go}</button></form>'
    )


def _alert(say: Language, wrong: Refusal | None) -> str:
    return (
        f'<p class="panel caution" role="alert" id="said">{escape(wrong.sentence(say))}</p>' if wrong else ""
    )


def _given(say: Language, given: Sequence[GivenCard]) -> str:
    if not given:
        return ""
    title = escape(say.text("Your gifts"))
    return (
        f'<section class="panel"><h2>{title}</h2>'
        f'<ul class="gifts">{"".join(_row(say, one) for one in given)}</ul></section>'
    )


def _row(say: Language, one: GivenCard) -> str:
    head = f'<b>{escape(one.points)}</b><p class="soft">{escape(one.status)}</p>'
    if not one.waits:
        return f"<li>{head}</li>"
    back = escape(say.text("Call it back"))
    links = "".join(
        f'<a class="on" href="{escape(way.address)}" rel="noopener noreferrer">{escape(way.name)}</a>'
        for way in one.ways
    )
    form = (
        f'<form method="post" action="{prefix(say)}/give/back"><input type="hidden" name="gift" value="{one.key}">'
        f'<button class="plain" aria-label="{back}: {escape(one.points)}">{back}</button></form>'
    )
    return (
        f'<li>{head}<bdi class="link" dir="ltr">{escape(one.link)}</bdi><div class="acts">{links}</div>'
        f'<div class="acts">{form}</div></li>'
    )


def _back(say: Language, to: str) -> str:
    return f'<p><a class="on" href="{prefix(say)}{to}">{escape(say.text("Back"))}</a></p>'


def looking(say: Language, card: GiveCard, points: int, said: str, named: bool, request: str) -> str:
    """What is about to be given, before it is: `said` is the amount in words."""
    title, go = say.text("Is this right?"), escape(say.text("Give {points}", points=said))
    told = say.text("They are set aside until somebody takes them with the link that you get. Until then you can call "
                    "them back; after that they are theirs.")  # fmt: skip
    name = say.text("The link may say who gives: {name}", name=card.name) if named and card.name else ""
    kept = "".join(
        f'<input type="hidden" name="{key}" value="{escape(value)}">'
        for key, value in (("step", "give"), ("points", str(points)), ("named", "yes" if named else ""),
                           ("request", request))
    )  # fmt: skip
    body = [
        f'<h1>{escape(title)}</h1><section class="panel"><p class="sum">{escape(said)}</p><p>{escape(told)}</p>',
        f'<p class="soft">{escape(name)}</p>' if name else "",
        f'<form method="post" action="{prefix(say)}/give">{kept}<button class="wide">{go}</button></form></section>',
        _back(say, "/give"),
    ]
    return _sheet(say, card.shop, title, body, "/give", title)


def plain(say: Language, shop: str, title: str, body: Sequence[str]) -> str:
    """A step in between, such as a fresh code."""
    return _sheet(say, shop, title, [f"<h1>{escape(title)}</h1>", *body, _back(say, "/give")], "/give", title)


def gift(say: Language, card: GiftCard, path: str, signed_in: bool, wrong: Refusal | None) -> str:
    """What a link leads to: a button for a member, the ways in for anybody else."""
    body = [f"<h1>{escape(card.title)}</h1><p>{escape(card.text)}</p>", _alert(say, wrong)]
    if card.side == "open" and signed_in:
        take = escape(say.text("Take {points}", points=card.points))
        body.append(
            f'<form method="post" action="{prefix(say)}{path}"><button class="wide">{take}</button></form>'
        )
    elif card.side == "open":
        join, known = escape(say.text("Join and take it")), escape(say.text("A member already?"))
        sign_in = escape(say.text("Sign in"))
        body.append(f'<p class="go-on"><a class="go" href="{prefix(say)}/join">{join}</a></p>')
        body.append(f'<p>{known} <a class="on" href="{prefix(say)}/sign-in">{sign_in}</a></p>')
    else:
        to, words = (
            ("/give", say.text("Your gifts")) if card.side == "giver" else ("/", say.text("Your points"))
        )
        body.append(f'<p class="go-on"><a class="go" href="{prefix(say)}{to}">{escape(words)}</a></p>')
    return _sheet(say, card.shop, card.title, body, path, card.text)
