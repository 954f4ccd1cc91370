"""The key by which a request that is sent again is known."""

from __future__ import annotations

from app.api.operations import Call
from facts.refusals import Refusal
from members.actions.redeem import REQUEST_LENGTH_MAX

KEY_PATTERN = r"^[!-~]+$"


def request_id_of(call: Call) -> str:
    """The Idempotency-Key of a request; refuses one without it."""
    request_id = call.request.headers.get("idempotency-key", "")
    if not request_id:
        raise Refusal(
            "idempotency_key_missing",
            "Send an Idempotency-Key: the same request is then done once.",
            status=400,
        )
    if len(request_id) > REQUEST_LENGTH_MAX or not request_id.isascii() or " " in request_id:
        raise Refusal("idempotency_key_malformed", "An Idempotency-Key has at most {most} letters and digits.",
                      status=400, most=REQUEST_LENGTH_MAX)  # fmt: skip
    return request_id
