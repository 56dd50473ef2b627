"""The portal's first page: how the shop has been doing, who waits, and what a new owner does first."""

from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from litestar import get
from litestar.params import QueryParameter

from shopbell.businesses.queries import profile
from shopbell.dashboard import beginning, periods
from shopbell.dashboard.beginning import FirstSteps
from shopbell.dashboard.queries import Dashboard, dashboard, longest_waiting
from shopbell.kernel.database import Snapshot
from shopbell.kernel.errors import NotFound
from shopbell.kernel.http import Given
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Right, may
from shopbell.web.pages import Page
from shopbell.web.portal import charts, words
from shopbell.web.portal.tiles import tiles
from shopbell.web.portal.visits import Visit
from shopbell.web.texts import gettext as _
from shopbell.web.texts import ngettext

PERIODS = {1: _("Today"), 7: _("7 days"), 30: _("30 days"), 90: _("90 days")}
USUAL = 30

DaysQuery = Annotated[str | None, QueryParameter(name="days")]


@get("/portal")
async def dashboard_page(visit: Given[Visit], days: DaysQuery = None) -> Page:
    length = USUAL if days is None else next((each for each in PERIODS if str(each) == days), None)
    if length is None:
        raise NotFound(_("Choose one of the periods of the Dashboard."))
    now = visit.desk.clock()
    return await visit.show(
        "portal/dashboard.html", here="dashboard", query=lambda read: _shown(read, visit.staff, length, now),
        length=length, lengths=PERIODS,
    )  # fmt: skip


def _shown(read: Snapshot, staff: Staff, length: int, now: int) -> dict[str, Any]:
    business = profile(read, staff.business_id)
    zone = ZoneInfo(business.time_zone)
    last = periods.today(now, zone)
    found = dashboard(read, staff, last - timedelta(length - 1), last, now)
    leads = may(staff.role, Right.WRITE_STAFF)
    return {
        "figures": found,
        "first_steps": _left(beginning.first_steps(read, business)) if leads else None,
        "greeting": words.greeting(now, zone) % {"name": words.isolated(staff.first_name)},
        "longest": _longest(read, staff, now),
        "period": _period(found),
        "tiles": tiles(found),
        **_drawings(found),
    }


def _period(found: Dashboard) -> str:
    """Whose figures of which days."""
    whose = _("How the shop has been doing") if found.scope == "business" else _("Your own figures")
    if found.first == found.last:
        return _("%(whose)s today, %(day)s.") % {"whose": whose, "day": words.day(found.last)}
    return _("%(whose)s, %(day)s to today.") % {"whose": whose, "day": words.day(found.first)}


def _left(steps: FirstSteps) -> FirstSteps | None:
    """The first steps while any of them is to be taken."""
    return steps if steps.done < steps.count else None


def _longest(read: Snapshot, staff: Staff, now: int) -> tuple[str, str] | None:
    """Who has waited longest, and how long; None where nobody waits."""
    found = longest_waiting(read, staff)
    return (words.isolated(found[0]), words.waited(now - found[1])) if found else None


def _drawings(found: Dashboard) -> dict[str, Any]:
    """The charts; those of several days are None for one day alone."""
    several = len(found.days) > 1
    counts = found.tickets
    ends = (
        (_("Resolved"), counts.resolved, "k1"),
        (_("Abandoned"), counts.abandoned, "k4"),
        (_("Re-opened"), counts.reopened, "k3"),
    )
    stars = [
        (ngettext("%(num)s star", "%(num)s stars", each) % {"num": each}, count, "k3")
        for each, count in enumerate(found.feedback.ratings, 1)
    ]
    return {
        "tickets_chart": charts.tickets_by_day(found.days) if several else None,
        "replies_chart": charts.replies_by_day(found.days) if several else None,
        "loop_chart": charts.loop_by_day(found.loop.days) if several and found.loop else None,
        "ends": charts.meters(ends),
        "ratings": charts.meters(stars)[::-1],
    }


HANDLERS = [dashboard_page]
