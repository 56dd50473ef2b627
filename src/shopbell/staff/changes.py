"""The sessions and staff that changed lately, so that what was read before is not taken for what is so after."""

from collections import deque
from collections.abc import Iterable
from itertools import islice

# More than change during one look at the database.
KEPT = 1_000


class Changes:
    """Their keys and ids, the newest last. `count` is of all there ever were."""

    def __init__(self) -> None:
        self.count = 0
        self._newest: deque[str] = deque(maxlen=KEPT)

    def note(self, changed: Iterable[str]) -> None:
        for one in changed:
            self._newest.append(one)
            self.count += 1

    def hit(self, asked: Iterable[str], *, since: int) -> bool:
        """Whether one of them changed after so many changes, or may have among more than are kept."""
        news = self.count - since
        return news > KEPT or not set(asked).isdisjoint(islice(reversed(self._newest), news))
