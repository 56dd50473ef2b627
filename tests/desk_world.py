"""A shop with staff and customers in this process, and everything they may do, as one command each.

What a step is about (which ticket, which message) is looked up inside the command, so the same steps mean the
same whatever else is in their batch.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from shopbell.conversations import attaching
from shopbell.conversations import commands as conversing
from shopbell.conversations import store as conversations
from shopbell.conversations.attaching import DropUnposted, Upload
from shopbell.conversations.attachments import MOST_IN_A_MESSAGE
from shopbell.conversations.rules import Conversation
from shopbell.kernel import ids
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import NotFound, Refusal
from shopbell.kernel.transaction import Transaction
from shopbell.loop import commands as loop
from shopbell.signin import commands as signin
from shopbell.signin.actors import Person
from shopbell.staff import commands as staffing
from shopbell.staff.actors import Staff
from shopbell.staff.commands import Newcomer
from shopbell.staff.registering import Founding, register
from shopbell.staff.rules import Role
from shopbell.tickets import commands, leaving, posting, thread
from shopbell.tickets.posting import Post
from shopbell.tickets.rules import Outcome, Priority, Ticket
from shopbell.tickets.store import FROM_TICKETS, TICKET, ticket_of
from tests.kernel.notches import held_up

ROLES = (Role.OWNER, Role.MANAGER, Role.AGENT, Role.AGENT, Role.MARKETER)
OWNER, MANAGER, ANN, BOB, MARKETER = range(5)
# The last one has no conversation to begin with.
PEOPLE = 4
LAST_NAME = "Zephyrine"


class World(msgspec.Struct, frozen=True):
    """A shop, its staff in the order of ROLES, its people, and the conversations of all but the last of them.

    `files` are what each who may write there has uploaded to begin with, by author and conversation.
    """

    business_id: str
    staff: tuple[Staff, ...]
    people: tuple[Person, ...]
    conversations: tuple[str, ...]
    files: dict[tuple[str, str], str]


class Step(msgspec.Struct, frozen=True):
    """One thing somebody does: `kind` names a function of `ACTS`; the numbers say who, to which, and how."""

    kind: str
    who: int
    which: int
    how: int


def found(tx: Transaction) -> World:
    """A new shop with everyone in it."""
    owner_key = ids.hashed(ids.token())
    founding = Founding("Corner Shop", "Europe/Helsinki", "Olga", LAST_NAME, address(), "hash", None)
    business, owner = register(tx, founding, owner_key)
    staff = [owner, *(_hired(tx, owner, role, at) for at, role in enumerate(ROLES) if at)]
    people = [
        signin.sign_up(tx, f"Pia{at}", f"Person{at}", address(), "hash", ids.hashed(ids.token()))
        for at in range(PEOPLE)
    ]
    opened = [conversing.open_as_person(tx, person, business.id)[0].id for person in people[:-1]]
    writers: list[tuple[Person | Staff, str]] = [(people[at], conversation) for at, conversation in enumerate(opened)]
    writers += [(colleague, conversation) for colleague in staff[:MARKETER] for conversation in opened]
    files = {(author.id, at): uploaded(tx, author, at, author.first_name) for author, at in writers}
    return World(business.id, tuple(staff), tuple(people), tuple(opened), files)


def uploaded(tx: Transaction, author: Person | Staff, conversation_id: str, name: str) -> str:
    """The id of a file that the author sent there, of which there are no bytes."""
    upload = Upload(f"19700102/{ids.new()}", "image/png", f"{name}.png", 5, "")
    return attaching.attach(tx, author, conversation_id, upload).id


def address() -> str:
    return f"{ids.new()}@example.org"


def _hired(tx: Transaction, owner: Staff, role: Role, at: int) -> Staff:
    hired = staffing.add(tx, owner, Newcomer(role, f"Sam{at}", LAST_NAME, address(), None)).staff
    key = ids.hashed(ids.token())
    signin.begin_session(tx, hired.login_id, hired.business_id, key)
    return msgspec.structs.replace(hired, session=key)


def said(world: World, step: Step) -> Post:
    """A message of a customer, or with `how` of a colleague, in one of the conversations that were always there.

    With five it is nothing but what its author has uploaded there, which is taken only once.
    """
    at = step.which % len(world.conversations)
    author: Person | Staff = world.people[at] if step.how % 3 else world.staff[step.who]
    conversation_id, nonce = world.conversations[at], f"nonce {step.who} {step.how}"
    if step.how == 5:
        return Post(author, conversation_id, nonce, "", (world.files.get((author.id, conversation_id), "none"),))
    return Post(author, conversation_id, nonce, f"Text {step.how}\n of {step.who}")


def act(tx: Transaction, world: World, step: Step) -> Any:
    """Do what the step says. Raises the refusal of the product's own command."""
    return ACTS[step.kind](tx, world, step)


