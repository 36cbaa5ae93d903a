"""Payloads sown into every column of every table that holds what somebody typed, past all forms and verbs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count
from typing import Any

from sqlalchemy import Column, ColumnElement, String, Table, select, update
from sqlalchemy.types import Enum

from tracker.db import Model, db, writing
from tracker.kpis.models import Kpi
from tracker.kpis.restanding import restand

# No words: keys, hashes, names of states, addresses that the application makes, sealed or prepared data.
APART = frozenset(
    [
        "weekend",
        "measures",
        "seal",
        "head",
        "signature",
        "prefix",
        "language",
        "time_zone",
        "currency",
        "modules_json",
        "second_factor_json",
        "approval_rules_json",
        "frozen",
        "theme_name",
        "standing",
        "password_hash",
        "day_calendar",
        "digits",
        "key",
        "token_hash",
        "slug",
        "filters_json",
        "map_toml",
        "sure_json",
        "totals_json",
        "points_json",
        "series_json",
        "segments_json",
        "sha256",
        "token",
        "body_hash",
        "location",
        "route",
        "ref",
        "title_key",
        "holder_key",
        "stamp",
        "kind",
        "subject_type",
        "salt",
        "commitment",
        "request_id",
        "outside_id",
        "period",
        "also",
        "email",
        "duty",
        "about",
    ]
)
TABLES_APART = frozenset({"submission", "sign_in_attempt", "sign_in", "reset_ask"})


def columns() -> list[tuple[Table, Column[Any]]]:
    """Return every column that holds words."""
    return [
        (table, column)
        for table in Model.metadata.sorted_tables
        if table.name not in TABLES_APART
        for column in table.columns
        if type(column.type) is not Enum and isinstance(column.type, String) and column.name not in APART
        and not column.primary_key
        and (table.name, column.name) not in (("person", "theme"), ("verification", "why"))
    ]  # fmt: skip


def sow(payloads: Sequence[str], shift: int = 0) -> dict[str, set[str]]:
    """Write `payloads` over all words, as many into one value as fit; each row begins one later, the first with number `shift`.

    Returns by column which payloads it holds now. Needs an application context.
    """
    sown: dict[str, set[str]] = {}
    with db.engine.begin() as connection:
        for table, column in columns():
            key = next(iter(table.primary_key))
            held = sown.setdefault(f"{table.name}.{column.name}", set())
            there = select(key).where(column.is_not(None), *_with_words(table)).order_by(key)
            for row, (id_,) in enumerate(connection.execute(there).all()):
                turn, chosen, length = count(shift + row), [], len(str(id_)) + 1
                most = getattr(column.type, "length", None) or 700
                for _ in payloads:
                    one = payloads[next(turn) % len(payloads)]
                    if length + len(one) + 1 > most and chosen:
                        break
                    if length + len(one) + 1 <= most:
                        chosen.append(one)
                        length += len(one) + 1
                if column.name == "stage_names_json":
                    text = json.dumps(dict.fromkeys(("idea", "piloting"), chosen[0][:40]))
                else:
                    text = " ".join([*chosen, str(id_)])
                held |= {*chosen}
                connection.execute(update(table).where(key == id_).values({column.name: text}))
        _over_the_trail(connection, payloads, shift)
    with writing():  # what is kept of the readings holds their words
        restand(db.session.scalars(select(Kpi)).all())
    return sown


def _with_words(table: Table) -> list[ColumnElement[bool]]:
    """Return which rows of a table may hold words: of the criteria those that are not read from what is on record."""
    return [table.c.measure.is_(None)] if table.name == "milestone_criterion" else []


def _over_the_trail(connection: Any, payloads: Sequence[str], shift: int) -> None:
    """Write over what the trail quotes: texts in the private part of events."""
    events, turn = Model.metadata.tables["event"], count(shift)
    for id_, private in connection.execute(select(events.c.id, events.c.private)).all():
        if private:
            told = _replaced(private, payloads[next(turn) % len(payloads)])
            connection.execute(update(events).where(events.c.id == id_).values(private=told))


def _replaced(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(one, text) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, text) for one in value]
    return text if isinstance(value, str) else value
