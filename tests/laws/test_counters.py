"""G21: every number a screen shows is what counting the messages and reading the log gives."""

from typing import Any

import msgspec
from hypothesis import given

from shopbell.conversations import queries as conversations
from shopbell.kernel.errors import Refusal
from shopbell.kernel.transaction import Transaction
from shopbell.tickets import posting, queries
from tests.desk_world import OWNER, Step, World, act, found, said, tickets
from tests.laws.conftest import Bench
from tests.laws.fold import said as in_words
from tests.laws.steps import enough, lives


@given(steps=lives)
@enough(smoke=400, short=5_000, long=1_000_000)
def test_counters_equal_recomputation_after_every_step(bench: Bench, steps: list[Step]) -> None:
    bench.run(_counted(bench, steps))


async def _counted(bench: Bench, steps: list[Step]) -> None:
    world = await bench.desk.do(None, found)
    # One transaction for all steps: what is looked at after each is what a commit there would have left.
    await bench.desk.do(world.business_id, _played_and_checked, world, steps)


def _played_and_checked(tx: Transaction, world: World, steps: list[Step]) -> None:
    for step in steps:
        tx.now += 1
        _played(tx, world, step)
        _check_desk(tx, world)
        _check_rows(tx, world)
        _check_people(tx, world)
        _check_words(tx, world)


def _played(tx: Transaction, world: World, step: Step) -> None:
    """The step as the writer would do it, in a savepoint of its own."""
    mark = tx.mark()
    tx.run("SAVEPOINT step")
    try:
        if step.kind == "post":
            posting.post(tx, [said(world, step)])
        else:
            act(tx, world, step)
    except Refusal:
        tx.run("ROLLBACK TO step")
        tx.back_to(mark)
    tx.run("RELEASE step")


def _check_desk(tx: Transaction, world: World) -> None:
    """`waiting` and `unclaimed`, as the desk says, as it last told, and as the tickets' own events leave them."""
    states: dict[str, str] = {}
    told = None
    for recorded in tx.recorded:
        body: Any = msgspec.json.decode(msgspec.json.encode(recorded.event.for_staff()))
        if recorded.event.name == "waiting_changed":
            told = body
        for ticket in body.get("tickets", [body]) if recorded.event.name.startswith("ticket") else []:
            states[ticket["id"]] = ticket["state"]
    waiting = list(states.values()).count("waiting")
    desk = queries.desk(tx, world.staff[OWNER])
    assert (desk.waiting, desk.unclaimed) == (waiting, waiting + list(states.values()).count("pulled"))
    assert told is None or told == {"waiting": desk.waiting, "unclaimed": desk.unclaimed}
    assert {ticket.id: ticket.state.value for ticket in tickets(tx, world)} == states


class Said(msgspec.Struct, frozen=True):
    """A message, as much of it as counts."""

    conversation_id: str
    ticket_id: str | None
    seq: int
    side: str
    kind: str
    text: str
    attachments: str | None

    @property
    def item(self) -> dict[str, Any]:
        return {"text": self.text, "attachments": msgspec.json.decode(self.attachments or "[]")}


def _everything_said(tx: Transaction, world: World) -> tuple[list[Said], dict[str, tuple[int, int]]]:
    """All messages of the shop in order, and how far staff and person have read each conversation."""
    read = {
        row[0]: (row[1], row[2])
        for row in tx.rows(
            "SELECT id, staff_read, person_read FROM conversations WHERE business_id = :id", id=world.business_id
        )
    }
    rows = tx.rows(
        "SELECT conversation_id, ticket_id, seq, side, kind, text, attachments FROM messages"
        " WHERE conversation_id IN :ids ORDER BY seq",
        ids=list(read),
    )
    return [Said(*row) for row in rows], read


def _check_rows(tx: Transaction, world: World) -> None:
    """What each row of the panel says of its messages."""
    messages, read = _everything_said(tx, world)
    every = tickets(tx, world)
    assert [ticket.number for ticket in every] == list(range(len(every), 0, -1))
    for ticket in every:
        said_in = [each for each in messages if each.ticket_id == ticket.id and each.kind == "text"]
        theirs = [each.seq for each in said_in if each.side == "person"]
        assert ticket.messages == len(theirs)
        assert ticket.unread == sum(seq > read[ticket.conversation_id][0] for seq in theirs)
        assert ticket.customer_seq == max(theirs, default=0)
        last = (said_in[-1].seq, in_words(said_in[-1].item)) if said_in else (0, "")
        assert (ticket.last_seq, ticket.last_line) == last


def _check_words(tx: Transaction, world: World) -> None:
    """A customer is filed under no lower number than that of their newest closed ticket."""
    too_low = tx.value(
        "SELECT count(*) FROM tickets t JOIN contact_words w ON w.business_id = t.business_id"
        " AND w.person_id = t.person_id WHERE t.business_id = :id AND t.state = 'closed'"
        " AND w.closed_seq < t.updated_seq",
        id=world.business_id,
    )
    assert too_low == 0


def _check_people(tx: Transaction, world: World) -> None:
    """What each person's list says of what they have not read."""
    messages, read = _everything_said(tx, world)
    for person in world.people:
        for shown in conversations.conversations(tx, person, limit=100, after=None).items:
            theirs = [each for each in messages if each.conversation_id == shown.id]
            assert shown.unread == sum(each.seq > read[shown.id][1] and each.side == "staff" for each in theirs)
            assert (shown.last_message.seq if shown.last_message else 0) == (theirs[-1].seq if theirs else 0)
