"""What the figures of a scorecard are called, how each is worked out, and how its number reads."""

from __future__ import annotations

from flask_babel import gettext as _

from tracker.partners.scores import LONGEST_WAIT
from tracker.wording import number, percent, working_days


def name_of(code: str) -> str:
    """Return what the figure `code` is called."""
    names = {
        "on-time": _("On time"),
        "first-time": _("Accepted first time"),
        "acknowledgement": _("Days to acknowledge"),
        "returned": _("Returned"),
        "dates": _("Date changes"),
        "blockers": _("Blockers held"),
        "overdue": _("Overdue now"),
        "our-review": _("Our review"),
        "our-blockers": _("Blockers raised on us"),
    }
    return names[code]


def day_of_a_row(code: str) -> str:
    """Return what the day of a row behind the figure `code` is the day of."""
    names = {
        "on-time": _("Accepted on"),
        "first-time": _("Accepted on"),
        "acknowledgement": _("Acknowledged on"),
        "returned": _("Returned on"),
        "dates": _("Changed on"),
        "blockers": _("Resolved or passed on"),
        "overdue": _("Last day in time"),
        "our-review": _("Answered on"),
        "our-blockers": _("Resolved or passed on"),
    }
    return names[code]


def formula_of(code: str) -> str:
    """Return how the figure `code` is worked out, as a sentence."""
    formulas = {
        "on-time": _(
            "Accepted actions handed in by the date agreed last ÷ accepted actions. Days on hold, days with us to be "
            "looked at and days of blockers raised on us are taken out."
        ),
        "first-time": _(
            "Accepted actions of which nothing had been returned before ÷ accepted actions."
        ),
        "acknowledgement": _(
            "The median of the working days from the assignment to the acknowledgement, without days on hold."
        ),
        "returned": _("How often something that was handed in was given back."),
        "dates": _("How often another due date was agreed or set."),
        "blockers": _(
            "Working days of blockers held, counted when they were resolved or passed on; in the present quarter also of "
            "those that are still open."
        ),
        "overdue": _("Open actions whose last day in time has passed."),
        "our-review": _("Working days from each hand-in to our answer, without days on hold."),
        "our-blockers": _(
            "Working days of blockers that the partner raised and we held, counted when we resolved them; in the present "
            "quarter also of those that are still open."
        ),
    }
    return formulas[code]


def said(code: str, value: float | None) -> str:
    """Return the number behind the figure `code` as people read it; None is a share or a median of too few."""
    if value is None:
        return _("too few to say")
    if code in ("on-time", "first-time"):
        return percent(value)
    if code == "acknowledgement":
        shown = number(value, 0 if value == int(value) else 1)
        return _("%(days)s or more", days=shown) if value >= LONGEST_WAIT else shown
    if code in ("blockers", "our-review", "our-blockers"):
        return working_days(int(value))
    return number(value)
