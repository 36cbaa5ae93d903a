"""How changed settings read on the trail, where one of them holds several things."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from tracker.languages import NAMES
from tracker.organisation.settings import MODULES, usual_stage_names


def stages_told(
    was: Mapping[str, str] | None, now: Mapping[str, str] | None
) -> Iterator[tuple[str, str, str]]:
    """Tell which stages are called otherwise; one without a name of its own has its usual one."""
    before, after = was or {}, now or {}
    usual: dict[str, Any] = {
        str(stage): name for names in usual_stage_names for stage, name in names().items()
    }
    for stage in [*usual, *sorted({*before, *after} - usual.keys())]:
        name = str(usual.get(stage, stage))
        old, new = before.get(stage) or name, after.get(stage) or name
        if old != new:
            yield _("Name of the stage %(stage)s", stage=name), old, new


def modules_told(
    was: Collection[str] | None, now: Collection[str] | None
) -> Iterator[tuple[str, str, str]]:
    """Tell which modules were switched on or off."""
    before, after = was or (), now or ()
    called = {
        "signatures": _("Signatures"),
        "priorities": _("Priorities"),
        "benefits": _("Benefits"),
    }
    for module in [*MODULES, *sorted({*before, *after} - {*MODULES})]:
        if (module in before) != (module in after):
            yield called.get(module, module), _switch(module in before), _switch(module in after)


def language_name(code: str) -> str:
    """Return what a language calls itself; the code itself where it is unknown."""
    return NAMES.get(code, code)


def _switch(on: bool) -> str:
    return _("switched on") if on else _("switched off")
