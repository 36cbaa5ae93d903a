"""What kinds of events are called where one is chosen: their sentence without the names in it."""

from __future__ import annotations

import re

from tracker.activity.groups import GROUPS
from tracker.activity.kinds import Kind
from tracker.activity.sentences import SENTENCES
from tracker.wording import sort_key

_PLACE = re.compile(r"%\(\w+\)s")


def kind_name(kind: Kind) -> str:
    """Return the sentence of a kind with `…` for each name or value."""
    return _PLACE.sub("…", str(SENTENCES[kind]))


def kind_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the kinds in their groups: (name of the group, [(kind, its name)])."""
    found = []
    for name, prefixes in GROUPS.values():
        kinds = [kind for kind in Kind if kind.partition(".")[0] in prefixes]
        told = [(str(kind), kind_name(kind)) for kind in kinds]
        found.append((str(name), sorted(told, key=lambda one: sort_key(one[1]))))
    return found
