"""A browser without scripts: it keeps cookies, follows redirects, and fills in the forms it finds on a page."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 5


@dataclass
class Form:
    """A form of a page with what stands in it."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)


@dataclass
class Page:
    """A page as it arrived, after redirects. `names` is what stands isolated, `tags` every element in order."""

    url: str
    status: int
    headers: httpx.Headers
    html: str
    forms: list[Form] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    text: str = ""
    titles: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def heading(self) -> str:
        return self.titles[0] if self.titles else ""

    def form(self, action: str) -> Form:
        """The form that is sent to that path."""
        return next(form for form in self.forms if urlsplit(form.action).path == action)


class Visitor:
    """Asks one server; cookies are kept as Chromium keeps them on loopback, where it takes Secure ones too."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies: dict[str, str] = {}
        self.http = httpx.Client(trust_env=False, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, path: str, **headers: str) -> Page:
        """The page at the end of the redirects."""
        return self._arrived(self.ask("GET", path, None, **headers), path)

    def send(self, page: Page, action: str, values: dict[str, str] | None = None, **headers: str) -> Page:
        """Fill in the form that is sent to that path, and send it as the page's own browser would."""
        form = page.form(action)
        return self.post(form.action, {**form.fields, **(values or {})}, **headers)

    def post(self, path: str, values: dict[str, str], **headers: str) -> Page:
        """Where a form with these values leads."""
        return self._arrived(self.ask("POST", path, values, **{"origin": self.url, **headers}), path)

    def ask(self, method: str, path: str, values: dict[str, str] | None = None, **headers: str) -> httpx.Response:
        """One request, as it is answered."""
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.http.request(method, urljoin(self.url, path), data=values, headers=sent)
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return answer

    def sign_in(self, email: str, password: str) -> Page:
        return self.send(self.get("/sign-in"), "/sign-in", {"email": email, "password": password})

    def _arrived(self, answer: httpx.Response, path: str) -> Page:
        for _ in range(MOST_REDIRECTS):
            if answer.status_code not in REDIRECTS:
                return read(str(answer.url), answer)
            answer = self.ask("GET", answer.headers["location"])
        raise AssertionError(f"{path} leads round and round")


def read(url: str, answer: httpx.Response) -> Page:
    """What a page says and asks for."""
    page = Page(url, answer.status_code, answer.headers, answer.text)
    reader = _Reader(page)
    reader.feed(answer.text)
    page.text = " ".join("".join(reader.said).split())
    return page


class _Reader(HTMLParser):
    """Finds headings, links, forms and their fields."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.said: list[str] = []
        self._page = page
        self._form: Form | None = None
        self._select = ""
        self._silent = 0
        self._title = False
        self._name = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._page.tags.append(tag)
        if tag == "bdi":
            self._page.names.append("")
            self._name = True
        if tag in ("script", "style"):
            self._silent += 1
        elif tag == "a" and "href" in found:
            self._page.links.append(found["href"])
        elif tag == "form":
            self._form = Form(found.get("action", ""), found.get("method", "get"))
            self._page.forms.append(self._form)
        elif tag in ("h1", "h2"):
            self._page.titles.append("")
            self._title = True
        elif self._form is not None:
            self._field(tag, found, self._form)

    def _field(self, tag: str, found: dict[str, str], form: Form) -> None:
        name = found.get("name", "")
        if tag in ("input", "select", "textarea") and name:
            if "required" in found:
                form.required.add(name)
            if found.get("aria-invalid") == "true":
                form.wrong.add(name)
        if tag == "input" and name and (found.get("type") != "radio" or "checked" in found):
            form.fields[name] = found.get("value", "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in found or self._select not in form.fields):
            form.fields[self._select] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent -= 1
        elif tag == "form":
            self._form = None
        elif tag in ("h1", "h2"):
            self._title = False
        elif tag == "bdi":
            self._name = False

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self.said.append(data)
        if self._name:
            self._page.names[-1] += data
        if self._title:
            self._page.titles[-1] += data
