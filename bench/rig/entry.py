"""How a socket says whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Entry:
    """By headers of the handshake, by the first frame, or by both; the server answers `ready`."""

    hello: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def by_token(token: str) -> Entry:
    return Entry(hello=b'{"type":"hello","token":"%b"}' % token.encode())


def by_cookie(name: str, value: str) -> Entry:
    return Entry(headers={"Cookie": f"{name}={value}"})
