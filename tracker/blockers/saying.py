"""What comes next with a blocker, in one sentence for each state."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from tracker import wording
from tracker.blockers.lines import Line
from tracker.blockers.states import State


def next_step(line: Line, today: date, settler: str = "") -> Markup:
    """Return who must act next and by when, or how it ended; `settler` is who settles a dispute over it."""
    values = _values(line) | {"settler": _marked(settler or _("The programme owner"))}
    return escape(_sentence(line, today)) % values


def _sentence(line: Line, today: date) -> str:
    if line.state in (State.raised, State.acknowledged) and line.due_on is None:
        return _("%(holder)s is asked to answer. The initiative is on hold, so no clock runs.")
    sentences = {
        State.raised: _("%(holder)s has not acknowledged it yet; an answer was due by %(due)s.")
        if line.late
        else _("%(holder)s is asked to acknowledge it by %(due)s."),
        State.acknowledged: _(
            "%(holder)s has acknowledged it and has promised no day; one was due by %(due)s."
        )
        if line.late
        else _("%(holder)s has acknowledged it; a promised day is due by %(due)s."),
        State.counter_proposed: _asked(
            line,
            today,
            _("%(holder)s proposes %(proposed)s. %(raiser)s accepts or declines that day."),
            _(
                "%(holder)s proposes %(proposed)s. %(raiser)s has not answered; that was due by %(due)s."
            ),
        ),
        State.committed: _promise(line, today),
        State.disputed: _asked(
            line,
            today,
            _(
                "%(holder)s says that it is not theirs. %(settler)s settles who owes it, and by when."
            ),
            _(
                "%(holder)s says that it is not theirs. %(settler)s has not settled that; it was due by %(due)s."
            ),
        ),
        State.resolved: _(
            "%(holder)s says that this is resolved. %(raiser)s confirms it or reopens it; silence until %(due)s counts as a yes."
        ),
        State.confirmed: _("Confirmed as resolved on %(closed)s."),
        State.withdrawn: _("Withdrawn on %(closed)s: it did not stand in the way after all."),
        State.closed: _("Closed on %(closed)s, when its initiative was stopped."),
    }
    return sentences[line.state]


def _asked(line: Line, today: date, waits: str, overdue: str) -> str:
    """Return that an answer waits or is overdue; a day by which it was needed is nobody's fault who is asked only now."""
    if not line.late:
        return waits
    if line.needed_by and line.needed_by < today:
        return f"{waits} {_('It was needed by %(needed)s.')}"
    return overdue


def _promise(line: Line, today: date) -> str:
    if line.promised_on and line.promised_on < today:
        return _("%(holder)s promised %(promised)s, and that has passed.")
    if line.promised_on and line.needed_by and line.promised_on > line.needed_by:
        return _("%(holder)s promised %(promised)s; it is needed by %(needed)s.")
    return _("%(holder)s promised %(promised)s.")


def _values(line: Line) -> dict[str, Any]:
    return {
        "holder": _marked(line.holder_name),
        "raiser": _marked(line.raiser_name or _("The lead")),
        "due": _marked(wording.day(line.due_on)),
        "needed": _marked(wording.day(line.needed_by, "weekday")),
        "proposed": _marked(wording.day(line.proposed_on, "weekday")),
        "promised": _marked(wording.day(line.promised_on, "weekday")),
        "closed": _marked(wording.day(line.closed_at)),
    }


def _marked(text: str) -> Markup:
    return Markup("<b><bdi>{}</bdi></b>").format(text)
