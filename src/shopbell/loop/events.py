"""What happens to a Loop."""

from datetime import datetime

import msgspec

from shopbell.businesses.rules import BusinessName
from shopbell.kernel.events import SharedEvent, StaffEvent


class PersonName(msgspec.Struct, frozen=True):
    id: str
    first_name: str
    last_name: str


class MemberJoined(SharedEvent, frozen=True, kw_only=True):
    """Staff draw the person, the person draws the business."""

    business: BusinessName
    person: PersonName
    joined_at: datetime


class MemberLeft(SharedEvent, frozen=True, kw_only=True):
    business: BusinessName
    person: PersonName
    left_at: datetime


class MemberBlocked(StaffEvent, frozen=True, kw_only=True):
    """Said again when a blocked person joins anew, so that a list drawn from events shows it."""

    person: PersonName


class MemberUnblocked(StaffEvent, frozen=True, kw_only=True):
    person: PersonName
