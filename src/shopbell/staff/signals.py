"""What every process must hear at once when a colleague's role or standing changes."""

import msgspec


class StaffChanged(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """What is remembered of this staff member is out of date."""

    business_id: str
    staff_id: str
