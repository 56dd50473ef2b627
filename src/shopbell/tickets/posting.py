"""Posting messages, a whole run at once: the verb the desk lives by.

Everything the run needs is loaded with a few statements, decided in the order of arrival by the pure rules, and
saved with one statement for each table. Later posts of a run see what earlier ones did through `Run`.
"""

from collections.abc import Sequence

import msgspec

from shopbell.conversations import attachment_store as attachments
from shopbell.conversations import store as conversations
from shopbell.conversations.attachments import Attached
from shopbell.conversations.events import MessagePosted
from shopbell.conversations.rules import Author, Kind, Message, Sent, Side, answer_again, fingerprint
from shopbell.kernel import ids
from shopbell.kernel.database import Row, Snapshot
from shopbell.kernel.errors import Forbidden, Invalid, NotFound, Refusal, Unauthenticated
from shopbell.kernel.transaction import Transaction
from shopbell.kernel.writer import set_wise
from shopbell.loop import store as members
from shopbell.signin.actors import Person
from shopbell.staff import store as colleagues
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Right, require
from shopbell.tickets import rules, store
from shopbell.tickets.events import TicketAssigned, TicketEvent, TicketOpened, WaitingChanged
from shopbell.tickets.items import signature
from shopbell.tickets.rules import Counters, Named, State, Ticket


class Post(msgspec.Struct, frozen=True):
    """Something to be said. The author is who the session says; the command looks its rights up anew."""

    author: Person | Staff
    conversation_id: str
    nonce: str
    text: str
    attachments: tuple[str, ...] = ()


class Thread(msgspec.Struct):
    """What the run knows of one conversation; `ticket` changes as the run goes on."""

    id: str
    business_id: str
    customer: Named
    blocked: bool
    ticket: Ticket | None


@set_wise
def post(tx: Transaction, posts: Sequence[Post]) -> list[Sent | Refusal]:
    """Say each of them, in order. The outcomes are what the senders learn, or their refusals."""
    run = Run(tx, posts)
    outcomes = [run.outcome(post) for post in posts]
    run.save()
    return outcomes


