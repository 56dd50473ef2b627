"""How a play goes, as chosen on the command line."""

from dataclasses import dataclass
from pathlib import Path

from shopbell.replay.cast import Credentials


@dataclass(frozen=True, slots=True)
class Settings:
    """`patience` is how many seconds the server may stay away, `calm` how many seconds after a disturbance
    the calm percentiles leave out; without `staff` a new business is registered."""

    file: str
    at: str
    speed: float = 1.0
    lanes: int = 10
    agents: int = 4
    rest_share: float = 0.1
    patience: float = 60.0
    calm: float = 10.0
    staff: Credentials | None = None
    mail: Path | None = None
