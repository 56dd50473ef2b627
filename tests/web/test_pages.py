"""Every page: its headers, where it lives, and how it says no."""

import json
import re
from collections.abc import Callable

import httpx
import pytest

from shopbell.web.pages import POLICY
from tests.running import LENIENT, Server

PAGES = ["/sign-in", "/forgotten", "/register", "/app", "/app/chats", "/dev/look"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_our_own_scripts_only_and_is_kept_by_nobody(dev_server: Server, path: str) -> None:
    answer = httpx.get(dev_server.url + path)
    assert answer.status_code == 200
    assert answer.headers.get_list("content-security-policy") == [POLICY]
    assert answer.headers.get_list("referrer-policy") == ["same-origin"]
    assert answer.headers.get_list("cache-control") == ["no-store"]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_its_language_and_title(dev_server: Server, path: str) -> None:
    page = httpx.get(dev_server.url + path).text
    assert re.search(r'<html lang="en" dir="ltr">', page)
    assert re.search(r"<title>[^<]*Shopbell</title>", page)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_comes_with_where_things_will_be_announced(dev_server: Server, path: str) -> None:
    page = httpx.get(dev_server.url + path).text
    # A screen reader says what changes in a place it knows; one that is made with its text in it is mostly not heard.
    assert '<div id="say-polite" class="hidden" role="status" aria-live="polite"></div>' in page
    assert '<div id="say-assertive" class="hidden" role="alert" aria-live="assertive"></div>' in page


def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(dev_server: Server) -> None:
    assert httpx.get(dev_server.url + "/").headers["location"] == "/sign-in"
    asked = httpx.get(dev_server.url + "/console/t/abc?x=%C3%A9")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?next=/console/t/abc%3Fx%3D%25C3%25A9")


def test_an_address_of_nothing_answers_a_browser_with_a_page_and_a_program_with_a_problem(dev_server: Server) -> None:
    page = httpx.get(dev_server.url + "/nothing", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 404
    assert page.headers["content-security-policy"] == POLICY
    assert "There is nothing at this address" in page.text
    assert httpx.get(dev_server.url + "/nothing").json()["code"] == "not_found"
    api = httpx.get(dev_server.url + "/api/v1/nothing", headers={"Accept": "text/html"})
    assert api.json()["code"] == "not_found"


def test_the_pages_live_where_the_base_url_says(serve: Callable[..., Server]) -> None:
    server = serve(environment={**LENIENT, "SHOPBELL_BASE_URL": "http://localhost/shops"})
    page = httpx.get(server.url + "/app").text
    inside = [link for link in re.findall(r'(?:href|src)="([^"#]+)"', page)]
    assert inside
    assert all(link.startswith("/shops/") for link in inside)
    assert json.loads(re.findall(r'id="page">(.*?)</script>', page)[0])["base"] == "/shops"
    assert httpx.get(server.url + "/console").headers["location"].startswith("/shops/sign-in")
    manifest = httpx.get(server.url + "/app/manifest.webmanifest").json()
    assert manifest["scope"] == manifest["start_url"] == "/shops/app"
    assert {icon["src"].rpartition("/")[0] for icon in manifest["icons"]} == {"/shops/assets"}


def test_a_page_shrugs_at_what_a_mail_program_adds_to_its_address(dev_server: Server) -> None:
    assert httpx.get(dev_server.url + "/sign-in?utm_source=mail&utm_source=again").status_code == 200


def test_pages_are_no_part_of_the_api(dev_server: Server) -> None:
    paths = httpx.get(dev_server.url + "/api/v1/openapi.json").json()["paths"]
    assert {path for path in paths if not path.startswith(("/api/v1/", "/health/"))} == set()
