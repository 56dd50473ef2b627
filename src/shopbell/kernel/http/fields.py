"""The shapes that enter and leave: each field with its bounds, so that nothing further in need check them."""

from typing import Annotated, Generic, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from shopbell.kernel import ids
from shopbell.kernel.errors import NotFound

T = TypeVar("T")

API = "/api/v1"

# The characters of the Unicode property White_Space; Python's own \s counts four control characters more.
_SPACE = r"\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# Written so that no text, however long, makes the match go back and try again; `$(?!\n)` is the true end in
# Python and in ECMAScript alike, so the published schema says the same.
NO_NUL = r"^[^\x00]*$(?!\n)"
NOT_BLANK = rf"^[{_SPACE}]*[^\x00{_SPACE}][^\x00]*$(?!\n)"
NOT_BLANK_OR_EMPTY = rf"^(?:[{_SPACE}]*[^\x00{_SPACE}][^\x00]*)?$(?!\n)"
PRINTABLE = r"^[\x20-\x7e]+$(?!\n)"
ADDRESS = rf"^[^@{_SPACE}\x00-\x1f\x7f<>]+@[^@{_SPACE}\x00-\x1f\x7f<>]+$(?!\n)"

BIGGEST = 2**63 - 1

Name = Annotated[str, Meta(min_length=1, max_length=80, pattern=NOT_BLANK)]
BusinessName = Annotated[str, Meta(min_length=1, max_length=120, pattern=NOT_BLANK)]
Text = Annotated[str, Meta(min_length=1, max_length=8_000, pattern=NOT_BLANK)]
# Whether nothing may be said depends on what comes with it.
TextOrNone = Annotated[str, Meta(max_length=8_000, pattern=NOT_BLANK_OR_EMPTY)]
Nonce = Annotated[str, Meta(min_length=1, max_length=64, pattern=PRINTABLE)]
Email = Annotated[str, Meta(max_length=254, pattern=ADDRESS)]
Password = Annotated[str, Meta(min_length=8, max_length=256, pattern=NO_NUL)]
# A secret or an id somebody sends back to us; whether it is one is found out by looking it up.
Token = Annotated[str, Meta(min_length=1, max_length=200, pattern=PRINTABLE)]
Id = Annotated[str, Meta(min_length=1, max_length=200, pattern=NO_NUL)]
Seq = Annotated[int, Meta(ge=0, le=BIGGEST)]
DEFAULT_LIMIT = 50


class Body(Struct, frozen=True, forbid_unknown_fields=True):
    """The base of every request body."""


class Page(Struct, Generic[T], frozen=True):
    """One page of a list. `next` is what to give as `after` for the following page, None at the end.

    `cursor`, or `cursors` by business id, is where the live stream goes on after what is listed.
    """

    items: list[T]
    next: str | None = None
    cursor: str | UnsetType = UNSET
    cursors: dict[str, str] | UnsetType = UNSET


def checked_id(id: str) -> str:
    """The id as it came. Raises NotFound for what cannot be one, as for every id of nobody."""
    if not ids.is_id(id):
        raise NotFound
    return id
