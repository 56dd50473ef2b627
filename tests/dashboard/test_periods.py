"""Days on a shop's own clock, and how events fall into them."""

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from shopbell.dashboard import figures, periods
from shopbell.dashboard.figures import Closure, LoopDay, Opening, Rating
from shopbell.kernel.clock import HOUR, SECOND, micros
from shopbell.kernel.errors import Invalid
from shopbell.tickets.rules import Outcome

HELSINKI = ZoneInfo("Europe/Helsinki")


def instant(month: int, day: int, hour: int) -> int:
    return micros(datetime(2026, month, day, hour, tzinfo=UTC))


def lengths(first: date, last: date, zone: ZoneInfo) -> list[float]:
    """How many hours each day has."""
    edges = periods.period(first, last, zone).edges
    return [(end - begin) / HOUR for begin, end in pairwise(edges)]


def test_a_day_begins_at_midnight_of_the_shop() -> None:
    day = periods.period(date(2026, 7, 1), date(2026, 7, 1), HELSINKI)
    assert day.edges == (instant(6, 30, 21), instant(7, 1, 21))


def test_the_days_on_which_clocks_change_have_23_and_25_hours() -> None:
    assert lengths(date(2026, 3, 28), date(2026, 3, 30), HELSINKI) == [24, 23, 24]
    assert lengths(date(2026, 10, 24), date(2026, 10, 26), HELSINKI) == [24, 25, 24]


def test_a_day_whose_midnight_is_skipped_begins_where_the_clocks_change() -> None:
    cairo = ZoneInfo("Africa/Cairo")
    assert lengths(date(2026, 4, 23), date(2026, 4, 25), cairo) == [24, 23, 24]
    assert periods.period(date(2026, 4, 24), date(2026, 4, 24), cairo).begins == instant(4, 23, 22)


def test_an_instant_falls_into_the_day_that_has_begun() -> None:
    shown = periods.period(date(2026, 7, 1), date(2026, 7, 3), HELSINKI)
    assert [shown.place(at) for at in (shown.begins, shown.edges[1] - 1, shown.edges[1], shown.ends - 1)] == [
        0,
        0,
        1,
        2,
    ]


def test_it_is_tomorrow_already_in_the_east() -> None:
    now = instant(7, 1, 22)
    assert periods.today(now, HELSINKI) == date(2026, 7, 2)
    assert periods.today(now, ZoneInfo("America/New_York")) == date(2026, 7, 1)


def test_the_time_before_is_as_many_days_and_ends_where_the_period_begins() -> None:
    shown = periods.period(date(2026, 7, 1), date(2026, 7, 7), HELSINKI)
    earlier = periods.before(shown, HELSINKI)
    assert (earlier.first, earlier.last, earlier.ends) == (date(2026, 6, 24), date(2026, 6, 30), shown.begins)


def test_a_period_that_goes_on_is_compared_with_the_time_before_up_to_the_same_time_of_day() -> None:
    march = periods.period(date(2026, 3, 29), date(2026, 3, 29), HELSINKI)
    before = periods.before(march, HELSINKI)
    # In between the clocks change: 12:00 in Helsinki is 10:00 and then 9:00 in UTC.
    assert periods.as_far(before, march, instant(3, 29, 9), HELSINKI) == instant(3, 28, 10)
    assert periods.as_far(before, march, instant(3, 31, 9), HELSINKI) == before.ends
    week = periods.period(date(2026, 7, 1), date(2026, 7, 7), HELSINKI)
    before = periods.before(week, HELSINKI)
    assert periods.as_far(before, week, instant(7, 7, 9), HELSINKI) == instant(6, 30, 9)
    assert periods.as_far(before, week, instant(6, 1, 9), HELSINKI) == before.begins


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 7, 2), date(2026, 7, 1), "to"),
        (date(2025, 7, 1), date(2026, 7, 2), "from"),
        (date(9999, 12, 31), date(9999, 12, 31), "to"),
    ],
)
def test_what_is_no_period_is_refused(first: date, last: date, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        periods.period(first, last, HELSINKI)
    assert refused.value.extra["errors"][0]["field"] == field


def test_the_first_days_of_all_have_none_before() -> None:
    shown = periods.period(date(1, 1, 2), date(1, 1, 3), ZoneInfo("UTC"))
    with pytest.raises(Invalid):
        periods.before(shown, ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [
        ([], None, None),
        ([7], 7, 7),
        ([1, 2], 2, 2),
        ([10, 20], 15, 19),
        ([5, 1, 3], 3, 5),
        (list(range(11)), 5, 9),
        ([0] * 9 + [100], 0, 10),
    ],
)
def test_a_share_lies_below_its_quantile(values: list[int], median: int | None, p90: int | None) -> None:
    assert (figures.quantile(values, 0.5), figures.quantile(values, 0.9)) == (median, p90)


def test_the_size_of_a_loop_is_counted_back_from_now() -> None:
    shown = periods.period(date(2026, 7, 1), date(2026, 7, 3), HELSINKI)
    one, two, three, end = shown.edges
    changes = [(one, 1), (one + 1, 1), (one + 2, -1), (three, -1), (three + 1, 1), (end, 1), (end + 1, 1)]
    told = figures.loop(shown, 10, changes)
    assert (told.members, told.joined, told.left) == (10, 3, 2)
    assert told.days == [
        LoopDay(day=date(2026, 7, 1), members=8, joined=2, left=1),
        LoopDay(day=date(2026, 7, 2), members=8, joined=0, left=0),
        LoopDay(day=date(2026, 7, 3), members=8, joined=1, left=1),
    ]
    assert two < three


def test_a_day_counts_its_new_tickets_by_what_became_of_them() -> None:
    shown = periods.period(date(2026, 7, 1), date(2026, 7, 2), HELSINKI)
    second = shown.edges[1]
    openings = [
        Opening(shown.begins, Outcome.RESOLVED, "a", 60 * SECOND, "a"),
        Opening(shown.begins, Outcome.ABANDONED, "a", None, None),
        Opening(second - 1, Outcome.RESOLVED, "b", 120 * SECOND + 1, "b"),
        Opening(second, None, None, None, None),
    ]
    first, last = figures.days(shown, openings, openings)
    assert (first.resolved, first.abandoned, first.open) == (2, 1, 0)
    assert (first.median_seconds, first.p90_seconds) == (90, 114)
    assert (last.resolved, last.abandoned, last.open, last.median_seconds) == (0, 0, 1, None)


def test_feedback_is_counted_by_stars_and_the_newest_words_are_shown() -> None:
    closures = [Closure(at, Outcome.RESOLVED, "a") for at in range(5)]
    ratings = [
        Rating(1, 5, "First", "a", "Pia", 1),
        Rating(3, 4, "  ", "a", "Ben", 2),
        Rating(2, 5, "Newest with words", "a", "Cy", 3),
    ]
    told = figures.feedback(closures, ratings)
    assert (told.asked, told.count, told.average, told.ratings) == (5, 3, 4.67, [0, 0, 0, 1, 2])
    assert told.latest is not None
    assert (told.latest.text, told.latest.customer, told.latest.ticket_number) == ("Newest with words", "Cy", 3)
