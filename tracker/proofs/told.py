"""How it reads on the trail that a second factor was asked of other people."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from flask_babel import gettext as _

from tracker.organisation.settings import ADMINISTRATORS
from tracker.organisation.words import role_names


def second_factor_told(
    was: Collection[str] | None, now: Collection[str] | None
) -> Iterator[tuple[str, str, str]]:
    """Tell of whom it is asked now, and of whom no longer."""
    before, after = set(was or ()), set(now or ())
    called = {ADMINISTRATORS: _("Administrators"), **role_names()}
    for kind in [*called, *sorted((before | after) - called.keys())]:
        if (kind in before) != (kind in after):
            name = called.get(kind, kind)
            yield (
                _("Second factor of: %(who)s", who=name),
                _asked(kind in before),
                _asked(kind in after),
            )


def _asked(required: bool) -> str:
    return _("required") if required else _("of one's own choice")
