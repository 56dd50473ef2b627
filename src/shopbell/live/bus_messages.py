"""What processes tell each other over the bus, and how much of it makes one message."""

from collections.abc import Iterator, Sequence

import msgspec

from shopbell.live.presence import Colleagues
from shopbell.live.told import Passing, Told
from shopbell.signin.signals import SessionsEnded
from shopbell.staff.signals import StaffChanged

# Well below the largest message that NATS takes, which is 1 MiB.
MESSAGE_BYTES = 256 * 1024


class News(msgspec.Struct, frozen=True, array_like=True, tag="news"):
    """Some events of one business, by rising numbers."""

    told: list[Told]


class Fleeting(msgspec.Struct, frozen=True, array_like=True, tag="fleeting"):
    passing: Passing


class Presents(msgspec.Struct, frozen=True, array_like=True, tag="presents"):
    """Who of the staff has a screen open in that process; `asks` for the same of the others."""

    process: str
    colleagues: Colleagues
    asks: bool


class Met(msgspec.Struct, frozen=True, array_like=True, tag="met"):
    """A person heard of a business after that number: their screens elsewhere have to follow it too."""

    person_id: str
    business_id: str
    after: int


class Unheard(msgspec.Struct, frozen=True, array_like=True, tag="unheard"):
    """What its process said before this may not have arrived: look for it in the database."""


OfBusiness = News | Fleeting | Presents
OfAll = SessionsEnded | StaffChanged | Met | Unheard

encode = msgspec.msgpack.Encoder().encode
decode_business = msgspec.msgpack.Decoder(OfBusiness).decode
decode_all = msgspec.msgpack.Decoder(OfAll).decode


def parts(events: Sequence[Told]) -> Iterator[list[Told]]:
    """The events in lists that each make one message."""
    part: list[Told] = []
    size = 0
    for event in events:
        if part and size + event.size > MESSAGE_BYTES:
            yield part
            part, size = [], 0
        part.append(event)
        size += event.size
    if part:
        yield part