class Run:
    """One run of posts between its few loads and its few saves."""

    def __init__(self, tx: Transaction, posts: Sequence[Post]) -> None:
        self._tx = tx
        self._threads = threads(tx, list({post.conversation_id for post in posts}))
        self._staff = _acting(tx, posts)
        keys = [(post.nonce, post.conversation_id, post.author.id) for post in posts]
        self._sent = {
            key: (Sent(f"{key[1]}.{seq}", seq, at), mark)
            for key, (seq, at, mark) in conversations.sent_before(tx, keys).items()
        }
        self._unposted = attachments.unposted(
            tx, [(id, post.conversation_id, post.author.id) for post in posts for id in post.attachments]
        )
        self._posted: list[tuple[int, str, str]] = []
        self._counters: dict[str, Counters] = {}
        self._messages: list[Message] = []
        self._tickets: dict[str, Ticket] = {}
        self._opened: set[str] = set()
        self._claimed: set[str] = set()

    def outcome(self, post: Post) -> Sent | Refusal:
        # Everything that can refuse comes before the first record of a post, so a refusal leaves no trace.
        try:
            return self._said(post)
        except Refusal as refusal:
            return refusal

    def _said(self, post: Post) -> Sent:
        author = self._staff_author(post.author) if isinstance(post.author, Staff) else post.author
        thread = self._thread(author, post.conversation_id)
        key = (post.nonce, post.conversation_id, author.id)
        mark = fingerprint(post.text, post.attachments)
        if before := self._sent.get(key):
            return answer_again(before[0], before[1], mark)
        if isinstance(author, Staff):
            sent = self._reply(thread, author, post, mark)
        else:
            sent = self._receive(thread, author, post, mark)
        self._sent[key] = (sent, mark)
        return sent

    def _staff_author(self, author: Staff) -> Staff:
        acting = self._staff.get(author.id)
        if acting is None:
            raise Unauthenticated("You no longer work here.")
        return acting

    def _thread(self, author: Person | Staff, conversation_id: str) -> Thread:
        thread = self._threads.get(conversation_id)
        if thread is None:
            raise NotFound
        if isinstance(author, Staff):
            mine = thread.business_id == author.business_id
        else:
            mine = thread.customer.id == author.id
        if not mine:
            raise NotFound
        return thread

    def _receive(self, thread: Thread, person: Person, post: Post, mark: str) -> Sent:
        """A customer's message: into the open ticket, or into a new one that waits."""
        if thread.blocked:
            raise Forbidden("This business doesn't take messages from you.", code="blocked")
        self._check_content(post)
        ticket = thread.ticket or self._open(thread, holder=None)
        author = Author(Side.PERSON, person.id, thread.customer.name, thread.customer.name)
        message = self._message(thread, ticket, author, post, mark)
        self._change(thread, rules.with_customer_message(ticket, message))
        return Sent(message.id, message.seq, message.created_at)

    def _reply(self, thread: Thread, staff: Staff, post: Post, mark: str) -> Sent:
        """A colleague's message: the holder's, or one that claims or opens the ticket."""
        require(staff.role, Right.WRITE_TICKETS)
        if thread.ticket is None:
            self._check_may_write_first(thread)
            self._check_content(post)
            ticket = self._open(thread, holder=staff)
        else:
            rules.check_reply(thread.ticket, staff)
            self._check_content(post)
            ticket = thread.ticket
            if ticket.holder is None:
                ticket = self._claim(thread, ticket, staff)
        author = Author(Side.STAFF, staff.id, staff.full_name, staff.first_name)
        message = self._message(thread, ticket, author, post, mark)
        self._change(thread, rules.with_reply(ticket, message))
        return Sent(message.id, message.seq, message.created_at)

    def _check_content(self, post: Post) -> None:
        """Every attachment is there, the author's own and in no message yet, and something is said at all."""
        if not post.text and not post.attachments:
            raise Invalid("text", "May not be blank unless something is attached.")
        for at, attachment_id in enumerate(post.attachments):
            if (attachment_id, post.conversation_id, post.author.id) not in self._unposted:
                raise Invalid(f"attachments.{at}", "There is no such attachment. Send the file again.")
            if attachment_id in post.attachments[:at]:
                raise Invalid(f"attachments.{at}", "Give each attachment once.")

    def _attached(self, post: Post, seq: int, business_id: str) -> tuple[Attached, ...]:
        """Take the post's attachments into the message of that number."""
        self._posted += ((seq, attachment_id, business_id) for attachment_id in post.attachments)
        return tuple(self._unposted.pop((id, post.conversation_id, post.author.id)) for id in post.attachments)

    def _check_may_write_first(self, thread: Thread) -> None:
        tx, business_id = self._tx, thread.business_id
        if conversations.person_wrote(tx, business_id, thread.id):
            return
        if not members.is_member(tx, business_id, thread.customer.id):
            raise Forbidden("You may write first only to members of your Loop or to people who wrote before.")

    def _open(self, thread: Thread, *, holder: Staff | None) -> Ticket:
        tx, business_id = self._tx, thread.business_id
        last = store.last_closed_in(tx, business_id, thread.id)
        counters = self._counters_of(business_id)
        ticket = rules.opened(
            ids.new(), counters.numbered + 1, thread.id, business_id, thread.customer, at=tx.now,
            seq=tx.next_seq(business_id), holder=Named(holder.id, holder.full_name) if holder else None,
            follow_up_of=last,
        )  # fmt: skip
        self._opened.add(ticket.id)
        self._tell(ticket, TicketOpened.of(ticket, signature(holder) if holder else None), before=None)
        return ticket

    def _claim(self, thread: Thread, ticket: Ticket, staff: Staff) -> Ticket:
        claimed = rules.assigned(ticket, staff, staff, take_over=False)
        self._claimed.add(ticket.id)
        self._tell(claimed, TicketAssigned.of(claimed, signature(staff)), before=ticket.state)
        return claimed

    def _tell(self, ticket: Ticket, event: TicketEvent, *, before: State | None) -> None:
        """Record the ticket's event, keep it in its history, and move the counters."""
        business_id = ticket.business_id
        seq = self._tx.record(business_id, event, conversation_id=ticket.conversation_id)
        store.remember(self._tx, business_id, seq, event)
        counters = self._counters_of(business_id)
        moved = counters.moved(before, ticket.state)
        self._counters[business_id] = moved
        if (moved.waiting, moved.pulled) != (counters.waiting, counters.pulled):
            self._tx.record(business_id, WaitingChanged(waiting=moved.waiting, unclaimed=moved.unclaimed))

    def _counters_of(self, business_id: str) -> Counters:
        if business_id not in self._counters:
            self._counters[business_id] = store.counters(self._tx, business_id)
        return self._counters[business_id]

    def _message(self, thread: Thread, ticket: Ticket, author: Author, post: Post, mark: str) -> Message:
        tx, seq = self._tx, self._tx.next_seq(thread.business_id)
        message = Message(
            thread.id, seq, thread.business_id, ticket.id, Kind.TEXT, author, post.nonce, post.text, tx.now, None, mark,
            self._attached(post, seq, thread.business_id),
        )  # fmt: skip
        tx.record(
            thread.business_id,
            MessagePosted(message=message),
            person_id=thread.customer.id,
            conversation_id=thread.id,
        )
        self._messages.append(message)
        return message

    def _change(self, thread: Thread, ticket: Ticket) -> None:
        thread.ticket = self._tickets[ticket.id] = ticket

    def save(self) -> None:
        tx, tickets = self._tx, self._tickets
        whole = self._claimed - self._opened
        conversations.save_messages(tx, self._messages)
        attachments.post(tx, self._posted)
        store.add(tx, (tickets[ticket_id] for ticket_id in sorted(self._opened)))
        store.save(tx, (tickets[ticket_id] for ticket_id in sorted(whole)))
        store.move(tx, (ticket for ticket in tickets.values() if ticket.id not in self._opened | whole))
        for business_id, counters in self._counters.items():
            store.save_counters(tx, business_id, counters)


