"""How each engine would run a statement, and which growing tables it would read from end to end."""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import psycopg

from shopbell.kernel import postgres, sqlite
from shopbell.kernel.database import Insert, Row, Update
from tests.statements import Asked

# A scan of what a statement made itself, such as its list of keys, is bounded by the statement.
SOURCE = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?", re.IGNORECASE)
SCAN = re.compile(r"SCAN (\w+)(?! VIRTUAL)")
NOT_A_TABLE = {"json_each", "unnest"}


def full_scans_of_sqlite(raw: Any, asked: Asked) -> list[str]:
    """The lines of the plan that walk a whole table or a whole index."""
    sql, _ = _for_sqlite(asked)
    names = _tables(sql)
    plan = plan_of_sqlite(raw, asked)
    return [f"{line}: {sql}" for line in plan if (found := SCAN.search(line)) and found[1] in names]


def plan_of_sqlite(raw: Any, asked: Asked) -> list[str]:
    sql, params = _for_sqlite(asked)
    return [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}", params)]


def _for_sqlite(asked: Asked) -> tuple[str, Any]:
    statement, params = asked
    if isinstance(statement, str):
        text, lists = sqlite.translated(statement)
        return text, {**params, **{name: msgspec.json.encode(params[name]).decode() for name in lists}}
    if isinstance(statement, (Insert, Update)):
        return statement.sqlite, params[0]
    return statement.sqlite, (msgspec.json.encode(params).decode(),)


# Indexes of the open tickets alone, which are few however long a shop has been open.
SMALL = {"tickets_one_open"}


def full_scans_of_postgres(cursor: "psycopg.ClientCursor[Row]", asked: Asked) -> list[str]:
    """The nodes of the plan that walk a whole table or index though sequential scans are to be avoided."""
    statement, params = asked
    if isinstance(statement, str):
        sql: str = postgres.translated(statement)
    else:
        sql, params = statement.postgres, postgres.columns(params)
    # With few rows the planner would rather read all of them; it is asked what it would do with many.
    for way in ("seqscan", "hashjoin", "mergejoin", "bitmapscan"):
        cursor.execute(f"SET enable_{way} = off")
    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
    found = cursor.fetchone()
    assert found is not None
    plan = found[0] if isinstance(found[0], list) else json.loads(found[0])
    return [_told(node, sql) for node in _nodes(plan[0]["Plan"]) if _walks(node)]


def _told(node: dict[str, Any], sql: str) -> str:
    return f"{node['Node Type']} of {node['Relation Name']} by {node.get('Index Name')}: {sql}"


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from _nodes(inner)


def _walks(node: dict[str, Any]) -> bool:
    kind = node["Node Type"]
    if kind == "Seq Scan":
        return True
    if node.get("Index Name") in SMALL:
        return False
    return kind in ("Index Scan", "Index Only Scan") and "Index Cond" not in node


def _tables(sql: str) -> set[str]:
    """The names under which the statement's real tables may stand in a plan."""
    names: set[str] = set()
    for table, alias in SOURCE.findall(sql):
        if table.lower() not in NOT_A_TABLE and table.islower():
            names |= {table, alias} if alias.islower() else {table}
    return names
