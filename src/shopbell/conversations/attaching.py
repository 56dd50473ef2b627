"""Verbs of attachments: uploaded, handed over, dropped."""

import msgspec

from shopbell.conversations import attachment_store as store
from shopbell.conversations.attachments import UNPOSTED_FOR, Attachment
from shopbell.conversations.queries import seen_by
from shopbell.conversations.rules import Conversation, Message
from shopbell.kernel import ids
from shopbell.kernel.clock import DAY
from shopbell.kernel.database import Snapshot
from shopbell.kernel.desk import Desk
from shopbell.kernel.discarding import discard
from shopbell.kernel.errors import Forbidden, NotFound
from shopbell.kernel.files import Files, folder_of
from shopbell.kernel.scope import HOUSE
from shopbell.kernel.transaction import Transaction
from shopbell.loop import store as members
from shopbell.signin.actors import Person
from shopbell.staff import store as colleagues
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Right, require

DROP_UNPOSTED = "drop_unposted"
NAMES_AT_ONCE = 500
SWEPT = "files_swept"


class Upload(msgspec.Struct, frozen=True):
    """Bytes that are kept and have no row yet."""

    kept: str
    type: str
    name: str
    size: int
    caption: str


class DropUnposted(msgspec.Struct, frozen=True):
    """A job: drop an attachment unless it was posted."""

    business_id: str
    attachment_id: str


def writable_by(read: Snapshot, actor: Person | Staff, conversation_id: str) -> Conversation:
    """The conversation, if the actor may write in it at all; who holds its ticket is asked when they post."""
    conversation = seen_by(read, actor, conversation_id)
    if isinstance(actor, Staff):
        require(colleagues.present(read, actor).role, Right.WRITE_TICKETS)
    elif members.blocked(read, conversation.business_id, [actor.id]):
        raise Forbidden("This business doesn't take messages from you.", code="blocked")
    return conversation


def attach(tx: Transaction, author: Person | Staff, conversation_id: str, upload: Upload) -> Attachment:
    """Note a kept file, to be posted within a day."""
    conversation = writable_by(tx, author, conversation_id)
    attachment = Attachment(
        ids.new(), conversation.business_id, conversation.id, author.id, upload.kept, upload.type, upload.name,
        upload.size, upload.caption, tx.now,
    )  # fmt: skip
    store.add(tx, attachment)
    tx.job(
        DROP_UNPOSTED,
        {"business_id": attachment.business_id, "attachment_id": attachment.id},
        at=tx.now + UNPOSTED_FOR,
    )
    return attachment


def seen(read: Snapshot, reader: Person | Staff, attachment_id: str) -> Attachment:
    """The attachment, if the reader may see it: on both sides once it is posted, before that its author alone."""
    if isinstance(reader, Staff):
        found = store.for_staff(read, reader.business_id, reader.id, attachment_id)
    else:
        found = store.for_person(read, reader.id, attachment_id)
    if found is None:
        raise NotFound
    return found


def drop_unposted(tx: Transaction, due: DropUnposted) -> None:
    """Drop the attachment if its time is up and nobody posted it."""
    discard(tx, store.drop_unposted(tx, due.business_id, due.attachment_id, tx.now - UNPOSTED_FOR))


def drop_of(tx: Transaction, message: Message) -> None:
    """Drop what was posted with a message that is withdrawn."""
    if message.attachments:
        ids_ = [attached.id for attached in message.attachments]
        discard(tx, store.drop_of_message(tx, message.business_id, message.conversation_id, message.seq, ids_))


async def sweep(desk: Desk, files: Files) -> None:
    """Remove bytes that no row names, left where a process died between the two; each day's are looked at once."""
    swept = await desk.read_for(HOUSE, _swept)
    for folder in await files.folders():
        # Today's and yesterday's may still be getting their rows.
        if not swept < folder < folder_of(desk.clock() - DAY):
            continue
        names = await files.names(folder)
        for at in range(0, len(names), NAMES_AT_ONCE):
            for name in await desk.read_for(HOUSE, store.missing, names[at : at + NAMES_AT_ONCE]):
                await files.remove(name)
        await desk.do_later(None, _mark_swept, folder)


def _swept(read: Snapshot) -> str:
    return read.value("SELECT value FROM store WHERE name = :name", name=SWEPT) or ""


def _mark_swept(tx: Transaction, folder: str) -> None:
    tx.run(
        "INSERT INTO store (name, value) VALUES (:name, :folder) ON CONFLICT (name) DO UPDATE SET value = :folder",
        name=SWEPT, folder=folder,
    )  # fmt: skip
