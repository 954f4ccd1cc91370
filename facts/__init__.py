"""What happened, and the words everybody shares: events, orders, money, ids and refusals.

Plain Python throughout: no session, no clock, no randomness, no framework.
"""
