"""Where a page of a list ends, as the text a client gives back to get the following one."""

import base64
import binascii
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from shopbell.kernel import ids
from shopbell.kernel.errors import Invalid

Place = tuple[str, str]
Moment = tuple[Annotated[int, Meta(ge=0, le=2**62)], str]

_place = msgspec.json.Decoder(Place)
_moment = msgspec.json.Decoder(Moment)


def mark(place: Place | Moment) -> str:
    """The sort key and id of the last row of a page, as `next`."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def place(after: str) -> Place:
    """The text and id a mark stands for. Raises Invalid for what `next` never said."""
    found: Place = _read(_place, after)
    return found


def moment(after: str) -> Moment:
    """The time in microseconds and the id a mark stands for. Raises Invalid for what `next` never said."""
    found: Moment = _read(_moment, after)
    return found


def _read(decoder: "msgspec.json.Decoder[Any]", after: str) -> Any:
    try:
        text = base64.b64decode(after + "=" * (-len(after) % 4), altchars=b"-_", validate=True)
        key, id_ = decoder.decode(text)
    except (binascii.Error, ValueError, msgspec.DecodeError):
        key, id_ = "", ""
    if not ids.is_id(id_) or "\0" in str(key):
        raise Invalid("after", "Give what the page before said as next, with the same sort and search.")
    return key, id_
