"""What a plan holds, and the road that each kind of file takes from its rows to the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select

from tracker.db import db
from tracker.importing import (
    actions,
    actions_writing,
    blockers,
    goals,
    goals_writing,
    initiatives,
    milestones,
    milestones_writing,
    partners,
    people,
    readings,
    readings_writing,
    units,
    units_writing,
)
from tracker.importing.blockers_writing import write as write_blockers
from tracker.importing.directory import Directory, New
from tracker.importing.fields import What
from tracker.importing.initiatives_writing import draft as draft_initiatives
from tracker.importing.initiatives_writing import write as write_initiatives
from tracker.importing.matching import Read, Work
from tracker.importing.notes import Note, sentence
from tracker.importing.report import Outcome, Report
from tracker.organisation.settings import Organisation
from tracker.wording import ngettext


class Road(NamedTuple):
    """How one kind is compared and written; where it has a `draft`, that is what is written."""

    prepare: Callable[[list[Read], Directory, Callable[[str], str]], Work]
    write: Callable[..., None]
    draft: Callable[..., Any] | None = None


ROADS = {
    What.initiatives: Road(initiatives.prepare, write_initiatives, draft_initiatives),
    What.people: Road(people.prepare, people.write),
    What.units: Road(units.prepare, units_writing.write),
    What.partners: Road(partners.prepare, partners.write),
    What.blockers: Road(blockers.prepare, write_blockers),
    What.readings: Road(readings.prepare, readings_writing.write),
    What.goals: Road(goals.prepare, goals_writing.write),
    What.actions: Road(actions.prepare, actions_writing.write),
    What.milestones: Road(milestones.prepare, milestones_writing.write),
}


@dataclass
class Plan:
    """What an import would do. `units`, `partners` and `kpis` are unknown names, proposed to be made.

    `seen` is what rises when names change their meaning; `notes` say what was noticed about the
    columns. `made` (ids of the units and partners that
    will be) and `draft` come with `make_ready`.
    """

    what: What
    report: Report
    work: Work
    units: list[New]
    partners: list[New]
    kpis: list[New]
    create_missing: bool
    skip_bad: bool
    seen: tuple[int, ...]
    notes: list[Note]
    made: dict[New, int] | None = None
    draft: Any = None

    @property
    def applies(self) -> bool:
        """Whether it may be written: no row is bad, or bad rows are to be skipped."""
        return self.skip_bad or not self.report.of(Outcome.rejected)

    @property
    def alters(self) -> bool:
        """Whether writing it would change anything."""
        totals = self.report.totals()
        return bool(totals[Outcome.created] or totals[Outcome.changed])

    @property
    def noticed(self) -> list[Note]:
        """The notes, and once it is written how many units and partners were made because the file names them."""
        if not self.made:
            return self.notes
        counts = Counter(new.kind for new in self.made)
        made = Note("made", {"units": counts["unit"], "partners": counts["partner"]})
        return [made, *self.notes]


@sentence("made")
def _made(units: int, partners: int) -> str:
    told = [
        ngettext("%(num)s unit was made.", "%(num)s units were made.", units) if units else "",
        ngettext("%(num)s partner was made.", "%(num)s partners were made.", partners)
        if partners
        else "",
    ]
    return " ".join(filter(None, told))


def seen_now(what: What) -> tuple[int, ...]:
    """What rises when a name in the file may mean something else by now.

    The epoch of the settings does so with units, people, partners and settings; for initiatives,
    the next number with every new one.
    """
    query = select(Organisation.epoch, Organisation.next_number)
    epoch, number = db.session.execute(query).one_or_none() or (1, 1)
    return (epoch, number) if what == What.initiatives else (epoch,)
