"""A test of a promise that stays green on a planted fault is worth nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.mutants import MUTANTS as TABLE
from tests.faults.mutants import Mutant
from tests.faults.sizes import MUTANTS

PROMISES = {"G1", "G2", "G3", "G4", "G5", "G9", "G10", "G13", "G14", "G16", "G20", "Jobs"}
RED = 1

each = pytest.mark.parametrize("mutant", TABLE, ids=lambda m: f"{m.promise} {m.name}")


@each
def test_the_fault_can_still_be_planted(mutant: Mutant) -> None:
    mutant.fits()
    assert (Path(__file__).parent / mutant.test.split("::")[0]).exists()


def test_every_promise_has_a_fault_to_be_tried_on() -> None:
    assert {mutant.promise for mutant in TABLE} == PROMISES


@pytest.mark.skipif(not MUTANTS, reason="SHOPBELL_FAULTS=mutants plants the faults")
@each
def test_the_promise_is_seen_broken_on_the_planted_fault(mutant: Mutant, tmp_path: Path) -> None:
    source = mutant.planted(tmp_path)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider",
         f"--basetemp={tmp_path / 'run'}", str(Path(__file__).parent / mutant.test)],
        env={**os.environ, "PYTHONPATH": str(source), "SHOPBELL_FAULTS": "smoke",
             "SHOPBELL_FAULTS_ENGINE": mutant.engine},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    shown = run.stdout[-6_000:] + run.stderr[-2_000:]
    assert run.returncode == RED, f"stayed green:\n{shown}"
    assert f"{mutant.promise} broken" in run.stdout, f"red for another reason:\n{shown}"
