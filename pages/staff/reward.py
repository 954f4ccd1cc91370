"""A reward on the workbench: its form, and beside it what members will see and what publishing would change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app import door
from app.door import Admitted
from app.frame.staff_visit import StaffVisit, act, arrive, visited_page
from app.frame.uploads import take_picture
from app.frame.visit import spoken
from components.primitives import button, icon, page_link, panel, section, skeleton
from components.words import t
from components.workbench import boxes, choice, preview, side_title, stock_box, ticks, upload_box
from facts.language import N_
from members.actions.staff import drop_draft, keep_draft, publish_reward, retire_reward, set_stock
from members.cards import ICONS
from members.programme.versions import versions
from members.reward_form import VALUE_LENGTH_MAX, Form, names, read
from members.roles import Capability, Person
from members.staff_cards import EditCard
from members.views.staff_reward import edit_card, start

TITLE = N_("Reward")
UPLOAD = "reward-picture"
KINDS = (
    ("product", N_("A product")),
    ("fixed", N_("Money off")),
    ("percent", N_("A percentage off")),
    ("free_delivery", N_("Free delivery")),
)
FULFILMENTS = (("instant", N_("With a code, at once")), ("by_staff", N_("Handed over by staff")))


class RewardState(StaffVisit, rx.State):
    """What is on the workbench. `_form` is what was typed; everything shown is worked out from it anew."""

    card: EditCard = EditCard()
    retiring: bool = False
    _form: dict[str, str] = {}
    _slug: str = ""
    _base: int = 0
    _level: str = ""
    _told: bool = False

    @rx.event
    async def load(self):
        """Put the reward of the address, or a new one, on the workbench."""
        self._slug = str(self.router.url.query_parameters.get("slug", ""))[:60]
        self._level, self._told, self.retiring = "", False, False

        def view(session: Session, _person: Person, _now: datetime) -> tuple[Form, int]:
            return start(session, self._slug), versions(session).latest.number

        answer = await door.look(self, Capability.EDIT_CATALOGUE, view)
        if isinstance(answer, Admitted):
            self._form, self._base = answer.value
        await self._weigh()

    @rx.event
    async def put(self, name: str, value: str):
        """Take what was typed in a box."""
        await self._take(name, value)

    @rx.event
    async def tick(self, name: str, value: bool):
        """Take a tick."""
        await self._take(name, "yes" if value is True else "")

    @rx.event
    async def see_as(self, level: str):
        """Show the reward as members of a tier see it."""
        self._level = str(level)[:60]
        await self._weigh()

    @rx.event
    async def keep(self):
        """Keep the draft."""
        self._told = True
        form, slug = dict(self._form), self._slug or self._form.get("slug", "").strip()

        def work(session: Session, person: Person, now: datetime) -> EditCard:
            problem = read(form, versions(session).latest.programme).problems.get("slug")
            if not problem:
                keep_draft(session, slug, form, person.actor, now)
            return self._view(session, person, now)

        done = await act(self, Capability.EDIT_CATALOGUE, work)
        if done and not self.card.slug.problem:
            self._slug = slug
            self.said = spoken(self).text(N_("The draft is kept."))

    @rx.event
    async def publish(self):
        """Make it part of the programme, from now on (or from when it is to be shown)."""
        self._told = True
        form, base = dict(self._form), self._base

        def work(session: Session, person: Person, now: datetime) -> tuple[EditCard, int, str]:
            reward = read(form, versions(session).latest.programme).reward
            if (
                reward is None
                or not edit_card(session, self._slug, form, "", now, spoken(self), told=True).ready
            ):
                return self._view(session, person, now), base, ""
            made = publish_reward(session, reward, base=base, actor=person.actor, now=now)
            drop_draft(session, reward.slug, person.actor, now)
            card = edit_card(session, reward.slug, form, self._level, now, spoken(self), told=True)
            return card, made.number, reward.slug

        await self._publish(work, N_("Published. Members see it now."))

    @rx.event
    def ask_retire(self):
        """Ask whether it is to be retired."""
        self.retiring = not self.retiring

    @rx.event
    async def retire(self):
        """Take it out of the catalogue."""
        slug, base = self._slug, self._base
        self.retiring = False

        def work(session: Session, person: Person, now: datetime) -> tuple[EditCard, int, str]:
            made = retire_reward(session, slug, base=base, actor=person.actor, now=now)
            drop_draft(session, slug, person.actor, now)
            self._form = start(session, slug)
            return self._view(session, person, now), made.number, slug

        await self._publish(work, N_("Retired. What members have of it stays theirs."))

    @rx.event
    async def count(self, form: dict[str, Any]):
        """Say how many are left, after counting."""
        text = str(form.get("left", "")).strip()
        left = int(text) if text.isdecimal() and len(text) <= 9 else -1

        def work(session: Session, person: Person, now: datetime) -> EditCard:
            set_stock(session, self._slug, left, person.actor, now)
            return self._view(session, person, now)

        await act(self, Capability.EDIT_CATALOGUE, work, N_("The stock is counted."))

    @rx.event
    async def take_picture(self, files: list[rx.UploadFile]):
        """Take an uploaded picture: who it is, how much it is and what it is are all checked there."""
        if not files:
            return
        answer = await take_picture(self, files[0])
        if isinstance(answer, Admitted):
            await self._take("picture", answer.value)
        else:
            self.said = answer.sentence(spoken(self))

    @rx.event
    async def no_picture(self):
        """Go back to the drawing."""
        await self._take("picture", "")

    async def _publish(
        self, work: Callable[[Session, Person, datetime], tuple[EditCard, int, str]], done: str
    ) -> None:
        found: list[tuple[int, str]] = []

        def inside(session: Session, person: Person, now: datetime) -> EditCard:
            card, number, slug = work(session, person, now)
            found.append((number, slug))
            return card

        if await act(self, Capability.PUBLISH_PROGRAMME, inside) and found:
            self._base, slug = found[-1]
            if slug:
                self._slug, self.said = slug, spoken(self).text(done)

    async def _take(self, name: str, value: str) -> None:
        """Put a value into the form, if there is such a box, and show what follows."""
        name, value = str(name)[:100], str(value)[:VALUE_LENGTH_MAX]

        def view(session: Session, person: Person, now: datetime) -> EditCard:
            fixed = name == "slug" and versions(session).latest.programme.reward(self._slug) is not None
            if name in names(versions(session).latest.programme) and not fixed:
                self._form = {**self._form, name: value}
            return self._view(session, person, now)

        await arrive(self, Capability.EDIT_CATALOGUE, view)

    async def _weigh(self) -> None:
        await arrive(self, Capability.EDIT_CATALOGUE, self._view)

    def _view(self, session: Session, _person: Person, now: datetime) -> EditCard:
        return edit_card(session, self._slug, self._form, self._level, now, spoken(self), told=self._told)


def page() -> rx.Component:
    """The page."""
    card = RewardState.card
    above = rx.el.span(
        page_link(t("Rewards"), to="/staff", class_name="text-soft underline-offset-2 hover:underline"),
        rx.cond(card.stage != "", rx.el.span(" / ", card.stage)),
    )
    return visited_page(
        RewardState,
        _form(),
        _waiting(),
        path="/staff",
        title=rx.cond(card.title != "", card.title, t(TITLE)),
        above=above,
        actions=[
            button(t("Keep draft"), tone="plain", on_click=RewardState.keep),
            button(rx.cond(card.later, t("Schedule"), t("Publish")), on_click=RewardState.publish),
        ],
        aside=_side(),
        again=RewardState.load,
    )


def _form() -> rx.Component:
    card = RewardState.card
    wrong = rx.el.p(card.wrong, role="alert", class_name="m-0 font-medium text-caution")
    return rx.el.div(
        rx.cond(card.wrong != "", wrong),
        _what(),
        _worth(),
        _who(),
        _when(),
        rx.cond(card.published & ~card.retired, _retirement()),
        class_name="flex max-w-3xl flex-col gap-5",
    )


def _what() -> rx.Component:
    card = RewardState.card
    return _sheet(
        N_("What it is"),
        boxes(card.names, RewardState.put, title=t("Name")),
        boxes(card.texts, RewardState.put, long=True, title=t("Description")),
        rx.cond(card.published, rx.fragment(), boxes([card.slug], RewardState.put)),
    )


def _worth() -> rx.Component:
    card = RewardState.card
    kinds = [rx.el.option(t(label), value=name) for name, label in KINDS]
    return _sheet(
        N_("What it costs and what it is worth"),
        choice(t("Kind"), *kinds, name="kind", value=card.kind, on_change=RewardState.put("kind")),
        boxes(card.worth, RewardState.put, wide=True),
    )


def _who() -> rx.Component:
    card = RewardState.card
    ways = [rx.el.option(t(label), value=name) for name, label in FULFILMENTS]
    put = RewardState.put("fulfilment")
    return _sheet(
        N_("Who can have it, and how often"),
        ticks(t("Only for these tiers (none: for everybody)"), card.tiers, RewardState.tick),
        boxes(card.limits, RewardState.put, wide=True),
        choice(t("How it is handed over"), *ways, name="fulfilment", value=card.fulfilment, on_change=put),
        rx.cond(card.counted, stock_box(card.left, RewardState.count)),
    )


def _when() -> rx.Component:
    card = RewardState.card
    zone = rx.el.p(t("Times are those of the shop:"), " ", card.zone, class_name="m-0 text-small text-soft")
    return _sheet(N_("When"), zone, boxes(card.times, RewardState.put, wide=True))


def _sheet(title: str, *children: rx.Component) -> rx.Component:
    return section(t(title), panel(*children, class_name="flex flex-col gap-5 p-4 md:p-5"))


def _retirement() -> rx.Component:
    sure = rx.el.div(
        rx.el.p(
            t("Members will not see it any more. What they have of it stays theirs."),
            class_name="m-0 text-soft",
        ),
        rx.el.div(
            button(t("Leave it"), tone="plain", on_click=RewardState.ask_retire),
            button(t("Yes, retire it"), tone="caution", on_click=RewardState.retire),
            class_name="flex gap-3",
        ),
        class_name="flex flex-col gap-3",
    )
    ask = button(icon("archive"), t("Retire this reward"), tone="quiet", on_click=RewardState.ask_retire)
    return rx.cond(RewardState.retiring, panel(sure, class_name="p-4 md:p-5"), rx.el.div(ask))


def _side() -> rx.Component:
    card = RewardState.card
    icons = [rx.el.option(name.replace("-", " "), value=name) for name in sorted(ICONS)]
    taken = RewardState.take_picture(rx.upload_files(upload_id=UPLOAD))
    change = "border-t border-line py-2 text-small tabular-nums first:border-t-0 [overflow-wrap:anywhere]"
    changes = rx.el.ul(
        rx.foreach(card.changes, lambda said: rx.el.li(said, class_name=change)),
        class_name="m-0 list-none p-0",
    )
    return rx.el.div(
        side_title(t("As members see it")),
        preview(card, RewardState.see_as),
        side_title(t("Picture")),
        upload_box(UPLOAD, card.picture, taken, RewardState.no_picture),
        choice(t("Or a drawing"), *icons, name="icon", value=card.icon, on_change=RewardState.put("icon")),
        side_title(t("If published now")),
        rx.cond(
            card.changes.length() > 0,
            changes,
            rx.el.p(t("Nothing would change."), class_name="m-0 text-small text-soft"),
        ),
        class_name="flex flex-col gap-3 lg:sticky lg:top-6",
    )


def _waiting() -> rx.Component:
    return rx.el.div(
        skeleton("h-64 w-full"), skeleton("h-48 w-full"), class_name="flex max-w-3xl flex-col gap-5"
    )
