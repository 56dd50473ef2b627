"""What the author of a message or a note is told."""

from datetime import datetime

import msgspec
from litestar import Response
from litestar.openapi.datastructures import ResponseSpec

from shopbell.conversations.rules import Sent
from shopbell.kernel.clock import moment


class SentItem(msgspec.Struct, frozen=True):
    id: str
    seq: int
    created_at: datetime


SENT_AGAIN = {200: ResponseSpec(SentItem, description="Said before with this nonce; the answer of then.")}


def sent(outcome: Sent) -> Response[SentItem]:
    """201 the first time, 200 and the same answer for a nonce that is repeated."""
    answer = SentItem(outcome.id, outcome.seq, moment(outcome.created_at))
    return Response(answer, status_code=200 if outcome.repeated else 201)
