"""What Alembic runs: every revision in a transaction of its own on the connection `migrate` opened."""

from alembic import context
from sqlalchemy import event

connection = context.config.attributes["connection"]

if connection.dialect.name == "sqlite":
    # The driver would commit before DDL; with its own transaction control off, BEGIN covers DDL as well.
    connection.connection.dbapi_connection.isolation_level = None

    @event.listens_for(connection, "begin")
    def begin(opened: object) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


context.configure(connection=connection, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
