"""Uploaded files, the messages they were posted with, and the bytes that are still to be removed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("business_id", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("author_id", sa.Text, nullable=False),
        # What its bytes are kept under.
        sa.Column("kept", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("caption", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        # The number of the message it was posted with.
        sa.Column("seq", sa.BigInteger),
        sqlite_with_rowid=False,
    )
    op.create_index("attachments_kept", "attachments", ["kept"], unique=True)
    # Carries the size, so that what somebody uploaded lately is added up without a look at the rows.
    op.create_index("attachments_of_author", "attachments", ["author_id", "created_at", "size"])
    # What the message shows of them, so that reading a thread joins nothing.
    op.add_column("messages", sa.Column("attachments", sa.Text))
    op.create_table(
        "discarded_files",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("discarded_files_by_time", "discarded_files", ["at"])
