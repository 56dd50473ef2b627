"""What the operator decided about signing in, in the words of this feature."""

import msgspec


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """`base_url` without a slash at its end; `secure_cookies` where browsers take `__Host-` and Secure."""

    base_url: str
    secure_cookies: bool
    registration_open: bool
