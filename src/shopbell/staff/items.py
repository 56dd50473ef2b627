"""How staff look from outside."""

import msgspec
from msgspec import UNSET, UnsetType

from shopbell.staff.actors import Staff
from shopbell.staff.rules import Role
from shopbell.staff.store import Member


class StaffItem(msgspec.Struct, frozen=True, kw_only=True):
    """One of the staff; `email` and `active` are in lists for those with `read_staff` only."""

    id: str
    role: Role
    first_name: str
    last_name: str
    email: str | UnsetType = UNSET
    active: bool | UnsetType = UNSET
    on_duty: bool


class AskingStaff(msgspec.Struct, frozen=True, kw_only=True):
    """The staff member a session is: one login at work in one business."""

    id: str
    business_id: str
    role: Role
    first_name: str
    last_name: str


class StaffName(msgspec.Struct, frozen=True):
    """Somebody of the staff, as history and events name them."""

    side: str
    id: str
    name: str


def full(member: Member) -> StaffItem:
    """As those who run the staff see one another."""
    return StaffItem(
        id=member.staff.id, role=member.staff.role, first_name=member.staff.first_name,
        last_name=member.staff.last_name, email=member.email, active=member.active, on_duty=member.on_duty,
    )  # fmt: skip


def short(member: Member) -> StaffItem:
    """As every colleague sees one another."""
    return msgspec.structs.replace(full(member), email=UNSET, active=UNSET)


def in_event(member: Member) -> StaffItem:
    """As an event tells all colleagues; who may not read `active` drops whom it is false for."""
    return msgspec.structs.replace(full(member), email=UNSET)


def asking(staff: Staff) -> AskingStaff:
    return AskingStaff(
        id=staff.id, business_id=staff.business_id, role=staff.role, first_name=staff.first_name,
        last_name=staff.last_name,
    )  # fmt: skip


def signature(staff: Staff) -> StaffName:
    return StaffName("staff", staff.id, staff.full_name)
