"""A shop that issues, and the verifier on Node."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from tests.credentials.outside import outside as outside
from tests.credentials.shop import Shop, a_shop


@pytest.fixture
def shop(session: Session) -> Shop:
    """A shop with one award that can be signed."""
    return a_shop(session)
