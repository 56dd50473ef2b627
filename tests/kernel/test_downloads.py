"""Handing over: the names and the ranges, whatever is asked for."""

import re
from unicodedata import category
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopbell.kernel.http.downloads import NAME_BYTES, Kept, disposition, safe_name
from shopbell.kernel.http.uploads import NAME_CHARACTERS
from tests.faults.strings import naughty

PARTS = re.compile(r"(inline|attachment); filename=\"([ -~]*)\"; filename\*=UTF-8''([A-Za-z0-9%._~-]+)")


def check(title: str) -> None:
    header = disposition(Kept("20260101/a", 1, "application/octet-stream", title))
    parts = PARTS.fullmatch(header)
    assert parts and parts[1] == "attachment", header
    assert '"' not in parts[2]
    name = unquote(parts[3])
    assert name == safe_name(title)
    assert 0 < len(name.encode()) <= NAME_BYTES
    assert not set(name) & set('/\\:*?"<>|%') and name.strip(". ") == name
    assert all(category(character)[0] != "C" for character in name)


@given(st.text(st.characters(codec="utf-8"), max_size=NAME_CHARACTERS))
def test_any_name_makes_a_header_that_leads_nowhere_and_hides_nothing(title: str) -> None:
    check(title)


def test_the_naughty_strings_do_so_as_well() -> None:
    for title in naughty():
        check(title[:NAME_CHARACTERS])


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("menu.pdf", "menu.pdf"),
        ("Ünïcode 菜单.pdf", "Ünïcode 菜单.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\fakepath\\a.txt", "C__fakepath_a.txt"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("a\u200b\u2066\ufeff\u3164.png", "a.png"),
        ("photo.jpg" + " " * 80 + ".exe", "photo.jpg .exe"),
        ("a\r\nSet-Cookie: x=1", "a Set-Cookie_ x=1"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("\u202e", "file"),
        ("界" * 100 + ".pdf", "界" * 65 + ".pdf"),
        ("x." + "y" * 250, ("x." + "y" * 250)[:NAME_BYTES]),
    ],
)
def test_a_name_is_saved_as_one_can_read_it(title: str, name: str) -> None:
    assert safe_name(title) == name
