"""From what happened, one by one, to figures."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec

from shopbell.dashboard.periods import Period
from shopbell.kernel.clock import SECOND, moment
from shopbell.tickets.rules import Outcome

RATINGS = 5


class Opening(msgspec.Struct, frozen=True):
    """A ticket opened at `at`, what became of it, and how long its customer waited for the first reply.

    Times in microseconds. `outcome` is None while it is open, `waited` while nobody has replied, and where staff
    wrote first.
    """

    at: int
    outcome: Outcome | None
    holder_id: str | None
    waited: int | None
    replied_by: str | None


class Closure(msgspec.Struct, frozen=True):
    at: int
    outcome: Outcome
    staff_id: str


class Rating(msgspec.Struct, frozen=True):
    at: int
    stars: int
    comment: str | None
    staff_id: str
    customer: str
    number: int


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """A day's new tickets by what has become of them, and its first replies. Times in whole seconds."""

    day: date
    resolved: int
    abandoned: int
    open: int
    median_seconds: int | None
    p90_seconds: int | None


class LoopDay(msgspec.Struct, frozen=True, kw_only=True):
    """`members` at the end of the day."""

    day: date
    members: int
    joined: int
    left: int


class FirstReply(msgspec.Struct, frozen=True, kw_only=True):
    """How long customers who opened a ticket in the period waited for its first reply, in whole seconds."""

    count: int
    median_seconds: int | None
    p90_seconds: int | None
    median_seconds_before: int | None


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    customer: str
    ticket_number: int
    at: datetime


class FeedbackFigures(msgspec.Struct, frozen=True, kw_only=True):
    """`ratings` counts the ones first, the fives last; `latest` is the newest comment."""

    asked: int
    count: int
    average: float | None
    ratings: list[int]
    latest: Comment | None


class LoopFigures(msgspec.Struct, frozen=True, kw_only=True):
    """`members` is as it is now."""

    members: int
    joined: int
    left: int
    days: list[LoopDay]


def quantile(values: Iterable[int], share: float) -> int | None:
    """The value below which that share lies, between neighbours in proportion; None of nothing.

    Source: definition 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996.
    """
    ordered = sorted(values)
    if not ordered:
        return None
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return round(ordered[below] + (ordered[above] - ordered[below]) * (place - below))


def first_reply(openings: Sequence[Opening], earlier: Sequence[Opening]) -> FirstReply:
    waits = _waits(openings)
    return FirstReply(
        count=len(waits), median_seconds=quantile(waits, 0.5), p90_seconds=quantile(waits, 0.9),
        median_seconds_before=quantile(_waits(earlier), 0.5),
    )  # fmt: skip


def _waits(openings: Sequence[Opening]) -> list[int]:
    return [opening.waited // SECOND for opening in openings if opening.waited is not None]


def days(shown: Period, opened: Sequence[Opening], replied: Sequence[Opening]) -> list[Day]:
    """The period day by day. `replied` are the openings whose first reply counts."""
    fates, waits = _by_day(shown, opened), _by_day(shown, replied)
    return [
        Day(
            day=day,
            resolved=_count(fates[at], Outcome.RESOLVED),
            abandoned=_count(fates[at], Outcome.ABANDONED),
            open=_count(fates[at], None),
            median_seconds=quantile(_waits(waits[at]), 0.5),
            p90_seconds=quantile(_waits(waits[at]), 0.9),
        )
        for at, day in enumerate(shown.days)
    ]


def _by_day(shown: Period, openings: Sequence[Opening]) -> list[list[Opening]]:
    found: list[list[Opening]] = [[] for _ in shown.days]
    for opening in openings:
        found[shown.place(opening.at)].append(opening)
    return found


def _count(openings: Sequence[Opening], outcome: Outcome | None) -> int:
    return sum(opening.outcome == outcome for opening in openings)


def feedback(closures: Sequence[Closure], ratings: Sequence[Rating]) -> FeedbackFigures:
    """What customers said, of those who were asked: each closure asks once."""
    stars = [rating.stars for rating in ratings]
    commented = [rating for rating in ratings if rating.comment and rating.comment.strip()]
    latest = max(commented, key=lambda rating: rating.at, default=None)
    return FeedbackFigures(
        asked=len(closures),
        count=len(stars),
        average=round(sum(stars) / len(stars), 2) if stars else None,
        ratings=[stars.count(each) for each in range(1, RATINGS + 1)],
        latest=_comment(latest) if latest else None,
    )


def _comment(rating: Rating) -> Comment:
    text = rating.comment or ""
    return Comment(text=text, customer=rating.customer, ticket_number=rating.number, at=moment(rating.at))


def loop(shown: Period, members: int, changes: Iterable[tuple[int, int]]) -> LoopFigures:
    """`members` is the size now, `changes` every join (1) and leave (-1) since the period began, with its instant."""
    count = len(shown.days)
    joined, left, since = [0] * count, [0] * count, 0
    for at, change in changes:
        if at >= shown.ends:
            since += change
        elif change > 0:
            joined[shown.place(at)] += 1
        else:
            left[shown.place(at)] += 1
    size, told = members - since, []
    for at in reversed(range(count)):
        told.append(LoopDay(day=shown.days[at], members=size, joined=joined[at], left=left[at]))
        size -= joined[at] - left[at]
    return LoopFigures(members=members, joined=sum(joined), left=sum(left), days=told[::-1])
