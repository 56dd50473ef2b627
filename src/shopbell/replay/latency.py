"""Percentiles of waiting, over all messages and over those far from any disturbance."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Span = tuple[float, float]
"""When something began and ended, in seconds of one clock."""


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Milliseconds, by the nearest-rank method; all zero when nothing was measured."""

    count: int = 0
    p50: float = 0.0
    p90: float = 0.0
    p99: float = 0.0
    max: float = 0.0


def percentiles(spans: Iterable[Span]) -> Percentiles:
    waits = sorted(end - begin for begin, end in spans)
    if not waits:
        return Percentiles()

    def rank(share: float) -> float:
        return round(waits[math.ceil(share * len(waits)) - 1] * 1_000, 3)

    return Percentiles(len(waits), rank(0.5), rank(0.9), rank(0.99), rank(1.0))


def calm(spans: Iterable[Span], disturbances: Sequence[float], seconds: float) -> list[Span]:
    """The spans of which no part lies in the `seconds` after a disturbance."""
    return [
        (begin, end)
        for begin, end in spans
        if not any(end >= shock and begin <= shock + seconds for shock in disturbances)
    ]


def clusters(breaks: Iterable[float], *, within: float) -> list[tuple[float, int]]:
    """Groups lost connections into disturbances: the time of the first, and how many were lost.

    A loss belongs to a disturbance when it follows the one before it by at most `within` seconds.
    """
    groups: list[tuple[float, int]] = []
    last = -math.inf
    for at in sorted(breaks):
        if at - last <= within:
            groups[-1] = (groups[-1][0], groups[-1][1] + 1)
        else:
            groups.append((at, 1))
        last = at
    return groups
