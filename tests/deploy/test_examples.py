"""The example files: each is one that its own program takes."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from shopbell.settings import from_environment

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "shopbell.service"
    # It looks whether the program is there, which here it is not.
    unit.write_text((DEPLOY / "shopbell.service").read_text().replace("/opt/shopbell/bin/shopbell", "/bin/true"))
    told = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False, timeout=30)
    assert told.stderr == ""
    assert told.returncode == 0


def test_the_settings_of_the_unit_can_be_meant() -> None:
    assert from_environment(assigned((DEPLOY / "environment").read_text().splitlines())).trusted_proxies


def test_the_settings_of_the_processes_of_the_compose_file_can_be_meant() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    given = {
        "POSTGRES_PASSWORD:?": "p", "NATS_PASSWORD:?": "n", "S3_KEY:?": "k", "S3_SECRET:?": "s",
        "SHOPBELL_SITE:?": "chat.example.org", "SHOPBELL_SMTP_URL:-": "", "SHOPBELL_MAIL_FROM:-": "",
    }  # fmt: skip
    for name in ("shopbell-1", "shopbell-2"):
        environment = services[name]["environment"]
        for variable, value in given.items():
            environment = {key: text.replace(f"${{{variable}}}", value) for key, text in environment.items()}
        settings = from_environment(environment)
        assert settings.shares
        assert settings.base_url == "https://chat.example.org"
        (proxy,) = settings.trusted_proxies
        assert str(proxy.network_address) == services["caddy"]["networks"]["inside"]["ipv4_address"]
    mounted = [tuple(services[name]["volumes"]) for name in ("shopbell-1", "shopbell-2")]
    assert mounted[0] != mounted[1]


def assigned(lines: list[str]) -> dict[str, str]:
    """The variables of a file of assignments."""
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}
