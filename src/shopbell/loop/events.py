"""What happens to a Loop."""

from datetime import datetime

from shopbell.businesses.rules import BusinessName
from shopbell.kernel.events import SharedEvent, StaffEvent
from shopbell.signin.items import PersonItem


class MemberJoined(SharedEvent, frozen=True, kw_only=True):
    """Staff draw the person, the person draws the business."""

    business: BusinessName
    person: PersonItem
    joined_at: datetime


class MemberLeft(SharedEvent, frozen=True, kw_only=True):
    business: BusinessName
    person: PersonItem
    left_at: datetime


class MemberBlocked(StaffEvent, frozen=True, kw_only=True):
    """Said again when a blocked person joins anew, so that a list drawn from events shows it."""

    person: PersonItem


class MemberUnblocked(StaffEvent, frozen=True, kw_only=True):
    person: PersonItem
