"""What a new owner does first, and whether it is done: found in what there is, so nobody ticks anything off."""

import msgspec

from shopbell.businesses.rules import Business
from shopbell.kernel.database import Snapshot

# An answered chat, if there ever was one, is among the first tickets of a shop that still begins.
FIRST_TICKETS = 100


class FirstSteps(msgspec.Struct, frozen=True, kw_only=True):
    """Which of the first steps are taken."""

    profile_filled: bool
    colleague_invited: bool
    member_joined: bool
    chat_answered: bool

    @property
    def done(self) -> int:
        return sum(msgspec.structs.astuple(self))

    @property
    def count(self) -> int:
        return len(msgspec.structs.astuple(self))


# Each looks no further than it has to.
TAKEN = """
    SELECT
        (SELECT count(*) FROM (SELECT 1 FROM staff s WHERE s.business_id = :id LIMIT 2) sample),
        CASE WHEN EXISTS (SELECT 1 FROM contacts c WHERE c.business_id = :id AND c.joined_at IS NOT NULL)
            THEN 1 ELSE 0 END,
        CASE WHEN EXISTS (
            SELECT 1 FROM (SELECT t.id, t.conversation_id FROM tickets t WHERE t.business_id = :id
                ORDER BY t.number LIMIT :first) sample
            JOIN messages m ON m.conversation_id = sample.conversation_id AND m.ticket_id = sample.id
                AND m.side = 'staff')
            THEN 1 ELSE 0 END"""


def first_steps(read: Snapshot, business: Business) -> FirstSteps:
    """How far the shop has come. The profile is filled once it says what the shop is and when it is open."""
    staff, members, answered = read.rows(TAKEN, id=business.id, first=FIRST_TICKETS)[0]
    return FirstSteps(
        profile_filled=bool(business.description and business.category and business.hours),
        colleague_invited=staff > 1,
        member_joined=bool(members),
        chat_answered=bool(answered),
    )
