"""What is answered while the place of the files is gone or full, and that it comes back without a hand."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shopbell.kernel.files import DiskFiles, FilesDown, Incoming
from tests.conversations.exchange import PNG, Place, begun, until
from tests.gateway import Gateway
from tests.shop import refused
from tests.signin.asking import Api

pytestmark = pytest.mark.anyio

REFUSED_SECONDS = 5


@pytest.mark.parametrize("place", ["bucket"], indirect=True)
@pytest.mark.parametrize("how", ["stopped", "silent"])
async def test_without_the_bucket_files_are_refused_and_all_else_goes_on(
    place: Place, gateway: Gateway, how: str
) -> None:
    async with place.serving() as api:
        exchange = await begun(api)
        sent, message = await exchange.posted(exchange.person)
        (kept,) = await place.kept()
        away, back = (gateway.stop, gateway.start) if how == "stopped" else (gateway.pause, gateway.resume)
        away()
        try:
            for ask in (exchange.upload(exchange.person, PNG), exchange.fetch(exchange.owner, sent["id"])):
                began = time.monotonic()
                answer = await ask
                assert time.monotonic() - began < REFUSED_SECONDS
                refused(answer, 503, "files_down")
                assert int(answer.headers["retry-after"]) > 0
            assert (await exchange.post(exchange.person, text="Still here?")).status_code == 201
            assert (await exchange.withdraw(exchange.person, message["id"])).status_code == 204
            refused(await exchange.fetch(exchange.owner, sent["id"]), 404)
            assert await failing(api) == ["files"]
        finally:
            back()
        assert await failing(api) == []
        assert (await exchange.upload(exchange.person, PNG)).status_code == 201

        async def is_removed() -> bool:
            return kept not in await place.kept()

        await until(is_removed)
        assert list((place.data / "files" / "incoming").iterdir()) == []


@pytest.mark.parametrize("place", ["disk"], indirect=True)
async def test_who_may_write_no_more_is_told_that_though_the_file_cannot_be_removed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with place.serving() as api:
        exchange = await begun(api)
        person = (await api.done("GET", "/me", token=exchange.person))["person"]["id"]
        keep = DiskFiles.keep

        async def blocked_meanwhile(files: DiskFiles, incoming: Incoming, name: str) -> None:
            await keep(files, incoming, name)
            await api.done("PUT", f"/members/{person}/block", token=exchange.owner)

        async def out_of_reach(files: DiskFiles, name: str) -> None:
            raise FilesDown

        monkeypatch.setattr(DiskFiles, "keep", blocked_meanwhile)
        monkeypatch.setattr(DiskFiles, "remove", out_of_reach)
        refused(await exchange.upload(exchange.person, PNG), 403, "blocked")


async def failing(api: Api) -> list[str]:
    answer = await api.http.get("/health/ready")
    assert answer.status_code == 200, answer.text
    found: list[str] = answer.json()["failing"]
    return found


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes, where the machine lets us have one."""
    folder = tmp_path / "files"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "shopbell-test", folder], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("place", ["disk"], indirect=True)
async def test_a_full_disk_refuses_files_keeps_nothing_of_them_and_recovers(place: Place, small_disk: Path) -> None:
    async with place.serving() as api:
        exchange = await begun(api)
        sent, _ = await exchange.posted(exchange.person)
        for _ in range(3):
            refused(await exchange.upload(exchange.person, os.urandom(3_000_000)), 507, "storage_full")
            assert list((small_disk / "incoming").iterdir()) == []
        assert (await exchange.fetch(exchange.owner, sent["id"])).content == PNG
        assert (await exchange.post(exchange.person, text="Still here?")).status_code == 201
        assert (await exchange.upload(exchange.person, os.urandom(1_000_000))).status_code == 201


async def test_what_was_on_its_way_when_the_process_died_is_gone_at_the_next_start(place: Place) -> None:
    left = place.data / "files" / "incoming" / "left"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half of it")
    async with place.serving():
        assert not left.exists()
