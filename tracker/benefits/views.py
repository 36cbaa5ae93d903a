"""The benefits of an initiative: shown, entered by the lead, confirmed by finance."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.benefits.forms import QuarterForm
from tracker.benefits.models import AMOUNTS, MODULE, Benefit
from tracker.benefits.pages import pages
from tracker.benefits.quarters import read
from tracker.benefits.showing import quarter_name, quarters
from tracker.clock import now
from tracker.errors import Missing
from tracker.gate import allow, me
from tracker.initiatives.framing import frame
from tracker.initiatives.models import Initiative
from tracker.organisation.modules import of_module
from tracker.policy import May
from tracker.web import done, posting, render
from tracker.wording import today

__all__ = ["pages"]


@pages.get("/initiatives/<ref>/benefits")
@of_module(MODULE)
@allow(May.read_internal, on=Initiative)
def show(initiative: Initiative) -> Any:
    """Show what an initiative brings, quarter by quarter."""
    framed = frame(initiative, me(), "benefits.show", today())
    return render("benefits/show.html", **framed, money_of=quarters(initiative, me(), today()))


@pages.route("/initiatives/<ref>/benefits/<quarter>", methods=["GET", "POST"])
@of_module(MODULE)
@allow(May.enter_benefit, on=Initiative)
def enter(initiative: Initiative, quarter: str) -> Any:
    """Say what a quarter brings."""
    day = _quarter(quarter)
    row = Benefit.of(initiative, day)
    form = QuarterForm(data=_said(row))
    if request.method == "POST" and form.validate():
        with posting() as post:
            initiative = post.again(initiative)
            post.still(
                _said(Benefit.of(initiative, day)),
                _("Somebody entered this quarter just now. Look at it first."),
            )
            Benefit.put(initiative, day, by=me(), now=now(), **form.amounts)
            post.answer(_home(initiative), _("%(quarter)s was saved.", quarter=quarter_name(day)))
        return done(post)
    return render(
        "benefits/enter.html", initiative=initiative, form=form, quarter=quarter_name(day), seen=_said(row), row=row,
        back=_home(initiative), status=422 if form.errors else 200,
    )  # fmt: skip


@pages.route("/initiatives/<ref>/benefits/<quarter>/confirmation", methods=["GET", "POST"])
@of_module(MODULE)
@allow(May.confirm_benefit, on=Initiative)
def confirm(initiative: Initiative, quarter: str) -> Any:
    """Confirm, as finance, what was realised in a quarter."""
    day = _quarter(quarter)
    row = _present(initiative, day)
    if request.method == "POST":
        with posting() as post:
            initiative = post.again(initiative)
            row = _present(initiative, day)
            post.still(_said(row), _("Somebody entered this quarter just now. Look at it first."))
            row.confirm(initiative, by=me(), now=now())
            post.answer(_home(initiative), _("%(quarter)s is confirmed.", quarter=quarter_name(day)))  # fmt: skip
        return done(post)
    return render(
        "benefits/confirm.html", initiative=initiative, quarter=quarter_name(day), row=row, seen=_said(row), back=_home(initiative)
    )  # fmt: skip


def _quarter(text: str) -> date:
    """Return the quarter that an address names. Raises `Missing` for what is none."""
    day = read(text)
    if day is None:
        raise Missing
    return day


def _present(initiative: Initiative, day: date) -> Benefit:
    row = Benefit.of(initiative, day)
    if row is None:
        raise Missing
    return row


def _said(row: Benefit | None) -> dict[str, Any]:
    """Return what the form of a quarter shows."""
    return {name: getattr(row, name) if row else None for name in AMOUNTS}


def _home(initiative: Initiative) -> str:
    return url_for("benefits.show", ref=initiative.ref)
