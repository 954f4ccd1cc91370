"""The composition root: the pages, the routes beside them, and what runs along."""

from __future__ import annotations

import reflex as rx
from starlette.applications import Starlette

from app import api, jobs, lines, live, policy
from app.frame import garbage, turns
from app.frame.anew import Anew
from app.frame.first import first_paint
from app.frame.gate import Gate
from app.frame.head import head
from app.frame.line import Line
from app.frame.overlay import connection
from app.frame.previews import routes as previews
from app.frame.redacting import install as redact_logs
from app.frame.routes import Page, add_pages
from app.frame.trouble import on_backend_error, on_frontend_error
from app.frame.uploading import uploads
from app.jobs.boards import lifespan as follow_boards
from app.jobs.friends import lifespan as follow_friends
from app.jobs.letters import lifespan as deliver_letters
from app.jobs.seen import lifespan as write_down_who_was_here
from app.pictures import routes as pictures
from app.public import (
    audit_file,
    card,
    coming_in,
    counter,
    credentials,
    demo_post,
    entrances,
    gifts,
    install,
    invited,
    invited_poster,
    oidc,
    own,
    own_addresses,
    own_ways,
    passkeys,
    posters,
    referrals_file,
    shared,
    staff_door,
    unsubscribe,
    verifying,
)
from app.public import rules as public_rules
from app.public.appearance import Appearance
from app.public.missing import Missing
from app.recording import process
from facts.language import N_
from members.views.badges import badges
from members.views.boards import boards as boards_view
from members.views.challenges import challenges as challenges_view
from members.views.history import history_first
from members.views.home import hero
from members.views.rewards import rewards_first
from members.views.rules import rules as rules_for_all
from members.views.rules import rules_mine
from members.views.streak_page import streaks as streaks_view
from pages import boards, challenges, friends, history, home, me, offers, rules, shelf, streaks
from pages.staff import (
    approvals,
    artwork,
    audit,
    bulk,
    cases,
    catalogue,
    games,
    holders,
    keys,
    people,
    person,
    referrals,
    referrals_offer,
    reward,
    same,
    studio,
    team,
)
from pages.staff import boards as staff_boards
from pages.staff import posters as staff_posters

PAGES = (
    Page(
        "/",
        home.page,
        N_("Home"),
        (home.HomeState.load, home.HomeState.keep_up),
        hero,
        found=N_("Points for every visit, rewards to choose, and badges on the way."),
    ),
    Page(
        "/rewards",
        offers.page,
        N_("Rewards"),
        (offers.RewardsState.load, offers.RewardsState.keep_up),
        rewards_first,
    ),
    Page(
        "/history",
        history.page,
        N_("History"),
        (history.HistoryState.load, history.HistoryState.keep_up),
        history_first,
    ),
    Page("/badges", shelf.page, N_("Badges"), (shelf.BadgesState.load, shelf.BadgesState.keep_up), badges),
    Page(
        "/challenges",
        challenges.page,
        N_("Challenges"),
        (challenges.ChallengesState.load, challenges.ChallengesState.keep_up),
        challenges_view,
    ),
    Page(
        "/boards",
        boards.page,
        N_("Boards"),
        (boards.BoardsState.load, boards.BoardsState.keep_up),
        boards_view,
    ),
    Page(
        "/streaks",
        streaks.page,
        N_("Streaks"),
        (streaks.StreaksState.load, streaks.StreaksState.keep_up),
        streaks_view,
    ),
    Page(
        "/friends",
        friends.page,
        N_("Bring a friend"),
        (friends.FriendsState.load, friends.FriendsState.keep_up),
    ),
    Page("/me", me.page, N_("About me"), (me.MeState.load,)),
    Page(
        "/rules",
        rules.page,
        N_("Rules"),
        (rules.RulesState.load,),
        rules_mine,
        rules_for_all,
        found=N_("What brings points, what they are worth, and what there is to have for them."),
    ),
    Page("/staff", catalogue.page, catalogue.TITLE, (catalogue.CatalogueState.load,)),
    Page("/staff/reward", reward.page, reward.TITLE, (reward.RewardState.load,)),
    Page("/staff/badges", games.page, games.TITLE, (games.GamesState.load,)),
    Page("/staff/badges/artwork", artwork.page, artwork.TITLE, (artwork.ArtworkState.load,)),
    Page("/staff/badges/bulk", bulk.page, bulk.TITLE, (bulk.BulkState.load,)),
    Page("/staff/badges/holders", holders.page, holders.TITLE, (holders.HoldersState.load,)),
    Page("/staff/badges/edit", studio.page, studio.TITLE, (studio.StudioState.load,)),
    Page("/staff/boards", staff_boards.page, staff_boards.TITLE, (staff_boards.StaffBoardsState.load,)),
    Page("/staff/cases", cases.page, cases.TITLE, (cases.CasesState.load,)),
    Page("/staff/approvals", approvals.page, approvals.TITLE, (approvals.ApprovalsState.load,)),
    Page("/staff/audit", audit.page, audit.TITLE, (audit.AuditState.load,)),
    Page("/staff/keys", keys.page, keys.TITLE, (keys.KeysState.load,)),
    Page("/staff/posters", staff_posters.page, staff_posters.TITLE, (staff_posters.PostersState.load,)),
    Page("/staff/referrals", referrals.page, referrals.TITLE, (referrals.ReferralsState.load,)),
    Page(
        "/staff/referrals/edit",
        referrals_offer.page,
        referrals_offer.TITLE,
        (referrals_offer.OfferState.load,),
    ),
    Page("/staff/team", team.page, team.TITLE, (team.TeamState.load,)),
    Page("/staff/members", people.page, people.TITLE, (people.PeopleState.load,)),
    Page("/staff/member", person.page, person.TITLE, (person.PersonState.load,)),
    Page("/staff/member/same", same.page, same.TITLE, (same.SameState.load,)),
)

redact_logs()
routes = Starlette(
    routes=[
        *previews,
        *pictures.routes,
        *public_rules.routes(),
        *credentials.routes(),
        *verifying.routes(),
        *shared.routes(),
        *oidc.routes(),
        *passkeys.routes(),
        *entrances.routes(),
        *posters.routes(),
        *own_ways.routes(),
        *own_addresses.routes(),
        *demo_post.routes(),
        *coming_in.routes(),
        *invited.routes(),
        *invited_poster.routes(),
        *staff_door.routes(),
        *referrals_file.routes(),
        *counter.routes(),
        *audit_file.routes(),
        *own.routes(),
        *card.routes(),
        *install.routes(),
        *unsubscribe.routes(),
        *gifts.routes(),
    ]
)
app = rx.App(
    head_components=head(),
    stylesheets=["/regulars.css"],
    api_transformer=[
        Missing,
        routes,
        Appearance,
        first_paint(PAGES),
        api.ahead,
        uploads(lambda: app.state_manager),
        Line,
        Gate,
    ],
    backend_exception_handler=on_backend_error,
    frontend_exception_handler=on_frontend_error,
    toaster=None,
    extra_app_wraps={(5, "Overlay"): connection},
)
app.add_middleware(Anew())
app.register_lifespan_task(turns.lifespan)
app.register_lifespan_task(garbage.lifespan)
app.register_lifespan_task(live.lifespan)
app.register_lifespan_task(process.lifespan)
app.register_lifespan_task(lines.lifespan)
app.register_lifespan_task(jobs.lifespan)
app.register_lifespan_task(follow_boards)
app.register_lifespan_task(follow_friends)
app.register_lifespan_task(deliver_letters)
app.register_lifespan_task(write_down_who_was_here)
add_pages(app, PAGES)
policy.insist()
