"""The log: one JSON object a line, from us and from libraries, and nothing of what people wrote."""

import json
import subprocess
import sys
from typing import Any

WRITE = """
import asyncio, logging, structlog
from shopbell.kernel import logs
logs.configure()
try:
    try:
        int("the diary of Ada")
    except ValueError as error:
        raise KeyError("the letters of Bea") from error
except KeyError as error:
    structlog.get_logger().error("request_failed", exc_info=error, path="/x")
logging.getLogger("some.library").warning("it %s", "happened")
logging.getLogger("some.library").info("not worth a word")

async def main():
    async def fail():
        raise RuntimeError("the secret of Cleo")
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task

asyncio.run(main())
"""


def test_errors_are_logged_by_type_and_place_without_their_text() -> None:
    written = subprocess.run([sys.executable, "-c", WRITE], capture_output=True, text=True, check=True)
    lines: list[dict[str, Any]] = [json.loads(line) for line in written.stderr.splitlines()]
    ours, library, forgotten = lines
    assert (ours["event"], ours["level"], ours["path"]) == ("request_failed", "error", "/x")
    assert (ours["error"], ours["cause"]) == ("builtins.KeyError", "builtins.ValueError")
    assert ours["at"]
    assert (library["library"], library["told"], library["level"]) == ("some.library", "it happened", "warning")
    assert forgotten["error"] == "builtins.RuntimeError"
    assert not any(person in written.stderr for person in ("Ada", "Bea", "Cleo"))
    assert written.stdout == ""
