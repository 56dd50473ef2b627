"""How a page is made: a template, the values it shows, and headers that let it run our own scripts only."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Litestar, Response
from litestar.datastructures import Cookie
from litestar.response.base import ASGIResponse
from markupsafe import Markup

from shopbell.kernel.http.requests import AnyRequest
from shopbell.web import components, texts
from shopbell.web.assets import Assets

HERE = Path(__file__).parent
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "media-src 'self' blob:",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# Without a referrer of their own site browsers send forms with the origin "null", which nobody can trust.
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}


class Pages:
    """The templates of one process; `base_url` is where people reach it, and may have a path."""

    def __init__(self, assets: Assets, base_url: str, *, dev: bool = False) -> None:
        self.base = urlsplit(base_url).path.rstrip("/")
        self._assets = assets
        self._dev = dev
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True, auto_reload=dev, extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        )  # fmt: skip
        self._templates.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]
        self._templates.policies["json.dumps_function"] = _json
        self._templates.policies["json.dumps_kwargs"] = {}
        self._templates.globals |= {
            "at": self.at,
            "asset": self.asset,
            "has_asset": assets.has,
            "sprite": Markup((HERE / "icons" / "icons.svg").read_text()),
            "base": self.base,
            "locale": texts.LOCALE,
            "direction": texts.DIRECTION,
        }
        self._has_components = False

    def at(self, path: str) -> str:
        """An address of ours, as the path begins where people reach us."""
        return self.base + path

    def asset(self, name: str) -> str:
        """Where a page finds the file of the bundle with that plain name."""
        return self.at(self._assets.path(name))

    def draw(self, template: str, values: dict[str, Any]) -> str:
        if self._dev:
            self._assets.read()
        if self._dev or not self._has_components:
            # Reading them takes a fifth of a second, which a server that starts need not wait for.
            components.install(self._templates)
            self._has_components = True
        return self._templates.get_template(template).render(values)


class Page(Response[str]):
    """A page that is drawn once it is known whose it is and where it is asked for."""

    def __init__(
        self,
        template: str,
        values: dict[str, Any],
        *,
        status: int,
        cookies: Iterable[Cookie],
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(
            "", status_code=status, media_type="text/html", cookies=list(cookies), headers={**HEADERS, **headers}
        )
        self.template = template
        self.values = values

    def to_asgi_response(self, app: Litestar | None, request: AnyRequest, **how: Any) -> ASGIResponse:
        self.content = pages_of(request).draw(self.template, self.values)
        return super().to_asgi_response(app, request, **how)


def render(
    template: str,
    status: int = 200,
    *,
    cookies: Iterable[Cookie] = (),
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> Page:
    """The page of that template. A value named `page` is handed to the page's script as JSON."""
    return Page(template, values, status=status, cookies=cookies, headers=headers or {})


def pages_of(request: AnyRequest) -> Pages:
    app: Litestar = request.app
    pages: Pages = app.state.pages
    return pages


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
