"""Passwords: hashed with argon2id (RFC 9106), off the event loop, two at once at most."""

import base64
import secrets
from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from shopbell.kernel.errors import TooMany

# Each takes 64 MiB while it runs.
AT_ONCE = 2
# Longer than this nobody waits for a sign-in; about 20 are worked off in a second.
LINE = 100

T = TypeVar("T")


class Cost(msgspec.Struct, frozen=True):
    """What one hash costs: passes over that much memory."""

    passes: int
    memory_kib: int


FULL = Cost(3, 65_536)
# For benches and tests on loopback only.
LOW = Cost(1, 8)


class Passwords:
    """One per process. `line` is how many may wait; None for no end."""

    def __init__(self, cost: Cost, *, line: int | None) -> None:
        self._hasher = PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=1)
        # What nobody's password matches and takes as long to find out.
        self._nobodys = f"$argon2id$v=19$m={cost.memory_kib},t={cost.passes},p=1${_random(16)}${_random(32)}"
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
        self._line = line
        self._waiting = 0

    async def hashed(self, password: str) -> str:
        """What to store. Raises TooMany when the line is full."""
        return await self._in_turn(lambda: self._hasher.hash(password))

    async def match(self, password: str, stored: str | None) -> bool:
        """Whether the password is the stored one; as slow, and False, where none is stored."""
        return await self._in_turn(lambda: self._matches(password, stored or self._nobodys))

    async def _in_turn(self, work: Callable[[], T]) -> T:
        if self._line is not None and self._waiting >= self._line:
            raise TooMany("Too many people are signing in just now.", retry_after=10)
        self._waiting += 1
        try:
            return await get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1

    def _matches(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


def _random(size: int) -> str:
    return base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
