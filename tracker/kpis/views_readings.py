"""A reading that is entered, or corrected by a later one."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.db import db
from tracker.errors import Missing
from tracker.gate import allow, me
from tracker.kpis.forms_readings import CorrectionForm, ReadingForm
from tracker.kpis.measures import next_day, period_name
from tracker.kpis.models import Kpi
from tracker.kpis.pages import pages
from tracker.kpis.readings import Reading, figure
from tracker.kpis.restanding import restand_after
from tracker.kpis.views_show import words
from tracker.policy import May
from tracker.web import done, posting, render
from tracker.wording import today


@pages.route("/kpis/<code>/readings/new", methods=["GET", "POST"])
@allow(May.add_reading, on=Kpi)
def reading_new(kpi: Kpi) -> Any:
    """Enter a reading."""
    form = ReadingForm(kpi=kpi)
    if request.method == "GET":
        form.day.data = next_day(None, kpi.cadence, today())
    if request.method != "POST" or not form.validate():
        return render(
            "kpis/reading.html", kpi=kpi, form=form, corrects=None, status=422 if form.errors else 200, **words()
        )  # fmt: skip
    with posting() as post:
        kpi = post.again(kpi)
        reading = Reading.add(
            kpi, by=me(), now=now(), **form.place, **form.figures
        )  # fmt: skip
        restand_after(kpi, reading)
        told = period_name(reading.day, kpi.cadence)
        post.answer(
            url_for(".show", code=kpi.code), _("The reading for %(period)s is entered.", period=told)
        )  # fmt: skip
    return done(post)


@pages.route("/kpis/<code>/readings/<int:id_>/correction", methods=["GET", "POST"])
@allow(May.add_reading, on=Kpi)
def reading_correct(kpi: Kpi, id_: int) -> Any:
    """Correct a reading by a later one that names it."""
    reading = _standing(kpi, id_)
    form = CorrectionForm(kpi=kpi)
    if request.method == "GET":
        _show(form, reading)
    if request.method != "POST" or not form.validate():
        return render(
            "kpis/reading.html", kpi=kpi, form=form, corrects=reading, period=period_name(reading.day, kpi.cadence),
            status=422 if form.errors else 200, **words(),
        )  # fmt: skip
    with posting() as post:
        kpi = post.again(kpi)
        restand_after(kpi, reading.correct(kpi, by=me(), now=now(), **form.figures))
        told = period_name(reading.day, kpi.cadence)
        post.answer(
            url_for(".show", code=kpi.code), _("The reading for %(period)s is corrected.", period=told)
        )  # fmt: skip
    return done(post)


def _standing(kpi: Kpi, id_: int) -> Reading:
    """Return a reading of this KPI; one that was corrected is refused by the verb. Raises `Missing` for any other."""
    query = Reading.visible_to(me()).where(Reading.kpi_id == kpi.id, Reading.id == id_)
    reading = db.session.scalars(query).one_or_none()
    if reading is None:
        raise Missing
    return reading


def _show(form: CorrectionForm, reading: Reading) -> None:
    form.note.data, form.breaks.data = reading.note, reading.breaks
    if "numerator" in form and reading.denominator is not None:
        form.numerator.data, form.denominator.data = figure(reading.numerator), figure(reading.denominator)  # fmt: skip
    else:
        form.figure.data = figure(reading.value)
