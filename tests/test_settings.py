"""Settings: defaults that run anywhere, and a clear no to what cannot be meant."""

from pathlib import Path

import pytest

from shopbell.settings import BadSettings, Settings, address, from_environment


def test_nothing_set_listens_on_this_machine_only_and_weakens_nothing() -> None:
    settings = from_environment({})
    assert settings.on_loopback
    assert settings.weakened == []
    assert settings.rate_limits and settings.costly_passwords and not settings.registration_open
    assert settings.database.startswith("sqlite:///")


def test_the_command_line_comes_before_the_environment(tmp_path: Path) -> None:
    environment = {"SHOPBELL_PORT": "9000", "SHOPBELL_DATA": "/elsewhere", "SHOPBELL_HOST": "::1"}
    settings = from_environment(environment, port=0, data=tmp_path)
    assert (settings.port, settings.data, settings.host) == (0, tmp_path, "::1")
    assert from_environment(environment).port == 9000


@pytest.mark.parametrize(
    "weak",
    [
        {"SHOPBELL_RATE_LIMITS": "off"},
        {"SHOPBELL_PASSWORD_COST": "low"},
        {"SHOPBELL_BATCH": "1"},
        {"SHOPBELL_DEV": "on"},
    ],
)
def test_what_weakens_is_refused_unless_only_this_machine_can_reach_it(weak: dict[str, str]) -> None:
    for host in ("0.0.0.0", "::", "192.168.1.4", "chat.example.org", ""):
        if host:
            with pytest.raises(BadSettings, match=r"127\.0\.0\.1"):
                from_environment({**weak, "SHOPBELL_HOST": host})
    for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost"):
        (told,) = from_environment({**weak, "SHOPBELL_HOST": host}).weakened
        assert told == "=".join(*weak.items())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHOPBELL_PORT", "http"), ("SHOPBELL_PORT", "65536"), ("SHOPBELL_PORT", "-1"), ("SHOPBELL_PORT", "٣"),
        ("SHOPBELL_REGISTRATION", "closed"), ("SHOPBELL_RATE_LIMITS", "false"), ("SHOPBELL_PASSWORD_COST", "cheap"),
        ("SHOPBELL_BATCH", "0"), ("SHOPBELL_DEV", "yes"),
        ("SHOPBELL_BASE_URL", "chat.example.org"), ("SHOPBELL_TRUSTED_PROXIES", "everybody"),
        ("SHOPBELL_TRUSTED_PROXIES", "10.0.0.1/8"), ("SHOPBELL_BASE_URL", "ftp://x"),
        ("SHOPBELL_BASE_URL", "https://x/?a"), ("SHOPBELL_BASE_URL", "https://x:99999"), ("DATABASE_URL", "mysql://x"),
        ("SHOPBELL_MAIL_FROM", "desk"), ("SHOPBELL_MAIL_FROM", "a@b\nBcc: c@d"),
        ("SHOPBELL_SMTP_URL", "mail.example.org"), ("NATS_URL", "redis://127.0.0.1"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_meant_names_its_setting(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name):
        from_environment({name: value})


def test_several_processes_need_a_database_they_can_share() -> None:
    with pytest.raises(BadSettings, match="DATABASE_URL"):
        from_environment({"NATS_URL": "nats://127.0.0.1:4222"})
    joined = {"NATS_URL": "nats://127.0.0.1", "DATABASE_URL": "postgresql://127.0.0.1/x"}
    bucket = {"SHOPBELL_S3_BUCKET": "files", "SHOPBELL_S3_KEY": "key", "SHOPBELL_S3_SECRET": "secret"}
    assert not from_environment(joined).shares
    assert not from_environment(bucket).shares
    assert from_environment({**joined, **bucket}).shares


def test_a_password_in_a_refused_address_is_not_repeated() -> None:
    for name, value in (
        ("DATABASE_URL", "mysql://u:hunter2@x"),
        ("SHOPBELL_SMTP_URL", "imap://u:hunter2@x"),
        ("NATS_URL", "redis://u:hunter2@x"),
    ):
        with pytest.raises(BadSettings) as refused:
            from_environment({name: value})
        assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("base_url", "secure"),
    [
        ("https://chat.example.org", True), ("http://127.0.0.1:8000", True), ("http://localhost:8000", True),
        ("http://chat.example.org", False), ("http://192.168.1.4:8000", False), ("http://127.0.0.1.evil.test", False),
    ],
)  # fmt: skip
def test_cookies_are_secure_where_browsers_take_such(base_url: str, secure: bool) -> None:
    assert Settings(base_url=base_url).secure_cookies is secure


def test_the_base_url_follows_from_the_port_unless_it_was_given() -> None:
    assert Settings().served_at(4711).base_url == "http://127.0.0.1:4711"
    given = from_environment({"SHOPBELL_BASE_URL": "https://chat.example.org/"})
    assert given.served_at(4711).base_url == "https://chat.example.org"


def test_an_address_can_be_reached_from_this_machine() -> None:
    assert address("0.0.0.0", 80) == "http://127.0.0.1:80"
    assert address("::1", 80) == "http://[::1]:80"
    assert address("::", 80) == "http://[::1]:80"
    assert address("shop.local", 80) == "http://shop.local:80"
