"""PostgreSQL keeps apart what belongs to different businesses and people, even if a query forgets to."""

from alembic import op

from shopbell.migrations import leave_behind
from shopbell.migrations.policies import (
    AMONG_BUSINESSES,
    BUSINESS,
    BUSINESS_OF_MANY,
    BUSINESS_OF_PERSON,
    EVERYBODY,
    HOUSE,
    LOGIN,
    PERSON,
    guard,
)

revision = "0006"
down_revision = "0005"

OF_PERSON = f"person_id = {PERSON}"
THREAD_OF_PERSON = f"""conversation_id = ANY (
    (SELECT array_agg(c.id) FROM conversations c WHERE c.person_id = {PERSON})::text[])"""
# A value instead of EXISTS, for which a planner may list all contacts first.
CONTACT = f"""(
    SELECT 1 FROM contacts c WHERE c.person_id = people.id AND {AMONG_BUSINESSES.format("c.business_id")} LIMIT 1
    ) IS NOT NULL"""
COLLEAGUE = f"""(
    SELECT 1 FROM staff s WHERE s.login_id = logins.id AND {AMONG_BUSINESSES.format("s.business_id")} LIMIT 1
    ) IS NOT NULL"""


def upgrade() -> None:
    if op.get_context().dialect.name != "postgresql":
        return
    # By it a person's businesses are found.
    op.create_index("contacts_of_person", "contacts", ["person_id", "business_id"])
    what_anybody_may_know()
    what_was_said_and_done()
    who_belongs_where()
    how_one_signs_in_and_what_is_left_to_do()
    # A version that says of no transaction whom it works for would find every table empty.
    leave_behind(op.get_bind(), revision)


def what_anybody_may_know() -> None:
    guard("businesses", sees=[EVERYBODY], changes=AMONG_BUSINESSES.format("id"))
    guard("business_words", sees=[EVERYBODY], changes=BUSINESS)


def what_was_said_and_done() -> None:
    guard("messages", sees=[*BUSINESS_OF_MANY, THREAD_OF_PERSON], changes=BUSINESS)
    guard("tickets", sees=[*BUSINESS_OF_MANY, OF_PERSON], changes=BUSINESS)
    guard("event_log", sees=[*BUSINESS_OF_MANY, OF_PERSON], changes=BUSINESS)
    # What the house did not see here it would take for gone, and remove the bytes.
    guard("attachments", sees=[BUSINESS, HOUSE, THREAD_OF_PERSON], changes=BUSINESS)
    for table in ("notes", "ticket_closures", "ticket_history", "contact_words"):
        guard(table, sees=BUSINESS_OF_MANY, changes=BUSINESS)


def who_belongs_where() -> None:
    guard("staff", sees=[BUSINESS, HOUSE, f"login_id = {LOGIN}", BUSINESS_OF_PERSON], changes=BUSINESS)
    guard("contacts", sees=[*BUSINESS_OF_MANY, HOUSE, OF_PERSON], changes=BUSINESS)
    guard("conversations", sees=[BUSINESS, HOUSE, OF_PERSON], changes=BUSINESS)
    guard("event_heads", sees=[BUSINESS, HOUSE, BUSINESS_OF_PERSON], changes=BUSINESS)
    guard("desk_counters", sees=[BUSINESS, HOUSE], changes=BUSINESS)


def how_one_signs_in_and_what_is_left_to_do() -> None:
    guard("people", sees=[HOUSE, f"id = {PERSON}", CONTACT], changes=HOUSE)
    guard("logins", sees=[HOUSE, f"id = {LOGIN}", COLLEAGUE], changes=HOUSE)
    for table in ("sessions", "resets", "throttles", "jobs", "discarded_files"):
        guard(table, sees=[HOUSE], changes=HOUSE)
