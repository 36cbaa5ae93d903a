"""What the silo matrix shows, in one sentence from the same figures as its table."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from tracker import wording
from tracker.blockers.matrix import Matrix, Measure, Row
from tracker.wording import ngettext


def finding(matrix: Matrix) -> Markup:
    """Return in one sentence which holder's row is the largest of `matrix`, and how large."""
    top = next((row for row in matrix.rows if row.total), None)
    if top is None:
        return escape(_("Nobody holds anybody up."))
    return escape(_sentence(matrix, top)) % _values(matrix, top)


def _sentence(matrix: Matrix, top: Row) -> str:
    if matrix.measure == Measure.oldest:
        return _(
            "The oldest open blocker waits on %(holder)s, which has held up %(waiting)s for %(days)s."
        )
    if matrix.measure == Measure.open:
        return _("%(holder)s holds up %(units)s with %(count)s, %(share)s of all that are open.")
    if not top.open:
        return _(
            "%(holder)s held up %(units)s for %(days)s, %(share)s of all waiting; nothing of it is open now."
        )
    return _(
        "%(holder)s holds up %(units)s for %(days)s, %(share)s of all waiting; its oldest open blocker has stood for %(oldest)s."
    )


def _values(matrix: Matrix, top: Row) -> dict[str, Any]:
    among = [cell for cell in top.cells.values() if cell.value]
    longest = max(among, key=lambda cell: cell.value)
    waiting = next(column.name for column in matrix.columns if column.key == longest.column)
    return {
        "holder": Markup("<b><bdi>{}</bdi></b>").format(top.name),
        "waiting": Markup("<bdi>{}</bdi>").format(waiting),
        "units": wording.digits(_held_up([cell.column for cell in among])),
        "count": wording.digits(
            ngettext("%(num)s open blocker", "%(num)s open blockers", top.open)
        ),
        "days": wording.working_days(top.total),
        "oldest": wording.working_days(top.oldest),
        "share": wording.percent(top.total / matrix.total),
    }


def _held_up(keys: list[str]) -> str:
    """Return how many units and partners these are, in words; of what there is none, nothing is said."""
    partners = sum(key.startswith("p") for key in keys)
    units = len(keys) - partners
    said = ngettext("%(num)s unit", "%(num)s units", units)
    if not partners:
        return said
    theirs = ngettext("%(num)s partner", "%(num)s partners", partners)
    return _("%(units)s and %(partners)s", units=said, partners=theirs) if units else theirs
