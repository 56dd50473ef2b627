"""What a business is, what its profile may hold, and the address its page is found at."""

import re
import unicodedata
from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from shopbell.kernel.errors import Invalid

SLUG_CHARACTERS = 60

_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
# "09:00-17:30" in the zone of the business; a span that ends before it begins ends on the next day.
Span = Annotated[str, Meta(pattern=rf"^{_TIME}-(?:{_TIME}|24:00)$(?!\n)", max_length=11)]
TimeZone = Annotated[str, Meta(min_length=1, max_length=64)]
Spans = Annotated[list[Span], Meta(max_length=8)]


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the business is open in an ordinary week; a day without spans is closed."""

    monday: Spans = []
    tuesday: Spans = []
    wednesday: Spans = []
    thursday: Spans = []
    friday: Spans = []
    saturday: Spans = []
    sunday: Spans = []


class Holiday(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day unlike others: MM-DD every year, or YYYY-MM-DD once. Without hours the business is closed."""

    name: Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00]*$(?!\n)")]
    day: Annotated[str, Meta(pattern=r"^(?:[0-9]{4}-)?[0-9]{2}-[0-9]{2}$(?!\n)", max_length=10)]
    hours: Spans = []


class Business(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant and its profile, all of which is public. Position in degrees (WGS 84)."""

    id: str
    slug: str
    name: str
    time_zone: str
    category: str | None = None
    description: str | None = None
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    hours: Hours | None = None
    holidays: list[Holiday] | None = None


class BusinessName(msgspec.Struct, frozen=True):
    """A business as other things name it."""

    id: str
    name: str


def check(business: Business) -> None:
    """Raise Invalid for what no single field's bounds can tell."""
    check_time_zone(business.time_zone, "time_zone")
    if (business.latitude is None) != (business.longitude is None):
        missing = "latitude" if business.latitude is None else "longitude"
        raise Invalid(missing, "Give latitude and longitude together, or neither.")
    for number, holiday in enumerate(business.holidays or []):
        _check_day(holiday.day, f"holidays.{number}.day")


def check_time_zone(name: str, field: str) -> None:
    """Raise Invalid unless the name is in the IANA time zone database."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(field, "Must be a time zone of the IANA database, such as Europe/London.") from None


def _check_day(day: str, field: str) -> None:
    # 29 February is a day of every year here: it comes when it comes.
    try:
        date.fromisoformat(day if len(day) > len("MM-DD") else f"2000-{day}")
    except ValueError:
        raise Invalid(field, "Must be a day of the calendar, as MM-DD or YYYY-MM-DD.") from None


def slug_of(name: str) -> str:
    """The name as a part of an address: lower-case ASCII words joined by hyphens, never empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall("[a-z0-9]+", plain)
    return "-".join(words)[:SLUG_CHARACTERS].strip("-") or "shop"
