"""Changing what customers see of a business."""

import msgspec
from msgspec import UNSET

from shopbell.businesses import rules, store
from shopbell.businesses.rules import Business
from shopbell.kernel.errors import NotFound
from shopbell.kernel.transaction import Transaction
from shopbell.staff import store as staff_table
from shopbell.staff.actors import Staff
from shopbell.staff.events import ProfileChanged
from shopbell.staff.items import signature
from shopbell.staff.rules import Right, require


def change_profile(tx: Transaction, staff: Staff, changes: msgspec.Struct) -> Business:
    """Change the fields that are set; UNSET ones stay. Raises Invalid where they do not fit together."""
    by = staff_table.present(tx, staff)
    require(by.role, Right.UPDATE_PROFILE)
    before = store.business(tx, by.business_id)
    if before is None:
        raise NotFound
    given = {name: value for name, value in msgspec.structs.asdict(changes).items() if value is not UNSET}
    after = msgspec.structs.replace(before, **given)
    if after != before:
        rules.check(after)
        store.save(tx, after)
        tx.record(by.business_id, ProfileChanged(business=after, by=signature(by)))
    return after
