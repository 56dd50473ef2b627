"""The naughty strings, and which of them the contract lets a field hold."""

import os
from pathlib import Path
from typing import Final

import msgspec
import pytest

MOST_NAME, MOST_BUSINESS_NAME, MOST_TEXT, MOST_NONCE = 80, 120, 8_000, 64

# The code points with the Unicode property White_Space (PropList.txt).
WHITE_SPACE: Final = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)

OWN: Final = (
    "\x00", "a\x00b", "\t", "\u3000\u2003", "\ufeff", "\u200b", "\x1c\x1d\x1e\x1f", "\x1f", "\u2028x",
    "e\u0301 is not \xe9", "\ufb01", "\u212b", "\U0010ffff", "\ufffe", "\uffff", "\ud7ff\ue000",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467", "x" * 80, "x" * 81, "界" * 80, "界" * 81,
    "x" * 120, "x" * 121, "x" * 8_000, "x" * 8_001, "\U0001f600" * 8_000, "\U0001f600" * 8_001,
    " lead and trail ", "\r\n", "a\r\nb", "%00", "\\u0000", '"', "\\", "\x7f", "\u202egnirts",
)  # fmt: skip


def naughty() -> list[str]:
    """Every string of blns.json and our own; skips, or fails where the folder was promised."""
    folder = Path(os.environ.get("SHOPBELL_TEST_DATA", "../shared/data"))
    path = folder / "blns.json"
    if not path.exists():
        if "SHOPBELL_TEST_DATA" in os.environ:
            pytest.fail(f"SHOPBELL_TEST_DATA has no {path.name}")
        pytest.skip(f"no {path.name} in {folder}; SHOPBELL_TEST_DATA names another folder")
    return [*msgspec.json.decode(path.read_bytes(), type=list[str]), *OWN]


def allowed(text: str, most: int) -> bool:
    """Whether a name, message or note of at most so many code points may be this."""
    return len(text) <= most and "\x00" not in text and any(c not in WHITE_SPACE for c in text)


def allowed_nonce(text: str) -> bool:
    """1-64 of printable ASCII."""
    return 1 <= len(text) <= MOST_NONCE and all(" " <= c <= "~" for c in text)
