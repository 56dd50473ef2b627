"""Whose request it is that a proxy hands on: what it says is believed, what its client says is not."""

from ipaddress import ip_network

import pytest

from shopbell.kernel.proxies import client

CADDY = "127.0.0.1"
TRUSTED = [ip_network("127.0.0.1"), ip_network("::1"), ip_network("10.0.0.0/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        (CADDY, [], CADDY),
        (CADDY, ["203.0.113.7"], "203.0.113.7"),
        ("::1", ["2001:db8::7"], "2001:db8::7"),
        ("::ffff:127.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        # Through two proxies of ours.
        (CADDY, ["203.0.113.7, 10.0.0.4"], "203.0.113.7"),
        (CADDY, ["203.0.113.7", "10.0.0.4"], "203.0.113.7"),
        # From within our own network.
        (CADDY, ["10.0.0.9"], "10.0.0.9"),
        (CADDY, ["203.0.113.7:4711"], "203.0.113.7"),
        (CADDY, ["[2001:db8::7]:4711"], "2001:db8::7"),
    ],
)
def test_the_client_is_whom_the_last_trusted_proxy_heard(peer: str, forwarded: list[str], found: str) -> None:
    assert client(peer, forwarded, TRUSTED) == found


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        # Nobody believes a client that comes straight to us.
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        # The proxy adds whom it heard behind what that one made up.
        (CADDY, ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        (CADDY, ["10.0.0.1, 203.0.113.7"], "203.0.113.7"),
        (CADDY, ["127.0.0.1", "203.0.113.7"], "203.0.113.7"),
        (CADDY, ["198.51.100.1, not an address"], CADDY),
        (CADDY, [""], CADDY),
        (CADDY, ["198.51.100.1, unknown, 10.0.0.4"], "10.0.0.4"),
    ],
)
def test_what_a_client_makes_up_is_not_believed(peer: str, forwarded: list[str], found: str) -> None:
    assert client(peer, forwarded, TRUSTED) == found


def test_without_trusted_proxies_nobody_is_believed() -> None:
    assert client(CADDY, ["203.0.113.7"], []) == CADDY
