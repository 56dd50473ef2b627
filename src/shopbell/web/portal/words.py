"""Days, spans of time and figures as people say them."""

import re
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from shopbell.kernel.clock import moment
from shopbell.web.texts import gettext as _
from shopbell.web.texts import ngettext

MONTHS = (
    _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"), _("August"),
    _("September"), _("October"), _("November"), _("December"),
)  # fmt: skip
SHORT_MONTHS = (
    _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"), _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"),
    _("Dec"),
)  # fmt: skip
# Each ends whatever isolates it (UAX 9, X8).
_PARAGRAPH_END = re.compile("[\n\r\x1c-\x1e\x85\u2029]")
_BIDI_CONTROLS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
NOON, EVENING, NIGHT = 12, 18, 4


def day(when: date) -> str:
    return _("%(day)s %(month)s") % {"day": when.day, "month": MONTHS[when.month - 1]}


def short_day(when: date) -> str:
    return _("%(day)s %(month)s") % {"day": when.day, "month": SHORT_MONTHS[when.month - 1]}


def isolated(name: str) -> str:
    """What somebody chose as a name, kept from turning the sentence it is put into (Unicode, UAX 9, 2.4)."""
    return f"\u2068{_PARAGRAPH_END.sub(' ', _BIDI_CONTROLS.sub('', name))}\u2069"


def number(count: int) -> str:
    return f"{count:,}"


def span(seconds: int) -> list[tuple[str, str]]:
    """The span in its two largest units, as pairs of figure and unit: 160 is `[("2", "min"), ("40", "s")]`."""
    units = ((86_400, _("d")), (3_600, _("h")), (60, _("min")), (1, _("s")))
    for (size, unit), (smaller, below) in pairwise(units):
        if seconds >= size:
            rest = seconds % size // smaller
            return [(number(seconds // size), unit), *([(str(rest), below)] if rest else [])]
    return [(str(seconds), _("s"))]


def said_span(seconds: int) -> str:
    """The same in one line."""
    return " ".join(f"{figure} {unit}" for figure, unit in span(seconds))


def waited(micros: int) -> str:
    """How long somebody has waited, in one unit, as one says it."""
    minutes = micros // 60_000_000
    if minutes < 1:
        return _("less than a minute")
    if minutes < 60:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes}
    if minutes < 48 * 60:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // 60) % {"num": minutes // 60}
    return ngettext("%(num)s day", "%(num)s days", minutes // 1_440) % {"num": minutes // 1_440}


def greeting(now: int, zone: ZoneInfo) -> str:
    """What one says at that hour of the shop's day; `%(name)s` is to be filled in."""
    local: datetime = moment(now).astimezone(zone)
    if NIGHT <= local.hour < NOON:
        return _("Good morning, %(name)s")
    if NOON <= local.hour < EVENING:
        return _("Good afternoon, %(name)s")
    return _("Good evening, %(name)s")
