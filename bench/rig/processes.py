"""CPU time and memory of processes, read from /proc (proc(5))."""

import os
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system time of all threads of `pid` and its descendants, reaped ones included, in seconds."""
    return sum(sum(_times(member)) for member in family(pid)) / TICKS_PER_SECOND


def pin(pid: int, core: int) -> None:
    """Keeps `pid` and its descendants on that core, and whatever they start from now on."""
    os.sched_setaffinity(pid, {core})
    for member in family(pid):
        for task in Path(f"/proc/{member}/task").iterdir():
            os.sched_setaffinity(int(task.name), {core})


def pss_bytes(pid: int) -> int:
    """Proportional set size of `pid` and its descendants, in bytes."""
    return sum(_pss(member) for member in family(pid))


def family(pid: int) -> list[int]:
    """`pid` and all its living descendants."""
    members = [pid]
    for member in members:
        for task in Path(f"/proc/{member}/task").glob("*/children"):
            members.extend(int(child) for child in _read(task).split())
    return members


def thread_count(pid: int) -> int:
    return sum(len(list(Path(f"/proc/{member}/task").iterdir())) for member in family(pid))


def busy_seconds() -> float:
    """Time all cores of the machine spent on anything but idling, in seconds since it started."""
    user, nice, system, _idle, _iowait, irq, softirq, *_ = map(int, _machine_times())
    return (user + nice + system + irq + softirq) / TICKS_PER_SECOND


def stolen_seconds() -> float:
    """Time the hypervisor gave to others while this machine wanted to run, in seconds since it started."""
    return int(_machine_times()[7]) / TICKS_PER_SECOND


def _machine_times() -> list[str]:
    return _read(Path("/proc/stat")).split("\n", 1)[0].split()[1:]


def _times(pid: int) -> list[int]:
    # The name may hold spaces and brackets; what follows its closing bracket is plain.
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return [int(field) for field in fields[11:15]]


def _pss(pid: int) -> int:
    for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _read(path: Path) -> str:
    """The file, or nothing when its process has just ended."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
