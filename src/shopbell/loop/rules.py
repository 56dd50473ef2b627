"""What a business knows of a person."""

import msgspec


class Contact(msgspec.Struct, frozen=True):
    """A person as one business knows them; times in microseconds. A member is a contact who joined."""

    business_id: str
    person_id: str
    joined_at: int | None
    blocked_at: int | None

    @property
    def is_member(self) -> bool:
        return self.joined_at is not None

    @property
    def is_blocked(self) -> bool:
        """Whether the person may no longer write to the business."""
        return self.blocked_at is not None
