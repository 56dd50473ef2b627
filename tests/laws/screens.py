"""Everything a screen can fetch, as the JSON it would get, and the ears of those who listen."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from shopbell.conversations import queries as conversations
from shopbell.kernel.database import Snapshot
from shopbell.kernel.desk import Desk
from shopbell.live import resume
from shopbell.live.hub import Hub
from shopbell.loop import queries as loop
from shopbell.signin.actors import Person
from shopbell.staff.actors import Staff
from shopbell.tickets import panel, queries
from shopbell.tickets.panel import Filters, Shown, Sort
from shopbell.tickets.rules import Priority
from tests.laws.fold import Json

STATES = (None, *Shown)
PRIORITIES = (None, *Priority)
# Small, so that every list takes several pages.
LIMIT = 3


def plain(answer: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(answer))


def every_page(ask: Any) -> list[Json]:
    """The items of all pages of `ask(after)`."""
    items: list[Json] = []
    page = plain(ask(None))
    while True:
        items += page["items"]
        if page["next"] is None:
            return items
        page = plain(ask(page["next"]))


def thread(read: Snapshot, actor: Person | Staff, conversation_id: str) -> tuple[dict[int, Json], Json]:
    """All messages by number, and the marks."""

    def ask(after: str | None) -> Any:
        return conversations.page(read, actor, conversation_id, limit=LIMIT, before=None, after=int(after or 0))

    marks = plain(ask(None))["conversation"]
    return {item["seq"]: item for item in every_page(ask)}, {k: v for k, v in marks.items() if "id" not in k}


def fetched(read: Snapshot, actor: Person | Staff, business_id: str) -> Json:
    """What the fold of the actor's side folds, fetched all anew."""
    return of_staff(read, actor) if isinstance(actor, Staff) else of_person(read, actor, business_id)


def of_staff(read: Snapshot, staff: Staff) -> Json:
    rows = read.rows("SELECT id FROM conversations WHERE business_id = :id", id=staff.business_id)
    conversation_ids = [row[0] for row in rows]
    tickets = [
        item
        for state in (None, Shown.WAITING)
        for item in every_page(
            lambda after, state=state: panel.page(read, staff, Filters(state=state), limit=LIMIT, after=after)
        )
    ]
    threads = {each: thread(read, staff, each) for each in conversation_ids}
    notes = {t["id"]: every_page(lambda after, t=t: queries.notes(read, staff, t["id"], limit=LIMIT, after=after))
             for t in tickets}  # fmt: skip
    history = {t["id"]: every_page(lambda after, t=t: queries.history(read, staff, t["id"], limit=LIMIT, after=after))
               for t in tickets}  # fmt: skip
    details = [plain(queries.ticket(read, staff, ticket["id"])) for ticket in tickets]
    desk = plain(queries.desk(read, staff))
    members = every_page(lambda after: loop.newest_members(read, staff, limit=LIMIT, after=after))
    return {
        "seq": read.head(staff.business_id),
        "desk": {"waiting": desk["waiting"], "unclaimed": desk["unclaimed"]},
        "tickets": {t["id"]: {k: v for k, v in t.items() if k != "cursor"} for t in details},
        "threads": {each: messages for each, (messages, _) in threads.items() if messages},
        "marks": {each: marks for each, (_, marks) in threads.items() if any(marks.values())},
        "notes": {ticket_id: items for ticket_id, items in notes.items() if items},
        "history": history,
        "members": {item["id"]: item for item in members},
    }


def panels(read: Snapshot, staff: Staff, holders: Sequence[str | None]) -> dict[tuple[Any, ...], list[str]]:
    """The order of the panel in every filter, by (state, holder, priority, sort)."""
    found = {}
    for state in STATES:
        for holder in holders:
            for priority in PRIORITIES:
                for sort in Sort:
                    filters = Filters(state=state, holder=holder, priority=priority, sort=sort)
                    rows = every_page(lambda after, f=filters: panel.page(read, staff, f, limit=LIMIT, after=after))
                    found[state, holder, priority, sort] = [row["id"] for row in rows]
    return found


def of_person(read: Snapshot, person: Person, business_id: str) -> Json:
    listed = every_page(lambda after: conversations.conversations(read, person, limit=LIMIT, after=after))
    threads = {item["id"]: thread(read, person, item["id"]) for item in listed}
    memberships = every_page(lambda after: loop.memberships(read, person, limit=LIMIT, after=after))
    return {
        "seq": read.head(business_id),
        "conversations": {item["id"]: item for item in listed},
        "threads": {each: messages for each, (messages, _) in threads.items() if messages},
        "marks": {each: marks for each, (_, marks) in threads.items() if any(marks.values())},
        "memberships": {item["business"]["id"]: _named(item) for item in memberships},
    }


def _named(membership: Json) -> Json:
    """The membership without the business's slug, which belongs to its profile and not to the stream."""
    business = {k: v for k, v in membership["business"].items() if k != "slug"}
    return {**membership, "business": business}


class Ear:
    """A screen without a socket: it keeps what the hub tells it."""

    def __init__(self, actor: Person | Staff) -> None:
        self.actor = actor
        self.actor_id = actor.id
        self.told: dict[str, int] = {}
        self.heard: list[bytes] = []

    def hear(self, business_id: str, seq: int, frame: bytes) -> None:
        self.heard.append(frame)

    def hear_now(self, frame: bytes) -> None:
        """What is gone the next moment is no part of any law."""

    def flush(self) -> None:
        pass

    def taken(self) -> list[Json]:
        """What was heard since the last time."""
        frames, self.heard = self.heard, []
        return [msgspec.json.decode(frame) for frame in frames]


@contextmanager
def listening(hub: Hub, actors: Iterable[Person | Staff]) -> Iterator[list[Ear]]:
    """One ear for each of them while inside."""
    ears = [Ear(actor) for actor in actors]
    for ear in ears:
        if isinstance(ear.actor, Staff):
            hub.add_staff(ear.actor.business_id, ear)
        else:
            hub.add_person(ear.actor.id, ear)
    try:
        yield ears
    finally:
        for ear in ears:
            hub.remove(ear, ear.actor.business_id if isinstance(ear.actor, Staff) else ear.actor_id)


async def missed(desk: Desk, actor: Person | Staff, business_id: str, after: int) -> list[Json]:
    """The frames somebody gets who comes back with the cursor of that position."""
    frames: list[Json] = []
    more = True
    while more:
        page = await desk.read(resume.page, actor, business_id, after)
        frames += [msgspec.json.decode(frame) for _, frame in page.frames]
        after, more = page.position, page.more
    return frames
