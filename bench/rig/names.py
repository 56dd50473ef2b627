"""Names for a million customers: some very common, most rare, from many languages; all made up here."""

import json
import os
import tomllib
from collections.abc import Iterator
from itertools import accumulate, product
from pathlib import Path
from random import Random

LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
ZIPF_EXPONENT = 1.05
TWO_GIVEN_NAMES_SHARE = 0.08
TWO_FAMILY_NAMES_SHARE = 0.05


def people(random: Random) -> Iterator[tuple[str, str]]:
    """First and last names without end; the n-th most common is about 1/n as frequent as the commonest."""
    borrowed_given, borrowed_family = _borrowed()
    rare = [place + ending for place, ending in product(_listed("places"), _listed("endings"))]
    random.shuffle(rare)
    given = _drawn(random, _listed("given") + borrowed_given)
    family = _drawn(random, _listed("family") + borrowed_family + rare)
    while True:
        first, last = next(given), next(family)
        if random.random() < TWO_GIVEN_NAMES_SHARE:
            first = f"{first} {next(given)}"
        if random.random() < TWO_FAMILY_NAMES_SHARE:
            last = f"{last} {next(family)}"
        yield first, last


def _listed(kind: str) -> list[str]:
    names: str = LISTS[kind]
    return names.split()


def _drawn(random: Random, names: list[str]) -> Iterator[str]:
    weights = list(accumulate(1 / rank**ZIPF_EXPONENT for rank in range(1, len(names) + 1)))
    while True:
        yield from random.choices(names, cum_weights=weights, k=1000)


def _borrowed() -> tuple[list[str], list[str]]:
    """Given and family names of all languages of the Unicode locale data, where the test data is there."""
    file = Path(os.environ.get("SHOPBELL_TEST_DATA", "../shared/data")) / "cldr_person_names.json"
    if not file.exists():
        return [], []
    samples = [sample for language in json.loads(file.read_text()).values() for sample in language.values()]
    given = {sample["given"] for sample in samples if "given" in sample}
    family = {sample["surname"] for sample in samples if "surname" in sample}
    return sorted(given), sorted(family)
