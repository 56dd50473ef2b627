"""Opening a business with its first Owner, and signing in to work."""

import msgspec

from shopbell.businesses import rules as profile
from shopbell.businesses import store as businesses
from shopbell.businesses.rules import Business
from shopbell.kernel import ids
from shopbell.kernel.database import Snapshot
from shopbell.kernel.errors import Forbidden, NotFound
from shopbell.kernel.transaction import Transaction
from shopbell.kernel.writer import in_turn
from shopbell.signin import commands as signin
from shopbell.signin import store as logins
from shopbell.signin.actors import Side
from shopbell.signin.rules import email_key
from shopbell.signin.store import Login, Subject
from shopbell.staff import store
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Role

SUFFIX_CHARACTERS = 4


class Founding(msgspec.Struct, frozen=True):
    """A business to be, and who owns it.

    `login` is the Owner's, found and its password verified beforehand; None makes one of `email` and
    `password_hash`.
    """

    name: str
    time_zone: str
    first_name: str
    last_name: str
    email: str
    password_hash: str
    login: Login | None


def _makes(founding: Founding, session_key: str) -> list[str]:
    """What a further business may make at the same moment: a login with that address, an address of that name."""
    return [email_key(founding.email), profile.slug_of(founding.name)]


@in_turn(_makes)
def register(tx: Transaction, founding: Founding, session_key: str) -> tuple[Business, Staff]:
    """Open a business and sign its Owner in."""
    business_id = ids.new()
    businesses.claim_first(tx, business_id)
    return _open(tx, business_id, founding, session_key)


def check_still_open(read: Snapshot) -> None:
    """Raise Forbidden once the store has its first business."""
    if not is_still_open(read):
        raise _closed()


def is_still_open(read: Snapshot) -> bool:
    """Whether the store has no business yet."""
    return not businesses.has_first(read)


def _closed() -> Forbidden:
    return Forbidden("This server takes no further businesses.", code="registration_closed")


@in_turn(_makes)
def register_first(tx: Transaction, founding: Founding, session_key: str) -> tuple[Business, Staff]:
    """The same for the first business of a store; Forbidden for any other."""
    business_id = ids.new()
    if not businesses.claim_first(tx, business_id):
        raise _closed()
    return _open(tx, business_id, founding, session_key)


def _open(tx: Transaction, business_id: str, founding: Founding, session_key: str) -> tuple[Business, Staff]:
    profile.check_time_zone(founding.time_zone, "time_zone")
    business = Business(
        id=business_id, slug=_free_slug(tx, founding.name), name=founding.name, time_zone=founding.time_zone
    )
    tx.open_stream(business_id)
    businesses.add(tx, business)
    login = founding.login
    if login is None:
        login = signin.new_login(tx, founding.email, founding.password_hash)
    else:
        signin.confirm_password(tx, Subject(Side.STAFF, login.id), login.password_hash)
    owner = Staff(ids.new(), business_id, Role.OWNER, login.id, founding.first_name, founding.last_name, session_key)
    store.add(tx, owner, None)
    signin.begin_session(tx, login.id, business_id, session_key)
    return business, owner


def _free_slug(tx: Transaction, name: str) -> str:
    plain = slug = profile.slug_of(name)
    while businesses.is_slug_taken(tx, slug):
        slug = f"{plain}-{ids.new()[-SUFFIX_CHARACTERS:]}"
    return slug


@in_turn(lambda verified, business_id, session_key: [verified.id])
def sign_in(tx: Transaction, verified: Login, business_id: str | None, session_key: str) -> Staff:
    """Sign a login in whose password was found right, by default where it worked last.

    Raises NotFound for a business it does not work for, Forbidden when it works for none.
    """
    signin.confirm_password(tx, Subject(Side.STAFF, verified.id), verified.password_hash)
    staff = _position(tx, verified, business_id)
    signin.begin_session(tx, verified.id, staff.business_id, session_key)
    return msgspec.structs.replace(staff, session=session_key)


def _position(tx: Transaction, login: Login, business_id: str | None) -> Staff:
    if business_id is not None:
        named = store.of_login(tx, login.id, business_id)
        if named is None:
            raise NotFound("You do not work for this business.")
        return named
    last = store.of_login(tx, login.id, login.last_business_id or "")
    if last is not None:
        return last
    everywhere = store.positions(tx, login.id)
    if not everywhere:
        raise Forbidden("This login works for no business any more.", code="no_business")
    return everywhere[0]


@in_turn(lambda staff, business_id: [staff.login_id])
def switch(tx: Transaction, staff: Staff, business_id: str) -> Staff:
    """Let the session work for another of its login's businesses. Raises NotFound for any other business."""
    there = store.of_login(tx, staff.login_id, business_id)
    if there is None or logins.session(tx, staff.session) is None:
        raise NotFound("You do not work for this business.")
    signin.switch_session(tx, staff.login_id, business_id, staff.session)
    return msgspec.structs.replace(there, session=staff.session)
