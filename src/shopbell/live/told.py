"""An event as its audiences hear it: encoded once, handed out by the hub, and sent to other processes as it is."""

from collections.abc import Sequence
from typing import Self

import msgspec
import structlog

from shopbell.kernel.events import Audience, Frame, Recorded
from shopbell.live.frames import OtherWaiting, encode
from shopbell.tickets.events import WaitingChanged

log = structlog.get_logger()


class Told(msgspec.Struct, frozen=True, array_like=True):
    """An event's frames by who hears them; None where an audience hears nothing of it.

    `to_author` is for the screens of the staff member `author_id` instead of `to_staff`, `elsewhere` for the
    other businesses of a login. Fields are only ever added at the end: processes of two versions exchange these.
    """

    business_id: str
    seq: int
    to_staff: bytes | None = None
    author_id: str | None = None
    to_author: bytes | None = None
    person_id: str | None = None
    to_person: bytes | None = None
    elsewhere: bytes | None = None

    @classmethod
    def of(cls, epoch: str, recorded: Recorded) -> Self:
        event = recorded.event
        hears_staff = event.audience != Audience.PERSON
        hears_person = event.audience != Audience.STAFF and recorded.person_id is not None
        author_id = event.author_id
        return cls(
            recorded.business_id,
            recorded.seq,
            to_staff=encode(Frame.of(epoch, recorded, event.for_staff())) if hears_staff else None,
            author_id=author_id,
            to_author=encode(Frame.of(epoch, recorded, event.for_author())) if hears_staff and author_id else None,
            person_id=recorded.person_id,
            to_person=encode(Frame.of(epoch, recorded, event.for_person())) if hears_person else None,
            elsewhere=elsewhere(recorded.business_id, event) if isinstance(event, WaitingChanged) else None,
        )

    @property
    def size(self) -> int:
        """Its frames in bytes."""
        return sum(len(frame) for frame in (self.to_staff, self.to_author, self.to_person, self.elsewhere) if frame)


class Passing(msgspec.Struct, frozen=True):
    """What is worth hearing only now, and never stored: a frame for each side of a conversation."""

    business_id: str
    to_staff: bytes
    person_id: str
    to_person: bytes


def elsewhere(business_id: str, changed: WaitingChanged) -> bytes:
    """What those hear who work for several businesses and look at another one."""
    return encode(OtherWaiting(business_id, changed.waiting))


def told(epoch: str, recorded: Sequence[Recorded]) -> list[Told]:
    """Encode the events of one commit. One that can't be encoded keeps its number, and no other from being told."""
    encoded = []
    for one in recorded:
        try:
            encoded.append(Told.of(epoch, one))
        except Exception as error:
            log.error("event_not_told", name=one.event.name, exc_info=error)
            encoded.append(Told(one.business_id, one.seq))
    return encoded
