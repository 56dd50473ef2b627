"""Roles, what each may do, and what a change of staff must leave in place."""

from enum import StrEnum

from shopbell.kernel.errors import Forbidden


class Role(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    MARKETER = "marketer"
    AGENT = "agent"


class Right(StrEnum):
    """One thing a role may do, by the words clients see in `GET /me`."""

    READ_TICKETS = "read_tickets"
    WRITE_TICKETS = "write_tickets"
    MANAGE_TICKETS = "manage_tickets"
    WITHDRAW_MESSAGES = "withdraw_messages"
    READ_CANNED_RESPONSES = "read_canned_responses"
    WRITE_CANNED_RESPONSES = "write_canned_responses"
    READ_PITCH = "read_pitch"
    UPDATE_PITCH = "update_pitch"
    WRITE_PITCH = "write_pitch"
    READ_OFFERS = "read_offers"
    SHARE_OFFERS = "share_offers"
    WRITE_OFFERS = "write_offers"
    REDEEM_OFFERS = "redeem_offers"
    READ_BLASTS = "read_blasts"
    WRITE_BLASTS = "write_blasts"
    READ_LOOP = "read_loop"
    WRITE_LOOP = "write_loop"
    READ_DASHBOARD = "read_dashboard"
    READ_OWN_FIGURES = "read_own_figures"
    READ_PROFILE = "read_profile"
    UPDATE_ASSETS = "update_assets"
    UPDATE_PROFILE = "update_profile"
    READ_STAFF = "read_staff"
    WRITE_STAFF = "write_staff"
    READ_SETTINGS = "read_settings"
    WRITE_SETTINGS = "write_settings"


# What each role has; an Owner has every right, also those added later.
AGENT = frozenset({
    Right.READ_TICKETS, Right.WRITE_TICKETS,
    Right.READ_CANNED_RESPONSES,
    Right.READ_PITCH,
    Right.READ_OFFERS, Right.SHARE_OFFERS, Right.REDEEM_OFFERS,
    Right.READ_LOOP,
    Right.READ_OWN_FIGURES,
    Right.READ_PROFILE,
})  # fmt: skip
MARKETER = frozenset({
    Right.READ_TICKETS,
    Right.READ_CANNED_RESPONSES,
    Right.READ_PITCH, Right.UPDATE_PITCH,
    Right.READ_OFFERS, Right.SHARE_OFFERS, Right.WRITE_OFFERS,
    Right.READ_BLASTS, Right.WRITE_BLASTS,
    Right.READ_LOOP,
    Right.READ_DASHBOARD, Right.READ_OWN_FIGURES,
    Right.READ_PROFILE, Right.UPDATE_ASSETS,
})  # fmt: skip
MANAGER = AGENT | MARKETER | {
    Right.MANAGE_TICKETS, Right.WITHDRAW_MESSAGES,
    Right.WRITE_CANNED_RESPONSES,
    Right.WRITE_PITCH,
    Right.WRITE_LOOP,
    Right.UPDATE_PROFILE,
    Right.READ_STAFF,
    Right.READ_SETTINGS,
}  # fmt: skip

GRID: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.MANAGER: frozenset(MANAGER),
    Role.MARKETER: MARKETER,
    Role.AGENT: AGENT,
}


def may(role: Role, right: Right) -> bool:
    """Whether the role has the right."""
    return right in GRID[role]


def require(role: Role, right: Right) -> None:
    """Raise Forbidden unless the role has the right: the one check behind REST and the socket."""
    if right not in GRID[role]:
        raise Forbidden(f"Your role, {role}, does not include this.", code="role_may_not")
