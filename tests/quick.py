"""Where tests that are not about durability keep their files: in memory, so that no commit waits for a disk."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder of this test alone, gone with it; on the disk where the machine has no memory to write to."""
    memory = str(MEMORY) if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="shopbell-", dir=memory) as folder:
        yield Path(folder)
