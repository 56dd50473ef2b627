"""What the processes of one store owe each other, and the answer of a process that is alone."""

from collections.abc import Sequence
from typing import Protocol

from shopbell.kernel.desk import Desk
from shopbell.kernel.events import Recorded
from shopbell.live.hub import Hub
from shopbell.live.presence import Colleagues
from shopbell.live.told import Passing, told


class Neighbours(Protocol):
    """The other processes of this store.

    `tell_apart` says that a screen hears of a business in order only once it follows it; `finds_untold` that what
    was committed and told nobody is found in the log.
    """

    tell_apart: bool
    finds_untold: bool

    @property
    def failing(self) -> list[str]:
        """The parts that are down now, by name; what does not need them goes on."""

    def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def follow(self, business_ids: Sequence[str]) -> None:
        """Have their events told in this process too, from now on; each time counts. Raises StorageDown."""

    def unfollow(self, business_ids: Sequence[str]) -> None:
        """Take one `follow` of each back."""

    def pass_on(self, passing: Passing) -> None:
        """Tell in other processes what is never stored."""

    def present(self, business_id: str, colleagues: Colleagues, asks: bool) -> None:
        """Say who of the business's staff has a screen open in this process; `asks` for the same of the others."""


class Nobody:
    """No other process: whatever is committed is committed here."""

    failing: list[str] = []  # noqa: RUF012
    tell_apart = False
    finds_untold = False

    def __init__(self, desk: Desk, hub: Hub) -> None:
        self._desk = desk
        self._hub = hub

    def start(self) -> None:
        self._desk.hear(self._tell)

    def _tell(self, recorded: Sequence[Recorded]) -> None:
        self._hub.tell(told(self._desk.epoch, recorded))

    async def stop(self) -> None: ...

    async def follow(self, business_ids: Sequence[str]) -> None: ...

    def unfollow(self, business_ids: Sequence[str]) -> None: ...

    def pass_on(self, passing: Passing) -> None: ...

    def present(self, business_id: str, colleagues: Colleagues, asks: bool) -> None: ...