def tickets(tx: Transaction, world: World) -> list[Ticket]:
    rows = tx.rows(
        f"SELECT {TICKET} {FROM_TICKETS} WHERE t.business_id = :id ORDER BY t.number DESC", id=world.business_id
    )
    return [ticket_of(row) for row in rows]


def _ticket(tx: Transaction, world: World, step: Step) -> str:
    every = tickets(tx, world)
    if not every:
        raise NotFound
    return every[step.which % len(every)].id


def _conversation(tx: Transaction, world: World, step: Step) -> Conversation:
    person = world.people[step.which % PEOPLE]
    between = conversations.between(tx, world.business_id, person.id)
    if between is None:
        raise NotFound
    return between


def _owner_of(world: World, conversation: Conversation) -> Person:
    return next(person for person in world.people if person.id == conversation.person_id)


def _holder(tx: Transaction, world: World, conversation: Conversation) -> Staff:
    """Who holds the newest ticket, else the Owner."""
    held = (ticket.holder for ticket in tickets(tx, world) if ticket.conversation_id == conversation.id)
    holder = next(held, None)
    return next((staff for staff in world.staff if holder and staff.id == holder.id), world.staff[OWNER])


def _message(tx: Transaction, conversation: Conversation, step: Step) -> int:
    rows = tx.rows("SELECT seq FROM messages WHERE conversation_id = :id ORDER BY seq DESC", id=conversation.id)
    if not rows:
        raise NotFound
    seq: int = rows[step.how % len(rows)][0]
    return seq


def _pull(tx: Transaction, world: World, step: Step) -> Any:
    return commands.pull(tx, world.staff[step.who])


def _claim(tx: Transaction, world: World, step: Step) -> Any:
    staff = world.staff[step.who]
    return commands.assign(tx, staff, _ticket(tx, world, step), None, note=None, take_over=False)


def _transfer(tx: Transaction, world: World, step: Step) -> Any:
    to = world.staff[step.how % len(ROLES)].id
    note = f"Handed on {step.how}" if step.how % 2 else None
    ticket_id = _ticket(tx, world, step)
    return commands.assign(tx, world.staff[step.who], ticket_id, to, note=note, take_over=step.how > 3)


def _release(tx: Transaction, world: World, step: Step) -> Any:
    return commands.release(tx, world.staff[step.who], _ticket(tx, world, step))


def _prioritise(tx: Transaction, world: World, step: Step) -> Any:
    priority = (None, *Priority)[step.how % 4]
    return commands.prioritise(tx, world.staff[step.who], _ticket(tx, world, step), priority)


def _note(tx: Transaction, world: World, step: Step) -> Any:
    ticket_id = _ticket(tx, world, step)
    return commands.note(tx, world.staff[step.who], ticket_id, f"nonce {step.how}", f"Secret {step.how}")


def _close(tx: Transaction, world: World, step: Step) -> Any:
    outcome = list(Outcome)[step.how % 2]
    seen_seq = None if step.how < 6 else step.how
    return commands.close(tx, world.staff[step.who], _ticket(tx, world, step), outcome, seen_seq)


def _reopen(tx: Transaction, world: World, step: Step) -> Any:
    return commands.reopen(tx, world.staff[step.who], _ticket(tx, world, step))


def _rate(tx: Transaction, world: World, step: Step) -> None:
    ticket_id = _ticket(tx, world, step)
    person = world.people[step.how % PEOPLE]
    comment = "Well done" if step.how % 2 else None
    commands.give_feedback(tx, person, world.business_id, ticket_id, 1 + step.how % 5, comment)


def _withdraw(tx: Transaction, world: World, step: Step) -> None:
    conversation = _conversation(tx, world, step)
    actor = world.staff[step.who] if step.how % 2 else _owner_of(world, conversation)
    message_id = f"{conversation.id}.{_message(tx, conversation, step)}"
    thread.withdraw(tx, actor, conversation.id, message_id)


def _mark(tx: Transaction, world: World, step: Step, mark: Callable[..., None]) -> None:
    conversation = _conversation(tx, world, step)
    reader = _holder(tx, world, conversation) if step.how > 3 else world.staff[step.who]
    actor = reader if step.how % 2 else _owner_of(world, conversation)
    mark(tx, actor, conversation.id, _message(tx, conversation, step))


def _read(tx: Transaction, world: World, step: Step) -> None:
    _mark(tx, world, step, thread.mark_read)


