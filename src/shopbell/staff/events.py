"""What happens to the staff of a business and to its profile, for the screens of all colleagues."""

from shopbell.businesses.rules import Business
from shopbell.kernel.events import StaffEvent
from shopbell.staff.items import StaffItem, StaffName


class StaffAdded(StaffEvent, frozen=True, kw_only=True):
    """`staff` comes without the e-mail address, which not all colleagues may read."""

    staff: StaffItem
    by: StaffName


class StaffChanged(StaffEvent, frozen=True, kw_only=True):
    """Another role, or no longer at work, or at work again."""

    staff: StaffItem
    by: StaffName


class ProfileChanged(StaffEvent, frozen=True, kw_only=True):
    business: Business
    by: StaffName
