"""One process for one data directory, told by a lock that the system itself lifts when its holder dies."""

import fcntl
import os
from pathlib import Path
from typing import Self


class Taken(Exception):
    """Another process has the directory; the text says which."""


class DirectoryLock:
    """The exclusive right to a data directory, from entering to leaving; makes a missing directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file = -1

    def __enter__(self) -> Self:
        # What people write is for the one who runs the server, not for every account of the machine.
        os.umask(0o077)
        self._directory.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self._directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._file, 20, 0).decode(errors="replace").strip()
            os.close(self._file)
            raise Taken(
                f"{self._directory} is in use by another Shopbell (process {holder or 'unknown'})."
                " Stop that one first, or choose another directory with --data."
            ) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)
        return self

    def __exit__(self, *raised: object) -> None:
        # The file stays: removing it would let two processes hold locks on two files of one name.
        os.close(self._file)
