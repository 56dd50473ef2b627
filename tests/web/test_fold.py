"""The fold of the pages obeys the snapshot law, on lives that nobody has thought of."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given

import shopbell
from tests.desk_world import Step
from tests.engines import SqliteTemplate
from tests.laws.conftest import Bench
from tests.laws.fold import PERSON, STAFF, Json
from tests.laws.steps import enough, lives
from tests.web.recording import TOUR, recorded

WEB = Path(shopbell.__file__).parent / "web"
STOPS = 5
# The two that are about the shop itself and that no step does.
ELSEWHERE = {"staff_added", "profile_changed"}


@pytest.fixture(scope="module")
def bench(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with asyncio.Runner() as runner:
        bench = Bench(sqlite_template.copy_to(tmp_path_factory.mktemp("fold")), runner)
        yield bench
        bench.run(bench.desk.stop())


@given(steps=lives)
@enough(smoke=320, short=4_000, long=20_000)
def test_what_pages_fold_is_what_they_would_fetch(bench: Bench, steps: list[Step]) -> None:
    each = -(-len(steps) // STOPS)
    streams = recorded(bench, [steps[at : at + each] for at in range(0, len(steps), each)])
    assert _folded(streams) == _heard(streams)


def test_pages_fold_every_kind_of_event(bench: Bench) -> None:
    streams = recorded(bench, TOUR)
    names = {frame["name"] for stream in streams for frames in stream["frames"] for frame in frames}
    assert names == {*STAFF, *PERSON} - ELSEWHERE
    assert _folded(streams) == _heard(streams)


def test_a_fold_that_misses_an_event_is_noticed(bench: Bench) -> None:
    streams = recorded(bench, TOUR)
    del streams[0]["frames"][1][-1]
    with pytest.raises(AssertionError, match="stop 1"):
        _folded(streams)


def _heard(streams: list[Json]) -> int:
    return sum(len(frames) for stream in streams for frames in stream["frames"])


def _folded(streams: list[Json]) -> int:
    """How many events were folded; fails with the place where state and snapshot differ."""
    done = subprocess.run(
        [Path(sys.executable).with_name("deno"), "run", "--quiet", "--cached-only", "--config", WEB / "deno.json",
         WEB / "ts" / "live" / "law.ts"],
        input=json.dumps(streams), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return int(done.stdout)
