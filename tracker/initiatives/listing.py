"""The list of initiatives as plain rows: the same few statements at any size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import aliased

from tracker.clock import local_day
from tracker.db import db
from tracker.initiatives.by_stage import picked_by_stage
from tracker.initiatives.models import Initiative
from tracker.initiatives.narrowing import Narrowing, order_of
from tracker.initiatives.reporting import Cadence, silent
from tracker.kpis.models import Kpi
from tracker.organisation.calendars import WorkingDays, working_days
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit
from tracker.paging import Page, offset
from tracker.wording import sort_key

Lead, Sponsor, Proposed = aliased(Person), aliased(Person), aliased(Person)

PER_PAGE = 50
COUNTED = 2_000  # rows that are counted and can be paged to; beyond them a list is narrowed
MOST_OPTIONS = 300  # of one filter


@dataclass(slots=True)
class Listed:
    """One initiative of a list; it answers what the policy asks of an initiative, except who is on its team."""

    id: int
    ref: str
    title: str
    theme: str
    category: str
    stage: str
    stage_since: datetime
    adopted: bool
    adopt_stage: str | None
    asked_stage: str | None
    asked_by_id: int | None
    held_at: datetime | None
    stopped_at: datetime | None
    colour: str | None
    colour_reason: str
    reported_on: date | None
    cadence: Cadence
    open_blockers: int
    unit_count: int
    lead_unit_id: int
    unit: str
    lead_id: int | None
    lead: str | None
    sponsor_id: int | None
    sponsor: str | None
    sponsor_interim: bool
    proposed_sponsor_id: int | None
    proposed_by_id: int | None
    proposed: str | None
    budget: Any
    created_at: datetime
    age: int = 0  # working days in the stage
    silent: bool = False

    @property
    def ended(self) -> bool:
        return self.stopped_at is not None or self.stage == "realised"


def list_rows(
    person: Person, narrowing: Narrowing, sort: str | None, page: int, today: date
) -> Page[Listed]:
    """Return one page of the initiatives that `person` sees, the last one for a page beyond it.

    Two statements at any size: the rows with their count, which ends at `COUNTED`, and the calendars.
    """
    scope = Initiative.visible_to(person).where(*narrowing.conditions(today))
    some = scope.with_only_columns(Initiative.id).limit(COUNTED + 1).subquery()
    count = select(func.count()).select_from(some).scalar_subquery()
    furthest = -(-COUNTED // PER_PAGE)
    page = min(page, furthest)
    rows, total = _read(scope, sort, (PER_PAGE, offset(page, PER_PAGE)), today, count)
    if not rows and page > 1:
        total = min(db.session.scalar(select(count)) or 0, COUNTED)
        page = max(1, -(-total // PER_PAGE))
        rows, total = _read(scope, sort, (PER_PAGE, offset(page, PER_PAGE)), today, count)
    return Page(rows, page, PER_PAGE, min(total, COUNTED))


def all_rows(person: Person, narrowing: Narrowing, sort: str | None, today: date) -> list[Listed]:
    """Return every initiative that `person` sees and `narrowing` lets through, for a download."""
    scope = Initiative.visible_to(person).where(*narrowing.conditions(today))
    return _read(scope, sort, None, today)[0]


def named(person: Person, ids: Sequence[int], today: date) -> list[Listed]:
    """Return those of `ids` that `person` sees, by title, for acts on several at once."""
    scope = Initiative.visible_to(person).where(Initiative.id.in_(ids))
    return _read(scope, "title", None, today)[0]


def filter_options(person: Person) -> Mapping[str, list[tuple[Any, str]]]:
    """Return, by filter, what can be chosen as (value, words), in one statement; at most `MOST_OPTIONS` of each."""
    of_it = Initiative.visible_to(person).with_only_columns(Initiative.id)
    leading = of_it.where(Initiative.lead_id == Person.id).correlate(Person).exists()
    parts = [
        _options("unit", Unit.id, Unit.name, select(Unit)),
        _options(
            "sponsor", Person.id, Person.name, select(Person).where(Person.role == Role.executive)
        ),
        _options("lead", Person.id, Person.name, select(Person).where(leading)),
        _options("partner", Partner.id, Partner.name, select(Partner)),
        _options("kpi", Kpi.id, Kpi.name, Kpi.visible_to(person)),
        _themes(),
    ]
    found: dict[str, list[tuple[Any, str]]] = {
        kind: [] for kind in ("unit", "sponsor", "lead", "partner", "kpi", "theme")
    }
    for row in db.session.execute(union_all(*parts)):
        kind, id_, words = tuple(row)
        found[str(kind)].append((id_ or words, words))
    return {
        kind: sorted(pairs, key=lambda pair: sort_key(pair[1])) for kind, pairs in found.items()
    }


def _options(kind: str, id_: Any, name: Any, query: Select[Any]) -> Any:
    columns = (literal(kind).label("kind"), id_.label("id"), name.label("words"))
    limited = query.with_only_columns(*columns).order_by(name).limit(MOST_OPTIONS).subquery()
    return select(limited.c.kind, limited.c.id, limited.c.words)


def _themes() -> Any:
    """Return the themes in use: from each the index leads to the next, however many initiatives bear one."""
    first = select(func.min(Initiative.theme).label("words")).where(Initiative.theme > "")
    themes = first.cte("themes", recursive=True)
    after = (
        select(func.min(Initiative.theme))
        .where(Initiative.theme > themes.c.words)
        .scalar_subquery()
    )
    themes = themes.union_all(select(after).where(themes.c.words.is_not(None)))
    limited = select(themes.c.words).where(themes.c.words.is_not(None)).limit(MOST_OPTIONS)
    return select(literal("theme"), literal(0), limited.subquery().c.words)


def _read(
    scope: Select[Any], sort: str | None, part: tuple[int, int] | None, today: date, count: Any = 0
) -> tuple[list[Listed], int]:
    """Return the rows of `scope`, all or a part (limit, offset), and what `count` says when there is any row."""
    order = order_of(sort)
    picked = scope.with_only_columns(Initiative.id)
    if "unit" in (sort or ""):
        picked = picked.join(Unit, Unit.id == Initiative.lead_unit_id)
    if part is not None and sort in {"stage", "-stage"}:
        picked = picked_by_stage(scope, part, down=sort == "-stage")
    elif part is not None:
        picked = picked.order_by(*order).limit(part[0]).offset(part[1])
    chosen = picked.subquery()
    rows = db.session.execute(
        select(
            *(getattr(Initiative, name) for name in Listed.__slots__ if name not in _ADDED),
            func.coalesce(func.nullif(Unit.short_name, ""), Unit.name).label("unit"),
            Unit.acting_calendar_id,
            Lead.name.label("lead"),
            Sponsor.name.label("sponsor"),
            Proposed.name.label("proposed"),
            (literal(count) if isinstance(count, int) else count).label("total"),
        )
        .join(chosen, chosen.c.id == Initiative.id)
        .join(Unit, Unit.id == Initiative.lead_unit_id)
        .outerjoin(Lead, Lead.id == Initiative.lead_id)
        .outerjoin(Sponsor, Sponsor.id == Initiative.sponsor_id)
        .outerjoin(Proposed, Proposed.id == Initiative.proposed_sponsor_id)
        .order_by(*order)
    ).all()
    calendars = working_days()
    zone = Organisation.current().time_zone
    told = [_listed(row, calendars, zone, today) for row in rows]
    return told, rows[0].total if rows else 0


_ADDED = frozenset({"unit", "lead", "sponsor", "proposed", "age", "silent"})


def _listed(row: Any, calendars: dict[int, WorkingDays], zone: str, today: date) -> Listed:
    told = dict(row._mapping)
    del told["total"]
    days = calendars.get(told.pop("acting_calendar_id"), WorkingDays())
    made = Listed(**told)
    made.age = days.between(local_day(made.stage_since, zone), today)
    made.silent = not made.ended and silent(made, today)
    return made
