"""Signing up, in and out, and setting a password."""

import msgspec

from shopbell.kernel import ids
from shopbell.kernel.errors import Conflict, Invalid, Unauthenticated
from shopbell.kernel.transaction import Transaction
from shopbell.kernel.writer import in_turn
from shopbell.signin import rules, store
from shopbell.signin.actors import Person, Session, Side
from shopbell.signin.rules import INVITATION_LIFE, RESET_LIFE, SEEN_EVERY
from shopbell.signin.signals import SessionsEnded
from shopbell.signin.store import Account, Login, Subject

WRONG = "The e-mail address or the password is wrong."


class Addressee(msgspec.Struct, frozen=True):
    """Whom to send a link for setting a password; `name` is empty where a login has none."""

    email: str
    name: str


def sign_up(
    tx: Transaction, first_name: str, last_name: str, email: str, password_hash: str, session_key: str
) -> Person:
    """A new person, signed in. Raises Conflict when the e-mail address is in use by another person."""
    account = Account(ids.new(), first_name, last_name, email, password_hash)
    if not store.add_person(tx, account):
        raise Conflict("Somebody has signed up with this e-mail address; sign in instead.", code="email_taken")
    return _begin_person(tx, account, session_key)


@in_turn(lambda verified, session_key: [verified.id])
def sign_in_person(tx: Transaction, verified: Account, session_key: str) -> Person:
    """Sign in whose password was found right; Unauthenticated if it was changed since it was looked up."""
    confirm_password(tx, Subject(Side.PERSON, verified.id), verified.password_hash)
    return _begin_person(tx, verified, session_key)


def confirm_password(tx: Transaction, subject: Subject, verified: str | None) -> None:
    """Raise Unauthenticated unless the hash a password was verified against is still the stored one."""
    if verified is None or not store.keeps_password(tx, subject, verified):
        raise Unauthenticated(WRONG)


def _begin_person(tx: Transaction, account: Account, session_key: str) -> Person:
    store.add_session(tx, rules.begun(session_key, Side.PERSON, account.id, None, tx.now))
    return Person(account.id, account.first_name, account.last_name, session_key)


def login_for(tx: Transaction, email: str) -> Login:
    """The login with that e-mail address, made without a password if there is none."""
    if found := store.login_by_email(tx, email):
        return found
    return new_login(tx, email, None)


def new_login(tx: Transaction, email: str, password_hash: str | None) -> Login:
    """Raises Conflict when there is a login with that e-mail address."""
    login = Login(ids.new(), email, password_hash, None)
    if not store.add_login(tx, login.id, email, password_hash):
        raise Conflict("There is a login with this e-mail address; give its password.", code="email_taken")
    return login


def begin_session(tx: Transaction, login_id: str, business_id: str, session_key: str) -> None:
    """Sign a login in to work for that business."""
    store.add_session(tx, rules.begun(session_key, Side.STAFF, login_id, business_id, tx.now))
    store.save_last_business(tx, login_id, business_id)


def switch_session(tx: Transaction, login_id: str, business_id: str, session_key: str) -> None:
    """Let the session work for another business of its login from now on."""
    store.move_session(tx, session_key, business_id)
    store.save_last_business(tx, login_id, business_id)
    tx.signal(SessionsEnded([session_key]))


def end_session(tx: Transaction, session_key: str) -> Session | None:
    """Sign out; None when the session had ended already."""
    session = store.session(tx, session_key)
    if session is not None:
        _end(tx, [session])
    return session


def end_sessions_at(tx: Transaction, login_id: str, business_id: str) -> list[Session]:
    """Sign a login out of one business."""
    ended = [found for found in store.sessions_of(tx, login_id) if found.business_id == business_id]
    return _end(tx, ended)


def end_expired(tx: Transaction) -> list[Session]:
    """Clear away some sessions whose time is up; called again and again by the clock."""
    return _end(tx, store.expired_sessions(tx))


def _end(tx: Transaction, sessions: list[Session]) -> list[Session]:
    if sessions:
        keys = [session.key for session in sessions]
        store.remove_sessions(tx, keys)
        tx.signal(SessionsEnded(keys))
    return sessions


@in_turn(lambda session_key: [session_key])
def seen(tx: Transaction, session_key: str) -> Session | None:
    """Keep a session in use awake; None when it has ended."""
    session = store.session(tx, session_key)
    if session is None or session.expires_at <= tx.now:
        return None
    if tx.now - session.seen_at < SEEN_EVERY:
        return session
    expires_at = rules.expiry(session.side, session.created_at, tx.now)
    store.save_seen(tx, session_key, tx.now, expires_at)
    return msgspec.structs.replace(session, seen_at=tx.now, expires_at=expires_at)


def ask_reset(tx: Transaction, email: str, side: Side) -> None:
    """Leave the work of mailing a link; whether there is anybody to mail it to is found out there."""
    tx.job("mail_password_reset", {"email": email, "side": side.value})


def issue_reset(tx: Transaction, email: str, side: Side, token_key: str) -> Addressee | None:
    """Let the token with that key set the password of who has the e-mail address; None when nobody has."""
    if side == Side.STAFF:
        login = store.login_by_email(tx, email)
        return issue_to_login(tx, login, "", token_key, RESET_LIFE) if login else None
    person = store.person_by_email(tx, email)
    if person is None:
        return None
    _issue(tx, Subject(Side.PERSON, person.id), token_key, RESET_LIFE)
    return Addressee(person.email, person.first_name)


def issue_to_login(tx: Transaction, login: Login, name: str, token_key: str, life: int = INVITATION_LIFE) -> Addressee:
    """Let the token with that key set the login's password for `life` microseconds."""
    _issue(tx, Subject(Side.STAFF, login.id), token_key, life)
    return Addressee(login.email, name)


def _issue(tx: Transaction, subject: Subject, token_key: str, life: int) -> None:
    store.sweep_resets(tx)
    store.add_reset(tx, token_key, subject, tx.now + life)


def set_password(tx: Transaction, token: str, password_hash: str) -> Subject:
    """Spend a mailed token: the new password holds, every session and every other token of its owner ends.

    Raises Invalid for a token that was used, has expired or never was.
    """
    subject = store.spend_reset(tx, ids.hashed(token))
    if subject is None:
        raise Invalid("token", "This link was used or has expired; ask for a new one.", code="link_expired")
    store.save_password(tx, subject, password_hash)
    store.remove_resets(tx, subject)
    _end(tx, store.sessions_of(tx, subject.id))
    return subject
