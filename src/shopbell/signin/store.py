"""The tables of logins, people, sessions and password resets."""

import msgspec

from shopbell.kernel.database import Snapshot
from shopbell.kernel.transaction import Transaction
from shopbell.signin.actors import Session, Side
from shopbell.signin.rules import email_key

SESSION = "key, side, subject_id, business_id, created_at, seen_at, expires_at"
# A sweep takes so many at most, to hold the writer for a moment only.
SWEPT = 50

TABLE = {Side.STAFF: "logins", Side.PERSON: "people"}


class Login(msgspec.Struct, frozen=True):
    """How somebody signs in as staff; without a password until the invitation is answered."""

    id: str
    email: str
    password_hash: str | None
    last_business_id: str | None


class Account(msgspec.Struct, frozen=True):
    """A person with what they sign in by."""

    id: str
    first_name: str
    last_name: str
    email: str
    password_hash: str


class Subject(msgspec.Struct, frozen=True):
    """Whose password or session it is: a login or a person."""

    side: Side
    id: str


def login(read: Snapshot, login_id: str) -> Login | None:
    row = read.row("SELECT id, email, password_hash, last_business_id FROM logins WHERE id = :id", id=login_id)
    return Login(*row) if row else None


def login_by_email(read: Snapshot, email: str) -> Login | None:
    row = read.row(
        "SELECT id, email, password_hash, last_business_id FROM logins WHERE email_key = :key",
        key=email_key(email),
    )
    return Login(*row) if row else None


def person(read: Snapshot, person_id: str) -> Account | None:
    row = read.row("SELECT id, first_name, last_name, email, password_hash FROM people WHERE id = :id", id=person_id)
    return Account(*row) if row else None


def person_by_email(read: Snapshot, email: str) -> Account | None:
    row = read.row(
        "SELECT id, first_name, last_name, email, password_hash FROM people WHERE email_key = :key",
        key=email_key(email),
    )
    return Account(*row) if row else None


def add_login(tx: Transaction, login_id: str, email: str, password_hash: str | None) -> bool:
    """False when there is a login with that e-mail already."""
    return tx.run(
        "INSERT INTO logins (id, email, email_key, password_hash, created_at)"
        " VALUES (:id, :email, :key, :hash, :now) ON CONFLICT (email_key) DO NOTHING",
        id=login_id, email=email, key=email_key(email), hash=password_hash, now=tx.now,
    ) > 0  # fmt: skip


def add_person(tx: Transaction, added: Account) -> bool:
    """False when there is a person with that e-mail already."""
    return tx.run(
        "INSERT INTO people (id, first_name, last_name, email, email_key, password_hash, created_at)"
        " VALUES (:id, :first_name, :last_name, :email, :key, :hash, :now)"
        " ON CONFLICT (email_key) DO NOTHING",
        id=added.id, first_name=added.first_name, last_name=added.last_name, email=added.email,
        key=email_key(added.email), hash=added.password_hash, now=tx.now,
    ) > 0  # fmt: skip


def save_password(tx: Transaction, subject: Subject, password_hash: str) -> None:
    tx.run(
        f"UPDATE {TABLE[subject.side]} SET password_hash = :hash WHERE id = :id",
        hash=password_hash, id=subject.id,
    )  # fmt: skip


def keeps_password(tx: Transaction, subject: Subject, password_hash: str) -> bool:
    """Whether the stored hash is this one; it stays so until the commit, in other processes too."""
    # Writing the value it has takes the row's lock, which a portable SELECT can't.
    return tx.run(
        f"UPDATE {TABLE[subject.side]} SET password_hash = :hash WHERE id = :id AND password_hash = :hash",
        hash=password_hash, id=subject.id,
    ) > 0  # fmt: skip


def save_last_business(tx: Transaction, login_id: str, business_id: str) -> None:
    tx.run(
        "UPDATE logins SET last_business_id = :business_id WHERE id = :id",
        business_id=business_id, id=login_id,
    )  # fmt: skip


