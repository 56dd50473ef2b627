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
    op.create_index("tickets_one_open", "tickets", ["conversation_id"], unique=True, **partial("state <> 'closed'"))
    op.create_index("tickets_number", "tickets", ["business_id", "number"], unique=True)
    # The panel walks one of these for each state; the person is there for searches to look at on the way.
    op.create_index("tickets_state", "tickets", ["business_id", "state", "updated_seq", "person_id"])
    op.create_index(
        "tickets_holder",
        "tickets",
        ["business_id", "holder_id", "state", "updated_seq", "person_id"],
        **partial("holder_id IS NOT NULL"),
    )
    op.create_index(
        "tickets_priority",
        "tickets",
        ["business_id", "priority", "state", "updated_seq", "person_id"],
        **partial("priority IS NOT NULL"),
    )
    op.create_index("tickets_waiting", "tickets", ["business_id", "state", "waiting_since", "id"])
    op.create_index("tickets_person", "tickets", ["person_id", "business_id", "state", "updated_seq"])
    op.create_index("tickets_conversation", "tickets", ["conversation_id", "number"])


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
