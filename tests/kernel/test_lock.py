"""One process for one data directory."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shopbell.kernel.lock import DirectoryLock, Taken

HOLD = """
import sys, time
from pathlib import Path
from shopbell.kernel.lock import DirectoryLock
with DirectoryLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_process_is_told_who_has_the_directory_until_that_one_dies(tmp_path: Path) -> None:
    directory = tmp_path / "deep" / "data"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(directory)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Taken, match=rf"process {holder.pid}\b"), DirectoryLock(directory):
            pass
    finally:
        os.kill(holder.pid, signal.SIGKILL)
        holder.communicate()
    with DirectoryLock(directory):
        assert (directory / "lock").read_text().strip() == str(os.getpid())


def test_the_directory_is_free_again_after_a_clean_end(tmp_path: Path) -> None:
    for _ in range(2):
        with DirectoryLock(tmp_path):
            pass