def session(read: Snapshot, key: str) -> Session | None:
    """The session with that key, though it may have expired."""
    row = read.row(f"SELECT {SESSION} FROM sessions WHERE key = :key", key=key)
    return _session(row) if row else None


def live_sessions(tx: Transaction, login_id: str) -> int:
    """How many sessions of the login could still be used now."""
    return int(tx.value(
        "SELECT count(*) FROM sessions WHERE subject_id = :id AND expires_at > :now",
        id=login_id, now=tx.now,
    ))  # fmt: skip


def sessions_of(read: Snapshot, subject_id: str) -> list[Session]:
    """Every session of a login or person."""
    rows = read.rows(f"SELECT {SESSION} FROM sessions WHERE subject_id = :id", id=subject_id)
    return [_session(row) for row in rows]


def expired_sessions(tx: Transaction) -> list[Session]:
    """Some of those whose time is up, longest ago first, that no other process is clearing away."""
    rows = tx.rows(
        f"SELECT {SESSION} FROM sessions WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit{tx.skip_locked}",
        now=tx.now, limit=SWEPT,
    )  # fmt: skip
    return [_session(row) for row in rows]


def add_session(tx: Transaction, added: Session) -> None:
    tx.run(
        f"INSERT INTO sessions ({SESSION})"
        " VALUES (:key, :side, :subject_id, :business_id, :created_at, :seen_at, :expires_at)",
        **msgspec.structs.asdict(msgspec.structs.replace(added, side=added.side.value)),
    )


def save_seen(tx: Transaction, key: str, seen_at: int, expires_at: int) -> None:
    tx.run(
        "UPDATE sessions SET seen_at = :seen_at, expires_at = :expires_at WHERE key = :key",
        seen_at=seen_at, expires_at=expires_at, key=key,
    )  # fmt: skip


def move_session(tx: Transaction, key: str, business_id: str) -> None:
    tx.run("UPDATE sessions SET business_id = :business_id WHERE key = :key", business_id=business_id, key=key)


def remove_sessions(tx: Transaction, keys: list[str]) -> None:
    tx.run("DELETE FROM sessions WHERE key IN :keys", keys=keys)


def add_reset(tx: Transaction, key: str, subject: Subject, expires_at: int) -> None:
    tx.run(
        "INSERT INTO resets (key, side, subject_id, expires_at)"
        " VALUES (:key, :side, :subject_id, :expires_at)",
        key=key, side=subject.side.value, subject_id=subject.id, expires_at=expires_at,
    )  # fmt: skip


def spend_reset(tx: Transaction, key: str) -> Subject | None:
    """Whose password the token with that key may set, this one time; None for a token that may set none."""
    row = tx.row("SELECT side, subject_id FROM resets WHERE key = :key AND expires_at > :now", key=key, now=tx.now)
    # Another process may have been faster: whoever deletes the row has spent the token.
    if row is None or not tx.run("DELETE FROM resets WHERE key = :key", key=key):
        return None
    return Subject(Side(row[0]), row[1])


def reset_side(read: Snapshot, key: str, now: int) -> Side | None:
    """The side the token with that key may set a password on; None for a token that may set none."""
    found = read.value("SELECT side FROM resets WHERE key = :key AND expires_at > :now", key=key, now=now)
    return Side(found) if found else None


def remove_resets(tx: Transaction, subject: Subject) -> None:
    tx.run("DELETE FROM resets WHERE subject_id = :id", id=subject.id)


def sweep_resets(tx: Transaction) -> None:
    """Forget some tokens whose time is up; called by who adds one, so the table does not grow."""
    tx.run(
        "DELETE FROM resets WHERE key IN"
        f" (SELECT key FROM resets WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit{tx.skip_locked})",
        now=tx.now, limit=SWEPT,
    )  # fmt: skip


def _session(row: tuple[object, ...]) -> Session:
    key, side, subject_id, business_id, created_at, seen_at, expires_at = row
    return Session(key, Side(side), subject_id, business_id, created_at, seen_at, expires_at)  # type: ignore[arg-type]
