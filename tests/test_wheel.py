"""The wheel that others install: built here, put into a clean environment by pip, and served from there."""

import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import httpx
import pytest

from shopbell import __version__
from tests.running import Server

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _pip(sys.executable, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (built,) = folder.glob("shopbell-*.whl")
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment that holds the wheel and the locked packages only."""
    place = tmp_path_factory.mktemp("clean") / "venv"
    venv.create(place, with_pip=False, symlinks=True)
    locked = ROOT / "requirements" / "runtime.txt"
    into = ("--python", place, "install", "--no-compile")
    _pip(sys.executable, *into, "--require-hashes", "--requirement", locked)
    _pip(sys.executable, *into, "--no-deps", wheel)
    return place / "bin"


def test_the_wheel_holds_every_source_file_and_nothing_else(wheel: Path) -> None:
    source = ROOT / "src"
    ours = {
        str(file.relative_to(source)) for file in source.rglob("*") if file.is_file() and file.suffix not in (".pyc",)
    }
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == ours


def test_the_locked_packages_are_all_that_the_wheel_asks_for(programs: Path) -> None:
    _pip(sys.executable, "--python", programs.parent, "check")


def test_the_installed_command_tells_its_version(programs: Path, tmp_path: Path) -> None:
    told = subprocess.run(
        [programs / "shopbell", "--version"], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert __version__ in told.stdout


def test_the_installed_command_serves_its_pages_too(programs: Path, tmp_path: Path) -> None:
    with Server(tmp_path / "data", command=[str(programs / "shopbell")]) as server:
        assert httpx.get(server.url + "/health/ready").status_code == 200
        page = httpx.get(server.url + "/app")
        loaded = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page.text)
        assert loaded
        assert [path for path in loaded if httpx.get(server.url + path).status_code != 200] == []


def test_what_builds_the_pages_is_not_needed_to_serve_them(programs: Path) -> None:
    assert not (programs / "deno").exists()


def _pip(python: str, *arguments: str | Path) -> None:
    """Run pip quietly; what it said stands in the error when it fails."""
    command = [python, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())
    assert done.returncode == 0, done.stderr


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
