"""What stands around every page of the portal: the bar, how many wait, and the businesses one works for."""

import msgspec

from shopbell.businesses.queries import profile
from shopbell.businesses.rules import Business
from shopbell.kernel.database import Snapshot
from shopbell.staff.actors import Staff
from shopbell.staff.queries import Workplace, workplaces
from shopbell.staff.rules import Right, may
from shopbell.tickets import store as tickets
from shopbell.web.portal.destinations import Destination, allowed


class Frame(msgspec.Struct, frozen=True):
    """Who looks, at which business, as of `cursor`; `elsewhere` is where else they work."""

    staff: Staff
    business: Business
    waiting: int
    elsewhere: list[Workplace]
    cursor: str

    @property
    def bar(self) -> list[Destination]:
        return allowed(self.staff.role)

    @property
    def may_read_users(self) -> bool:
        return may(self.staff.role, Right.READ_STAFF)


def frame(read: Snapshot, staff: Staff) -> Frame:
    """Four statements, beside those of the page itself."""
    elsewhere = [each for each in workplaces(read, staff.login_id) if each.id != staff.business_id]
    waiting = tickets.counters(read, staff.business_id).waiting
    return Frame(staff, profile(read, staff.business_id), waiting, elsewhere, read.cursor(staff.business_id))
