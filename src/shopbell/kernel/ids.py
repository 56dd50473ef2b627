"""Names nobody can guess: row ids and secrets."""

import hashlib
import re
import secrets

import uuid_utils

_ID = re.compile(r"[0-9a-f]{32}").fullmatch


def new() -> str:
    """A new 128-bit id, 32 lower-case hex digits, rising with time (UUID version 7, RFC 9562)."""
    return uuid_utils.uuid7().hex


def is_id(text: str) -> bool:
    """Whether the text has the form of an id; anything else is unknown without asking the database."""
    return _ID(text) is not None


def token() -> str:
    """A new 256-bit secret, URL-safe."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """What is stored of a secret: SHA-256 in hex. Enough for 256 random bits; passwords go through argon2."""
    return hashlib.sha256(secret.encode()).hexdigest()
