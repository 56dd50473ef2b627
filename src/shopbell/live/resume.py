"""Catching up: from a cursor to the events that followed it, read from the log and the tables behind it."""

from collections.abc import Collection, Sequence

import msgspec

from shopbell.conversations import store as conversations
from shopbell.conversations.events import MessagePosted, MessagesRead
from shopbell.conversations.items import to_person
from shopbell.kernel import ids
from shopbell.kernel.cursors import cursor, position
from shopbell.kernel.database import Snapshot
from shopbell.kernel.events import Audience, Frame, Logged, logged_for_person, logged_for_staff
from shopbell.live.content import KEPT_APART, contents
from shopbell.live.frames import encode
from shopbell.loop import store as members
from shopbell.signin.actors import Person
from shopbell.staff.actors import Staff

PAGE_EVENTS = 150
# A page travels as one frame: on a line that breaks often, small frames are what gets through.
PAGE_BYTES = 32 * 1024

Framed = tuple[int, bytes]


class Start(msgspec.Struct, frozen=True):
    """Where the stream of one business starts; `resync` when the client's cursor can't be served.

    `missed` tells whether there is anything in the log after it.
    """

    business_id: str
    position: int
    cursor: str
    resync: bool
    missed: bool


class Coming(msgspec.Struct, frozen=True):
    """Who says hello, and the last cursors they had, by business."""

    actor: Person | Staff
    cursors: dict[str, str]


def met(read: Snapshot, person_ids: Sequence[str]) -> set[tuple[str, str]]:
    """Whose streams those people may hear, as pairs of person and business."""
    return conversations.held_by(read, person_ids) | members.memberships_of(read, person_ids)


def heard(read: Snapshot, coming: Sequence[Coming]) -> list[list[str]]:
    """The businesses whose streams each of them may hear, or has to hear to learn that they left."""
    people = [one.actor.id for one in coming if isinstance(one.actor, Person)]
    heard: dict[str, set[str]] = {person_id: set() for person_id in people}
    for person_id, business_id in met(read, list(heard)) if heard else ():
        heard[person_id].add(business_id)
    for business_id, person_id in _left_meanwhile(read, coming):
        heard[person_id].add(business_id)
    return [[one.actor.business_id] if isinstance(one.actor, Staff) else sorted(heard[one.actor.id]) for one in coming]


def _left_meanwhile(read: Snapshot, coming: Sequence[Coming]) -> Collection[tuple[str, str]]:
    """Those they still follow and have left, business and person: the news of that is the last they hear."""
    asked = {
        (business_id, one.actor.id)
        for one in coming
        if isinstance(one.actor, Person)
        for business_id in one.cursors
        if ids.is_id(business_id)
    }
    return members.contacts(read, sorted(asked))


def starts(read: Snapshot, sent: Sequence[dict[str, str | None]]) -> list[list[Start]]:
    """Where each of the streams starts, by the cursor the client last had of it, if any."""
    wanted = sorted({business_id for cursors in sent for business_id in cursors})
    rows = read.rows("SELECT business_id, seq, floor FROM event_heads WHERE business_id IN :ids", ids=wanted)
    ends = {business_id: (head, floor) for business_id, head, floor in rows}
    return [
        [_start(read.epoch, business_id, sent, *ends.get(business_id, (0, 0))) for business_id, sent in cursors.items()]
        for cursors in sent
    ]


def floors(read: Snapshot, actor: Person | Staff) -> dict[str, int]:
    """How far back the log of each business goes that the actor may hear."""
    heard = [actor.business_id] if isinstance(actor, Staff) else sorted(b for _, b in met(read, [actor.id]))
    return dict(read.rows("SELECT business_id, floor FROM event_heads WHERE business_id IN :ids", ids=heard))


def now(read: Snapshot, business_id: str) -> Start:
    """Where the stream of a business stands."""
    return starts(read, [{business_id: None}])[0][0]


