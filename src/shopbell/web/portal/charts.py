"""Charts as the places of their shapes: templates draw them, and a sentence says what they show."""

from collections.abc import Sequence
from datetime import date
from math import ceil, log

import msgspec

from shopbell.dashboard.figures import Day, LoopDay
from shopbell.web.portal.words import number, said_span, short_day
from shopbell.web.texts import gettext as _

# Where the figures of the scale end and the shapes begin, in the units of the drawing.
START, TOP = 28.0, 12.0
LABELS = 6
STEPS = (1, 2, 5)
LEAST_SCALE = 4
TIMES = [
    (1, _("1 s")), (10, _("10 s")), (60, _("1 min")), (600, _("10 min")), (3_600, _("1 h")), (28_800, _("8 h")),
    (172_800, _("2 d")), (1_209_600, _("2 w")),
]  # fmt: skip


class Mark(msgspec.Struct, frozen=True):
    """A word at a place on the time axis."""

    x: float
    text: str
    anchor: str = "middle"


class Rule(msgspec.Struct, frozen=True):
    """A line of the scale."""

    y: float
    text: str


class Box(msgspec.Struct, frozen=True):
    x: float
    y: float
    width: float
    height: float
    kind: str


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """The shapes in a field of `width` by `height`; `said` is the chart as a sentence."""

    width: int
    height: int
    rules: list[Rule] = []
    marks: list[Mark] = []
    boxes: list[Box] = []
    lines: list[tuple[str, str]] = []
    area: str = ""
    point: tuple[float, float] | None = None
    said: str


def tickets_by_day(days: Sequence[Day]) -> Chart:
    """The new tickets of each day as a column: resolved, still open, abandoned."""
    width, height, bottom = 760, 246, 212.0
    totals = [day.resolved + day.open + day.abandoned for day in days]
    most, rules = _scale(max(totals, default=0), bottom)
    slot = (width - START - 4) / len(days)
    boxes: list[Box] = []
    for at, day in enumerate(days):
        low = 0
        for kind, count in (("k1", day.resolved), ("k2", day.open), ("k4", day.abandoned)):
            if count:
                boxes.append(_column(START + slot * at, slot, low, count, most, bottom, kind))
            low += count
    said = _("New tickets a day over %(days)s days: between %(least)s and %(most)s, %(all)s in all.") % {
        "days": len(days), "least": min(totals), "most": max(totals), "all": number(sum(totals)),
    }  # fmt: skip
    return Chart(
        width=width, height=height, rules=rules, boxes=boxes, said=said,
        marks=_marks([day.day for day in days], START + slot / 2, slot),
    )  # fmt: skip


def _column(x: float, slot: float, low: int, count: int, most: int, bottom: float, kind: str) -> Box:
    unit = (bottom - TOP) / most
    wide = min(slot * 0.64, 40.0)
    # A hair of ground between two parts of a column tells them apart for those who see no colours.
    return Box(
        round(x + (slot - wide) / 2, 1), round(bottom - (low + count) * unit, 1), round(wide, 1),
        round(max(count * unit - 1, 1), 1), kind,
    )  # fmt: skip


