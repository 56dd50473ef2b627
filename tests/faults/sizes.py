"""How large a fault test is today, and on which engine it runs."""

import os
from typing import Final, Literal, cast

Size = Literal["smoke", "short", "long"]
Engine = Literal["sqlite", "postgres", "cluster"]

MUTANTS: Final = os.environ.get("SHOPBELL_FAULTS") == "mutants"
SIZE: Final = cast(Size, "smoke" if MUTANTS else os.environ.get("SHOPBELL_FAULTS", "smoke"))
# A cluster is several processes over one PostgreSQL.
ENGINES: Final[tuple[Engine, ...]] = ("sqlite", "postgres", "cluster")
ENGINE: Final = cast(Engine | None, os.environ.get("SHOPBELL_FAULTS_ENGINE") or (None if SIZE == "smoke" else "sqlite"))
PROCESSES: Final = int(os.environ.get("SHOPBELL_FAULTS_PROCESSES", "2"))

if SIZE not in ("smoke", "short", "long"):
    raise RuntimeError(f"SHOPBELL_FAULTS is smoke, short, long or mutants, not {SIZE!r}")
if ENGINE is not None and ENGINE not in ENGINES:
    raise RuntimeError(f"SHOPBELL_FAULTS_ENGINE is sqlite, postgres or cluster, not {ENGINE!r}")


def figure(*, smoke: int, short: int, long: int) -> int:
    """The count of rounds, messages or cuts for the size that was asked for."""
    return {"smoke": smoke, "short": short, "long": long}[SIZE]
