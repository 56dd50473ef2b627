"""Who is who: businesses, people, logins, staff, their sessions, and whom a business knows."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# Compared by code point on both engines, so that a page's key and a word's prefix mean the same everywhere.
SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def partial(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    businesses()
    logins_and_people()
    staff()
    sessions()
    contacts()


def businesses() -> None:
    op.create_table(
        "businesses",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("slug", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", SORTED, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.Column("category", sa.Text),
        sa.Column("description", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("website", sa.Text),
        sa.Column("street", sa.Text),
        sa.Column("postcode", sa.Text),
        sa.Column("city", sa.Text),
        sa.Column("country", sa.Text),
        sa.Column("latitude", sa.Double),
        sa.Column("longitude", sa.Double),
        # JSON: opening times by weekday, and the days that differ.
        sa.Column("hours", sa.Text),
        sa.Column("holidays", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_position"),
        sqlite_with_rowid=False,
    )
    op.create_index("businesses_by_name", "businesses", ["name_key", "id"])
    op.create_table(
        "business_words",
        sa.Column("word", SORTED, primary_key=True),
        sa.Column("business_id", sa.Text, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("business_words_of_business", "business_words", ["business_id", "word"])


def logins_and_people() -> None:
    op.create_table(
        "logins",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("email_key", sa.Text, nullable=False, unique=True),
        # Empty until the invited newcomer has set a password.
        sa.Column("password_hash", sa.Text),
        sa.Column("last_business_id", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("first_name", sa.Text, nullable=False),
        sa.Column("last_name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("email_key", sa.Text, nullable=False, unique=True),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("business_id", sa.Text, sa.ForeignKey("businesses.id"), nullable=False),
        sa.Column("login_id", sa.Text, sa.ForeignKey("logins.id"), nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("first_name", sa.Text, nullable=False),
        sa.Column("last_name", sa.Text, nullable=False),
        sa.Column("mobile", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("off_duty_at", sa.BigInteger),
        sa.Column("deactivated_at", sa.BigInteger),
        sa.CheckConstraint("role IN ('owner', 'manager', 'marketer', 'agent')", name="known_role"),
        sqlite_with_rowid=False,
    )
    op.create_index("staff_of_business", "staff", ["business_id", "id"])
    op.create_index("staff_of_login", "staff", ["login_id", "business_id"], unique=True)
    op.create_index("staff_owners", "staff", ["business_id"], **partial("role = 'owner' AND deactivated_at IS NULL"))


def sessions() -> None:
    # Tokens are stored hashed: `key` is what a lookup needs and proves nothing to who reads the table.
    op.create_table(
        "sessions",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("business_id", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.CheckConstraint(
            "side = 'staff' AND business_id IS NOT NULL OR side = 'person' AND business_id IS NULL",
            name="staff_work_somewhere",
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("sessions_of_subject", "sessions", ["subject_id", "expires_at"])
    op.create_index("sessions_expiry", "sessions", ["expires_at"])
    op.create_table(
        "resets",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.CheckConstraint("side IN ('staff', 'person')", name="known_side"),
        sqlite_with_rowid=False,
    )
    op.create_index("resets_of_subject", "resets", ["subject_id"])
    op.create_index("resets_expiry", "resets", ["expires_at"])
    op.create_table(
        "throttles",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("tries", sa.BigInteger, nullable=False),
        sa.Column("ends_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("throttles_end", "throttles", ["ends_at"])


def contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("business_id", sa.Text, sa.ForeignKey("businesses.id"), primary_key=True),
        sa.Column("person_id", sa.Text, sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("name_key", SORTED, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        # A contact with this is a member of the Loop.
        sa.Column("joined_at", sa.BigInteger),
        sa.Column("blocked_at", sa.BigInteger),
        sqlite_with_rowid=False,
    )
    members = partial("joined_at IS NOT NULL")
    op.create_index("members_newest", "contacts", ["business_id", "joined_at", "person_id"], **members)
    op.create_index("members_by_name", "contacts", ["business_id", "name_key", "person_id"], **members)
    op.create_index("memberships", "contacts", ["person_id", "joined_at", "business_id"], **members)
    op.create_table(
        "contact_words",
        sa.Column("business_id", sa.Text, primary_key=True),
        sa.Column("word", SORTED, primary_key=True),
        sa.Column("person_id", sa.Text, primary_key=True),
        # The contact's newest closed ticket is no newer than this: the number of an event, 0 before the first.
        sa.Column("closed_seq", sa.BigInteger, nullable=False, server_default="0"),
        sqlite_with_rowid=False,
    )
    if op.get_context().dialect.name == "postgresql":
        # Whoever has a word is found with their newest ticket in the entries of one index, without the rows.
        op.execute("ALTER TABLE contact_words DROP CONSTRAINT contact_words_pkey")
        op.execute("ALTER TABLE contact_words ADD PRIMARY KEY (business_id, word, person_id) INCLUDE (closed_seq)")
    op.create_index("contact_words_of_person", "contact_words", ["person_id", "business_id", "word"])
