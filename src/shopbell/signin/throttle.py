"""How often one may try: counted in the database, so that a restart forgives nobody."""

import ipaddress
from collections.abc import Sequence

import structlog
from litestar.connection import ASGIConnection

from shopbell.kernel import ids
from shopbell.kernel.clock import SECOND
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import TooMany
from shopbell.kernel.proxies import Network, address, client, is_among
from shopbell.kernel.transaction import Transaction
from shopbell.kernel.writer import in_turn
from shopbell.signin.rules import Limit

log = structlog.get_logger()

# Who tries clears away a few windows that have ended, so that the table does not grow.
SWEPT = 5

Try = tuple[Limit, str]


def _keys(tries: list[Try]) -> list[str]:
    return [_key(limit, subject) for limit, subject in tries]


@in_turn(_keys)
def count(tx: Transaction, tries: list[Try]) -> None:
    """Count one try towards each of the limits. Raises TooMany, counting none, where one is used up."""
    for limit, subject in tries:
        key = _key(limit, subject)
        tx.run(COUNT, key=key, now=tx.now, ends_at=tx.now + limit.window)
        tried, ends_at = tx.rows("SELECT tries, ends_at FROM throttles WHERE key = :key", key=key)[0]
        if tried > limit.tries:
            raise TooMany("Too many tries. Wait a while, then try again.", retry_after=_seconds(ends_at - tx.now))
    tx.run(SWEEP.format(skip_locked=tx.skip_locked), now=tx.now, limit=SWEPT)


@in_turn(_keys)
def forgive(tx: Transaction, tries: list[Try]) -> None:
    """Take a try back that was no guess after all."""
    for limit, subject in tries:
        tx.run("UPDATE throttles SET tries = tries - 1 WHERE key = :key AND tries > 0", key=_key(limit, subject))


COUNT = """
    INSERT INTO throttles (key, tries, ends_at) VALUES (:key, 1, :ends_at)
    ON CONFLICT (key) DO UPDATE SET
        tries = CASE WHEN throttles.ends_at <= :now THEN 1 ELSE throttles.tries + 1 END,
        ends_at = CASE WHEN throttles.ends_at <= :now THEN excluded.ends_at ELSE throttles.ends_at END"""

SWEEP = """
    DELETE FROM throttles WHERE key IN
        (SELECT key FROM throttles WHERE ends_at <= :now ORDER BY ends_at LIMIT :limit{skip_locked})"""


class Throttle:
    """The limits of one process's routes; `on`, and which `proxies` are believed, is the operator's choice."""

    def __init__(self, desk: Desk, *, on: bool, proxies: Sequence[Network] = ()) -> None:
        self._desk = desk
        self._on = on
        self._proxies = proxies
        self._warned = False

    async def count(self, *tries: Try) -> None:
        """Raises TooMany when one of the limits is used up."""
        if self._on:
            await self._desk.do(None, count, list(tries))

    async def allows(self, *tries: Try) -> bool:
        """The same as an answer, for who must not learn of it."""
        try:
            await self.count(*tries)
        except TooMany:
            return False
        return True

    async def forgive(self, *tries: Try) -> None:
        if self._on:
            await self._desk.do(None, forgive, list(tries))

    def network_of(self, connection: ASGIConnection) -> str:  # type: ignore[type-arg]
        """Whom a limit by address counts: the client, or for IPv6 its network, of which one household has all."""
        peer = connection.client.host if connection.client else ""
        forwarded = connection.headers.getall("x-forwarded-for", [])
        found = client(peer, forwarded, self._proxies)
        if forwarded and not self._warned and not is_among(peer, self._proxies):
            self._warned = True
            log.warning("forwarded_for_not_believed", peer=peer, setting="SHOPBELL_TRUSTED_PROXIES")
        known = address(found)
        if isinstance(known, ipaddress.IPv6Address):
            return str(ipaddress.ip_network((known, 64), strict=False))
        return str(known or found)


def _key(limit: Limit, subject: str) -> str:
    return f"{limit.name}:{ids.hashed(subject)}"


def _seconds(micros: int) -> int:
    return max(1, -(-micros // SECOND))
