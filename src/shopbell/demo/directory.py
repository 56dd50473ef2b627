"""A data directory that holds the demo and nothing else: known by a sheet of its accounts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shopbell.settings import BadSettings

ACCOUNTS = "demo-accounts.txt"
# Stands there while the directory is being filled, so that what an interrupted filling left may be cleared.
UNFINISHED = "demo-unfinished"
DATABASE_FILES = "shopbell.db*"
# Belongs to the process that has the directory, whatever is in it.
LOCK = "lock"


def is_filled(directory: Path) -> bool:
    """Whether the demo is there. Raises BadSettings for a directory that holds anything else."""
    if not _entries(directory) or (directory / UNFINISHED).exists():
        return False
    if (directory / ACCOUNTS).exists():
        return True
    raise BadSettings(
        f"{directory} is not empty and holds no demo. Choose an empty directory with --data,"
        " or serve what is there with `shopbell serve`."
    )


@contextmanager
def filling(directory: Path) -> Iterator[None]:
    """Clear what an interrupted filling left, and until the block ends, have the next start do the same."""
    (directory / UNFINISHED).touch()
    for left in directory.glob(DATABASE_FILES):
        left.unlink()
    yield
    (directory / UNFINISHED).unlink()


def write_accounts(directory: Path, sheet: str) -> None:
    (directory / ACCOUNTS).write_text(sheet, encoding="utf-8")


def accounts(directory: Path) -> str:
    return (directory / ACCOUNTS).read_text(encoding="utf-8")


def _entries(directory: Path) -> list[Path]:
    if not directory.exists():
        return []
    return [entry for entry in directory.iterdir() if entry.name != LOCK]
