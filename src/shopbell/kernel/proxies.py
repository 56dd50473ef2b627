"""Whose request it is that a proxy hands on."""

import ipaddress
from collections.abc import Iterable, Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client(peer: str, forwarded: Iterable[str], trusted: Sequence[Network]) -> str:
    """The address a request came from: the peer, or what trusted proxies say in `X-Forwarded-For`.

    Each proxy adds at the end whom it heard, so the list is believed from its end, as far as trusted proxies
    wrote it; what stands before that anybody may have made up.
    """
    believed = peer
    hops = [hop.strip() for line in forwarded for hop in line.split(",")]
    while hops and is_among(believed, trusted):
        hop = address(hops.pop())
        if hop is None:
            break
        believed = str(hop)
    return believed


def address(text: str) -> Address | None:
    """The address in a text that may also name a port or a zone, or None. One of IPv4 in IPv6 is one of IPv4."""
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def is_among(text: str, trusted: Sequence[Network]) -> bool:
    """Whether the text is an address of one of those networks."""
    found = address(text)
    return found is not None and any(found in network for network in trusted)
