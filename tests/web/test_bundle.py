"""The bundle: built from these sources, small, and kept by browsers for good."""

import gzip
import re

import httpx
import pytest

from shopbell.web import bundling
from shopbell.web.assets import Assets
from shopbell.web.pages import POLICY
from tests.running import Server

# In bytes as they travel, compressed.
MOST = {"console.js": 60_000, "member.js": 60_000, "portal.js": 20_000, "worker.js": 5_000}
MOST_OF_A_SHEET = 20_000


def test_the_bundle_is_built_from_the_sources_as_they_are() -> None:
    assert bundling.built() == bundling.fingerprint(), "run ./dev setup"


@pytest.mark.parametrize("name", sorted({*bundling.SCRIPTS, *bundling.SHEETS} - {"look.js", "look.css"}))
def test_a_file_of_the_bundle_is_small(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = Assets().named(name)
    size = len(file.squeezed or file.content)
    with capsys.disabled():
        print(f"\n{name:12} {size:>7,} bytes compressed, {len(file.content):>7,} in all", end=" ")
    assert size <= MOST.get(name, MOST_OF_A_SHEET)


def test_what_a_page_loads_may_be_kept_for_good_and_is_named_by_its_content(dev_server: Server) -> None:
    page = httpx.get(dev_server.url + "/app").text
    loaded = re.findall(r'(?:href|src)="(/assets/[^"]+)"', page)
    assert {path.rpartition(".")[2] for path in loaded} >= {"js", "css", "svg"}
    for path in loaded:
        answer = httpx.get(dev_server.url + path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert re.search(r"\.[0-9a-f]{10}\.\w+$", path)


def test_a_file_travels_compressed_to_whoever_can_read_that(dev_server: Server) -> None:
    path = dev_server.url + "/assets/" + Assets().path("console.css").rpartition("/")[2]
    plain = httpx.get(path, headers={"Accept-Encoding": "identity"})
    squeezed = httpx.get(path, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert squeezed.headers["content-encoding"] == "gzip"
    assert int(squeezed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert squeezed.content == plain.content == gzip.decompress(_raw(path))
    assert plain.headers["vary"] == squeezed.headers["vary"] == "Accept-Encoding"


def test_a_file_that_is_not_in_the_bundle_is_not_found(dev_server: Server) -> None:
    for name in ("console.js", "manifest.json", "..%2fpages.py", "console.0000000000.js"):
        assert httpx.get(f"{dev_server.url}/assets/{name}").status_code == 404


def test_the_service_worker_is_asked_for_anew_and_looks_after_the_member_app_alone(dev_server: Server) -> None:
    answer = httpx.get(dev_server.url + "/app/worker.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers.get_list("content-security-policy") == ["default-src 'none'; connect-src 'self'"]
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["service-worker-allowed"] == "/app"


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    assert POLICY.startswith("default-src 'none'")
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


def _raw(path: str) -> bytes:
    with httpx.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        return b"".join(answer.iter_raw())
