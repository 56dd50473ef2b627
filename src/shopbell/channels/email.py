"""E-mail: into a folder where no mail server is named, else over SMTP."""

import asyncio
import os
import re
import tempfile
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

SEND_SECONDS = 30
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
UNSAFE_IN_NAME = re.compile(r"[^A-Za-z0-9@._+-]")
NAME_LENGTH = 120


class Mail(msgspec.Struct, frozen=True):
    """A plain text to one person."""

    to: str
    subject: str
    text: str


class Mailbox(Protocol):
    """Where mail is put to go out. `send` returns when it was taken over for good, and raises when not."""

    async def send(self, mail: Mail) -> None: ...


def mailbox(smtp_url: str, folder: Path, sender: str) -> Mailbox:
    """The mail server at the URL, or the folder where there is none."""
    return SmtpServer(urlsplit(smtp_url), sender) if smtp_url else MailFolder(folder, sender)


class MailFolder:
    """Each mail is a file `<time>-<to>.eml`, whole from the moment it has that name."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        await asyncio.to_thread(self._write, mail)

    def _write(self, mail: Mail) -> None:
        content = bytes(message(mail, self._sender))
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".new-") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            self._name(Path(file.name), mail.to)
        _sync(self._folder)

    def _name(self, file: Path, to: str) -> None:
        """Give the file its name by a link, which unlike renaming never replaces another mail."""
        safe = UNSAFE_IN_NAME.sub("_", to)[:NAME_LENGTH]
        while True:
            time = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
            try:
                return os.link(file, self._folder / f"{time}-{safe}.eml")
            except FileExistsError:
                continue


class SmtpServer:
    """`smtps://` speaks TLS from the first byte, `smtp+starttls://` insists on it before anything is sent."""

    def __init__(self, server: SplitResult, sender: str) -> None:
        self._server = server
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        # Imported on demand: most installations begin with the folder.
        import aiosmtplib  # noqa: PLC0415

        server = self._server
        await aiosmtplib.send(
            message(mail, self._sender),
            hostname=server.hostname,
            port=server.port or PORTS[server.scheme],
            username=unquote(server.username) if server.username else None,
            password=unquote(server.password) if server.password else None,
            use_tls=server.scheme == "smtps",
            start_tls=server.scheme == "smtp+starttls",
            timeout=SEND_SECONDS,
        )


def message(mail: Mail, sender: str) -> EmailMessage:
    """The mail as in RFC 5322, and for addresses beyond ASCII RFC 6532. Raises ValueError for line breaks."""
    composed = EmailMessage(SMTP if mail.to.isascii() else SMTPUTF8)
    composed["From"] = _address("Shopbell", sender)
    composed["To"] = _address("", mail.to)
    composed["Subject"] = mail.subject
    composed["Date"] = format_datetime(datetime.now(UTC))
    composed["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    composed["Auto-Submitted"] = "auto-generated"
    # Any other encoding would cut links, and hide them from whoever reads the file.
    composed.set_content(mail.text, cte="7bit" if mail.text.isascii() else "8bit")
    return composed


def _address(name: str, address: str) -> Address:
    # Given in its two parts, so that nothing in it is read as another address.
    username, _, domain = address.rpartition("@")
    return Address(name, username, domain)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
