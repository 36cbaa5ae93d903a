"""The headings that people give the columns of their files, in English, Chinese in both scripts, and Persian.

They stand in `headings.toml`.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from tracker.importing.fields import Field, What

_HEADINGS: dict[str, dict[str, dict[str, list[str]]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)


def headings_of(what: What, field: Field) -> tuple[str, ...]:
    """Return the headings that mean this field, the more telling first."""
    by_language = _HEADINGS[what.value].get(field.name, {})
    return tuple(heading for headings in by_language.values() for heading in headings)
