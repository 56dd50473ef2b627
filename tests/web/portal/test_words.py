"""Spans of time, scales and shapes as the Dashboard draws them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shopbell.dashboard.figures import Day, LoopDay
from shopbell.kernel.clock import DAY, HOUR, MINUTE, micros
from shopbell.web.portal import charts, words

FIRST = date(2026, 10, 25)


def days(count: int, resolved: int = 0, median: int | None = None) -> list[Day]:
    return [
        Day(
            day=FIRST + timedelta(at), resolved=resolved, abandoned=0, open=0, median_seconds=median, p90_seconds=median
        )
        for at in range(count)
    ]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"), (59, "59 s"), (60, "1 min"), (160, "2 min 40 s"), (3_600, "1 h"), (3_661, "1 h 1 min"),
        (90_000, "1 d 1 h"), (86_400 * 1_500, "1,500 d"),
    ],
)  # fmt: skip
def test_a_span_is_said_in_its_two_largest_units(seconds: int, said: str) -> None:
    assert words.said_span(seconds) == said


@pytest.mark.parametrize(
    ("micros_", "said"),
    [
        (0, "less than a minute"), (MINUTE, "1 minute"), (59 * MINUTE, "59 minutes"), (HOUR, "1 hour"),
        (47 * HOUR, "47 hours"), (2 * DAY, "2 days"),
    ],
)  # fmt: skip
def test_waiting_is_said_in_one_unit(micros_: int, said: str) -> None:
    assert words.waited(micros_) == said


@pytest.mark.parametrize(
    ("hour", "said"), [(4, "morning"), (11, "morning"), (12, "afternoon"), (18, "evening"), (3, "evening")]
)
def test_one_is_greeted_by_the_hour_of_the_shop(hour: int, said: str) -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    now = micros(datetime(2026, 7, 1, hour, tzinfo=tokyo))
    assert words.greeting(now, tokyo) == f"Good {said}, %(name)s"


def test_a_name_cannot_turn_the_sentence_around_it() -> None:
    assert words.isolated("a\u202eb\u2069c") == "\u2068abc\u2069"
    assert words.isolated("a\u2029b\x85c") == "\u2068a b c\u2069"


@pytest.mark.parametrize(
    ("most", "scale"), [(0, "4"), (4, "4"), (5, "6"), (11, "15"), (12, "15"), (95, "100"), (1_001, "1,500")]
)
def test_a_scale_ends_at_a_round_figure_above_the_highest_column(most: int, scale: str) -> None:
    chart = charts.tickets_by_day(days(7, resolved=most))
    assert chart.rules[-1].text == scale
    assert len(chart.rules) <= 7
    assert all(box.y >= chart.rules[-1].y and box.height >= 1 for box in chart.boxes)


@pytest.mark.parametrize("count", [2, 7, 30, 90, 366])
def test_shapes_stay_within_their_field_and_the_days_are_named_evenly(count: int) -> None:
    loop = [LoopDay(day=FIRST + timedelta(at), members=at % 5, joined=at % 3, left=at % 2) for at in range(count)]
    drawn = [
        charts.tickets_by_day(days(count, 3)),
        charts.replies_by_day(days(count, 0, 200)),
        charts.loop_by_day(loop),
    ]
    for chart in drawn:
        assert chart is not None
        assert all(box.x >= 0 and box.x + box.width <= chart.width for box in chart.boxes)
        assert all(box.y >= 0 and box.y + box.height <= chart.height for box in chart.boxes)
        assert 2 <= len(chart.marks) <= 7
        assert chart.marks[-1].text == words.short_day(FIRST + timedelta(count - 1))
        assert chart.said


def test_one_day_of_replies_makes_no_line() -> None:
    assert charts.replies_by_day([*days(1, median=5), *days(6)]) is None


def test_what_is_there_at_all_has_a_bar_one_can_see() -> None:
    tall, small, none = charts.meters([("a", 10_000, "k1"), ("b", 1, "k1"), ("c", 0, "k1")])
    assert (tall.share, tall.figure) == (100, "10,000")
    assert small.share > 1
    assert none.share == 0
