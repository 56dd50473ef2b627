"""A server that speaks S3 and checks signatures: the gateway of JuiceFS, over a folder of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from shopbell.settings import S3
from tests.engines import UNTIL_OUR_END, free_port

START_SECONDS = 20
BUCKET, KEY, SECRET = "shopbell", "shopbell", "not a secret here"


class Gateway:
    """On a free loopback port, which it keeps when it is started again; it ends with this process."""

    def __init__(self) -> None:
        self._program = Path(sys.executable).with_name("juicefs")
        self._folder = Path(tempfile.mkdtemp(prefix="shopbell-s3-"))
        self._store = f"sqlite3://{self._folder / 'meta.db'}"
        self._process: subprocess.Popen[bytes] | None = None
        self._port = free_port()

    @property
    def settings(self) -> S3:
        return S3(
            endpoint=f"http://127.0.0.1:{self._port}", bucket=BUCKET, region="us-east-1", key=KEY, secret=SECRET,
            path_style=True,
        )  # fmt: skip

    @property
    def environment(self) -> dict[str, str]:
        """The same for a server in a process of its own."""
        return {
            "SHOPBELL_S3_ENDPOINT": self.settings.endpoint,
            "SHOPBELL_S3_BUCKET": BUCKET,
            "SHOPBELL_S3_KEY": KEY,
            "SHOPBELL_S3_SECRET": SECRET,
        }

    def start(self) -> Self:
        """Return once it answers; what was put there before is there again."""
        if not (self._folder / "meta.db").exists():
            folder = ("--storage", "file", "--bucket", str(self._folder / "data"), "--trash-days", "0")
            self._run("format", *folder, self._store, BUCKET)
        # What it remembers of folders would be stale for whoever asks right after a change.
        fresh = ("--attr-cache", "0", "--dir-entry-cache", "0")
        options = ("--no-banner", "--no-usage-report", "--no-bgjob", "--log", str(self._folder / "gateway.log"))
        self._process = subprocess.Popen(
            ["sh", "-c", UNTIL_OUR_END, "sh", self._program, "gateway", *options, *fresh, self._store, self._address],
            stdin=subprocess.PIPE,
            cwd=self._folder,
            env=self._environment,
        )
        self._await_answer(self._process)
        return self

    def stop(self) -> None:
        """Take it away at once, as a machine that is switched off."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def pause(self) -> None:
        """Let it take connections and never answer."""
        os.kill(self._pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self._pid, signal.SIGCONT)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    @property
    def _address(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def _pid(self) -> int:
        if self._process is None:
            raise ProcessLookupError("the gateway is not running")
        return self._process.pid

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, "MINIO_ROOT_USER": KEY, "MINIO_ROOT_PASSWORD": SECRET}

    def _run(self, *words: str) -> None:
        done = subprocess.run([self._program, *words], check=False, capture_output=True, text=True, cwd=self._folder)
        if done.returncode:
            raise OSError(done.stderr)

    def _await_answer(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        opener: Any = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while time.monotonic() < deadline and process.poll() is None:
            try:
                opener.open(f"http://{self._address}/minio/health/ready", timeout=1)
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.02)
        self.stop()
        raise ConnectionError((self._folder / "server.log").read_text())
