"""The bundle as it is served: each file under a name that changes with its content, so it may be kept for good."""

import json
from pathlib import Path

import msgspec
from litestar import Response, get

from shopbell.kernel.errors import NotFound
from shopbell.kernel.http import ApiRequest, PathId
from shopbell.settings import CannotServe

BUNDLE = Path(__file__).parent / "bundle"
MANIFEST = BUNDLE / "manifest.json"
PATH = "/assets"
FOREVER = "public, max-age=31536000, immutable"
MEDIA_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}


class Asset(msgspec.Struct, frozen=True):
    """One file of the bundle; `squeezed` is None where compressing gains nothing."""

    media_type: str
    content: bytes
    squeezed: bytes | None


class Assets:
    """The whole bundle in memory: a few hundred kilobytes, and no file is opened for a request."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._files: dict[str, Asset] = {}
        self._read_at = 0.0
        self.read()

    def read(self) -> None:
        """Take in what the last build left, if it is not known yet. Raises CannotServe where there is none."""
        try:
            made_at = MANIFEST.stat().st_mtime
            if made_at == self._read_at:
                return
            names: dict[str, str] = json.loads(MANIFEST.read_bytes())["files"]
            files = {name: _asset(BUNDLE / name) for name in names.values()}
        except OSError as error:
            raise CannotServe("The pages have not been built: run ./dev setup.") from error
        self._names, self._files, self._read_at = names, files, made_at

    def path(self, name: str) -> str:
        """Where the file of that plain name is found, below the base URL. Raises KeyError."""
        return f"{PATH}/{self._names[name]}"

    def has(self, name: str) -> bool:
        return name in self._names

    def file(self, hashed: str) -> Asset | None:
        return self._files.get(hashed)

    def named(self, name: str) -> Asset:
        """The file of that plain name. Raises NotFound."""
        if name not in self._names:
            raise NotFound
        return self._files[self._names[name]]


@get(f"{PATH}/{{name:str}}")
async def asset(request: ApiRequest, name: PathId) -> Response[bytes]:
    found = bundle_of(request).file(name)
    if found is None:
        raise NotFound
    return answered(request, found, keep=FOREVER)


def bundle_of(request: ApiRequest) -> Assets:
    assets: Assets = request.app.state.assets
    return assets


def answered(request: ApiRequest, found: Asset, *, keep: str) -> Response[bytes]:
    """The file, compressed for whoever can read that; `keep` is its Cache-Control."""
    headers = {"Cache-Control": keep, "Vary": "Accept-Encoding"}
    content = found.content
    if found.squeezed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        content = found.squeezed
    return Response(content, media_type=found.media_type, headers=headers)


def _asset(file: Path) -> Asset:
    content, squeezed = file.read_bytes(), file.with_name(f"{file.name}.gz").read_bytes()
    media_type = MEDIA_TYPES.get(file.suffix, "application/octet-stream")
    return Asset(media_type, content, squeezed if len(squeezed) < 0.9 * len(content) else None)
