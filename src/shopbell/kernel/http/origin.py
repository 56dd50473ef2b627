"""Where a request that carries a cookie may come from: our own pages only."""

from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")
DEFAULT_PORTS = {"http": 80, "https": 443}


def is_own_origin(origin: str | None, host: str | None, base_url: str) -> bool:
    """Whether the `Origin` of a request is the base URL's, or that of the page it was sent to (`Host`).

    A page of another site can make a browser send our cookies, but neither a false `Origin` nor a false
    `Host` (RFC 6454, section 7.3; forbidden header names in the Fetch standard). No origin, or `null`, is
    not ours.
    """
    asked = _authority(origin)
    if asked is None:
        return False
    base = _authority(base_url)
    if base is not None and base[0] == "https" and asked[0] != "https" and asked[1] not in LOOPBACK:
        # Whoever can put a page in place of ours on plain http must not act with cookies of https.
        return False
    return asked == base or asked == _authority(f"{urlsplit(origin or '').scheme}://{host}")


def _authority(url: str | None) -> tuple[str, str, int] | None:
    """Scheme, host and port of an http(s) address, or None."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, port or DEFAULT_PORTS[parts.scheme]
