"""How long sessions and links live, how often one may try, and which e-mail addresses can be."""

import re
import unicodedata

import msgspec

from shopbell.kernel.clock import DAY, HOUR, MINUTE
from shopbell.kernel.errors import Invalid
from shopbell.signin.actors import Session, Side

STAFF_IDLE = 12 * HOUR
STAFF_MOST = 30 * DAY
PERSON_MOST = 90 * DAY
RESET_LIFE = HOUR
INVITATION_LIFE = 24 * HOUR
# A session in use is written this often, not at every request.
SEEN_EVERY = 5 * MINUTE


class Limit(msgspec.Struct, frozen=True):
    """At most `tries` by one e-mail address or one network address in `window` microseconds."""

    name: str
    tries: int
    window: int


SIGN_IN_TO_ADDRESS = Limit("sign_in_email", 10, 15 * MINUTE)
SIGN_IN_FROM = Limit("sign_in_from", 100, 15 * MINUTE)
SPEND_FROM = Limit("spend_reset_from", 60, HOUR)
SIGN_UP_FROM = Limit("sign_up_from", 300, HOUR)
REGISTER_FROM = Limit("register_from", 20, HOUR)
RESET_TO_ADDRESS = Limit("reset_email", 5, HOUR)
RESET_FROM = Limit("reset_from", 30, HOUR)


def begun(key: str, side: Side, subject_id: str, business_id: str | None, now: int) -> Session:
    """A session that begins now."""
    return Session(key, side, subject_id, business_id, now, now, expiry(side, now, now))


def expiry(side: Side, created_at: int, seen_at: int) -> int:
    """When a session ends if nobody uses it again."""
    if side == Side.PERSON:
        return created_at + PERSON_MOST
    return min(seen_at + STAFF_IDLE, created_at + STAFF_MOST)


_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\\\]\x00-\x1f\x7f]+").fullmatch
_LABEL = re.compile(r"[^\W_](?:[\w-]*[^\W_])?").fullmatch


def check_email(email: str, field: str) -> None:
    """Raise Invalid for what no mail server would take as `local@domain` (RFC 5321 section 4.1.2, RFC 6531).

    Quoted local parts, address literals and domains of one label or a number are refused: they are typing errors.
    """
    local, _, domain = email.rpartition("@")
    labels = domain.split(".")
    if (
        len(local.encode()) > 64
        or not _LOCAL(local)
        or "" in local.split(".")
        or len(domain) > 253
        or len(labels) < 2
        or labels[-1].isdigit()
        or not all(len(label) <= 63 and _LABEL(label) and "_" not in label for label in labels)
    ):
        raise Invalid(field, "Must be an e-mail address, such as ada@example.org.")


def email_key(email: str) -> str:
    """What addresses are compared by: equal for all ways to write letters large or small."""
    return unicodedata.normalize("NFC", email.casefold())
