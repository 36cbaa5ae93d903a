"""Maps as TOML files: written by a person or by the page, read by the page and the command."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from tracker.importing.columns import BadMap, Mapping
from tracker.importing.decoding import ENCODINGS
from tracker.importing.delimited import DELIMITERS
from tracker.importing.fields import FIELDS, What, field_named
from tracker.importing.years import BEGIN, BEGINS, END, NAMED
from tracker.wording import listed

DATE_ORDERS = ("dmy", "mdy")
DECIMALS = (".", ",")


def from_toml(text: str, what: What) -> Mapping:
    """The map written in `text`. Raises `BadMap`, naming the place."""
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadMap(_("The map is not valid TOML: %(error)s", error=str(error))) from error
    stray = set(read) - {"kind", "columns", "defaults", "values", "options"}
    if stray:
        raise BadMap(_("The map has an unknown part: %(name)s.", name=listed(sorted(stray))))
    if read.get("kind", what.value) != what.value:
        raise BadMap(
            _("The map is for %(kind)s, not for %(what)s.", kind=read["kind"], what=what.value)
        )
    mapping = Mapping(what)
    for part in ("columns", "defaults", "options"):
        getattr(mapping, part).update(_texts(part, read.get(part, {})))
    for name, meanings in _table("values", read.get("values", {})).items():
        mapping.values[name] = _texts(f"values.{name}", meanings)
    for name in (*mapping.columns, *mapping.defaults, *mapping.values):
        if field_named(what, name) is None:
            names = listed(f.name for f in FIELDS[what])
            raise BadMap(
                _(
                    "The map names an unknown field “%(name)s”. Known are: %(names)s.",
                    name=name,
                    names=names,
                )
            )
    check_options(mapping.options)
    return mapping


def check_options(options: dict[str, str]) -> None:
    """Raise `BadMap` for an option that does not exist or cannot have that value."""
    allowed: dict[str, Iterable[str] | None] = {
        "encoding": ENCODINGS,
        "delimiter": DELIMITERS,
        "sheet": None,
        "date_order": DATE_ORDERS,
        "decimal": DECIMALS,
        BEGINS: [str(month) for month in range(1, 13)],
        NAMED: (END, BEGIN),
    }
    for name, value in options.items():
        if name not in allowed:
            raise BadMap(_("The map has an unknown option “%(name)s”.", name=name))
        choices = allowed[name]
        if choices is not None and value not in choices:
            raise BadMap(
                _(
                    "The option %(name)s may be: %(choices)s.",
                    name=name,
                    choices=listed(json.dumps(c) for c in choices),
                )
            )


def to_toml(mapping: Mapping) -> str:
    """The map as TOML, ready for `from_toml`."""
    parts: list[tuple[str, dict[str, str]]] = [
        ("columns", mapping.columns),
        ("defaults", mapping.defaults),
        *((f"values.{name}", meanings) for name, meanings in mapping.values.items()),
        ("options", mapping.options),
    ]
    lines = [f"kind = {_quoted(mapping.what.value)}"]
    for name, entries in parts:
        if entries:
            lines += ["", f"[{name}]"]
            lines += [f"{_quoted(k)} = {_quoted(v)}" for k, v in entries.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _table(part: str, given: object) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadMap(_("The part [%(name)s] of the map must be a table.", name=part))
    return given


def _texts(part: str, given: object) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, value in _table(part, given).items():
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            raise BadMap(
                _("%(name)s in [%(part)s] of the map must be a text.", name=name, part=part)
            )
        texts[str(name)] = str(value)
    return texts
