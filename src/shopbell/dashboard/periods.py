"""Whole days on a shop's own clock, as the instants they begin and end at."""

from bisect import bisect_right
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from shopbell.kernel.clock import micros, moment
from shopbell.kernel.errors import Invalid

MOST_DAYS = 366


class Period(msgspec.Struct, frozen=True):
    """The days from `first` to `last`, both counted. `edges` are where each day begins, and where the last ends."""

    first: date
    last: date
    edges: tuple[int, ...]

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(at) for at in range(len(self.edges) - 1)]

    @property
    def begins(self) -> int:
        return self.edges[0]

    @property
    def ends(self) -> int:
        return self.edges[-1]

    def place(self, at: int) -> int:
        """The number, from 0, of the day an instant of this period falls into."""
        return bisect_right(self.edges, at) - 1


def period(first: date, last: date, zone: ZoneInfo) -> Period:
    """Those days in that zone. Raises Invalid where they are no period, or too long a one."""
    length = (last - first).days + 1
    if length < 1:
        raise Invalid("to", "Must not be before from.")
    if length > MOST_DAYS:
        raise Invalid("from", f"A period may be at most {MOST_DAYS} days long.")
    try:
        edges = tuple(_begin(first + timedelta(at), zone) for at in range(length + 1))
    except OverflowError:
        raise Invalid("to", "Must be a day of this era.") from None
    return Period(first, last, edges)


def before(shown: Period, zone: ZoneInfo) -> Period:
    """As many days that end where the period begins."""
    length = len(shown.edges) - 1
    try:
        return period(shown.first - timedelta(length), shown.first - timedelta(1), zone)
    except OverflowError:
        raise Invalid("from", "Must be a day of this era.") from None


def as_far(earlier: Period, shown: Period, now: int, zone: ZoneInfo) -> int:
    """Where the time before was as far as the period is now: at the same time of day, or at its end."""
    if now >= shown.ends:
        return earlier.ends
    # In one zone days are taken off the clock on the wall, whatever changes of it lie between.
    then = moment(now).astimezone(zone) - timedelta(len(shown.edges) - 1)
    return min(max(micros(then), earlier.begins), earlier.ends)


def today(now: int, zone: ZoneInfo) -> date:
    """The day it is in that zone."""
    return moment(now).astimezone(zone).date()


def _begin(day: date, zone: ZoneInfo) -> int:
    # Where a change of clocks skips midnight, this is the instant of the change.
    return micros(datetime.combine(day, time(), zone))
