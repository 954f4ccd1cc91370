"""The programmes of the random lives: between them they have most of what a programme can say."""

from __future__ import annotations

from tests.model.lasting import Lasting
from tests.model.rungs import Needs
from tests.model.terms import Cash, Paying, Terms

QUARTERS = ("03-31", "06-30", "09-30", "02-29")
CASH = Cash(Lasting(days=40), limit=300, paying=Paying(share=60, minimum=5))
PROGRAMMES = {
    "calendar": Terms(lasting=Lasting("calendar", dates=QUARTERS, days_min=20), restored=9, limit=40, budget=150,
                      perks=True, cash=CASH, gifts_per_day=60,
                      paying=Paying(share=50, step=10, minimum=20, ceiling=30)),
    "rolling": Terms(pending_days=3, lasting=Lasting(months=1), policy="zero", window="rolling", downgrade="one_step",
                     grace=5, cap_per_day=150, cap_per_week=260, worth=200, paying=Paying(most=400), per_week=1,
                     cash=Cash(Lasting(months=1, round_to="month"), pending_days=2, policy="zero", cap_per_week=2500),
                     habits=True),
    "strict": Terms(lasting=Lasting("never"), policy="refuse", keep="next_year", downgrade="none", review_cap=60,
                    needs=(Needs("all", {"points_earned": 90, "orders": 2}),
                           Needs("all", {"points_earned": 250, "orders": 5, "review.posted": 1})),
                    cash=Cash(Lasting("never"), policy="refuse"), paying=Paying(share=80), gifts_per_day=100),
    "spend": Terms(pending_days=1, delivered_days=6, lasting=Lasting(months=2, round_to="quarter"), basis="spend",
                   window="rolling", window_months=3, gift_days=("mon", "wed", "sat"), per_week=2, perks=True),
    "orders": Terms(delivered_days=4, restored=5, lasting=Lasting("inactivity", days=20, activities=("paid", "review")),
                    basis="orders", window="anniversary", order_min=4000, budget=400, cap_per_week=300, worth=300,
                    cash=CASH, paying=Paying(step=3, gold=250), gifts_per_day=80, perks=True),
    "lifetime": Terms(lasting=Lasting("inactivity", months=1, round_to="month", activities=("paid", "redeem")),
                      window="lifetime", policy="zero", gifts_per_day=50, per_week=1, paying=Paying(share=30),
                      cap_per_month=900),
    "several": Terms(lasting=Lasting(days=12), restored=4, limit=60, basis="facts", window="rolling",
                     downgrade="one_step", grace=2,
                     needs=(Needs("any", {"orders": 3, "facts": 3}),
                            Needs("all", {"orders": 4, "facts": 3, "spend": 150})), perks=True, order_min=1000,
                     paying=Paying(share=70), gifts_per_day=70, habits=True),
}  # fmt: skip
