"""A bloom lets everything through that can be found, and little else."""

from hypothesis import given
from hypothesis import strategies as st

from shopbell.kernel.bloom import bloom
from shopbell.kernel.words import sought, words


def may_have(name: str, asked: str) -> bool:
    """What a walk along the panel asks first."""
    bits = bloom(sought(asked))
    return bloom(words(name)) & bits == bits


@given(st.text(max_size=40), st.data())
def test_it_lets_through_every_beginning_of_every_word(name: str, data: st.DataObject) -> None:
    for word in words(name):
        beginning = word[: data.draw(st.integers(1, len(word)))]
        assert bloom(words(name)) & bloom([beginning]) == bloom([beginning])


@given(st.text(max_size=200))
def test_it_fits_a_signed_column(text: str) -> None:
    assert 0 <= bloom(words(text)) < 2**63


def test_it_is_the_same_forever() -> None:
    assert bloom([]) == 0
    assert bloom(["ann", "李娜"]) == 0x49810040054004


def test_it_keeps_nearly_all_others_out() -> None:
    names = [f"{given} {family}" for given in GIVEN for family in FAMILY]
    for asked in ("z", "민", "zo", "anton", "mariam", "martin", "zoe smith"):
        passed = [name for name in names if may_have(name, asked)]
        assert len(passed) <= len(names) / 10, (asked, passed)


GIVEN = (
    "Maria",
    "Anna",
    "John",
    "Mohammed",
    "Wei",
    "Olga",
    "Peter",
    "Chidi",
    "さくら",
    "Александр",
    "Elisabeth",
    "Luca",
)
FAMILY = ("Smith", "García", "Müller", "Nguyen", "김", "Ivanova", "O'Brien", "Okafor", "Eriksen", "Haddad", "Rossi")
