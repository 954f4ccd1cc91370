"""Signing in with an OpenID provider: what is asked, and what of its answers is believed (OpenID Connect Core)."""
