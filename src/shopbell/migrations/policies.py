"""Row-level security: what a transaction sees and changes of a table, by whom it said it works for.

`kernel/scope.py` is what it can say. SQLite knows none of this.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from shopbell.kernel.postgres import BOUND_ROLE
from shopbell.settings import CannotServe

BUSINESSES = "current_setting('shopbell.businesses', TRUE)"
PERSON = "current_setting('shopbell.person', TRUE)"
LOGIN = "current_setting('shopbell.login', TRUE)"
# Ids are all of one length, so one is part of a list only by standing in it. Making an array would cost more.
AMONG_BUSINESSES = f"strpos({BUSINESSES}, {{}}) > 0"

EVERYBODY = "TRUE"
HOUSE = "current_setting('shopbell.house', TRUE) = 'on'"
BUSINESS = AMONG_BUSINESSES.format("business_id")
# The same for tables that are read by the thousand rows: a statement asks for the list once instead of for each
# row, and mostly it is one business, which is compared sooner than searched. That costs planning, so the others do
# without.
BUSINESS_OF_MANY = (
    f"business_id = (SELECT {BUSINESSES})",
    f"strpos((SELECT {BUSINESSES}), business_id) > 0",
)
BUSINESS_OF_PERSON = f"""business_id = ANY (
    (SELECT array_agg(c.business_id) FROM contacts c WHERE c.person_id = {PERSON})::text[])"""


def guard(table: str, *, sees: Sequence[str], changes: str) -> None:
    """Show the rows for which one of the conditions holds, let those be written for which `changes` holds."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    # The owner, whom a server usually is, would be free of it otherwise.
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY sees ON {table} FOR SELECT USING ({_one_of(sees)})")
    op.execute(f"CREATE POLICY adds ON {table} FOR INSERT WITH CHECK ({changes})")
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE USING ({_one_of([changes])})")
    op.execute(f"CREATE POLICY removes ON {table} FOR DELETE USING ({_one_of([changes])})")


def _one_of(conditions: Sequence[str]) -> str:
    """Whether one holds, put so that the planner expects it of every row and plans by the query's own conditions."""
    return f"CASE {' '.join(f'WHEN {condition} THEN 1' for condition in conditions)} END IS NOT NULL"


def bind(connection: sa.Connection) -> None:
    """Make a role for a login that row-level security does not bind, for its server to act as.

    Raises CannotServe for a login that is neither bound nor may make one.
    """
    found = connection.execute(
        sa.text("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    ).one()
    if not found[1]:
        return
    try:
        for statement in BIND:
            connection.execute(sa.text(statement))
        connection.commit()
    except sa.exc.ProgrammingError as error:
        raise CannotServe(
            f"PostgreSQL's role {found[0]!r} bypasses row-level security and may make no role that does not. Give it"
            f' CREATEROLE, or better, let it be bound: ALTER ROLE "{found[0]}" NOBYPASSRLS'
        ) from error


BIND = (
    # A cluster has its roles in common, so another database may have made it, even just now.
    f"""DO $$ BEGIN
            CREATE ROLE {BOUND_ROLE} NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$""",
    f"GRANT {BOUND_ROLE} TO CURRENT_USER",
    f"""DO $$ BEGIN
            EXECUTE format('GRANT USAGE ON SCHEMA %I TO {BOUND_ROLE}', current_schema());
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO {BOUND_ROLE}',
                current_schema());
        END $$""",
)
