"""The ways in as pieces of HTML: buttons for a page to sign in on, and a person's own passkeys and linked accounts."""

from __future__ import annotations

from html import escape

from sqlmodel import Session

from app import settings
from app.providers import Provider
from app.public import oidc_pages
from facts.language import N_, Language, language
from members.actions import logins, passkeys
from members.roles import MEMBER, Person

STYLE = """<style>
.way{display:flex;align-items:center;justify-content:center;gap:.625rem;inline-size:100%;min-block-size:3rem;
margin-block:.5rem 0;padding:.625rem 1rem;border:1px solid var(--field);border-radius:14px;background:var(--raised);
color:var(--ink);font:inherit;font-weight:600;text-decoration:none;cursor:pointer}.way[hidden]{display:none}
.way img{inline-size:1.25rem;block-size:1.25rem}.mine{list-style:none;margin:.5rem 0 0;padding:0}
.mine li{padding-block:.75rem;border-block-start:1px solid var(--line)}.mine li:last-child{padding-block-end:0}
.mine form{display:flex;gap:.5rem;align-items:end;margin-block-start:.5rem}.mine button,.mine input{margin:0;flex:none}
.mine input{flex:1;min-inline-size:0}
.mine [type=hidden]+button,.mine form>button:first-child{margin-inline-start:-.75rem}
.mine button{background:none;color:var(--accent);padding-inline:.75rem}
.mine li:has(>:is(b,bdi)~form:only-of-type){position:relative;padding-inline-end:6.5rem;min-block-size:4rem}
.mine :is(b,bdi)~form:only-of-type{position:absolute;inset-inline-end:0;inset-block-start:.25rem;margin:0}
</style>"""
SCRIPT = '<script src="/passkey.js" defer></script>'
WITH = N_("Continue with {provider}")
HINT = N_(
    "Sign in with your fingerprint, your face or your screen lock: nothing to remember, nothing to steal."
)


def ways_in(role: str, language_code: str) -> str:
    """Buttons of the providers and of the passkey, for the page where members (or staff) sign in."""
    say, people = language(language_code), "members" if role == MEMBER else "staff"
    passkey = _passkey_button(say, "enter", people)
    return f'{STYLE}<section class="ways-in">{_links(say, people)}{passkey}</section>{SCRIPT}'


def providers_in(role: str, say: Language) -> str:
    """Buttons of the providers alone, for who is new; nothing without a provider."""
    links = _links(say, "members" if role == MEMBER else "staff")
    return f'{STYLE}<section class="ways-in">{links}</section>' if links else ""


def _links(say: Language, people: str) -> str:
    query = "" if people == "members" else "?for=staff"
    return "".join(
        f'<a class="way" href="{oidc_pages.prefix(say)}/oidc/{one.name}{query}">{_icon(one)}'
        f"<span>{escape(say.text(WITH, provider=one.label))}</span></a>"
        for one in _providers(people)
    )


def _providers(people: str) -> list[Provider]:
    return [one for one in settings.current().providers if people in one.people]


def _icon(one: Provider) -> str:
    return f'<img src="{escape(one.icon)}" alt="" width="20" height="20">' if one.icon else ""


def _passkey_button(say: Language, what: str, people: str) -> str:
    words = say.text("Make a passkey") if what == "make" else say.text("Continue with a passkey")
    failed = say.text("That did not work. Try again, or come in another way.")
    return (
        f'<button class="way" type="button" hidden data-passkey="{what}" data-people="{people}" '
        f'data-base="{oidc_pages.prefix(say)}/passkey" data-failed="{escape(failed)}">{escape(words)}</button>'
        '<p role="status" class="soft"></p>'
    )


def ways_of(session: Session, person: Person, say: Language) -> str:
    """The passkeys and linked accounts of who is signed in, with forms to name, add and take away."""
    people = "members" if person.is_member else "staff"
    return f"{STYLE}{_passkeys(session, person, people, say)}{_linked(session, person, people, say)}{SCRIPT}"


def _passkeys(session: Session, person: Person, people: str, say: Language) -> str:
    rows = "".join(_passkey(row, say) for row in passkeys.of(session, person))
    title = say.text("Passkeys")
    alone = logins.by_group(session, person)
    hint = say.text(passkeys.NOT_FOR_GROUPS if alone else HINT)
    make = "" if alone else _passkey_button(say, "make", people)
    return (
        f'<section class="panel"><h2 id="passkeys">{escape(title)}</h2><p class="soft">{escape(hint)}</p>'
        f'<ul class="mine">{rows}</ul>{make}</section>'
    )


def _passkey(row: passkeys.Passkey, say: Language) -> str:
    ident, base = passkeys.ident_of(row), f"{oidc_pages.prefix(say)}/passkey"
    added = say.text("Since {date}", date=say.date(row.created_at))
    used = " · " + say.text("last used {date}", date=say.date(row.used_at)) if row.used_at else ""
    name, save, remove = say.text("Name"), say.text("Save"), say.text("Remove")
    called = escape(row.name or say.text("A passkey"))
    return (
        f'<li><b>{called}</b><p class="soft">{escape(added + used)}</p>'
        f'<form method="post" action="{base}/rename"><input type="hidden" name="which" value="{ident}">'
        f'<input name="name" aria-label="{escape(name)}" value="{escape(row.name)}" '
        f'maxlength="{passkeys.NAME_LENGTH_MAX}"><button>{escape(save)}</button></form>'
        f'<form method="post" action="{base}/remove"><input type="hidden" name="which" value="{ident}">'
        f'<button aria-label="{escape(remove)} {called}">{escape(remove)}</button></form></li>'
    )


def _linked(session: Session, person: Person, people: str, say: Language) -> str:
    mine = {row.issuer: row for row in logins.of(session, person)}
    may_add = not logins.by_group(session, person)
    rows = "".join(_provider(one, mine.get(one.issuer), say) for one in settings.current().providers
                   if one.issuer in mine or (may_add and people in one.people))  # fmt: skip
    if not rows:
        return ""
    title = say.text("Linked accounts")
    return f'<section class="panel"><h2>{escape(title)}</h2><ul class="mine">{rows}</ul></section>'


def _provider(one: Provider, row: logins.Login | None, say: Language) -> str:
    base, label = f"{oidc_pages.prefix(say)}/oidc/{one.name}", escape(one.label)
    if row is None:
        words = escape(say.text("Link {provider}", provider=one.label))
        return (
            f'<li><form method="post" action="{base}/link"><button>{_icon(one)}{words}</button></form></li>'
        )
    since, remove = say.text("Since {date}", date=say.date(row.created_at)), say.text("Remove")
    return (
        f'<li><b>{label}</b><p class="soft">{escape(since)}</p><form method="post" action="{base}/unlink">'
        f'<input type="hidden" name="which" value="{logins.ident_of(row)}">'
        f'<button aria-label="{escape(remove)} {label}">{escape(remove)}</button></form></li>'
    )
