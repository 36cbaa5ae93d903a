"""Reading scorecards: the sums of one partner over its last quarters, or of many, and the three figures of the lane."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from tracker.blockers.holders import Calendars
from tracker.db import db
from tracker.organisation.partners import Partner
from tracker.partners.figure_kinds import ENOUGH
from tracker.partners.figures import Figure, figures
from tracker.partners.going import going_on
from tracker.partners.quarters import Quarter
from tracker.partners.scoring import SCORES
from tracker.partners.sums import Open

SHOWN = 8  # quarters of a small chart
FIRST = ("on-time", "first-time", "acknowledgement")  # what the lane shows
NONE = Open()


@dataclass(frozen=True)
class Card:
    """One partner's scorecard of one quarter; `days` are everybody's, where what is still open counts."""

    partner: Partner
    quarter: Quarter
    is_present: bool
    figures: Mapping[str, Figure]
    days: Calendars | None = None

    @property
    def theirs(self) -> list[Figure]:
        """What the partner answers for."""
        return [
            one
            for one in self.figures.values()
            if not one.kind.of_ours and (self.is_present or not one.kind.is_now)
        ]

    @property
    def ours(self) -> list[Figure]:
        """What we kept it waiting for."""
        return [one for one in self.figures.values() if one.kind.of_ours]


def scores_of(ids: Collection[int], quarters: Sequence[Quarter]) -> dict[int, dict[int, Any]]:
    """Return the kept sums of these partners, by partner and number of the quarter, in one statement."""
    first, last = quarters[0].number, quarters[-1].number
    query = select(SCORES).where(SCORES.c.partner_id.in_(ids))
    found: dict[int, dict[int, Any]] = defaultdict(dict)
    for row in db.session.execute(query.where(SCORES.c.quarter.between(first, last))):
        found[row.partner_id][row.quarter] = row
    return found


def card_of(
    partner: Partner,
    quarter: Quarter,
    today: date,
    *,
    with_open: bool = True,
    company: str | None = None,
) -> Card:
    """Return the scorecard of a partner; what is still open counts in the present quarter alone.

    Without `with_open` it is not looked up: for figures in which it does not count. `company` names our side to a contact.
    """
    quarters, is_present = quarter.back(SHOWN), quarter == Quarter.of(today)
    scores = scores_of([partner.id], quarters)[partner.id]
    going, days = NONE, None
    if is_present and with_open:
        days = Calendars(everyone=True)
        going = going_on([partner.id], today, days)[partner.id]
    return Card(partner, quarter, is_present, figures(scores, quarters, going, company), days)


def telling(ids: Any, today: date) -> Quarter:
    """Return the quarter on which scorecards open: the newest in which one of the partners `ids` (a collection, or a select)
    had enough accepted to say something, else the present one."""
    present = Quarter.of(today)
    query = select(func.max(SCORES.c.quarter)).where(
        SCORES.c.partner_id.in_(ids),
        SCORES.c.accepted >= ENOUGH,
        SCORES.c.quarter.between(present.back(SHOWN)[0].number, present.number),
    )
    found = db.session.scalar(query)
    return present if found is None else Quarter(found)


def first_figures(partner_id: int, today: date) -> tuple[Quarter, list[Figure]]:
    """Return the figures of the lane, in two statements, of the quarter on which its scorecard opens."""
    quarter = telling([partner_id], today)
    quarters = quarter.back(SHOWN)
    made = figures(scores_of([partner_id], quarters)[partner_id], quarters, NONE)
    return quarter, [made[code] for code in FIRST]
