"""What rooms above lay on the pages of KPIs: sections of the page of one, a column and sections of the tree."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from tracker.organisation.people import Person


@dataclass(frozen=True)
class Section:
    """A section: `load` gives its `part.data` for one KPI, or for None on the tree; None is nothing to show."""

    template: str
    load: Callable[[Any, Person], Any]


@dataclass(frozen=True)
class Column:
    """A column of the tree: its heading, and `load`, which gives what stands in it by the ids of KPIs."""

    heading: Any
    template: str
    load: Callable[[Collection[int], Person], dict[int, Any]]


# Each returns why the direction of good of a KPI cannot be turned round, or None.
against_turning: list[Callable[[Any], str | None]] = []
sections: list[Section] = []  # on the page of a KPI
tree_columns: list[Column] = []
tree_sections: list[Section] = []


def laid(wanted: list[Section], kpi: Any, person: Person) -> list[dict[str, Any]]:
    """Return what the sections show: `template` and `data` of each that has something to say."""
    found = ((one.template, one.load(kpi, person)) for one in wanted)
    return [{"template": template, "data": data} for template, data in found if data is not None]


def filled(ids: Collection[int], person: Person) -> list[dict[str, Any]]:
    """Return the columns of the tree with what stands in them: `heading`, `template`, `cells`."""
    return [
        {"heading": one.heading, "template": one.template, "cells": one.load(ids, person)}
        for one in tree_columns
    ]
