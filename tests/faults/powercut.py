"""A data directory as it may stand after the power went at a chosen instant.

The model is a strict disk: the bytes of a file last from an fsync of it on, its name from an fsync of its
folder on. Of everything else a cut keeps nothing, or, torn, any sectors and the first few names.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tests.faults.strace import DATA_CALLS, SYNC_CALLS, Call

SECTOR_BYTES = 512
# SQLite rebuilds its shared-memory index; it is mapped, so its writes are in no log anyway.
UNNEEDED_SUFFIX = "-shm"

Tear = Literal["nothing", "some"]


class UnknownCall(Exception):
    """The process changed the directory in a way this replay does not understand."""


@dataclass(frozen=True)
class Change:
    """Bytes written at an offset, or with `None` a new size; `end` is when the call returned."""

    end: float
    offset: int
    data: bytes | None

    def done_to(self, content: bytearray) -> None:
        if self.data is None:
            del content[self.offset :]
            content.extend(bytes(self.offset - len(content)))
            return
        content.extend(bytes(max(0, self.offset - len(content))))
        content[self.offset : self.offset + len(self.data)] = self.data

    def torn(self, chance: random.Random) -> "Iterator[Change]":
        """Some of its sectors."""
        if self.data is None:
            if chance.random() < 0.5:
                yield self
            return
        for start in range(0, len(self.data), SECTOR_BYTES):
            if chance.random() < 0.5:
                yield Change(self.end, self.offset + start, self.data[start : start + SECTOR_BYTES])


@dataclass(eq=False)
class File:
    """What of a file is on the disk, and what is only on its way there."""

    synced: bytearray = field(default_factory=bytearray)
    pending: list[Change] = field(default_factory=list)
    size: int = 0

    def change(self, change: Change) -> None:
        self.pending.append(change)
        end = change.offset + len(change.data or b"")
        self.size = change.offset if change.data is None else max(self.size, end)

    def sync(self, started: float) -> None:
        """Put on the disk what was written before the sync began."""
        for change in [c for c in self.pending if c.end <= started]:
            change.done_to(self.synced)
        self.pending = [c for c in self.pending if c.end > started]


@dataclass(frozen=True)
class Naming:
    """A change of names in a folder: `file` now stands at `path`, or with None nothing does."""

    folder: str
    path: str
    file: File | None


class Disk:
    """Follows the calls on one directory; ask `rebuild` for what a cut after the last of them leaves."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._now: dict[str, File] = {}
        self._lasting: dict[str, File] = {}
        self._namings: list[Naming] = []
        self._folders: list[str] = []
        self._positions: dict[int, int] = {}

    def follow(self, calls: Iterable[Call], until: float) -> None:
        """Take in every call that had begun at that instant; a sync counts only when it had ended."""
        for call in calls:
            if call.start <= until and (call.name not in SYNC_CALLS or call.end <= until):
                self._take(call)

    def rebuild(self, target: Path, tear: Tear, chance: random.Random) -> None:
        """Write the directory as it stands after the cut into the empty `target`."""
        lasting = dict(self._lasting)
        if tear == "some":
            for naming in self._namings[: chance.randrange(len(self._namings) + 1)]:
                _name(lasting, naming)
        for folder in self._folders:
            (target / Path(folder).relative_to(self._directory)).mkdir(parents=True, exist_ok=True)
        for path, file in lasting.items():
            content = bytearray(file.synced)
            if tear == "some":
                for change in file.pending:
                    for part in change.torn(chance):
                        part.done_to(content)
            place = target / Path(path).relative_to(self._directory)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)

    def _take(self, call: Call) -> None:
        name = call.name
        if name == "openat":
            self._open(call)
        elif name in ("rename", "renameat", "renameat2"):
            self._rename(*self._names(call))
        elif name in ("unlink", "unlinkat"):
            self._name(self._names(call)[-1], None)
        elif name in ("mkdir", "mkdirat"):
            self._folders.append(self._names(call)[-1])
        elif (
            (path := call.path) is None
            or not Path(path).is_relative_to(self._directory)
            or path.endswith(UNNEEDED_SUFFIX)
        ):
            return
        elif name in SYNC_CALLS:
            self._sync(path, call.start)
        elif name in DATA_CALLS:
            self._write(call, self._now[path])
        elif name == "ftruncate":
            self._now[path].change(Change(call.end, call.last_number, None))
        elif name == "lseek":
            self._positions[call.fd] = call.result
        else:
            raise UnknownCall(call.args[:200])

    def _names(self, call: Call) -> list[str]:
        names = [text.decode() for text in call.strings]
        if not all(name.startswith("/") for name in names):
            raise UnknownCall(f"{call.name} of {names}")
        return names

    def _open(self, call: Call) -> None:
        path = call.opened
        if path is None or not Path(path).is_relative_to(self._directory) or path.endswith(UNNEEDED_SUFFIX):
            return
        self._positions[call.result] = 0
        if path not in self._now and "O_CREAT" in call.args:
            self._name(path, File())
        if path in self._now:
            if "O_TRUNC" in call.args:
                self._now[path].change(Change(call.end, 0, None))
            if "O_APPEND" in call.args:
                self._positions[call.result] = -1

    def _write(self, call: Call, file: File) -> None:
        data = b"".join(call.strings)[: call.result]
        if call.name.startswith("p"):
            offset = call.last_number if call.name != "pwritev2" else int(call.args.rsplit(",", 2)[1])
        else:
            position = self._positions.get(call.fd, 0)
            offset = file.size if position < 0 else position
            self._positions[call.fd] = position if position < 0 else position + len(data)
        file.change(Change(call.end, offset, data))

    def _sync(self, path: str, started: float) -> None:
        if path in self._now:
            self._now[path].sync(started)
        for naming in [n for n in self._namings if n.folder == path]:
            _name(self._lasting, naming)
        self._namings = [n for n in self._namings if n.folder != path]

    def _rename(self, old: str, new: str) -> None:
        if old not in self._now:
            raise UnknownCall(f"rename of {old}, which is no file seen here")
        file = self._now[old]
        self._name(new, file)
        self._name(old, None)

    def _name(self, path: str, file: File | None) -> None:
        if path.endswith(UNNEEDED_SUFFIX) or not Path(path).is_relative_to(self._directory):
            return
        naming = Naming(str(Path(path).parent), path, file)
        _name(self._now, naming)
        self._namings.append(naming)


def _name(names: dict[str, File], naming: Naming) -> None:
    if naming.file is None:
        names.pop(naming.path, None)
    else:
        names[naming.path] = naming.file


def after_cut(calls: Iterable[Call], directory: Path, target: Path, *, at: float, tear: Tear, seed: int) -> None:
    """Write into `target` what a cut at that time of day (seconds since the epoch) leaves of `directory`."""
    disk = Disk(directory)
    disk.follow(calls, at)
    disk.rebuild(target, tear, random.Random(seed))
