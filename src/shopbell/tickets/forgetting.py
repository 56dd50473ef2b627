"""A withdrawn text leaves no copy: rows, history and logged events quoted it as a ticket's last line."""

from typing import Any

import msgspec

from shopbell.conversations.rules import Message
from shopbell.kernel.database import Update
from shopbell.kernel.transaction import Transaction

BLANK_HISTORY = Update("ticket_history", "body text", key="ticket_id text, seq bigint")
BLANK_LOG = Update("event_log", "body text", key="business_id text, seq bigint")


def forget_line(tx: Transaction, message: Message) -> None:
    """Blank the line of that message wherever it was quoted."""
    tx.run(
        "UPDATE tickets SET last_line = '' WHERE id = :id AND last_seq = :seq AND business_id = :business_id",
        id=message.ticket_id, seq=message.seq, business_id=message.business_id,
    )  # fmt: skip
    told = tx.rows(
        "SELECT seq, body FROM ticket_history WHERE ticket_id = :id AND business_id = :business_id AND seq > :seq",
        id=message.ticket_id, business_id=message.business_id, seq=message.seq,
    )  # fmt: skip
    quoting = {seq: body for seq, body in told if msgspec.json.decode(body)["last_seq"] == message.seq}
    tx.many(BLANK_HISTORY, [(_blanked(body, message), message.ticket_id, seq) for seq, body in quoting.items()])
    if not quoting:
        return
    # Events of this very batch may quote it too.
    tx.write_log()
    logged = tx.rows(
        "SELECT seq, body FROM event_log WHERE business_id = :business_id AND seq IN :seqs AND body IS NOT NULL",
        business_id=message.business_id, seqs=list(quoting),
    )  # fmt: skip
    tx.many(BLANK_LOG, [(_blanked(body, message), message.business_id, seq) for seq, body in logged])


def _blanked(body: str, message: Message) -> str:
    """The body of a ticket's event, or of a pull of many, without the quote."""
    told: dict[str, Any] = msgspec.json.decode(body)
    for ticket in (told, *told.get("tickets", ())):
        if ticket.get("last_seq") == message.seq:
            ticket["last_line"] = ""
    return msgspec.json.encode(told).decode()
