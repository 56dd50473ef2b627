"""One clock for the whole product: microseconds since the Unix epoch, UTC."""

import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def now() -> int:
    """The present in microseconds since the epoch."""
    return time.time_ns() // 1_000


@lru_cache(maxsize=256)
def moment(micros: int) -> datetime:
    """The instant as an aware datetime; exact, unlike a division to a float. One is asked for again and again."""
    return EPOCH + timedelta(microseconds=micros)


def micros(instant: datetime) -> int:
    """The inverse of `moment`."""
    return (instant - EPOCH) // timedelta(microseconds=1)