def _deliver(tx: Transaction, world: World, step: Step) -> None:
    _mark(tx, world, step, thread.mark_delivered)


def _join(tx: Transaction, world: World, step: Step) -> None:
    loop.join(tx, world.people[step.which % PEOPLE], world.business_id)


def _leave(tx: Transaction, world: World, step: Step) -> None:
    loop.leave(tx, world.people[step.which % PEOPLE], world.business_id)


def _block(tx: Transaction, world: World, step: Step) -> None:
    loop.block(tx, world.staff[step.who], world.people[step.which % PEOPLE].id)


def _unblock(tx: Transaction, world: World, step: Step) -> None:
    loop.unblock(tx, world.staff[step.who], world.people[step.which % PEOPLE].id)


def _change(tx: Transaction, world: World, step: Step) -> Any:
    """Another role, dismissed, or taken on again."""
    role, active = ((Role.MARKETER, None), (Role.AGENT, None), (None, False), (None, True))[step.how % 4]
    return leaving.change_staff(tx, world.staff[OWNER], world.staff[step.which % len(ROLES)].id, role, active)


def _sign_out(tx: Transaction, world: World, step: Step) -> None:
    leaving.sign_out(tx, world.staff[step.who])


def _open(tx: Transaction, world: World, step: Step) -> Any:
    """Either side begins the conversation of one of them, most often of the one who has none."""
    person = world.people[-1 if step.which % 2 else step.which % PEOPLE]
    if step.how % 2:
        return conversing.open_as_staff(tx, world.staff[step.who], person.id)[1]
    return conversing.open_as_person(tx, person, world.business_id)[1]


def _author(world: World, step: Step, conversation: Conversation) -> Person | Staff:
    return _owner_of(world, conversation) if step.how % 2 else world.staff[step.who]


def _upload(tx: Transaction, world: World, step: Step) -> None:
    conversation = _conversation(tx, world, step)
    uploaded(tx, _author(world, step, conversation), conversation.id, f"File {step.how}")


def _drop_unposted(tx: Transaction, world: World, step: Step) -> None:
    """The timer of a file that is not due: nothing happens, whoever's it is."""
    due = [DropUnposted(world.business_id, each) for each in world.files.values()]
    attaching.drop_unposted(tx, due[step.how % len(due)])


def _say(tx: Transaction, world: World, step: Step) -> Any:
    """A single post with all its author has uploaded there, also of the one who had no conversation."""
    conversation = _conversation(tx, world, step)
    author = _author(world, step, conversation)
    text = f"Line one\n\tand two {step.how}"
    files = tx.rows(
        "SELECT id FROM attachments WHERE conversation_id = :id AND author_id = :author AND seq IS NULL ORDER BY id",
        id=conversation.id, author=author.id,
    )  # fmt: skip
    attached = tuple(row[0] for row in files)[:MOST_IN_A_MESSAGE]
    outcome = posting.post(tx, [Post(author, conversation.id, f"single {step.how}", text, attached)])[0]
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


ACTS: dict[str, Callable[[Transaction, World, Step], Any]] = {
    "pull": _pull,
    "claim": _claim,
    "transfer": _transfer,
    "release": _release,
    "prioritise": _prioritise,
    "note": _note,
    "close": _close,
    "reopen": _reopen,
    "rate": _rate,
    "withdraw": _withdraw,
    "read": _read,
    "deliver": _deliver,
    "join": _join,
    "leave": _leave,
    "block": _block,
    "unblock": _unblock,
    "change": _change,
    "sign_out": _sign_out,
    "open": _open,
    "say": _say,
    "upload": _upload,
    "drop_unposted": _drop_unposted,
}


async def play(desk: Desk, world: World, steps: Sequence[Step]) -> list[Any]:
    """Do the steps in one batch; their outcomes, refusals as values. A run of posts is one set."""
    with held_up(desk):
        outcomes = [_sent(desk, world, step) for step in steps]
    return [_no_fault(await outcome) for outcome in outcomes]


def _no_fault(outcome: Any) -> Any:
    if isinstance(outcome, Exception) and not isinstance(outcome, Refusal):
        raise outcome
    return outcome


def _sent(desk: Desk, world: World, step: Step) -> "asyncio.Future[Any]":
    outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    if step.kind == "post":
        desk.send(world.business_id, posting.post, said(world, step), done=outcome.set_result)
    else:
        desk.send(world.business_id, act, world, step, done=outcome.set_result)
    return outcome


async def settled(desk: Desk) -> None:
    """Return when everything committed so far was told to whoever listens."""
    await desk.do(None, lambda tx: None)
    await asyncio.sleep(0)
