"""Names are found by the start of any of their words, however they are written."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shopbell.kernel.words import prefix_range, sought, words


def finds(asked: str, name: str) -> bool:
    """What a search does with the index: every beginning asked for begins some word of the name."""
    beginnings = [prefix_range(prefix) for prefix in sought(asked)]
    return bool(beginnings) and all(any(low <= word < high for word in words(name)) for low, high in beginnings)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("jos", "José García"),
        ("GARC", "José García"),
        ("gar jo", "José García"),
        ("josé", "JOSE GARCIA"),
        ("ＪＯＳＥ", "Jose"),
        ("brien", "Conan O'Brien"),
        ("o'br", "Conan O'Brien"),
        ("strasse", "Anna Straße"),
        ("娜", "欧阳娜娜"),
        ("阳娜", "欧阳娜娜"),
        ("欧阳娜娜", "欧阳娜娜"),
        ("민수", "김민수"),
        ("anna 李", "Anna李"),
        ("नम", "नमस्ते"),
        ("🦊", "🦊 Fox"),
        ("mary-j", "Mary-Jane"),
    ],
)
def test_it_is_found(asked: str, name: str) -> None:
    assert finds(asked, name)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("osé", "José García"),
        ("jo x", "José García"),
        ("娜欧", "欧阳娜娜"),
        ("", "José"),
        ("'", "O'Brien"),
        ("  ", "A B"),
    ],
)
def test_it_is_not_found(asked: str, name: str) -> None:
    assert not finds(asked, name)


@given(st.text(max_size=40))
@example("ǅ ŉ İ ΰ ﬃ")
def test_every_name_with_a_word_is_found_by_itself_in_either_case(name: str) -> None:
    if not words(name):
        assert not sought(name)
        return
    assert finds(name, name)
    assert finds(name.casefold(), name)


@given(st.text(max_size=40))
def test_a_word_holds_no_blank_and_is_filed_as_it_would_be_sought(name: str) -> None:
    for word in words(name):
        assert word
        assert not any(character.isspace() for character in word)
        assert words(word) >= {word}