def replies_by_day(days: Sequence[Day]) -> Chart | None:
    """Median and ninetieth percentile of the first reply; None where fewer than two days have any.

    From seconds to days on one scale, so it goes by factors.
    """
    width, bottom = 520, 160.0
    answered = [(at, day.median_seconds, day.p90_seconds) for at, day in enumerate(days)]
    known = [(at, median, p90) for at, median, p90 in answered if median is not None and p90 is not None]
    if len(known) < 2:
        return None
    scale = _time_scale(min(median for _at, median, _p90 in known), max(p90 for _at, _median, p90 in known))
    least, most = log(scale[0][0]), log(scale[-1][0])
    left = START + 16
    step = (width - left - 16) / (len(days) - 1)

    def height(seconds: int) -> float:
        share = (log(max(seconds, 1)) - least) / (most - least)
        return round(bottom - min(max(share, 0.0), 1.0) * (bottom - TOP), 1)

    def places(of: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
        return [(round(left + step * at, 1), height(seconds)) for at, seconds in of]

    medians = places([(at, median) for at, median, _p90 in known])
    said = _(
        "First reply by day: the median went from %(first)s to %(last)s,"
        " the 90th percentile from %(first90)s to %(last90)s."
    ) % {
        "first": said_span(known[0][1]), "last": said_span(known[-1][1]),
        "first90": said_span(known[0][2]), "last90": said_span(known[-1][2]),
    }  # fmt: skip
    return Chart(
        width=width, height=188, rules=[Rule(height(seconds), text) for seconds, text in scale], said=said,
        lines=[("line2", _path(places([(at, p90) for at, _median, p90 in known]))), ("line1", _path(medians))],
        point=medians[-1], marks=_ends([day.day for day in days], left, left + step * (len(days) - 1)),
    )  # fmt: skip


def loop_by_day(days: Sequence[LoopDay]) -> Chart:
    """The size of the Loop at the end of each day, above the joins and leaves."""
    width, bottom, floor = 520, 120.0, 150.0
    sizes = [day.members for day in days]
    least, most = min(sizes), max(sizes)
    # A flat line stands in the middle; a steep one does not touch the edges.
    room = max(most - least, 4)
    base = least - room * 0.4 if most > least else least - room / 2
    step = (width - 24) / max(len(days) - 1, 1)

    def place(at: int, value: float) -> tuple[float, float]:
        return round(12 + step * at, 1), round(bottom - (value - base) * (bottom - TOP) / (room * 1.5), 1)

    places = [place(at, size) for at, size in enumerate(sizes)]
    change = max((max(day.joined, day.left) for day in days), default=0) or 1
    wide = min(step * 0.3, 10.0)
    boxes: list[Box] = []
    for at, day in enumerate(days):
        x = 12 + step * at
        for kind, count, left in (("k2", day.joined, x - wide), ("k4", day.left, x)):
            if count:
                tall = max(22 * count / change, 2)
                boxes.append(Box(round(left, 1), round(floor - tall, 1), round(wide, 1), round(tall, 1), kind))
    said = _("Members by day: from %(first)s to %(last)s. %(joined)s joined, %(left)s left.") % {
        "first": number(sizes[0]), "last": number(sizes[-1]), "joined": number(sum(day.joined for day in days)),
        "left": number(sum(day.left for day in days)),
    }  # fmt: skip
    return Chart(
        width=width, height=176, boxes=boxes, said=said, lines=[("line1", _path(places))], rules=[Rule(bottom, "")],
        area=_area(places, bottom), point=places[-1],
        marks=_ends([day.day for day in days], places[0][0], places[-1][0]),
    )  # fmt: skip


class Meter(msgspec.Struct, frozen=True):
    """A figure beside a bar that is as long as its share of the largest, in hundredths."""

    name: str
    figure: str
    share: float
    kind: str


def meters(counts: Sequence[tuple[str, int, str]]) -> list[Meter]:
    """Names, counts and kinds as bars; what is there at all has a bar one can see."""
    most = max((count for _name, count, _kind in counts), default=0) or 1
    return [
        Meter(name, number(count), round(max(100 * count / most, 3), 1) if count else 0.0, kind)
        for name, count, kind in counts
    ]


def _scale(highest: int, bottom: float) -> tuple[int, list[Rule]]:
    """The round figure the scale ends at, at least 4, and its lines from 0 upwards."""
    wanted = max(highest, LEAST_SCALE) / LEAST_SCALE
    size = 1
    while STEPS[-1] * size < wanted:
        size *= 10
    step = next(step * size for step in STEPS if step * size >= wanted)
    count = ceil(max(highest, LEAST_SCALE) / step)
    rules = [Rule(round(bottom - (bottom - TOP) * at / count, 1), number(step * at)) for at in range(count + 1)]
    return step * count, rules


def _time_scale(quickest: int, slowest: int) -> list[tuple[int, str]]:
    """The marks from below the one to above the other, at least two."""
    above = next((at for at, (seconds, _text) in enumerate(TIMES) if seconds >= slowest), len(TIMES) - 1)
    below = max((at for at, (seconds, _text) in enumerate(TIMES) if seconds <= quickest), default=0)
    return TIMES[min(below, len(TIMES) - 2) : max(above, below + 1) + 1]


def _marks(days: Sequence[date], first: float, slot: float) -> list[Mark]:
    """Some of the days, evenly, the last among them and within the edge."""
    every = max(1, ceil(len(days) / LABELS))
    *before, last = range((len(days) - 1) % every, len(days), every)
    marks = [Mark(round(first + slot * at, 1), short_day(days[at])) for at in before]
    return [*marks, Mark(round(first + slot * (last + 0.5), 1), short_day(days[last]), "end")]


def _ends(days: Sequence[date], first: float, last: float) -> list[Mark]:
    return [Mark(first, short_day(days[0]), "start"), Mark(last, short_day(days[-1]), "end")]


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x} {y}" for x, y in places)


def _area(places: Sequence[tuple[float, float]], bottom: float) -> str:
    return f"{_path(places)} L{places[-1][0]} {bottom} L{places[0][0]} {bottom}Z"
