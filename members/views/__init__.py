"""Read-only questions whose answers are cards: one module a page, each a constant number of queries."""
