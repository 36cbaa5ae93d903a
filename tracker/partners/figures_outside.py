"""How figures that speak of our side read to a partner's contact: by the company's name (rule 20).

A contact says "we" of its own organisation, as on the button "We are blocked"; "us" on the same page would be two things.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from tracker.partners.sums import Sums
from tracker.wording import ngettext, number

NAMES: Mapping[str, Callable[[str], str]] = {
    "our-review": lambda company: _("Review by %(company)s", company=company),
    "our-blockers": lambda company: _("Blockers raised on %(company)s", company=company),
}
FORMULAS: Mapping[str, Callable[[str], str]] = {
    "on-time": lambda company: _(
        "Accepted actions handed in by the date agreed last ÷ accepted actions. Days on hold, days with %(company)s to be "
        "looked at and days of blockers raised on %(company)s are taken out.",
        company=company,
    ),
    "our-review": lambda company: _(
        "Working days from each hand-in to the answer of %(company)s, without days on hold.",
        company=company,
    ),
    "our-blockers": lambda company: _(
        "Working days of blockers that you raised and %(company)s held, counted when they were resolved or passed on; in "
        "the present quarter also of those that are still open.",
        company=company,
    ),
}


def changes(sums: Sums, company: str) -> str:
    """Return how often another date was agreed or set, and how often our side set it alone."""
    told = ngettext("%(num)s change", "%(num)s changes", sums.dated)
    if not sums.dated_by_us:
        return told
    ours = number(sums.dated_by_us)
    return _("%(all)s, of which %(ours)s set by %(company)s", all=told, ours=ours, company=company)
