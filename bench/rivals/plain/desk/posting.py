"""Saying something: one transaction, durable before anybody is told."""

from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from desk.models import Business, Conversation, Event, Message, Ticket

LINE_LENGTH = 120


class Refused(Exception):
    """What the sender did wrong; the text is for them."""


@dataclass(frozen=True)
class Posted:
    """The message, and the events it made, in order: none where it had been said before."""

    message: Message
    events: list[Event] = field(default_factory=list)


@transaction.atomic
def post_message(person: User, conversation_id: int, nonce: str, text: str) -> Posted:
    """A customer's message into their open ticket, or into a new one; a retry gets its first answer."""
    conversation = _conversation(person, conversation_id)
    before = Message.objects.filter(conversation=conversation, author=person, nonce=nonce).first()
    if before:
        if before.text != text:
            raise Refused("Something else was said with this nonce.")
        return Posted(before)
    if conversation.contact.blocked_at:
        raise Refused("This business doesn't take messages from you.")
    events = []
    ticket = Ticket.objects.filter(conversation=conversation).exclude(state=Ticket.State.CLOSED).first()
    if ticket is None:
        ticket = _opened(conversation)
        events.append(_recorded("ticket_opened", conversation, ticket.updated_seq))
    message = Message.objects.create(
        conversation=conversation, seq=_next_seq(conversation.contact.business), ticket=ticket,
        author=person, nonce=nonce, text=text, created_at=timezone.now(),
    )  # fmt: skip
    events.append(_recorded("message_posted", conversation, message.seq, message))
    _move(ticket, message)
    conversation.contact.business.save(update_fields=["last_event", "last_ticket"])
    return Posted(message, events)


def _conversation(person: User, conversation_id: int) -> Conversation:
    """The person's own; its business is locked, so whatever follows is alone with the numbers."""
    mine = Conversation.objects.select_related("contact__business")
    try:
        # References to the business stay possible: only its numbers are at stake.
        return mine.select_for_update(of=("contact__business",), no_key=True).get(
            pk=conversation_id, contact__person=person
        )
    except Conversation.DoesNotExist:
        raise Refused("There is no such conversation.") from None


def _opened(conversation: Conversation) -> Ticket:
    business = conversation.contact.business
    business.last_ticket += 1
    return Ticket.objects.create(
        business=business, number=business.last_ticket, conversation=conversation,
        updated_seq=_next_seq(business), updated_at=timezone.now(),
    )  # fmt: skip


def _next_seq(business: Business) -> int:
    business.last_event += 1
    return business.last_event


def _recorded(name: str, conversation: Conversation, seq: int, message: Message | None = None) -> Event:
    return Event.objects.create(
        business_id=conversation.contact.business_id, seq=seq, name=name, conversation=conversation,
        message=message, at=message.created_at if message else timezone.now(),
    )  # fmt: skip


def _move(ticket: Ticket, message: Message) -> None:
    """What a message changes of its ticket."""
    ticket.messages += 1
    ticket.last_line = " ".join(message.text.split())[:LINE_LENGTH]
    ticket.last_seq = ticket.updated_seq = message.seq
    ticket.updated_at = message.created_at
    ticket.save(update_fields=["messages", "last_line", "last_seq", "updated_seq", "updated_at"])
