"""Who asks: a session, and the person behind one."""

from enum import StrEnum

import msgspec

from shopbell.kernel.scope import Scope


class Side(StrEnum):
    """Which of the two kinds of account; a staff login and a person with one e-mail address are unrelated."""

    STAFF = "staff"
    PERSON = "person"


class Session(msgspec.Struct, frozen=True):
    """A signed-in session. `key` is the hash of its token, `subject_id` a login (staff) or a person.

    `business_id` is where a staff session works at present, None for people. Times in microseconds.
    """

    key: str
    side: Side
    subject_id: str
    business_id: str | None
    created_at: int
    seen_at: int
    expires_at: int


class Person(msgspec.Struct, frozen=True):
    """Somebody on the consumer side, asking in the session with that key."""

    id: str
    first_name: str
    last_name: str
    session: str

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def scope(self) -> Scope:
        """What is their own, and who serves them there."""
        return Scope(person=self.id)
