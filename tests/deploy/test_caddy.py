"""Behind Caddy, by our own example files: TLS, HTTP/2, pages, cookies and the socket, at the root and below a path."""

import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.running import LENIENT, Server

DEPLOY = Path(__file__).parents[2] / "deploy"
START_SECONDS = 20
PASSWORD = "correct horse battery staple"
# The machine's trust store is none of a test's business, and neither are ports 80 and 2019.
GLOBALS = """{{
	skip_install_trust
	auto_https disable_redirects
	admin off
	storage file_system {folder}
}}
import {file}
"""


@dataclass
class Site:
    """The product as people reach it."""

    url: str
    port: int
    server: Server

    @property
    def trusting(self) -> ssl.SSLContext:
        """Takes the certificate that the proxy made for itself."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, verify=self.trusting, trust_env=False, follow_redirects=False)


@pytest.fixture(scope="module", params=["Caddyfile", "Caddyfile.path"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    port = free_port()
    url = f"https://localhost:{port}" + ("/chat" if request.param == "Caddyfile.path" else "")
    settings = {
        **LENIENT,
        "SHOPBELL_RATE_LIMITS": "on",
        "SHOPBELL_BASE_URL": url,
        "SHOPBELL_TRUSTED_PROXIES": "127.0.0.1",
    }
    with Server(folder / "data", environment=settings) as server:
        wrapper = folder / "Caddyfile"
        wrapper.write_text(GLOBALS.format(folder=folder / "caddy", file=DEPLOY / request.param))
        with (folder / "caddy.log").open("wb") as log:
            caddy = subprocess.Popen(
                [Path(sys.executable).with_name("caddy"), "run", "--adapter", "caddyfile", "--config", wrapper],
                env={
                    "HOME": str(folder), "SHOPBELL_SITE": f"localhost:{port}",
                    "SHOPBELL_UPSTREAMS": f"127.0.0.1:{server.port}",
                },
                stdout=log, stderr=log,
            )  # fmt: skip
        try:
            found = Site(url, port, server)
            await_answer(found, folder / "caddy.log")
            yield found
        finally:
            caddy.terminate()
            caddy.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_answer(site: Site, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    with site.client() as client:
        while time.monotonic() < deadline:
            try:
                if client.get("/health/live").is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
    raise ConnectionError(log.read_text())


def owner(site: Site, name: str) -> tuple[str, str]:
    """A new business: its owner's address, and their token."""
    address = f"{name}@example.org"
    account = {"first_name": "Ada", "last_name": "L", "email": address, "password": PASSWORD}
    with site.client() as client:
        made = client.post(
            "/api/v1/businesses", json={"name": "Bakery", "time_zone": "Europe/London", "owner": account}
        )
    assert made.status_code == 201, made.text
    return address, made.json()["token"]


def test_browsers_are_offered_http_2(site: Site) -> None:
    context = site.trusting
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("localhost", site.port)) as raw,
        context.wrap_socket(raw, server_hostname="localhost") as wrapped,
    ):
        assert wrapped.selected_alpn_protocol() == "h2"


def test_a_page_names_its_parts_and_where_to_go_as_people_reach_them(site: Site) -> None:
    base = httpx.URL(site.url).path.rstrip("/")
    address, _ = owner(site, "pages")
    with site.client() as client:
        page = client.get("/sign-in")
        assert page.status_code == 200
        parts = re.findall(r'(?:href|src)="([^"]*/assets/[^"]+)"', page.text)
        assert parts
        for part in parts:
            assert part.startswith(f"{base}/assets/")
            assert client.get(httpx.URL(site.url).join(part)).status_code == 200
        away = client.get("/portal")
        assert away.status_code in (302, 303)
        assert away.headers["location"].startswith(f"{base}/sign-in")
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        form = {**hidden, "email": address, "password": PASSWORD}
        signed_in = client.post("/sign-in", data=form, headers={"Origin": f"https://localhost:{site.port}"})
        assert signed_in.status_code == 303, signed_in.text
        assert signed_in.headers["location"].startswith(f"{base}/")
        assert all("Secure" in cookie for cookie in signed_in.headers.get_list("set-cookie"))
        assert client.get(httpx.URL(site.url).join(signed_in.headers["location"])).status_code == 200


def test_the_socket_opens_for_a_page_of_the_site_and_for_no_other(site: Site) -> None:
    _, token = owner(site, "socket")
    address = site.url.replace("https", "wss", 1) + "/api/v1/live"
    with connect(address, ssl=site.trusting, origin=Origin(f"https://localhost:{site.port}")) as live:
        live.send(f'{{"type": "hello", "token": "{token}"}}')
        assert '"ready"' in str(live.recv(timeout=5))
    with pytest.raises(Exception, match="403"):
        connect(address, ssl=site.trusting, origin=Origin("https://elsewhere.example"))


def test_a_client_is_counted_as_itself_whatever_it_says_of_where_it_comes_from(site: Site) -> None:
    # The proxy passes on whom it heard, and drops what a client made up.
    with site.client() as client:
        statuses = [
            client.post(
                "/api/v1/people/sessions", json={"email": f"nobody{n}@example.org", "password": "a wrong guess"},
                headers={"X-Forwarded-For": f"203.0.113.{n}"},
            ).status_code
            for n in range(101)
        ]  # fmt: skip
    assert statuses == [401] * 100 + [429]
    assert "forwarded_for_not_believed" not in site.server.log