def _start(epoch: str, business_id: str, sent: str | None, head: int, floor: int) -> Start:
    newest = cursor(epoch, business_id, head)
    if sent is None:
        return Start(business_id, head, newest, resync=False, missed=False)
    at = position(sent, epoch, business_id)
    if at is None or not floor <= at <= head:
        return Start(business_id, head, newest, resync=True, missed=False)
    return Start(business_id, at, sent, resync=False, missed=at < head)


class Page(msgspec.Struct, frozen=True):
    """Some frames in order; `position` is what the listener has reached with them, `more` whether to go on."""

    frames: list[Framed]
    position: int
    more: bool


def page(read: Snapshot, actor: Person | Staff, business_id: str, after: int) -> Page:
    """The next events for the actor after a position."""
    head = read.head(business_id)
    if head <= after:
        return Page([], after, more=False)
    if isinstance(actor, Staff):
        frames, reached = _for_staff(read, actor, after)
    else:
        frames, reached = _for_person(read, actor, business_id, after)
    return _bounded(frames, head if reached is None else reached, more=reached is not None)


def heard_before(read: Snapshot, person: Person, business_id: str, seq: int) -> bool:
    """Whether the person heard anything of the business up to that number, as far as the log goes back."""
    frames, _ = _for_person(read, person, business_id, 0, limit=1)
    return any(at <= seq for at, _ in frames)


def _bounded(frames: list[Framed], reached: int, *, more: bool) -> Page:
    size = 0
    for index, (seq, frame) in enumerate(frames):
        size += len(frame)
        if size > PAGE_BYTES and index + 1 < len(frames):
            return Page(frames[: index + 1], seq, more=True)
    return Page(frames, reached, more=more)


def _for_staff(read: Snapshot, staff: Staff, after: int) -> tuple[list[Framed], int | None]:
    """The frames, and the last number looked at when there is more after it."""
    business_id = staff.business_id
    logged = logged_for_staff(read, business_id, after, PAGE_EVENTS)
    content = contents(read, business_id, logged)
    frames: list[Framed] = []
    for event in logged:
        if event.audience == Audience.PERSON:
            continue
        if event.name not in KEPT_APART:
            frames.append((event.seq, encode(Frame.again(read.epoch, business_id, event))))
        elif posted := content.get(event.seq):
            body = posted.for_author() if posted.author_id == staff.id else posted.for_staff()
            frames.append(_framed(read, business_id, event, body))
    return frames, logged[-1].seq if len(logged) == PAGE_EVENTS else None


def _framed(read: Snapshot, business_id: str, event: Logged, body: msgspec.Struct) -> Framed:
    return event.seq, encode(Frame.anew(read.epoch, business_id, event, body))


def again_to_person(epoch: str, business_id: str, event: Logged) -> bytes:
    """The frame of a logged event as the person may see it: what staff have left to read is theirs alone."""
    if event.name == MessagesRead.name:
        body = msgspec.json.decode(event.body or "{}", type=MessagesRead).for_person()
        return encode(Frame.anew(epoch, business_id, event, body))
    return encode(Frame.again(epoch, business_id, event))


def _for_person(
    read: Snapshot, person: Person, business_id: str, after: int, limit: int = PAGE_EVENTS
) -> tuple[list[Framed], int | None]:
    """The person's own messages and what else concerns them, two lists merged by number."""
    logged = logged_for_person(read, business_id, person.id, after, limit)
    conversation = conversations.between(read, business_id, person.id)
    messages = conversations.messages_after(read, person.id, conversation.id, after, limit) if conversation else []
    # Beyond the end of a full list the other one may not be told yet.
    ends = [found[-1].seq for found in (logged, messages) if len(found) == limit]
    reached = min(ends, default=None)
    frames = [
        (event.seq, again_to_person(read.epoch, business_id, event))
        for event in logged
        if event.audience != Audience.STAFF
    ]
    for message in messages:
        event = Logged(
            message.seq, MessagePosted.name, Audience.BOTH, None, message.conversation_id, None, message.created_at
        )
        frames.append(_framed(read, business_id, event, to_person(message)))
    frames.sort()
    return [frame for frame in frames if reached is None or frame[0] <= reached], reached
