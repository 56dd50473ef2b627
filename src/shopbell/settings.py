"""What the operator may choose; every default runs on a laptop."""

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

DEFAULT_PORT = 8_000
DEFAULT_BATCH = 256

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class BadSettings(Exception):
    """The settings contradict themselves or can't be served; the text says which and what to do."""


class CannotServe(Exception):
    """Serving cannot begin; the text says why and what to do."""


class S3(msgspec.Struct, frozen=True, kw_only=True):
    """A bucket for attachments; `endpoint` is empty for Amazon's own. Path style has its name behind the host's."""

    endpoint: str
    bucket: str
    region: str
    key: str
    secret: str
    path_style: bool


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one process. `port` 0 picks a free one; `base_url` has no slash at its end."""

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    data: Path = Path("data")
    base_url: str = ""
    trusted_proxies: tuple[Network, ...] = ()
    database_url: str = ""
    nats_url: str = ""
    registration_open: bool = False
    rate_limits: bool = True
    costly_passwords: bool = True
    batch: int = DEFAULT_BATCH
    dev: bool = False
    smtp_url: str = ""
    mail_from: str = ""
    s3: S3 | None = None

    def __post_init__(self) -> None:
        if self.nats_url and not self.database_url.startswith(("postgresql://", "postgres://")):
            raise BadSettings(
                "NATS_URL joins several processes, and they need a PostgreSQL to share:"
                " set DATABASE_URL to it, or leave NATS_URL out."
            )
        if self.weakened and not self.on_loopback:
            raise BadSettings(
                f"{', '.join(self.weakened)} is for tests on this machine alone: listen on 127.0.0.1, or leave it out."
            )

    @property
    def on_loopback(self) -> bool:
        """Whether only programs of this machine can reach the server."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def weakened(self) -> list[str]:
        """The settings that take protection away, as the operator wrote them."""
        return [
            setting
            for setting, weak in (
                ("SHOPBELL_RATE_LIMITS=off", not self.rate_limits),
                ("SHOPBELL_PASSWORD_COST=low", not self.costly_passwords),
                (f"SHOPBELL_BATCH={self.batch}", self.batch != DEFAULT_BATCH),
                ("SHOPBELL_DEV=on", self.dev),
            )
            if weak
        ]

    @property
    def secure_cookies(self) -> bool:
        """Whether browsers take `__Host-` and Secure cookies from the base URL: on https, and on loopback."""
        base = urlsplit(self.base_url)
        return base.scheme == "https" or base.hostname in ("localhost", "127.0.0.1", "::1")

    @property
    def warnings(self) -> list[str]:
        """What the operator should put right, though it can be served so."""
        if self.secure_cookies:
            return []
        return ["The base URL is plain http: whoever listens on the way can take over a session. Put TLS in front."]

    @property
    def database(self) -> str:
        """The address of the database: the given one, or the file in the data directory."""
        return self.database_url or f"sqlite:///{self.data / 'shopbell.db'}"

    @property
    def shares(self) -> bool:
        """Whether other processes may serve the same database: they hear this one, and read its files."""
        return bool(self.nats_url) and self.s3 is not None

    @property
    def sender(self) -> str:
        """The address mail comes from."""
        return self.mail_from or f"shopbell@{urlsplit(self.base_url).hostname or 'localhost'}"

    def served_at(self, port: int) -> "Settings":
        """The settings with the port that was found, and the base URL that follows where none was given."""
        return msgspec.structs.replace(self, port=port, base_url=self.base_url or address(self.host, port))


def from_environment(
    environment: Mapping[str, str],
    *,
    host: str | None = None,
    port: int | None = None,
    data: Path | None = None,
    base_url: str | None = None,
) -> Settings:
    """The settings of the environment; those given on the command line come first. Raises BadSettings."""
    return Settings(
        host=host or environment.get("SHOPBELL_HOST") or Settings().host,
        port=_port(environment) if port is None else port,
        data=(data or Path(environment.get("SHOPBELL_DATA") or Settings().data)).absolute(),
        base_url=_base_url(base_url or environment.get("SHOPBELL_BASE_URL", "")),
        trusted_proxies=_networks(environment.get("SHOPBELL_TRUSTED_PROXIES", "")),
        database_url=_database_url(environment.get("DATABASE_URL", "")),
        nats_url=_nats_url(environment.get("NATS_URL", "")),
        registration_open=_choice(environment, "SHOPBELL_REGISTRATION", "first", "open") == "open",
        rate_limits=_choice(environment, "SHOPBELL_RATE_LIMITS", "on", "off") == "on",
        costly_passwords=_choice(environment, "SHOPBELL_PASSWORD_COST", "high", "low") == "high",
        batch=_number(environment, "SHOPBELL_BATCH", DEFAULT_BATCH, 1, 10_000),
        dev=_choice(environment, "SHOPBELL_DEV", "off", "on") == "on",
        smtp_url=_smtp_url(environment.get("SHOPBELL_SMTP_URL", "")),
        mail_from=_mail_from(environment.get("SHOPBELL_MAIL_FROM", "")),
        s3=_s3(environment),
    )


