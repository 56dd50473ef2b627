"""Where the programs of a bench run."""

import os
import subprocess

from bench.rig.processes import family, pin


def test_what_is_pinned_keeps_its_children_on_the_core_too() -> None:
    core = min(os.sched_getaffinity(0))
    with subprocess.Popen(["sh", "-c", "sleep 60 & echo; wait"], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        members = family(parent.pid)
        pin(parent.pid, core)
        affinities = [os.sched_getaffinity(member) for member in members]
        for member in members:
            os.kill(member, 9)
    assert affinities == [{core}, {core}]
