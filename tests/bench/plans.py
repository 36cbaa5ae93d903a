"""Reads what a database plans to do for a statement, and finds where it would walk through all of a table that grows."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Flask
from sqlalchemy import Connection, text

from tracker.db import db

# Tables that grow with the work; those of people, units and partners do not.
GROWING = frozenset(
    {
        *(
            "initiative",
            "blocker",
            "blocker_holding",
            "event",
            "membership",
            "participation",
            "involvement",
        ),
        *(
            "friction",
            "stage_spell",
            "sponsorship",
            "status_update",
            "hold",
            "milestone",
            "approval",
        ),
    }
)
FEW = 1000  # rows that may be walked through


def scans(app: Flask, statements: list[tuple[str, Any]]) -> list[str]:
    """Return a line for each walk through a growing table. One along an index that a LIMIT ends is none."""
    with app.app_context(), db.engine.connect() as connection:
        find = _in_postgresql if connection.dialect.name == "postgresql" else _in_sqlite
        return [
            found
            for statement, parameters in statements
            if statement.lstrip().upper().startswith(("SELECT", "WITH"))
            for found in find(connection, statement, parameters)
        ]


def _in_sqlite(connection: Connection, statement: str, parameters: Any) -> list[str]:
    raw: Any = connection.connection.driver_connection
    plan = raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
    found = []
    for row in plan:
        told = str(row[3])
        table = _table(told, statement)
        along = " USING " in told and " LIMIT " in " ".join(statement.split()).upper()
        if told.startswith("SCAN ") and table in GROWING and not along:
            found.append(f"{told}: {_short(statement)}")
    return found


def _table(told: str, statement: str) -> str:
    """Return the table behind a name of the plan, which may be an alias."""
    name = told.split()[1] if len(told.split()) > 1 else ""
    alias = re.search(rf"\b(\w+) AS {re.escape(name)}\b", statement)
    return alias[1] if alias else name


def _in_postgresql(connection: Connection, statement: str, parameters: Any) -> list[str]:
    raw: Any = connection.connection.driver_connection
    if isinstance(parameters, dict):
        cursor = raw.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
    else:
        literal = re.sub(
            r"\$(\d+)", lambda place: _literal(parameters[int(place[1]) - 1]), statement
        )
        cursor = raw.execute(f"EXPLAIN (FORMAT JSON) {literal}")
    plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return [f"{each}: {_short(statement)}" for each in _walks(plan[0]["Plan"])]


def _walks(node: dict[str, Any]) -> list[str]:
    found = []
    walked = node["Node Type"] == "Seq Scan" and node.get("Relation Name") in GROWING
    if walked and node["Plan Rows"] > FEW:
        found.append(f"Seq Scan on {node['Relation Name']}")
    for inner in node.get("Plans", ()):
        found += _walks(inner)
    return found


def _literal(value: Any) -> str:
    return (
        "NULL"
        if value is None
        else str(
            text(":v").bindparams(v=str(value)).compile(compile_kwargs={"literal_binds": True})
        )
    )


def _short(statement: str) -> str:
    return " ".join(statement.split())[:160]
