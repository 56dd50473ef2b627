"""Files in a bucket that speaks S3, where several processes reach them. Imported only where there is one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import S3Store

from shopbell.kernel.errors import NotFound
from shopbell.kernel.files import FOLDER, PIECE_BYTES, Files, FilesDown, Incoming

log = structlog.get_logger()

# Whatever is asked of a bucket, but to take a file, is refused after this time, so that nobody waits in vain.
ANSWER_SECONDS = 4
KEEP_SECONDS = 60
# S3 takes no smaller part, and each file under way holds one in memory.
PART_BYTES = 5 << 20
NOWHERE = "nowhere"


class BucketFiles(Files):
    """Files in one bucket. `endpoint` is empty for Amazon's own."""

    def __init__(
        self, receiving_in: Path, *, endpoint: str, bucket: str, region: str, key: str, secret: str, path_style: bool
    ) -> None:
        super().__init__(receiving_in)
        scheme, _, host = endpoint.partition("://")
        at = endpoint if path_style or not endpoint else f"{scheme}://{bucket}.{host}"
        self._store = S3Store(
            bucket,
            endpoint=at or None,
            region=region,
            access_key_id=key,
            secret_access_key=secret,
            virtual_hosted_style_request=not path_style,
            # Not every server knows it, and what is removed here is removed one by one.
            disable_bulk_delete=True,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": "2s",
                "timeout": f"{KEEP_SECONDS}s",
            },
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=2)},
        )

    async def keep(self, incoming: Incoming, name: str) -> None:
        await incoming.flush()
        # To take a large file needs longer than a bucket that is gone may keep somebody waiting.
        await self.check()
        async with _answering(KEEP_SECONDS):
            await obstore.put_async(self._store, name, incoming.path, chunk_size=PART_BYTES, max_concurrency=1)

    async def read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        # Asked for piece by piece, so that a slow reader keeps no request of ours open.
        while start < end:
            until = min(start + PIECE_BYTES, end)
            async with _answering(ANSWER_SECONDS):
                try:
                    piece = await obstore.get_range_async(self._store, name, start=start, end=until)
                except FileNotFoundError as error:
                    raise NotFound from error
            start = until
            yield bytes(piece)

    async def remove(self, name: str) -> None:
        async with _answering(ANSWER_SECONDS):
            try:
                await obstore.delete_async(self._store, name)
            except FileNotFoundError:
                return

    async def folders(self) -> list[str]:
        async with _answering(ANSWER_SECONDS):
            found = await obstore.list_with_delimiter_async(self._store)
        return sorted(folder for folder in found["common_prefixes"] if FOLDER.fullmatch(folder))

    async def names(self, folder: str) -> list[str]:
        async with _answering(KEEP_SECONDS):
            return [kept["path"] async for page in obstore.list(self._store, folder, chunk_size=1_000) for kept in page]

    async def check(self) -> None:
        # Looking for what is never there also finds out whether the bucket is.
        async with _answering(ANSWER_SECONDS):
            await obstore.list_with_delimiter_async(self._store, NOWHERE)


@asynccontextmanager
async def _answering(seconds: float) -> AsyncIterator[None]:
    """Turn what the bucket says, or its silence, into a refusal. A bucket that is not there is one out of reach."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except (BaseError, OSError) as error:
        # Its words name the address and the bucket, never a secret.
        log.error("bucket_failed", reason=type(error).__name__, said=str(error)[:300])
        raise FilesDown from error
