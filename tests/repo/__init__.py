"""The rules of this house that no ready-made linter knows. `make lint` runs them, and so does `make test`."""
