"""The history of the tables, one revision after the other, for SQLite and PostgreSQL alike."""
