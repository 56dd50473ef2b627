"""What happens to messages after they were said: read, received, withdrawn."""

from shopbell.conversations import attaching
from shopbell.conversations import commands as conversing
from shopbell.conversations import store as conversations
from shopbell.conversations.events import MessagesRead, MessageWithdrawn, TicketUnread
from shopbell.conversations.queries import seen_by
from shopbell.conversations.rules import Conversation, Message, Side, check_withdrawal, message_place
from shopbell.kernel.clock import moment
from shopbell.kernel.errors import NotFound
from shopbell.kernel.transaction import Transaction
from shopbell.signin.actors import Person
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Right, may
from shopbell.tickets import rules, store
from shopbell.tickets.commands import acting
from shopbell.tickets.forgetting import forget_line


def withdraw(tx: Transaction, actor: Person | Staff, conversation_id: str, message_id: str) -> None:
    """Take a message back: its line remains, its text is gone. Withdrawing once more changes nothing."""
    conversation = seen_by(tx, actor, conversation_id)
    place = message_place(message_id)
    if place is None or place[0] != conversation.id:
        raise NotFound
    business_id, seq = conversation.business_id, place[1]
    message = conversations.message_at(tx, business_id, conversation.id, seq)
    if message is None:
        raise NotFound
    _check_may_withdraw(tx, actor, message)
    if message.withdrawn_at is not None:
        return
    conversations.withdraw(tx, business_id, conversation.id, seq)
    attaching.drop_of(tx, message)
    if message.ticket_id is not None:
        forget_line(tx, message)
    event = MessageWithdrawn(conversation_id=conversation.id, id=message.id, seq=seq, withdrawn_at=moment(tx.now))
    tx.record(business_id, event, person_id=conversation.person_id, conversation_id=conversation.id)


def _check_may_withdraw(tx: Transaction, actor: Person | Staff, message: Message) -> None:
    if isinstance(actor, Staff):
        staff = acting(tx, actor, Right.WRITE_TICKETS)
        check_withdrawal(message, None, staff.id, any_staff_message=may(staff.role, Right.WITHDRAW_MESSAGES))
    else:
        check_withdrawal(message, actor.id, None, any_staff_message=False)


def mark_read(tx: Transaction, actor: Person | Staff, conversation_id: str, seq: int) -> None:
    """The actor's side has read up to `seq`. For staff only the holder's screen counts; others move nothing."""
    conversation = seen_by(tx, actor, conversation_id)
    business_id = conversation.business_id
    seq = min(seq, conversations.last_seq(tx, business_id, conversation.id))
    if isinstance(actor, Staff):
        # An older ticket may have been opened again after the newest one was closed.
        ticket = store.open_in(tx, business_id, conversation.id) or store.newest_in(tx, business_id, conversation.id)
        if ticket is None or not rules.is_holder(ticket, actor):
            return
        if conversations.mark(tx, business_id, conversation.id, Side.STAFF, "read", seq):
            _read_by_staff(tx, conversation, seq)
    elif conversations.mark(tx, business_id, conversation.id, Side.PERSON, "read", seq):
        unread = conversations.unread_by_person(tx, business_id, conversation.id, seq)
        _tell_read(tx, conversation, MessagesRead(
            conversation_id=conversation.id, side=Side.PERSON, seq=seq, unread=unread
        ))  # fmt: skip


def _read_by_staff(tx: Transaction, conversation: Conversation, seq: int) -> None:
    business_id = conversation.business_id
    counted = store.unread_by_ticket(tx, conversation, conversation.staff_read, seq)
    unread = tuple(TicketUnread(ticket_id, store.count_read(tx, business_id, ticket_id, n)) for ticket_id, n in counted)
    _tell_read(tx, conversation, MessagesRead(
        conversation_id=conversation.id, side=Side.STAFF, seq=seq, tickets=unread
    ))  # fmt: skip


def _tell_read(tx: Transaction, conversation: Conversation, event: MessagesRead) -> None:
    tx.record(conversation.business_id, event, person_id=conversation.person_id, conversation_id=conversation.id)


def mark_delivered(tx: Transaction, actor: Person | Staff, conversation_id: str, seq: int) -> None:
    conversation = seen_by(tx, actor, conversation_id)
    side = Side.STAFF if isinstance(actor, Staff) else Side.PERSON
    conversing.mark_delivered(tx, conversation, side, seq)
