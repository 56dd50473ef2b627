"""The permission grid, as the product promises it."""

import pytest

from shopbell.kernel.errors import Forbidden
from shopbell.staff.rules import GRID, Right, Role, may, require

OWNER, MANAGER, MARKETER, AGENT = Role.OWNER, Role.MANAGER, Role.MARKETER, Role.AGENT

# Who may, right by right; written out once more, so that a slip in the grid does not pass unseen.
PROMISED = {
    Right.READ_TICKETS: {OWNER, MANAGER, MARKETER, AGENT},
    Right.WRITE_TICKETS: {OWNER, MANAGER, AGENT},
    Right.MANAGE_TICKETS: {OWNER, MANAGER},
    Right.WITHDRAW_MESSAGES: {OWNER, MANAGER},
    Right.READ_CANNED_RESPONSES: {OWNER, MANAGER, MARKETER, AGENT},
    Right.WRITE_CANNED_RESPONSES: {OWNER, MANAGER},
    Right.READ_PITCH: {OWNER, MANAGER, MARKETER, AGENT},
    Right.UPDATE_PITCH: {OWNER, MANAGER, MARKETER},
    Right.WRITE_PITCH: {OWNER, MANAGER},
    Right.READ_OFFERS: {OWNER, MANAGER, MARKETER, AGENT},
    Right.SHARE_OFFERS: {OWNER, MANAGER, MARKETER, AGENT},
    Right.WRITE_OFFERS: {OWNER, MANAGER, MARKETER},
    Right.REDEEM_OFFERS: {OWNER, MANAGER, AGENT},
    Right.READ_BLASTS: {OWNER, MANAGER, MARKETER},
    Right.WRITE_BLASTS: {OWNER, MANAGER, MARKETER},
    Right.READ_LOOP: {OWNER, MANAGER, MARKETER, AGENT},
    Right.WRITE_LOOP: {OWNER, MANAGER},
    Right.READ_DASHBOARD: {OWNER, MANAGER, MARKETER},
    Right.READ_OWN_FIGURES: {OWNER, MANAGER, MARKETER, AGENT},
    Right.READ_PROFILE: {OWNER, MANAGER, MARKETER, AGENT},
    Right.UPDATE_PROFILE: {OWNER, MANAGER},
    Right.UPDATE_ASSETS: {OWNER, MANAGER, MARKETER},
    Right.READ_STAFF: {OWNER, MANAGER},
    Right.WRITE_STAFF: {OWNER},
    Right.READ_SETTINGS: {OWNER, MANAGER},
    Right.WRITE_SETTINGS: {OWNER},
}


def test_every_right_and_every_role_is_promised_something() -> None:
    assert PROMISED.keys() == set(Right)
    assert GRID.keys() == set(Role)


@pytest.mark.parametrize("right", Right)
def test_a_right_is_had_by_the_roles_that_are_promised_it(right: Right) -> None:
    assert {role for role in Role if may(role, right)} == PROMISED[right]


def test_a_role_without_the_right_is_refused_by_name() -> None:
    require(Role.OWNER, Right.WRITE_STAFF)
    with pytest.raises(Forbidden, match="agent"):
        require(Role.AGENT, Right.WRITE_STAFF)
