"""Calendars: the days on which units and partners do not work."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.clock import now
from tracker.db import db
from tracker.gate import allow, me
from tracker.organisation.calendars import Calendar, Holiday, weekend_of
from tracker.organisation.forms_calendars import WEEK, CalendarForm
from tracker.organisation.holidays import lines_of
from tracker.organisation.pages import pages
from tracker.organisation.partners import Partner
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit
from tracker.organisation.words import weekday_names
from tracker.policy import May
from tracker.web import done, posting, render

MOST = 500  # calendars in the list


@pages.route("/admin/calendars")
@allow(May.manage_calendars)
def calendars() -> Any:
    """List the calendars, with who goes by each."""

    def used(model: Any) -> Any:
        return (
            select(func.count()).where(model.calendar_id == Calendar.id).correlate(Calendar)
        ).scalar_subquery()

    holidays = (
        select(func.count()).where(Holiday.calendar_id == Calendar.id).correlate(Calendar)
    ).scalar_subquery()
    rows = db.session.execute(
        Calendar.visible_to(me())
        .with_only_columns(
            Calendar.id,
            Calendar.name,
            Calendar.weekend,
            holidays.label("holidays"),
            used(Unit).label("units"),
            used(Partner).label("partners"),
        )
        .order_by(func.lower(Calendar.name), Calendar.id)
        .limit(MOST)
    ).all()
    names = dict(weekday_names())
    return render(
        "organisation/calendars.html",
        rows=[(row, [names[day] for day in sorted(weekend_of(row.weekend))]) for row in rows],
        usual_id=Organisation.current().calendar_id,
    )


@pages.route("/admin/calendars/new", methods=["GET", "POST"])
@allow(May.manage_calendars)
def calendar_new() -> Any:
    """Add a calendar."""
    form = CalendarForm(day_6=True, day_7=True)
    if not form.is_submitted() or not form.validate():
        status = 422 if form.is_submitted() else 200
        return render("organisation/calendar_edit.html", status=status, form=form, calendar=None)
    with posting() as post:
        calendar = Calendar.add(
            name=form.name.data or "",
            weekend=form.weekend,
            holidays=form.read.days,
            by=me(),
            now=now(),
        )
        words = _("%(name)s was added.", name=calendar.name)
        post.answer(url_for("organisation.calendars"), words)
    return done(post)


@pages.route("/admin/calendars/<int:key>/edit", methods=["GET", "POST"])
@allow(May.manage_calendars, on=Calendar)
def calendar_edit(calendar: Calendar) -> Any:
    """Change a calendar's name, weekend or holidays."""
    form = CalendarForm(calendar=calendar, **_as_it_stands(calendar))
    if not form.is_submitted() or not form.validate():
        status = 422 if form.is_submitted() else 200
        return render(
            "organisation/calendar_edit.html", status=status, form=form, calendar=calendar
        )
    with posting() as post:
        calendar = post.again(calendar)
        post.same_version(calendar, form, _as_it_stands(calendar))
        calendar.change(
            name=form.name.data or "",
            weekend=form.weekend,
            holidays=form.read.days,
            by=me(),
            now=now(),
        )
        words = _("%(name)s was saved.", name=calendar.name)
        post.answer(url_for("organisation.calendars"), words)
    return done(post)


def _as_it_stands(calendar: Calendar) -> dict[str, Any]:
    """Return what the form would show now, field by field."""
    weekend = weekend_of(calendar.weekend)
    days = {f"day_{day}": day in weekend for day in WEEK}
    return {"name": calendar.name, **days, "holidays": lines_of(calendar.holidays())}
