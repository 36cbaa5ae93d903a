"""What a KPI is to reach, and what others reach."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.clock import now
from tracker.db import db
from tracker.errors import Missing
from tracker.gate import allow, me
from tracker.kpis.forms_readings import BenchmarkForm, TargetForm
from tracker.kpis.models import Kpi
from tracker.kpis.pages import pages
from tracker.kpis.saying import value_told
from tracker.kpis.targets import Benchmark, Target
from tracker.policy import May
from tracker.web import done, posting, render

MOST = 50


@pages.route("/kpis/<code>/targets", methods=["GET", "POST"])
@allow(May.set_target, on=Kpi)
def targets(kpi: Kpi) -> Any:
    """Set what a KPI is to reach by a day."""
    form = TargetForm(kpi=kpi)
    if request.method != "POST" or not form.validate():
        rows = db.session.scalars(
            select(Target).where(Target.kpi_id == kpi.id).order_by(Target.day).limit(MOST)
        ).all()
        return render(
            "kpis/targets.html", kpi=kpi, form=form, rows=rows, value_told=value_told, status=422 if form.errors else 200
        )  # fmt: skip
    with posting() as post:
        kpi = post.again(kpi)
        Target.put(kpi, by=me(), now=now(), **form.fields)
        post.answer(url_for(".show", code=kpi.code), _("The target is set."))
    return done(post)


@pages.post("/kpis/<code>/targets/<int:id_>/removal")
@allow(May.set_target, on=Kpi)
def target_remove(kpi: Kpi, id_: int) -> Any:
    """Take a target back."""
    return _removed(kpi, Target, id_, "kpis.targets", _("The target is taken back."))


@pages.route("/kpis/<code>/benchmarks", methods=["GET", "POST"])
@allow(May.set_target, on=Kpi)
def benchmarks(kpi: Kpi) -> Any:
    """Note what others reach."""
    form = BenchmarkForm(kpi=kpi)
    if request.method != "POST" or not form.validate():
        rows = db.session.scalars(
            select(Benchmark).where(Benchmark.kpi_id == kpi.id).order_by(Benchmark.day.desc(), Benchmark.id).limit(MOST)
        ).all()  # fmt: skip
        return render(
            "kpis/benchmarks.html", kpi=kpi, form=form, rows=rows, value_told=value_told, status=422 if form.errors else 200
        )  # fmt: skip
    with posting() as post:
        kpi = post.again(kpi)
        Benchmark.add(
            kpi, by=me(), now=now(), **form.fields
        )  # fmt: skip
        post.answer(url_for(".show", code=kpi.code), _("The comparison is noted."))
    return done(post)


@pages.post("/kpis/<code>/benchmarks/<int:id_>/removal")
@allow(May.set_target, on=Kpi)
def benchmark_remove(kpi: Kpi, id_: int) -> Any:
    """Take back what was noted of others."""
    return _removed(kpi, Benchmark, id_, "kpis.benchmarks", _("The comparison is taken back."))


def _removed(kpi: Kpi, model: Any, id_: int, page: str, words: str) -> Any:
    with posting() as post:
        kpi = post.again(kpi)
        row = db.session.scalars(
            model.visible_to(me()).where(model.kpi_id == kpi.id, model.id == id_)
        ).one_or_none()
        if row is None:
            raise Missing
        post.still([row.day, row.value], _("Something else stands there by now. Look at it first."))
        row.remove(kpi, by=me(), now=now())
        post.answer(url_for(page, code=kpi.code), words)
    return done(post)
