"""Conversations, messages, tickets, notes, their history and the desk's counters."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def partial(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    conversations()
    messages()
    tickets()
    beside_tickets()


def conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("business_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        # How far each side has read, and how far its devices have received, as message numbers.
        sa.Column("person_read", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("person_delivered", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("staff_read", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("staff_delivered", sa.BigInteger, nullable=False, server_default="0"),
        # The closed ticket the person may still give feedback for.
        sa.Column("feedback_due", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_index("conversations_pair", "conversations", ["person_id", "business_id"], unique=True)


def messages() -> None:
    op.create_table(
        "messages",
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True),
        sa.Column("business_id", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("author_id", sa.Text, nullable=False),
        sa.Column("nonce", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger),
        # What was first said under the nonce, kept when the text is withdrawn: a retry must still match.
        sa.Column("fingerprint", sa.Text),
    )
    # The nonce comes first: conversation ids rise with time, and would put all new entries on one page.
    op.create_index("messages_nonce", "messages", ["nonce", "conversation_id", "author_id"], unique=True)


def tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("business_id", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("name_bloom", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("holder_id", sa.Text),
        sa.Column("priority", sa.BigInteger),
        sa.Column("outcome", sa.Text),
        # The customer's messages in this ticket, and how many of them the holder has seen.
        sa.Column("messages", sa.BigInteger, nullable=False),
        sa.Column("read_messages", sa.BigInteger, nullable=False),
        # The newest message, as one line, and its number.
        sa.Column("last_line", sa.Text, nullable=False),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.Column("waiting_since", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        # The number of the event that last moved the row: unique in a business, so pages break cleanly.
        sa.Column("updated_seq", sa.BigInteger, nullable=False),
        # The number of the newest message the customer wrote.
        sa.Column("customer_seq", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("follow_up_of", sa.Text),
        sa.CheckConstraint("state IN ('waiting', 'pulled', 'assigned', 'closed')", name="ticket_state"),
        sa.CheckConstraint("state <> 'assigned' OR holder_id IS NOT NULL", name="assigned_is_held"),
        sa.CheckConstraint("state NOT IN ('waiting', 'pulled') OR holder_id IS NULL", name="unassigned_is_unheld"),
        sa.CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="closed_has_outcome"),
        sqlite_with_rowid=False,
    )
    op.create_index("tickets_one_open", "tickets", ["conversation_id"], unique=True, **partial(OPEN))
    op.create_index("tickets_number", "tickets", ["business_id", "number"], unique=True)
    # The panel walks these, and whatever it filters or searches by lies in them, so that no row is fetched in vain.
    # A message moves `updated_seq` of an open ticket, and of these indexes only the first has open tickets and it.
    closed = "state = 'closed'"
    covering(
        "tickets_open",
        ["business_id", "updated_seq"],
        ["state", "name_bloom", "person_id", "holder_id", "priority"],
        OPEN,
    )
    covering("tickets_closed", ["business_id", "state", "updated_seq"], ["name_bloom", "person_id", "priority"], closed)
    covering(
        "tickets_closed_holder",
        ["business_id", "holder_id", "state", "updated_seq"],
        ["name_bloom", "person_id", "priority"],
        closed,
    )
    covering(
        "tickets_closed_priority",
        ["business_id", "priority", "state", "updated_seq"],
        ["name_bloom", "person_id"],
        f"{closed} AND priority IS NOT NULL",
    )
    covering(
        "tickets_closed_person",
        ["person_id", "business_id"],
        ["state", "updated_seq", "name_bloom", "holder_id", "priority"],
        closed,
    )
    covering(
        "tickets_waiting",
        ["business_id", "state", "waiting_since", "id"],
        ["name_bloom", "person_id", "holder_id", "priority"],
        OPEN,
    )
    op.create_index("tickets_conversation", "tickets", ["conversation_id", "number"])
    if op.get_context().dialect.name == "sqlite":
        tell_sqlite_what_a_large_desk_is_like()


OPEN = "state <> 'closed'"


def covering(name: str, key: list[str], carried: list[str], condition: str | None = None) -> None:
    """An index of tickets whose entries carry what else the panel asks for, and the ticket's id."""
    carried = carried if "id" in key else [*carried, "id"]
    where = partial(condition) if condition else {}
    if op.get_context().dialect.name == "postgresql":
        # Not as part of the key: a planner would search by it, and skip from entry to entry.
        op.create_index(name, "tickets", key, postgresql_include=carried, **where)
    else:
        op.create_index(name, "tickets", [*key, *carried], **where)


# Rows of an index, then how many share its first column, its first two, and so on: https://sqlite.org/fileformat2.html
LARGE_DESK = {
    "tickets_one_open": "10000 1",
    "tickets_number": "1000000 100000 1",
    "tickets_open": "10000 1000 1 1 1 1 1 1 1",
    "tickets_closed": "1000000 100000 100000 1 1 1 1 1",
    "tickets_closed_holder": "1000000 100000 8000 8000 1 1 1 1 1",
    "tickets_closed_priority": "300000 30000 10000 10000 1 1 1 1",
    "tickets_closed_person": "1000000 3 3 3 1 1 1 1 1",
    "tickets_waiting": "10000 1000 300 1 1 1 1 1",
    "tickets_conversation": "1000000 3 1",
}


def tell_sqlite_what_a_large_desk_is_like() -> None:
    """Else it takes all tickets of a business for as few as those of a conversation, and walks them."""
    op.execute("ANALYZE tickets")
    for index, shares in LARGE_DESK.items():
        op.execute(f"INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('tickets', '{index}', '{shares}')")


def beside_tickets() -> None:
    op.create_table(
        "ticket_closures",
        sa.Column("ticket_id", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True),
        sa.Column("business_id", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("staff_id", sa.Text, nullable=False),
        sa.Column("closed_at", sa.BigInteger, nullable=False),
        sa.Column("rating", sa.BigInteger),
        sa.Column("comment", sa.Text),
        sa.Column("rated_at", sa.BigInteger),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name="rating_in_range"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notes",
        sa.Column("ticket_id", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True),
        sa.Column("business_id", sa.Text, nullable=False),
        sa.Column("author_id", sa.Text, nullable=False),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("notes_nonce", "notes", ["nonce", "ticket_id", "author_id"], unique=True)
    op.create_index("notes_in_stream", "notes", ["business_id", "seq"], unique=True)
    op.create_table(
        "ticket_history",
        sa.Column("ticket_id", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True),
        sa.Column("business_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "desk_counters",
        sa.Column("business_id", sa.Text, primary_key=True),
        sa.Column("waiting", sa.BigInteger, nullable=False),
        sa.Column("pulled", sa.BigInteger, nullable=False),
        sa.Column("numbered", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
