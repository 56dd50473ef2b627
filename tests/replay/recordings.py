"""Where the recorded dialogues are."""

import os
from pathlib import Path

import pytest

from tests.replay import invented

BESIDE_THE_CHECKOUT = Path(__file__).parents[3] / "shared" / "data"


def dialogues(folder: Path, count: int) -> Path:
    """A file of real dialogues, or `count` invented ones where there is no folder of recordings.

    Fails when `SHOPBELL_TEST_DATA` names a folder that is not there.
    """
    named = os.environ.get("SHOPBELL_TEST_DATA")
    recorded = Path(named) if named else BESIDE_THE_CHECKOUT
    if recorded.is_dir():
        return recorded / "star.jsonl.gz"
    if named:
        pytest.fail(f"SHOPBELL_TEST_DATA names {named}, which is not a folder")
    return invented.write(folder / "invented.jsonl", count)
