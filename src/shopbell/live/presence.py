"""Which colleagues are at the desk, and the tickets they look at: told to one another, never stored."""

import asyncio
from collections.abc import Callable

import msgspec

from shopbell.conversations.items import AuthorItem
from shopbell.conversations.rules import Side
from shopbell.live.frames import PresenceFrame, encode
from shopbell.live.hub import Hub, Listener
from shopbell.staff.actors import Staff

# Who goes through tickets quickly is told of once.
PAUSE_SECONDS = 0.1
BEAT_SECONDS = 10
# Of a process that fell silent nobody is believed to be there.
BELIEVED_SECONDS = 25


class Present(msgspec.Struct, frozen=True, array_like=True):
    """A colleague with an open screen, and the tickets their screens show."""

    name: str
    ticket_ids: tuple[str, ...] = ()


Colleagues = dict[str, Present]
NOBODY: Colleagues = {}


class Presence:
    """Who is here, of each business with an open screen of staff in this process. Lives on the event loop.

    `say` tells the other processes all whom this one knows, and whether they should answer with theirs.
    """

    def __init__(self, hub: Hub, say: Callable[[str, Colleagues, bool], None]) -> None:
        self._hub = hub
        self._say = say
        self._screens: dict[str, dict[Listener, tuple[Staff, str | None]]] = {}
        self._elsewhere: dict[str, dict[str, tuple[float, Colleagues]]] = {}
        self._told: dict[str, Colleagues] = {}
        self._said: dict[str, Colleagues] = {}
        self._changed: set[str] = set()

    def enter(self, screen: Listener, staff: Staff) -> None:
        """A screen opened: it is told of all colleagues who are there, and they of it."""
        business_id = staff.business_id
        is_first = business_id not in self._screens
        self._screens.setdefault(business_id, {})[screen] = (staff, None)
        for staff_id, present in self._told.get(business_id, NOBODY).items():
            if staff_id != staff.id:
                screen.hear_now(_frame(staff_id, present, online=True))
        if is_first:
            self._say(business_id, self._here(business_id), True)
        self._change(business_id)

    def look(self, screen: Listener, staff: Staff, ticket_id: str | None) -> None:
        """The screen shows that ticket now, or none."""
        if screen in self._screens.get(staff.business_id, {}):
            self._screens[staff.business_id][screen] = (staff, ticket_id)
            self._change(staff.business_id)

    def leave(self, screen: Listener, staff: Staff) -> None:
        screens = self._screens.get(staff.business_id, {})
        if screens.pop(screen, None) is None:
            return
        if screens:
            self._change(staff.business_id)
        else:
            for kept in (self._screens, self._elsewhere, self._told, self._said):
                kept.pop(staff.business_id, None)
            self._say(staff.business_id, NOBODY, False)

    def heard(self, business_id: str, process: str, colleagues: Colleagues, *, asks: bool) -> None:
        """Another process says whom it knows."""
        if business_id not in self._screens:
            return
        now = asyncio.get_running_loop().time()
        self._elsewhere.setdefault(business_id, {})[process] = (now, colleagues)
        if asks:
            self._say(business_id, self._here(business_id), False)
        self._change(business_id)

    def beat(self) -> None:
        """Say again who is here, and stop believing what was said too long ago."""
        oldest = asyncio.get_running_loop().time() - BELIEVED_SECONDS
        for business_id in self._screens:
            self._say(business_id, self._here(business_id), False)
            elsewhere = self._elsewhere.get(business_id, {})
            for process in [process for process, (heard_at, _) in elsewhere.items() if heard_at < oldest]:
                del elsewhere[process]
                self._change(business_id)

    def _change(self, business_id: str) -> None:
        if not self._changed:
            asyncio.get_running_loop().call_later(PAUSE_SECONDS, self._tell)
        self._changed.add(business_id)

    def _tell(self) -> None:
        """Tell the screens here what is new, and the other processes what is new of this one."""
        changed, self._changed = self._changed, set()
        for business_id in changed & self._screens.keys():
            here = self._here(business_id)
            all_known = [here, *(known for _, known in self._elsewhere.get(business_id, {}).values())]
            now, before = merged(all_known), self._told.get(business_id, NOBODY)
            self._told[business_id] = now
            for staff_id in before.keys() | now.keys():
                if now.get(staff_id) != before.get(staff_id):
                    frame = _frame(staff_id, now.get(staff_id) or before[staff_id], online=staff_id in now)
                    self._hub.tell_colleagues(business_id, frame, of=staff_id)
            # Only what is new of this process: an answer to every word would be answered again, for ever.
            if here != self._said.get(business_id):
                self._said[business_id] = here
                self._say(business_id, here, False)

    def _here(self, business_id: str) -> Colleagues:
        screens = self._screens[business_id].values()
        return merged([{staff.id: Present(staff.full_name, (ticket_id,) if ticket_id else ())}
                       for staff, ticket_id in screens])  # fmt: skip


def merged(known: list[Colleagues]) -> Colleagues:
    """All colleagues, each with the tickets of all their screens."""
    together: Colleagues = {}
    for colleagues in known:
        for staff_id, present in colleagues.items():
            before = together.get(staff_id, Present(present.name))
            ticket_ids = tuple(sorted({*before.ticket_ids, *present.ticket_ids}))
            together[staff_id] = Present(present.name, ticket_ids)
    return together


def _frame(staff_id: str, present: Present, *, online: bool) -> bytes:
    staff = AuthorItem(Side.STAFF, staff_id, present.name)
    return encode(PresenceFrame(staff, online, present.ticket_ids if online else ()))
