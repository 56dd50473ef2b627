"""Builds the bundle: every script and style sheet as browsers get it, under a name that changes with its content.

A program of its own for the checkout's setup, on the standard library alone; what it leaves is read by assets.py.
"""

import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

WEB = Path(__file__).resolve().parent
BUNDLE = WEB / "bundle"
MANIFEST = "manifest.json"

SCRIPTS = {
    "console.js": "ts/console/main.ts",
    "member.js": "ts/member/main.ts",
    "portal.js": "ts/portal/main.ts",
    "look.js": "ts/look/main.ts",
    "worker.js": "ts/member/worker.ts",
}
# Each page loads one sheet; the cascade inside follows the layers, whatever the order of the files.
SHARED = ("tokens.css", "base.css", "components.css", "utilities.css")
SHEETS = {
    "console.css": (*SHARED, "thread.css", "console.css"),
    "member.css": (*SHARED, "thread.css", "member.css"),
    "portal.css": (*SHARED, "portal.css"),
    "look.css": (*SHARED, "thread.css", "look.css"),
}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SOURCES = ("ts", "css", "icons", "deno.json", "deno.lock", "bundling.py")
HASH_DIGITS = 10


def main() -> None:
    """Build what is not built yet; says what is wrong and exits with 1 if a source cannot be bundled."""
    wanted = fingerprint()
    if built() == wanted:
        return
    with tempfile.TemporaryDirectory(prefix="shopbell-bundle-") as folder:
        found = {**scripts(Path(folder)), **sheets(), **icons()}
    put(found, wanted)


def fingerprint() -> str:
    """A digest of everything the bundle is made from."""
    digest = hashlib.sha256()
    for file in sorted(_files()):
        digest.update(f"{file.relative_to(WEB)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def built() -> str:
    """The fingerprint of the sources the present bundle was made from, empty where there is none."""
    try:
        made_from: str = json.loads((BUNDLE / MANIFEST).read_text())["sources"]
    except (OSError, ValueError, KeyError):
        return ""
    return made_from


def scripts(folder: Path) -> dict[str, bytes]:
    """Each entry with all it imports as one module. Raises SystemExit with what deno found wrong."""
    command = ["bundle", "--quiet", "--frozen", "--minify", "--platform", "browser", "--outdir", str(folder)]
    done = subprocess.run(
        [Path(sys.executable).with_name("deno"), *command, *SCRIPTS.values()],
        cwd=WEB, env={**os.environ, "DENO_NO_UPDATE_CHECK": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"The scripts of the pages could not be bundled.\n{done.stdout}{done.stderr}")
    return {
        name: (folder / Path(path).relative_to("ts").with_suffix(".js")).read_bytes() for name, path in SCRIPTS.items()
    }


def sheets() -> dict[str, bytes]:
    """Each page's style sheet: the shared layers and its own, without comments and indentation."""
    return {
        name: "\n".join(_squeezed((WEB / "css" / part).read_text()) for part in parts).encode()
        for name, parts in SHEETS.items()
    }


def icons() -> dict[str, bytes]:
    """Every picture that is loaded by its address; the sprite is not, since pages carry it."""
    return {file.name: file.read_bytes() for file in (WEB / "icons").iterdir() if file.name != "icons.svg"}


def put(files: dict[str, bytes], made_from: str) -> None:
    """Write the files, each also compressed, then the manifest that names them; then drop what it does not."""
    BUNDLE.mkdir(exist_ok=True)
    names = {}
    for name, content in files.items():
        stem, _, suffix = name.rpartition(".")
        names[name] = f"{stem}.{hashlib.sha256(content).hexdigest()[:HASH_DIGITS]}.{suffix}"
        _replace(BUNDLE / names[name], content)
        _replace(BUNDLE / f"{names[name]}.gz", gzip.compress(content, mtime=0))
    _replace(BUNDLE / MANIFEST, json.dumps({"sources": made_from, "files": names}, indent=2).encode())
    kept = {MANIFEST, *names.values(), *(f"{name}.gz" for name in names.values())}
    for file in BUNDLE.iterdir():
        # What begins with a dot is being written by another build.
        if file.name not in kept and not file.name.startswith("."):
            file.unlink(missing_ok=True)


def _replace(file: Path, content: bytes) -> None:
    """A server that starts meanwhile sees the old content or the new."""
    part = file.with_name(f".{file.name}.{os.getpid()}")
    part.write_bytes(content)
    part.replace(file)


def _squeezed(sheet: str) -> str:
    lines = (line.strip() for line in COMMENT.sub("", sheet).splitlines())
    return "\n".join(line for line in lines if line)


def _files() -> Iterator[Path]:
    for name in SOURCES:
        path = WEB / name
        if path.is_dir():
            yield from (file for file in path.rglob("*") if file.is_file() and not file.name.endswith("_test.ts"))
        elif path.exists():
            yield path


if __name__ == "__main__":
    main()
