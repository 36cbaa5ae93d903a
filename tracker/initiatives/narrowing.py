"""Which initiatives a list shows, and in which order: what stands in the address, and the same in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, or_, select

from tracker.addresses import id_in
from tracker.db import Model
from tracker.initiatives.models import GOING_ON, ONLY_INTERIM, Initiative
from tracker.initiatives.origins import Origin
from tracker.initiatives.reaching import Involvement, Participation
from tracker.initiatives.reporting import Colour, silent_condition
from tracker.initiatives.stages import ORDER, Stage
from tracker.organisation.units import Unit
from tracker.wording import sort_key

NO_COLOUR = "none"
ALL = "all"  # `ended`: "" leaves the ended out, "1" shows them alone, "all" shows everything
FLAGS = ("blocked", "held", "no_sponsor", "interim", "no_lead", "single_unit", "silent")
LONGEST_WORD = 60
MOST_WORDS = 6
SORTS = ("title", "stage", "age", "unit", "colour", "blocked")
DEFAULT_SORT = "-age"


@dataclass(frozen=True)
class Narrowing:
    """Each question narrows; an empty one says nothing. A lead together with `no_lead` asks for either."""

    q: str = ""
    unit: int | None = None  # lead unit, or taking part
    sponsor: int | None = None
    lead: int | None = None
    partner: int | None = None
    kpi: int | None = None  # that it aims at
    theme: str = ""
    stage: str = ""
    colour: str = ""
    ended: str = ""
    blocked: bool = False
    held: bool = False
    no_sponsor: bool = False
    interim: bool = False  # an interim sponsor, and nobody is asked to take it on for good
    no_lead: bool = False
    single_unit: bool = False
    silent: bool = False  # owes a report
    origin: Origin | None = field(default=None, compare=False)

    @classmethod
    def from_mapping(cls, given: Mapping[str, Any], origin: Origin | None = None) -> Narrowing:
        """Return what the questions of an address ask; what makes no sense is left out."""
        values = {one.name: given.get(one.name, "") for one in fields(cls)}
        return cls(
            q=str(values["q"])[:200],
            unit=id_in(values["unit"]),
            sponsor=id_in(values["sponsor"]),
            lead=id_in(values["lead"]),
            partner=id_in(values["partner"]),
            kpi=id_in(values["kpi"]),
            theme=str(values["theme"])[:80],
            stage=_one_of(values["stage"], ORDER),
            colour=_one_of(values["colour"], (*Colour, NO_COLOUR)),
            ended=_one_of(values["ended"], ("1", ALL)),
            **{flag: str(values[flag]) in {"1", "true"} for flag in FLAGS},
            origin=origin,
        )

    def conditions(self, today: date) -> list[ColumnElement[bool]]:
        """Return the questions as conditions on `Initiative`; `today` is the day on which a report is owed."""
        found = [*self._going_on(), *self._who(), *self._where(), *self._marks()]
        if self.silent:
            found += [GOING_ON, silent_condition(Initiative, today)]
        if self.origin:
            found.append(Initiative.id.in_(self.origin.ids))
        if self.theme:
            found.append(Initiative.theme == self.theme)
        if self.stage:
            found.append(Initiative.stage == Stage(self.stage))
        if self.colour == NO_COLOUR:
            found.append(Initiative.colour.is_(None))
        elif self.colour:
            found.append(Initiative.colour == Colour(self.colour))
        return found + [_mentions(word) for word in self.q.split()[:MOST_WORDS]]

    def _going_on(self) -> list[ColumnElement[bool]]:
        if self.stage == Stage.realised or self.ended == ALL or (self.origin and not self.ended):
            return []
        return [~GOING_ON if self.ended else GOING_ON]

    def _who(self) -> list[ColumnElement[bool]]:
        found = []
        if self.sponsor:
            found.append(Initiative.sponsor_id == self.sponsor)
        if self.no_sponsor:
            found.append(Initiative.sponsor_id.is_(None))
        if self.interim:
            found.append(ONLY_INTERIM)
        led = [Initiative.lead_id == self.lead] if self.lead else []
        led += [Initiative.lead_id.is_(None)] if self.no_lead else []
        return found + ([or_(*led)] if led else [])

    def _where(self) -> list[ColumnElement[bool]]:
        found = []
        if self.unit:
            there = select(Participation.initiative_id).where(Participation.unit_id == self.unit)
            found.append(or_(Initiative.lead_unit_id == self.unit, Initiative.id.in_(there)))
        if self.partner:
            there = select(Involvement.initiative_id).where(Involvement.partner_id == self.partner)
            found.append(Initiative.id.in_(there))
        return found + ([aiming_at(self.kpi)] if self.kpi else [])

    def _marks(self) -> list[ColumnElement[bool]]:
        found = []
        if self.blocked:
            found.append(Initiative.open_blockers > 0)
        if self.held:
            found.append(Initiative.held_at.is_not(None))
        if self.single_unit:
            found.append(Initiative.unit_count == 1)
        return found


def aiming_at(kpi_id: int) -> ColumnElement[bool]:
    """Return the condition that a goal of an initiative names this KPI; goals are of a room above, so their table is asked."""
    goal = Model.metadata.tables["goal"].c
    there = select(goal.initiative_id).where(goal.kpi_id == kpi_id, goal.dropped_at.is_(None))
    return Initiative.id.in_(there)


def order_of(sort: str | None) -> list[ColumnElement[Any]]:
    """Return the order that `?sort=` asks for; unless it asks for a known one, the longest in its stage first."""
    wanted = sort or DEFAULT_SORT
    key = wanted.removeprefix("-")
    if key not in SORTS:
        wanted, key = DEFAULT_SORT, "age"
    down = wanted.startswith("-") != (key == "age")  # a greater age is an earlier moment
    columns = [*_columns(key), Initiative.id]
    return [column.desc() if down else column.asc() for column in columns]


def _columns(key: str) -> list[Any]:
    if key == "stage":
        ranks = {stage: place for place, stage in enumerate(ORDER)}
        return [case(ranks, value=Initiative.stage), Initiative.stage_since]
    if key == "colour":
        worst_first = {Colour.off_track: 0, Colour.at_risk: 1, Colour.on_track: 3}
        return [case(worst_first, value=Initiative.colour, else_=2)]
    return {
        "title": [Initiative.title_key],
        "age": [Initiative.stage_since],
        "unit": [Unit.name],
        "blocked": [Initiative.open_blockers],
    }[key]


def _mentions(word: str) -> ColumnElement[bool]:
    """Return the condition that a word stands in the title, in any case and with or without accents, or in the number."""
    word = word[:LONGEST_WORD]
    found = [
        Initiative.title.icontains(word, autoescape=True),
        Initiative.ref.icontains(word, autoescape=True),
    ]
    key = sort_key(word)
    if key:
        found.append(Initiative.title_key.contains(key, autoescape=True))
    return or_(*found)


def _one_of(raw: Any, known: tuple[str, ...]) -> str:
    return str(raw) if str(raw) in known else ""
