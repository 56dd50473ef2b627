"""How an engine would find what a query asks for: no statement may read, or sort, a whole table that grows."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from shopbell.kernel.database import Database, Row, Snapshot, open_database
from shopbell.kernel.scope import Scope

# What SQLite may scan: parameters, constants, and samples that have a limit of their own.
SMALL = ("json_each", "k VIRTUAL", "CONSTANT", "sample")


class Watched:
    """A connection that keeps every statement it is asked for."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def rows(self, sql: str, params: dict[str, Any]) -> list[Row]:
        self.asked.append((sql, dict(params)))
        return list(self._connection.rows(sql, params))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def whole_tables_read(
    database_url: str, scope: Scope, query: Callable[..., Any], *args: Any, **named: Any
) -> list[str]:
    """The plan lines by which the query's statements read whole tables, and how many statements there were."""
    database = open_database(database_url)
    connection = Watched(database.reader())
    try:
        connection.begin(scope)
        query(Snapshot(connection, "epoch"), *args, **named)  # type: ignore[arg-type]
        connection.rollback()
        return [line for sql, params in connection.asked for line in _scans(database, sql, params)]
    finally:
        connection.close()


def _scans(database: Database, sql: str, params: dict[str, Any]) -> list[str]:
    connection = database.reader()
    try:
        if database.locks_rows:
            # So that the few rows of a test are no reason to scan or sort: what is left has no index to use.
            for way in ("seqscan", "bitmapscan", "sort"):
                connection.run(f"SET enable_{way} = off", {})
            plan = connection.rows("EXPLAIN (FORMAT JSON) " + sql, params)[0][0][0]["Plan"]
            return [line for node in _nodes(plan) for line in _unbounded(node)]
        plan = [row[3] for row in connection.rows("EXPLAIN QUERY PLAN " + sql, params)]
        return [line for line in plan if re.match(rf"SCAN (?!{'|'.join(SMALL)})|USE TEMP B-TREE", line)]
    finally:
        connection.close()


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _unbounded(node: dict[str, Any]) -> Iterator[str]:
    """A sort, or a scan of a table or of an index that starts at its beginning."""
    kind = node["Node Type"]
    if kind in ("Seq Scan", "Sort", "Incremental Sort"):
        yield f"{kind} {node.get('Relation Name') or node.get('Sort Key')}"
    if kind in ("Index Scan", "Index Only Scan", "Bitmap Index Scan") and "Index Cond" not in node:
        yield f"{kind} {node['Index Name']}"