def _port(environment: Mapping[str, str]) -> int:
    return _number(environment, "SHOPBELL_PORT", DEFAULT_PORT, 0, 65_535)


def _number(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    given = environment.get(name, "")
    if not given:
        return default
    if not given.isascii() or not given.isdigit() or not least <= int(given) <= most:
        raise BadSettings(f"{name} must be a number from {least} to {most}, not {given!r}.")
    return int(given)


def _choice(environment: Mapping[str, str], name: str, default: str, other: str) -> str:
    given = environment.get(name) or default
    if given not in (default, other):
        raise BadSettings(f"{name} must be {default!r} or {other!r}, not {given!r}.")
    return given


def _base_url(given: str) -> str:
    if not given:
        return ""
    try:
        base = urlsplit(given)
        usable = base.scheme in ("http", "https") and base.hostname and (base.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or "?" in given or "#" in given:
        raise BadSettings(f"SHOPBELL_BASE_URL must look like https://chat.example.org, not {given!r}.")
    return given.rstrip("/")


def _networks(given: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(one.strip()) for one in given.split(",") if one.strip())
    except ValueError as error:
        raise BadSettings(
            f"SHOPBELL_TRUSTED_PROXIES must list addresses and networks, like 127.0.0.1, 10.0.0.0/8: {error}."
        ) from error


def _database_url(given: str) -> str:
    # The address may hold a password, so it is not repeated.
    if given and not given.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise BadSettings("DATABASE_URL must start with postgresql:// or sqlite:///.")
    return given


def _nats_url(given: str) -> str:
    # The address may hold a password, so it is not repeated.
    if given and not (given.startswith(("nats://", "tls://")) and urlsplit(given).hostname):
        raise BadSettings("NATS_URL must look like nats://host:4222 or tls://user:password@host:4222.")
    return given


def _smtp_url(given: str) -> str:
    if given and not (given.startswith(("smtp://", "smtps://", "smtp+starttls://")) and urlsplit(given).hostname):
        raise BadSettings(
            "SHOPBELL_SMTP_URL must look like smtps://user:password@host:465, smtp+starttls:// or smtp://."
        )
    return given


def _mail_from(given: str) -> str:
    if given and not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", given):
        raise BadSettings(f"SHOPBELL_MAIL_FROM must be an e-mail address, like desk@example.org, not {given!r}.")
    return given


def _s3(environment: Mapping[str, str]) -> S3 | None:
    bucket = environment.get("SHOPBELL_S3_BUCKET", "")
    key = environment.get("SHOPBELL_S3_KEY", "")
    secret = environment.get("SHOPBELL_S3_SECRET", "")
    endpoint = environment.get("SHOPBELL_S3_ENDPOINT", "")
    if not (bucket or key or secret or endpoint):
        return None
    if not (bucket and key and secret):
        raise BadSettings("SHOPBELL_S3_BUCKET, SHOPBELL_S3_KEY and SHOPBELL_S3_SECRET belong together: set all three.")
    if endpoint and not (endpoint.startswith(("https://", "http://")) and urlsplit(endpoint).hostname):
        raise BadSettings(f"SHOPBELL_S3_ENDPOINT must look like https://s3.example.org, not {endpoint!r}.")
    return S3(
        endpoint=endpoint.rstrip("/"),
        bucket=bucket,
        region=environment.get("SHOPBELL_S3_REGION") or "us-east-1",
        key=key,
        secret=secret,
        path_style=_choice(environment, "SHOPBELL_S3_PATH_STYLE", "on", "off") == "on",
    )


def address(host: str, port: int) -> str:
    """Where a server that listens on the host can be reached from this machine."""
    reachable = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "[::1]"}.get(host, host)
    if ":" in reachable and not reachable.startswith("["):
        reachable = f"[{reachable}]"
    return f"http://{reachable}:{port}"
