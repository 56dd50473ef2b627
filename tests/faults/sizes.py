"""How large a fault test is today, and on which engine it runs."""

import os
from typing import Final, Literal, cast

Size = Literal["smoke", "short", "long"]
Engine = Literal["sqlite", "postgres"]

MUTANTS: Final = os.environ.get("SHOPBELL_FAULTS") == "mutants"
SIZE: Final = cast(Size, "smoke" if MUTANTS else os.environ.get("SHOPBELL_FAULTS", "smoke"))
ENGINE: Final = cast(Engine, os.environ.get("SHOPBELL_FAULTS_ENGINE", "sqlite"))

if SIZE not in ("smoke", "short", "long"):
    raise RuntimeError(f"SHOPBELL_FAULTS is smoke, short, long or mutants, not {SIZE!r}")
if ENGINE not in ("sqlite", "postgres"):
    raise RuntimeError(f"SHOPBELL_FAULTS_ENGINE is sqlite or postgres, not {ENGINE!r}")


def figure(*, smoke: int, short: int, long: int) -> int:
    """The count of rounds, messages or cuts for the size that was asked for."""
    return {"smoke": smoke, "short": short, "long": long}[SIZE]
