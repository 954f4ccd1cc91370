"""The composition root: the pages, the routes beside them, and what runs along."""

from __future__ import annotations

import reflex as rx
from starlette.applications import Starlette

from app import live
from app.frame.head import head
from app.frame.routes import Page, add_pages
from app.public import entrances
from facts.language import N_
from pages import history, home, rewards, rules

PAGES = (
    Page("/", home.page, N_("Home"), (home.HomeState.load, home.HomeState.keep_up)),
    Page("/rewards", rewards.page, N_("Rewards"), (rewards.RewardsState.load, rewards.RewardsState.keep_up)),
    Page("/history", history.page, N_("History"), (history.HistoryState.load, history.HistoryState.keep_up)),
    Page("/rules", rules.page, N_("Rules"), (rules.RulesState.load,)),
)

routes = Starlette(routes=[*entrances.routes()])
app = rx.App(
    head_components=head(),
    stylesheets=["/regulars.css"],
    api_transformer=routes,
)
app.register_lifespan_task(live.lifespan)
add_pages(app, PAGES)
