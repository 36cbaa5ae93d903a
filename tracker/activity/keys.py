"""The keys that the kinds of events declare, and those of an event that its kind does not."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.activity.kinds import Kind

FIELDS: Mapping[Kind, frozenset[str]] = {kind: kind.fields for kind in Kind}


def undeclared(kind: Kind, *parts: Mapping[str, object] | None) -> list[str]:
    """The keys of `before` and `after` that `kind` does not declare, sorted."""
    given = {key for part in parts if part for key in part}
    return sorted(given - kind.fields)
