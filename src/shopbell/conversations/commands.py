"""Verbs of a conversation that touch no ticket."""

from shopbell.businesses.rules import BusinessName
from shopbell.conversations import store
from shopbell.conversations.events import ConversationOpened, MessagesDelivered
from shopbell.conversations.rules import Conversation, Side
from shopbell.kernel import ids
from shopbell.kernel.clock import moment
from shopbell.kernel.errors import Forbidden, NotFound
from shopbell.kernel.transaction import Transaction
from shopbell.loop import commands as loop
from shopbell.loop import store as members
from shopbell.signin.actors import Person
from shopbell.staff import store as colleagues
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Right, require


def open_as_person(tx: Transaction, person: Person, business_id: str) -> tuple[Conversation, bool]:
    """The person's one conversation with the business, and whether it is new. Anyone may write, member or not."""
    if found := store.between(tx, business_id, person.id):
        return found, False
    return _opened(tx, business_id, person.id), True


def open_as_staff(tx: Transaction, staff: Staff, person_id: str) -> tuple[Conversation, bool]:
    """The conversation with a member, or with a person who once wrote; Forbidden for anybody else."""
    require(colleagues.present(tx, staff).role, Right.WRITE_TICKETS)
    contact = members.contact(tx, staff.business_id, person_id)
    if contact is None:
        raise NotFound
    found = store.between(tx, staff.business_id, person_id)
    if found and store.person_wrote(tx, staff.business_id, found.id):
        return found, False
    if not members.is_member(tx, staff.business_id, person_id):
        raise Forbidden("You may write first only to members of your Loop or to people who wrote before.")
    return (found, False) if found else (_opened(tx, staff.business_id, person_id), True)


def _opened(tx: Transaction, business_id: str, person_id: str) -> Conversation:
    loop.meet(tx, business_id, person_id)
    opened = Conversation(ids.new(), business_id, person_id, tx.now, 0, 0, 0, 0, None)
    store.add(tx, opened)
    business = BusinessName(business_id, store.business_name(tx, business_id))
    event = ConversationOpened(id=opened.id, business=business, created_at=moment(opened.created_at))
    tx.record(business_id, event, person_id=person_id, conversation_id=opened.id)
    return opened


def mark_delivered(tx: Transaction, conversation: Conversation, side: Side, seq: int) -> None:
    """That side's devices have received everything up to `seq`."""
    business_id, conversation_id = conversation.business_id, conversation.id
    seq = min(seq, store.last_seq(tx, business_id, conversation_id))
    if store.mark(tx, business_id, conversation_id, side, "delivered", seq):
        tx.record(
            business_id,
            MessagesDelivered(conversation_id=conversation_id, side=side, seq=seq),
            person_id=conversation.person_id, conversation_id=conversation_id,
        )  # fmt: skip
