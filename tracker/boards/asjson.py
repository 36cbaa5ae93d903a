"""Rows of a subquery as one JSON text, on both databases alike: one row to fetch, however many there are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ScalarSelect, Select, Text, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class rows_of(GenericFunction[str]):  # noqa: N801 - a function of SQL
    """All rows of a group, each as an array of the given columns; the order is left open."""

    type = Text()
    inherit_cache = True


@compiles(rows_of, "sqlite")
def _sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(rows_of, "postgresql")
def _postgresql(element: Any, compiler: Any, **options: Any) -> str:
    inside = compiler.process(element.clauses, **options)
    return f"CAST(json_agg(json_build_array({inside})) AS TEXT)"


def together(query: Select[Any]) -> ScalarSelect[str]:
    """Return all rows of `query` as one JSON text; it is "[]" or NULL where there are none."""
    inner = query.subquery()
    return select(rows_of(*inner.c)).scalar_subquery()
