"""Whom a transaction works for: PostgreSQL shows and changes no row of anybody else, whatever a query forgets.

SQLite has no such wall; there the filters of the queries stand alone.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec


class Scope(msgspec.Struct, frozen=True):
    """Those whose rows are there; all others are not, so that an empty scope is an empty database.

    The `house` is who serves them all: it sees who belongs where and how one signs in, never what was said.
    """

    businesses: Sequence[str] = ()
    person: str = ""
    login: str = ""
    house: bool = False


HOUSE = Scope(house=True)


def of_business(*business_ids: str) -> Scope:
    """What a business sees, or several together."""
    return Scope(businesses=business_ids)


class Scoped(Protocol):
    """Somebody who asks."""

    @property
    def scope(self) -> Scope:
        """All that they may see."""
