"""What a process did to one directory, read from its strace logs."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DATA_CALLS: Final = ("write", "writev", "pwrite64", "pwritev", "pwritev2")
SYNC_CALLS: Final = ("fsync", "fdatasync")
NAME_CALLS: Final = ("openat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat")
SIZE_CALLS: Final = ("ftruncate", "lseek")
# Ways to change a file that the replay does not know: seen on the directory, they end it with an error.
FOREIGN_CALLS: Final = (
    "open", "creat", "truncate", "fallocate", "sync_file_range", "sendfile", "copy_file_range", "splice",
    "link", "linkat", "symlink", "symlinkat", "rmdir", "sync", "syncfs",
)  # fmt: skip

LINE = re.compile(r"(?P<start>\d+\.\d+) (?P<name>\w+)\((?P<args>.*)\) += (?P<result>-?\d+)(?P<rest>.*)")
DURATION = re.compile(r"<(\d+\.\d+)>$")
HEX_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
OPEN_FILE = re.compile(r"(\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})+)>(\(deleted\))?")


@dataclass(frozen=True)
class Call:
    """One system call that succeeded; times are seconds since the epoch, paths absolute."""

    start: float
    end: float
    name: str
    args: str
    result: int
    rest: str

    @property
    def fd(self) -> int:
        """The file descriptor of its first argument."""
        return int(self.args.split("<", 1)[0].split(",", 1)[0])

    @property
    def path(self) -> str | None:
        """The path behind its first descriptor; None when that has no name (any more)."""
        return _path(self.args)

    @property
    def opened(self) -> str | None:
        """The path behind the descriptor it returned."""
        return _path(f"{self.result}{self.rest}")

    @property
    def strings(self) -> list[bytes]:
        """Its string arguments."""
        return [_bytes(text) for text in HEX_STRING.findall(self.args)]

    @property
    def last_number(self) -> int:
        """Its last argument."""
        return int(self.args.rsplit(",", 1)[1])


def words(log: Path) -> list[str]:
    """The words to put before a program so that its calls are written to files that start with `log`.

    The program stays a direct child of whoever starts it. Raises FileNotFoundError without strace.
    """
    if shutil.which("strace") is None:
        raise FileNotFoundError("strace is not installed: apt-get install strace")
    traced = ",".join((*DATA_CALLS, *SYNC_CALLS, *NAME_CALLS, *SIZE_CALLS, *FOREIGN_CALLS))
    return [
        *("strace", "-D", "-ff", "-ttt", "-T", "-y", "-xx", "-z", "-s", "100000000", "--seccomp-bpf"),
        *("-e", f"trace={traced}", "-e", "signal=none", "-o", str(log)),
    ]


def calls(log: Path, directory: Path) -> list[Call]:
    """Every call of every thread that touched the directory, in the order they ended."""
    inside = _hex(str(directory))
    found = [call for path in log.parent.glob(log.name + ".*") for call in _of_thread(path.read_text(), inside)]
    return sorted(found, key=lambda call: (call.end, call.start))


def _of_thread(text: str, inside: str) -> Iterator[Call]:
    for line in text.splitlines():
        if inside not in line or (match := LINE.match(line)) is None:
            continue
        start = float(match["start"])
        duration = DURATION.search(match["rest"])
        # A call that was cut short by the kill has no duration and no result, so it is no line here.
        if duration is None or int(match["result"]) < 0:
            continue
        yield Call(
            start, start + float(duration[1]), match["name"], match["args"], int(match["result"]),
            match["rest"],
        )  # fmt: skip


def _path(text: str) -> str | None:
    match = OPEN_FILE.match(text)
    return None if match is None or match[3] else _bytes(match[2]).decode()


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _hex(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())
