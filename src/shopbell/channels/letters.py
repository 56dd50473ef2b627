"""What our mails say."""

from urllib.parse import quote

from shopbell.channels.email import Mail


def password_reset(base_url: str, to: str, name: str, token: str) -> Mail:
    """The link holds for an hour."""
    return Mail(
        to,
        "Set a new password for Shopbell",
        f"{_greeting(name)}\n\n"
        "somebody, probably you, asked for a new password. Choose one here within an hour:\n\n"
        f"{_link(base_url, token)}\n\n"
        "If it was not you, do nothing: your password stays as it is.\n",
    )


def invitation(base_url: str, to: str, name: str, business: str, token: str) -> Mail:
    """The link holds for a day."""
    return Mail(
        to,
        "You can now answer customers on Shopbell",
        f"{_greeting(name)}\n\n"
        f"{_one_line(business)} has added you to its team on Shopbell."
        " Choose a password here within 24 hours:\n\n"
        f"{_link(base_url, token)}\n\n"
        "If that is too late, ask whoever added you to send this e-mail again.\n",
    )


def _greeting(name: str) -> str:
    return f"Hello {_one_line(name)}," if name else "Hello,"


def _link(base_url: str, token: str) -> str:
    return f"{base_url}/password?token={quote(token, safe='')}"


def _one_line(text: str) -> str:
    """A name somebody chose cannot begin a line of its own in our text."""
    return " ".join(text.split())
