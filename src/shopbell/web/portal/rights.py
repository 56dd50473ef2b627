"""The permission grid in words: what each role may do with each part of the product."""

import msgspec

from shopbell.staff import rules
from shopbell.staff.rules import Right, Role
from shopbell.web.texts import gettext as _


class RoleName(msgspec.Struct, frozen=True):
    """A role as one chooses it."""

    role: Role
    name: str
    told: str


class Line(msgspec.Struct, frozen=True):
    """One function, and for each role in the order of `ROLES` what it may do there; empty for nothing."""

    name: str
    cells: tuple[str, ...]


ROLES = (
    RoleName(Role.OWNER, _("Owner"), _("Everything, and alone decides who works here.")),
    RoleName(Role.MANAGER, _("Manager"), _("Runs the desk: takes over any ticket, sees all figures.")),
    RoleName(Role.MARKETER, _("Marketer"), _("Offers and blasts; reads tickets, answers none.")),
    RoleName(Role.AGENT, _("Agent"), _("Answers customers, and sees their own figures.")),
)

# For each function its rights from the least to the most, each with what it lets one do; the most one has is shown.
FUNCTIONS: tuple[tuple[str, tuple[tuple[Right, str], ...]], ...] = (
    (_("Tickets, messages, notes"), (
        (Right.READ_TICKETS, _("Read")), (Right.WRITE_TICKETS, _("Answer")),
        (Right.MANAGE_TICKETS, _("Answer, take over any")),
    )),
    (_("Colleagues’ messages"), ((Right.WITHDRAW_MESSAGES, _("Withdraw")),)),
    (_("Canned Responses"), ((Right.READ_CANNED_RESPONSES, _("Use")), (Right.WRITE_CANNED_RESPONSES, _("Change")))),
    (_("Grow and Why Join my Loop"), (
        (Right.READ_PITCH, _("Read")), (Right.UPDATE_PITCH, _("Edit")), (Right.WRITE_PITCH, _("Change all")),
    )),
    (_("Offers"), (
        (Right.READ_OFFERS, _("Read")), (Right.SHARE_OFFERS, _("Share in a chat")), (Right.WRITE_OFFERS, _("Change")),
    )),
    (_("Redeem an offer"), ((Right.REDEEM_OFFERS, _("Yes")),)),
    (_("Chat Blasts"), ((Right.READ_BLASTS, _("Read")), (Right.WRITE_BLASTS, _("Send")))),
    (_("My Loop"), ((Right.READ_LOOP, _("Read")), (Right.WRITE_LOOP, _("Change, block")))),
    (_("Dashboard"), ((Right.READ_OWN_FIGURES, _("Own figures")), (Right.READ_DASHBOARD, _("All figures")))),
    (_("Business profile"), (
        (Right.READ_PROFILE, _("Read")), (Right.UPDATE_ASSETS, _("Change pictures")),
        (Right.UPDATE_PROFILE, _("Change")),
    )),
    (_("Users"), ((Right.READ_STAFF, _("Read")), (Right.WRITE_STAFF, _("Change")))),
    (_("Desk settings"), ((Right.READ_SETTINGS, _("Read")), (Right.WRITE_SETTINGS, _("Change")))),
)  # fmt: skip


def name_of(role: Role) -> str:
    return next(each.name for each in ROLES if each.role == role)


def _most(role: Role, steps: tuple[tuple[Right, str], ...]) -> str:
    had = [words for right, words in steps if rules.may(role, right)]
    return had[-1] if had else ""


GRID = tuple(Line(name, tuple(_most(each.role, steps) for each in ROLES)) for name, steps in FUNCTIONS)
