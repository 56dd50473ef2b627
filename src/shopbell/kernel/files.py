"""Uploaded bytes: received into a file of their own on this machine, then kept under a name nobody else has.

What is kept never changes. A row that names it is written after `keep` has returned and goes before `remove` is
called, so a crash leaves bytes without a row at worst, and those are found by the day in their name.
"""

import asyncio
import errno
import os
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import structlog

from shopbell.kernel import ids
from shopbell.kernel.clock import moment
from shopbell.kernel.errors import NotFound, Refusal, StorageFull

log = structlog.get_logger()

HEAD_BYTES = 16 * 1024
BUFFER_BYTES = 256 * 1024
# What is read at once, and so held in memory for each reader.
PIECE_BYTES = 256 * 1024
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
FOLDER = re.compile(r"\d{8}")


class FilesDown(Refusal):
    """Bytes can't be stored or fetched; everything else goes on."""

    status = 503
    code = "files_down"
    title = "Attachments can't be stored or fetched at present. Try again in a moment."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, retry_after=2)


def new_name(at: int) -> str:
    """A name for bytes received now, below a folder for the day; `at` in microseconds."""
    return f"{folder_of(at)}/{ids.new()}"


def folder_of(at: int) -> str:
    """The folder of everything received on the day of that instant, in UTC. Folders sort by time."""
    return f"{moment(at):%Y%m%d}"


class Incoming:
    """A file being received. `head` is its beginning, enough to tell its type."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self.size = 0
        self.head = b""
        self._file = file
        self._unwritten = bytearray()

    async def write(self, data: bytes | bytearray) -> None:
        """Add to its end. Raises StorageFull."""
        self.size += len(data)
        if len(self.head) < HEAD_BYTES:
            self.head += data[: HEAD_BYTES - len(self.head)]
        self._unwritten += data
        if len(self._unwritten) >= BUFFER_BYTES:
            await self.flush()

    async def flush(self) -> None:
        """Hand everything to the system. Raises StorageFull."""
        data, self._unwritten = self._unwritten, bytearray()
        with speaking():
            await asyncio.to_thread(self._write, memoryview(data))

    def _write(self, data: memoryview) -> None:
        # A disk that is filling up takes a part first and says so only to the next write.
        while data:
            data = data[self._file.write(data) :]

    def sync(self) -> None:
        """Wait until the disk has it; blocks."""
        os.fsync(self._file.fileno())


class Files(ABC):
    """Where uploaded bytes are kept. Every method but `receiving` raises FilesDown when the place is out of reach."""

    def __init__(self, receiving_in: Path) -> None:
        self._receiving_in = receiving_in

    def open(self) -> None:
        """Make ready, and drop what was being received when the last process died."""
        self._receiving_in.mkdir(parents=True, exist_ok=True)
        for left in self._receiving_in.iterdir():
            left.unlink()

    @contextmanager
    def receiving(self) -> Iterator[Incoming]:
        """A new file to write to, gone at the end unless it was kept. Raises StorageFull."""
        path = self._receiving_in / ids.new()
        with speaking():
            file = path.open("xb", buffering=0)
        try:
            with file:
                yield Incoming(path, file)
        finally:
            path.unlink(missing_ok=True)

    @abstractmethod
    async def keep(self, incoming: Incoming, name: str) -> None:
        """Keep what was received; when this returns no power cut can take it. Raises StorageFull."""

    @abstractmethod
    def read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to and without `end`, in pieces. Raises NotFound before the first of them."""

    @abstractmethod
    async def remove(self, name: str) -> None:
        """Remove it for good; what is not there is no error."""

    @abstractmethod
    async def folders(self) -> list[str]:
        """The folders there are, the oldest first."""

    @abstractmethod
    async def names(self, folder: str) -> list[str]:
        """The names of everything kept in a folder."""

    @abstractmethod
    async def check(self) -> None:
        """Ask whether the place can be reached."""


class DiskFiles(Files):
    """Files in a folder of this machine, for a process that is alone."""

    def __init__(self, folder: Path) -> None:
        # Within the folder, since a file can be moved without copying it only on the same disk.
        super().__init__(folder / "incoming")
        self._folder = folder
        # The last folder of a day that the disk knows of.
        self._lasting: Path | None = None

    def open(self) -> None:
        super().open()
        _sync_folder(self._folder.parent)
        _sync_folder(self._folder)

    async def keep(self, incoming: Incoming, name: str) -> None:
        await incoming.flush()
        with speaking():
            await asyncio.to_thread(self._keep, incoming, self._folder / name)

    def _keep(self, incoming: Incoming, path: Path) -> None:
        incoming.sync()
        if path.parent != self._lasting or not path.parent.exists():
            path.parent.mkdir(exist_ok=True)
            # Even where it was there: whoever made it may be waiting for the disk only now.
            _sync_folder(self._folder)
            self._lasting = path.parent
        incoming.path.rename(path)
        _sync_folder(path.parent)

    async def read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        with speaking():
            file = await asyncio.to_thread((self._folder / name).open, "rb", buffering=0)
        with file:
            file.seek(start)
            while start < end:
                with speaking():
                    piece = await asyncio.to_thread(file.read, min(PIECE_BYTES, end - start))
                if not piece:
                    raise FilesDown
                start += len(piece)
                yield piece

    async def remove(self, name: str) -> None:
        with speaking():
            await asyncio.to_thread((self._folder / name).unlink, missing_ok=True)

    async def folders(self) -> list[str]:
        with speaking():
            found = await asyncio.to_thread(os.listdir, self._folder)
        return sorted(name for name in found if FOLDER.fullmatch(name))

    async def names(self, folder: str) -> list[str]:
        with speaking(), suppress(FileNotFoundError):
            return [f"{folder}/{name}" for name in await asyncio.to_thread(os.listdir, self._folder / folder)]
        return []

    async def check(self) -> None:
        with speaking():
            await asyncio.to_thread(os.stat, self._folder)


@contextmanager
def speaking() -> Iterator[None]:
    """Turn what the system says of files into refusals."""
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound from error
    except OSError as error:
        if error.errno in NO_SPACE:
            raise StorageFull from error
        log.error("files_failed", exc_info=error)
        raise FilesDown from error


def _sync_folder(folder: Path) -> None:
    """Wait until the disk knows the names in the folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
