"""A customer and a shop's staff who send each other files, on a disk and in a bucket."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from shopbell.kernel.bucket import BucketFiles
from shopbell.kernel.files import DiskFiles, Files
from shopbell.settings import S3
from tests.signin.asking import Api, Clock, Json, running

PATIENCE_SECONDS = 20
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


@dataclass(frozen=True)
class Place:
    """Where a store and its files lie: on SQLite and a disk, or on PostgreSQL and a bucket."""

    database_url: str
    data: Path
    s3: S3 | None

    @asynccontextmanager
    async def serving(self, clock: Clock | None = None, **settings: Any) -> AsyncIterator[Api]:
        async with running(self.database_url, self.data, clock, s3=self.s3, **settings) as api:
            yield api

    def files(self) -> Files:
        """The same files, as another process finds them."""
        folder = self.data / "files"
        if self.s3 is None:
            return DiskFiles(folder)
        s3 = self.s3
        return BucketFiles(
            folder / "incoming", endpoint=s3.endpoint, bucket=s3.bucket, region=s3.region, key=s3.key,
            secret=s3.secret, path_style=s3.path_style,
        )  # fmt: skip

    async def kept(self) -> set[str]:
        """The names of everything kept."""
        files = self.files()
        return {name for folder in await files.folders() for name in await files.names(folder)}

    async def clear(self) -> None:
        """Remove what the tests before this one left in the bucket."""
        files = self.files()
        for name in await self.kept():
            await files.remove(name)

    async def keep(self, name: str, data: bytes = b"nobody's") -> None:
        """Leave bytes that no row names."""
        files = self.files()
        files.open()
        with files.receiving() as incoming:
            await incoming.write(data)
            await files.keep(incoming, name)


@dataclass(frozen=True)
class Exchange:
    """One conversation; tokens of its customer, of the Owner, who holds its ticket, and of others."""

    api: Api
    business: str
    conversation: str
    person: str
    owner: str

    async def upload(self, token: str | None, data: bytes, name: str = "file.bin", **fields: str) -> httpx.Response:
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        path = f"/api/v1/conversations/{self.conversation}/attachments"
        return await self.api.http.post(path, files={"file": (name, data)}, data=fields, headers=headers)

    async def sent(self, token: str, data: bytes = PNG, name: str = "file.bin", **fields: str) -> Json:
        """An uploaded file that waits to be posted."""
        answer = await self.upload(token, data, name, **fields)
        assert answer.status_code == 201, answer.text
        sent: Json = answer.json()
        return sent

    async def post(
        self, token: str, *attachments: str, text: str = "", nonce: str | None = None, conversation: str | None = None
    ) -> httpx.Response:
        body = {"nonce": nonce or secrets.token_hex(8), "text": text, "attachments": attachments}
        return await self.api.ask(
            "POST", f"/conversations/{conversation or self.conversation}/messages", body, token=token
        )

    async def posted(self, token: str, data: bytes = PNG, name: str = "file.bin") -> tuple[Json, Json]:
        """A file that was sent and posted, and its message."""
        sent = await self.sent(token, data, name)
        answer = await self.post(token, sent["id"])
        assert answer.status_code == 201, answer.text
        return sent, answer.json()

    async def fetch(self, token: str | None, attachment_id: str, method: str = "GET", **headers: str) -> httpx.Response:
        return await self.api.ask(method, f"/attachments/{attachment_id}", token=token, **headers)

    async def last(self, token: str) -> Json:
        page = await self.api.done("GET", f"/conversations/{self.conversation}/messages", token=token)
        found: Json = page["items"][-1]
        return found

    async def withdraw(self, token: str, message_id: str) -> httpx.Response:
        return await self.api.ask("DELETE", f"/conversations/{self.conversation}/messages/{message_id}", token=token)


async def begun(api: Api) -> Exchange:
    """A shop, its customer, and a held ticket."""
    owner, person = await api.register(), await api.sign_up()
    business, token = owner["business"]["id"], person["token"]
    conversation = (await api.done("POST", f"/businesses/{business}/conversation", token=token))["id"]
    exchange = Exchange(api, business, conversation, token, owner["token"])
    assert (await exchange.post(token, text="Hello")).status_code == 201
    assert (await exchange.post(owner["token"], text="Yes?")).status_code == 201
    return exchange


async def until(happened: Any) -> None:
    """Return once what `happened` tells is true."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await happened():
            await asyncio.sleep(0.02)
