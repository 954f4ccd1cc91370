"""The shop in a real browser, served as it is for people."""