THREADS = f"""
    SELECT c.id, c.business_id, c.person_id, cp.first_name || ' ' || cp.last_name, k.blocked_at, {store.TICKET}
    FROM conversations c
    JOIN people cp ON cp.id = c.person_id
    LEFT JOIN contacts k ON k.business_id = c.business_id AND k.person_id = c.person_id
    LEFT JOIN tickets t ON t.conversation_id = c.id AND t.state <> 'closed'
    LEFT JOIN people p ON p.id = t.person_id
    LEFT JOIN staff s ON s.id = t.holder_id
    WHERE c.id IN :ids"""


def threads(read: Snapshot, conversation_ids: list[str]) -> dict[str, Thread]:
    """The conversations with their customers and open tickets, in one statement; who may see them is decided after."""
    return {row[0]: _thread(row) for row in read.rows(THREADS, ids=conversation_ids)}


def _thread(row: Row) -> Thread:
    conversation_id, business_id, person_id, name, blocked_at, *ticket = row
    return Thread(
        conversation_id, business_id, Named(person_id, name), blocked_at is not None,
        store.ticket_of(tuple(ticket)) if ticket[0] else None,
    )  # fmt: skip


def _acting(tx: Transaction, posts: Sequence[Post]) -> dict[str, Staff]:
    """The colleagues who write, as they are now: a role may have changed since the session began."""
    by_business: dict[str, set[str]] = {}
    for post in posts:
        if isinstance(post.author, Staff):
            by_business.setdefault(post.author.business_id, set()).add(post.author.id)
    return {
        staff_id: staff
        for business_id, staff_ids in by_business.items()
        for staff_id, staff in colleagues.acting(tx, business_id, list(staff_ids)).items()
    }
