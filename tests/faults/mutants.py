"""Faults to plant, one small change of the source each, and the test that has to see it."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).parents[2] / "src"


class DoesNotFit(Exception):
    """The text to replace does not stand in the source exactly once, so the fault is no longer planted."""


@dataclass(frozen=True)
class Mutant:
    """`old` becomes `new` in `file`, below src/shopbell; then `test` must say that `promise` is broken."""

    promise: str
    name: str
    file: str
    old: str
    new: str
    test: str

    def fits(self) -> None:
        """Raise `DoesNotFit` unless the text is there exactly once."""
        found = (SOURCE / "shopbell" / self.file).read_text().count(self.old)
        if found != 1:
            raise DoesNotFit(f"{self.promise} {self.name}: {found} times in {self.file}: {self.old!r}")

    def planted(self, folder: Path) -> Path:
        """A copy of the source with the fault in it, to be put on the path before the real one."""
        self.fits()
        copy = folder / "src"
        shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        file = copy / "shopbell" / self.file
        file.write_text(file.read_text().replace(self.old, self.new))
        return copy


MUTANTS: Final[tuple[Mutant, ...]] = (
    Mutant(
        "G2", "commits that do not wait for the disk", "kernel/sqlite.py",
        '"synchronous = FULL"', '"synchronous = NORMAL"', "test_g02_powercut.py",
    ),
)  # fmt: skip
