"""What of a table the trail answers for: each model says so once, beside its columns, as `on_trail`.

A column is declared as a value, which events hold as it is; as words, of which events hold a salted
commitment alone, so that they can be erased; by its digest, which another column of the row is and the trail holds; or it
is left out, with the reason.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Table

from tracker.activity.verify import canonical, instant
from tracker.db import Model

BORN = "+"  # stands beside the fields of a row where the trail holds all of them from here on
MARK = "~"  # begins a commitment
EVERYWHERE = {"id": "names the row, or the key does", "version": "counts edits"}


@dataclass(frozen=True)
class Declared:
    """The columns of one model. `digests` names columns by those that hold their SHA-256; `key` names a row on the trail;
    `why` says why a whole table is left out."""

    values: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    left: Mapping[str, str] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ("id",)
    why: str = ""

    @property
    def fields(self) -> frozenset[str]:
        """Everything that is recorded."""
        return self.values | self.words


def declare(
    values: str, words: str = "", *, left: Mapping[str, str] | None = None, digests: Mapping[str, str] | None = None,
    key: str = "id",
) -> Declared:  # fmt: skip
    """Declare columns, named in one text each. `left` holds the reason for columns left out: {names: reason}; `digests` names
    beside a column that of its SHA-256, which is a declared value: {name: name}.

    The columns `id` and `version` are left out everywhere.
    """
    reasons = {name: why for names, why in (left or {}).items() for name in names.split()}
    reasons |= EVERYWHERE
    return Declared(
        frozenset(values.split()),
        frozenset(words.split()),
        reasons,
        dict(digests or {}),
        tuple(key.split()),
    )


def left_out(why: str) -> Declared:
    """Say why a table is not held against the trail at all."""
    return Declared(why=why)


@cache
def declared_models() -> Mapping[str, Any]:
    """Every model with declared columns, by the name of its table."""
    found = {}
    for mapper in Model.registry.mappers:
        model: Any = mapper.class_
        on_trail = getattr(model, "on_trail", None)
        if on_trail is not None and on_trail.fields:
            found[model.__tablename__] = model
    return dict(sorted(found.items()))


def key_of(declared: Declared, row: Any) -> str:
    """How the trail names a row: its key, parts joined by a stroke. `row` maps columns to values."""
    return "/".join(str(plain(row[name])) for name in declared.key)


def plain(value: Any) -> Any:
    """A value of a column as the trail writes it: moments in UTC, days in ISO, money with two decimals, measured values whole."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, float):
        return repr(value)  # every digit, as text: nothing else writes numbers alike everywhere
    return value


def commit_to(salt: str, place: str, text: str) -> str:
    """What stands for the words `text` at `place` (table, key, column); it tells nothing without the salt."""
    told = hmac.digest(bytes.fromhex(salt), f"{place}\n{text}".encode(), "sha256")
    return MARK + told.hex()[:32]


def digest_of(value: Any) -> str:
    """Return the SHA-256 of a JSON value as the trail writes it, in hexadecimal digits; nothing for nothing."""
    return digest_of_text(None if value is None else canonical(value))


def digest_of_text(text: str | None) -> str:
    """Return the same of a JSON value that is written already."""
    return "" if text is None else hashlib.sha256(text.encode()).hexdigest()


def place_of(table: str, key: str, name: str) -> str:
    """Where words stand."""
    return canonical([table, key, name])


def has_words(model: Any, fields: Mapping[str, Any] | None) -> bool:
    """Whether something among `fields` can only be recorded with a salt."""
    return bool(fields) and any(fields[name] for name in model.on_trail.words & fields.keys())


def written(model: Any, key: str, fields: Mapping[str, Any] | None, salt: str | None) -> Any:
    """The fields of a row as an event holds them; None for a row that is gone."""
    if fields is None:
        return None
    words, told = model.on_trail.words, {}
    for name, value in fields.items():
        if name in words and value:
            place = place_of(model.__tablename__, key, name)
            told[name] = commit_to(salt or "", place, str(value))
        else:
            told[name] = plain(value)
    return told


def table_of(model: Any) -> Table:
    """The table behind a model."""
    return model.__table__
