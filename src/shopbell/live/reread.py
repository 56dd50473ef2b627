"""What a process missed of a business's stream, read from the log as it would have been told."""

from collections.abc import Sequence

import msgspec

from shopbell.conversations import store as conversations
from shopbell.conversations.events import MessagePosted
from shopbell.kernel.database import Snapshot
from shopbell.kernel.events import Audience, Event, Frame, Logged, Recorded, logged_for_staff
from shopbell.live.content import KEPT_APART, contents
from shopbell.live.frames import encode
from shopbell.live.resume import again_to_person
from shopbell.live.told import Told, elsewhere, told
from shopbell.tickets.events import WaitingChanged

PAGE_EVENTS = 200


def heads(read: Snapshot, business_ids: Sequence[str]) -> list[int]:
    """The number of each business's newest event; 0 where nothing happened yet."""
    wanted = sorted(set(business_ids))
    found: dict[str, int] = dict(
        read.rows("SELECT business_id, seq FROM event_heads WHERE business_id IN :ids", ids=wanted)
    )
    return [found.get(business_id, 0) for business_id in business_ids]


def after(read: Snapshot, business_id: str, seq: int) -> list[Told]:
    """Some events of the business after a number, in order, for every audience; none at the head."""
    logged = logged_for_staff(read, business_id, seq, PAGE_EVENTS)
    content = contents(read, business_id, logged)
    said = {one.conversation_id for one in logged if one.name == MessagePosted.name and one.conversation_id}
    people = conversations.people_of(read, business_id, sorted(said))
    return [
        _kept_apart(read, business_id, one, content.get(one.seq), people.get(one.conversation_id or ""))
        if one.name in KEPT_APART
        else _logged(read, business_id, one)
        for one in logged
    ]


def _kept_apart(read: Snapshot, business_id: str, logged: Logged, event: Event | None, person_id: str | None) -> Told:
    """An event whose content stands in a table of its own; nothing but its number where that is gone."""
    if event is None:
        return Told(business_id, logged.seq)
    recorded = Recorded(business_id, logged.seq, logged.at, event, person_id, logged.conversation_id)
    return told(read.epoch, [recorded])[0]


def _logged(read: Snapshot, business_id: str, logged: Logged) -> Told:
    """An event whose body the log kept."""
    to_staff = to_person = None
    if logged.audience != Audience.PERSON:
        to_staff = encode(Frame.again(read.epoch, business_id, logged))
    if logged.audience != Audience.STAFF and logged.person_id is not None:
        to_person = again_to_person(read.epoch, business_id, logged)
    counted = None
    if logged.name == WaitingChanged.name:
        counted = elsewhere(business_id, msgspec.json.decode(logged.body or "{}", type=WaitingChanged))
    return Told(
        business_id, logged.seq, to_staff=to_staff, person_id=logged.person_id, to_person=to_person, elsewhere=counted
    )
