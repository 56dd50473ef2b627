"""Somebody who works for a business."""

import msgspec

from shopbell.kernel.scope import Scope
from shopbell.staff.rules import Role


class Staff(msgspec.Struct, frozen=True):
    """A login at work in a business; the same login may work for several.

    `session` is the key of the session in which this staff member asks, empty for everybody else.
    """

    id: str
    business_id: str
    role: Role
    login_id: str
    first_name: str
    last_name: str
    session: str = ""

    @property
    def full_name(self) -> str:
        """The name colleagues see; customers see the first name alone."""
        return f"{self.first_name} {self.last_name}"

    @property
    def scope(self) -> Scope:
        """All of the business, and where else the login works."""
        return Scope([self.business_id], login=self.login_id)
