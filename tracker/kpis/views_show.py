"""The page of one KPI: its chart, what that says, its readings, and what stands below it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request
from sqlalchemy import or_, select

from tracker.db import db
from tracker.errors import Missing
from tracker.gate import allow, me
from tracker.kpis.around import kept_of, readings_of
from tracker.kpis.chart import DRAWN, drawing
from tracker.kpis.forms_readings import ReadingForm
from tracker.kpis.framing import laid, sections
from tracker.kpis.listing import crossed, lines, targets_of
from tracker.kpis.measures import cadence_name, good_name, layer_name, next_day, period_name, stale
from tracker.kpis.models import Kpi
from tracker.kpis.pages import pages
from tracker.kpis.readings import Reading
from tracker.kpis.saying import (
    MARKS,
    assurance_name,
    assured,
    said,
    signals_named,
    value_told,
    variation_name,
)
from tracker.kpis.series import Measured, measured, points_of
from tracker.kpis.targets import Benchmark, target_on
from tracker.kpis.xmr import assurance, newest_of, stretches, variation
from tracker.organisation.units import Unit
from tracker.paging import Page, asked_page, offset
from tracker.policy import May, may
from tracker.web import render
from tracker.wording import today

NEWEST, PER_PAGE = 8, 50  # readings on the page of a KPI, and on a page of all of them


@pages.get("/kpis/<code>")
@allow(May.read_internal, on=Kpi)
def show(kpi: Kpi) -> Any:
    """Show a KPI, of the whole company or of the unit and the segment that the address names."""
    asked, segment = request.args.get("unit") or None, request.args.get("segment")
    kept, unit = kept_of(kpi, asked)
    segment = segment if segment in kept.segments else None
    if asked and unit is None:
        raise Missing
    form = None
    if may(me(), May.add_reading, kpi):
        form = ReadingForm(kpi=kpi, formdata=None)
        form.unit_id.data, form.segment.data = unit.id if unit else None, segment or ""
    whole = unit is None and segment is None
    unit_id = unit.id if unit else None
    series = kept.series if whole else measured({kpi.id: kpi.factor}, unit_id=unit_id, segment=segment).get(kpi.id, [])  # fmt: skip
    readings, count = readings_of(kpi, unit_id, segment, NEWEST, count=kept.reading_count if whole else None)  # fmt: skip
    family = or_(Kpi.id.in_((kpi.id, kpi.parent_id)), Kpi.parent_id == kpi.id)
    targets = targets_of(select(Kpi.id).where(family))
    near = {line.id: line for line in lines(me(), today(), family, targets=targets)}
    return render(
        "kpis/show.html", kpi=kpi, own=near.pop(kpi.id).row, above=near.pop(kpi.parent_id or 0, None), below=list(near.values()),
        unit=unit, unit_count=kept.unit_count, segment=segment, segments=kept.segments, readings=readings, count=count, form=form,
        parts=laid(sections, kpi, me()), **picture(kpi, series, targets.get(kpi.id, []), form),
        **words(),
    )  # fmt: skip


def picture(
    kpi: Kpi, series: list[Measured], targets: list[Any], form: Any = None, on: date | None = None
) -> dict[str, Any]:
    """Return what the chart of a KPI shows of a series, and what it says: today, or as it was `on` a day."""
    day = on or today()
    found = stretches(points_of(series))
    newest = found[-1] if found else None
    target = target_on(targets, day)
    icon = variation(newest, up_is_good=kpi.up_is_good) if newest else None
    sure = assurance(newest, target.value if target else None, up_is_good=kpi.up_is_good) if newest else None  # fmt: skip
    last = newest.points[-1] if newest else None
    if form is not None and form.day.data is None:
        form.day.data = next_day(series[-1].day if series else None, kpi.cadence, today())
    benchmarks = select(Benchmark).where(Benchmark.kpi_id == kpi.id).order_by(Benchmark.day.desc(), Benchmark.id).limit(20)  # fmt: skip
    drawn = newest_of(found, DRAWN)
    shown = [one for one in series if not drawn or one.day >= drawn[0].points[0].day]
    return {
        "series": shown,
        "stretches": drawn,
        "lacking": lacking(shown, last),
        "count_of_points": sum(len(one.points) for one in found),
        "drawn_at_most": DRAWN,
        "newest": newest,
        "last": last,
        "icon": icon,
        "mark": MARKS[icon] if icon else "none",
        "state": variation_name(icon, len(newest.points) if newest else 0),
        "sentences": said(newest, icon, kpi),
        "target": target,
        "targets": targets,
        "sure": assurance_name(sure) if sure else "",
        "assured": assured(sure, value_told(target.value, kpi) if target else ""),
        "stale": stale(last.day if last else None, kpi.cadence, day),
        "over": crossed(last.value if last else None, kpi),
        "benchmarks": db.session.scalars(benchmarks).all(),
        "drawn": drawing(
            shown, drawn, up_is_good=kpi.up_is_good, target=target.value if target else None, scale=(kpi.scale_low, kpi.scale_high)
        ),
    }  # fmt: skip


def lacking(series: list[Measured], last: Any) -> tuple[int, int] | None:
    """Return from how many readings the newest value was added up, and from how many the one before, where those are more."""
    ends = [one for one in series if one.value is not None and last and one.day <= last.day][-2:]
    if len(ends) < 2 or ends[1].parts >= ends[0].parts:
        return None
    return ends[1].parts, ends[0].parts


@pages.get("/kpis/<code>/readings")
@allow(May.read_internal, on=Kpi)
def readings(kpi: Kpi) -> Any:
    """List every reading of a KPI as it was entered, the newest period first; corrected ones stand among them."""
    number = asked_page()
    rows, count = readings_of(kpi, None, None, PER_PAGE, offset(number, PER_PAGE), every=True)
    page = Page(rows, number, PER_PAGE, count)
    corrected = select(Reading.corrects_id).where(Reading.corrects_id.in_([row.id for row in rows]))
    return render("kpis/readings.html", kpi=kpi, page=page, corrected=set(db.session.scalars(corrected)), **words())  # fmt: skip


def unit_named(slug: str | None) -> Unit | None:
    """Return the unit with this address, or None."""
    return db.session.scalars(select(Unit).where(Unit.slug == slug)).one_or_none() if slug else None


def words() -> dict[str, Any]:
    """Return what templates of this room say things with."""
    return {
        "value_told": value_told,
        "cadence_name": cadence_name,
        "layer_name": layer_name,
        "good_name": good_name,
        "period_name": period_name,
        "signals_named": signals_named,
    }
