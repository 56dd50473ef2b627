"""What is kept on the disk stays there, whoever made its folder."""

import os
from pathlib import Path

import pytest

from shopbell.kernel.files import DiskFiles

DAY = "20260101"


async def kept(files: DiskFiles, name: str) -> None:
    with files.receiving() as incoming:
        await incoming.write(b"bytes")
        await files.keep(incoming, f"{DAY}/{name}")


async def test_a_folder_that_another_has_just_made_is_waited_for_as_well_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = DiskFiles(tmp_path)
    files.open()
    waited_for: list[Path] = []
    sync = os.fsync

    def noted(descriptor: int) -> None:
        waited_for.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    # By an upload that has not come further yet.
    (tmp_path / DAY).mkdir()
    await kept(files, "first")
    assert waited_for[1:] == [tmp_path, tmp_path / DAY]
    waited_for.clear()
    await kept(files, "second")
    assert waited_for[1:] == [tmp_path / DAY]
