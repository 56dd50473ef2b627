"""When a shop is open and its customers are awake, on the shop's own clock."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import astuple

from shopbell.businesses.rules import Holiday, Hours
from shopbell.kernel.clock import micros, moment

Window = tuple[time, time]

AWAKE = [(time(7, 0), time(22, 30))]
# Longer than any shop stays closed in a row.
SEARCHED_DAYS = 14


class Opening:
    """The opening times of one shop, holidays included. Instants are microseconds since the epoch."""

    def __init__(self, hours: Hours, holidays: Sequence[Holiday], time_zone: str) -> None:
        # The days of the week stand in their order, Monday first, as `date.weekday` counts them.
        self._by_weekday = [_windows(spans) for spans in astuple(hours)]
        self._holidays = {holiday.day: _windows(holiday.hours) for holiday in holidays}
        self._zone = ZoneInfo(time_zone)

    def open_from(self, at: int) -> int:
        """`at` itself where the shop is open then, else the moment it opens next."""
        return self._next(at, self._open_on)

    def awake_from(self, at: int) -> int:
        """`at` itself where people are up and about, else the next morning."""
        return self._next(at, lambda _: AWAKE)

    def _open_on(self, day: date) -> list[Window]:
        return self._holidays.get(f"{day:%m-%d}", self._by_weekday[day.weekday()])

    def _next(self, at: int, windows_on: Callable[[date], list[Window]]) -> int:
        first = moment(at).astimezone(self._zone).date()
        for later in range(SEARCHED_DAYS):
            day = first + timedelta(days=later)
            for opens, closes in windows_on(day):
                if at < self._instant(day, closes):
                    return max(at, self._instant(day, opens))
        raise ValueError("the shop never opens")

    def _instant(self, day: date, at: time) -> int:
        return micros(datetime.combine(day, at, self._zone))


def _windows(spans: Sequence[str]) -> list[Window]:
    """Spans such as "09:00-13:00" as times of day."""
    pairs = (span.split("-") for span in spans)
    return [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in pairs]
