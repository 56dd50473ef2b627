"""The order of one business's events in this process, whichever process committed them."""

from collections.abc import Iterable

from shopbell.live.told import Told

# What waits behind a gap; past it the log is the cheaper place to keep it.
HELD = 2_000


class Course:
    """Lets events on in the order of their numbers, each once, and holds back those behind a gap."""

    def __init__(self) -> None:
        self._position: int | None = None
        self._held: dict[int, Told] = {}

    @property
    def position(self) -> int:
        """The number of the last event let on; 0 before the beginning is known."""
        return self._position or 0

    @property
    def has_gap(self) -> bool:
        """Whether events wait for others before them."""
        return self._position is not None and bool(self._held)

    def begin(self, head: int) -> list[Told]:
        """Go on after that number; what may be let on of what came before this was known."""
        self._position = head
        early, self._held = self._held, {}
        return self.take(early.values())

    def take(self, told: Iterable[Told]) -> list[Told]:
        """Take events that came in any order, some perhaps again; those that may be let on now."""
        onward: list[Told] = []
        for one in told:
            if one.seq == self._next:
                self._let_on(one, onward)
            elif one.seq > self.position and len(self._held) < HELD:
                self._held[one.seq] = one
        return onward

    @property
    def _next(self) -> int | None:
        return None if self._position is None else self._position + 1

    def _let_on(self, one: Told | None, onward: list[Told]) -> None:
        """This event, and all that waited for it alone."""
        while one is not None:
            onward.append(one)
            self._position = one.seq
            one = self._held.pop(one.seq + 1, None)
