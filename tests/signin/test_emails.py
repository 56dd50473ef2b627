"""Which e-mail addresses can be, and which are the same."""

import os
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from shopbell.kernel.errors import Invalid
from shopbell.signin.rules import check_email, email_key

DATA = Path(os.environ.get("SHOPBELL_TEST_DATA", "../shared/data"))

CONTROLS = {0x2400 + code: chr(code) for code in range(33)}

FINE = [
    "ada@example.org",
    "ada.lovelace+shop@mail.example.co.uk",
    "o'brien@example.org",
    "!#$%&'*+-/=?^_`{|}~@example.org",
    "1@2.example",
    "jörg@bäckerei.example",
    "用户@例子.example",
    f"{'a' * 64}@{'b' * 63}.example",
]
WRONG = [
    "",
    "ada",
    "@example.org",
    "ada@",
    "ada@localhost",
    "ada@192.0.2.1",
    "ada@@example.org",
    ".ada@example.org",
    "ada.@example.org",
    "ada..l@example.org",
    "ada@example..org",
    "ada@.example.org",
    "ada@example.org.",
    "ada@-example.org",
    "ada@example-.org",
    "ada@exa_mple.org",
    "ada@[127.0.0.1]",
    '"ada"@example.org',
    "ada@example.org\r\nBcc: eve@example.org",
    "ada,eve@example.org",
    "ada <ada@example.org>",
    f"{'a' * 65}@example.org",
    f"ada@{'b' * 64}.example",
]


@pytest.mark.parametrize("address", FINE)
def test_a_usual_or_unusual_address_is_taken(address: str) -> None:
    check_email(address, "email")


@pytest.mark.parametrize("address", WRONG)
def test_what_no_mail_would_reach_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        check_email(address, "email")


def test_the_collected_cases_of_others_agree() -> None:
    file = DATA / "isemail_tests.xml"
    if not file.exists():
        assert "SHOPBELL_TEST_DATA" not in os.environ, f"there is no {file}"
        pytest.skip("needs isemail_tests.xml from the folder named by SHOPBELL_TEST_DATA")
    wrong = []
    for case in ET.parse(file).getroot().iter("test"):
        # The collection writes control characters as the symbols that stand for them.
        address = (case.findtext("address") or "").translate(CONTROLS)
        valid = case.findtext("diagnosis") == "ISEMAIL_VALID" and "." in address.rpartition("@")[2]
        hopeless = case.findtext("category") in ("ISEMAIL_ERR", "ISEMAIL_RFC5321")
        if valid != passes(address) and (valid or hopeless):
            wrong.append(address)
    assert wrong == []


def passes(address: str) -> bool:
    try:
        check_email(address, "email")
    except Invalid:
        return False
    return True


def test_letters_large_and_small_are_the_same() -> None:
    assert email_key("ADA@Example.ORG") == email_key("ada@example.org")
    assert email_key("J\u00d6RG@example.org") == email_key("jo\u0308rg@example.org")
    assert email_key("ada@example.org") != email_key("eda@example.org")
