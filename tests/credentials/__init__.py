"""Credentials: issued, published, checked by ourselves and by verifiers that others wrote."""
