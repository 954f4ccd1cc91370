"""Badges as pictures: what they may be, how they look, and whether they can be told from the page."""
