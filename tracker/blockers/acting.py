"""The page of any verb of a blocker, and the road that all of them take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.blockers.lines import for_partner, one
from tracker.blockers.models import Blocker
from tracker.clock import now
from tracker.forms import Form
from tracker.gate import me
from tracker.organisation.settings import day_of
from tracker.verb_pages import Act, back_or, page_of_act


def page_of_verb(blocker: Blocker, form: Form, act: Act, do: Callable[[Blocker], Any]) -> Any:
    """Show the form of a verb, or do it, and go on to where one came from (`?back=`). Raises `NotNow` like `page_of_act`."""
    home = back_or(url_for("blockers.show", ref=blocker.ref))
    return page_of_act(
        "blockers/act.html",
        blocker,
        form,
        act,
        do,
        to=home,
        changed=_("Somebody else answered or passed it on meanwhile."),
        context=lambda: {"blocker": blocker, "row": _row(blocker), "home": home},
    )


def _row(blocker: Blocker) -> Any:
    """Return what whoever asks may read of it."""
    line = one(blocker, day_of(now()))
    return line if me().is_internal else for_partner(line, me())
