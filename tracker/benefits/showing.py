"""What pages show of benefits: the quarters of an initiative with their sums, and those of the whole portfolio."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from tracker.benefits.models import AMOUNTS, MODULE, Benefit
from tracker.benefits.quarters import after, quarter_of, written
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.policy import May, may
from tracker.wording import digits

BEFORE, AHEAD = (
    4,
    4,
)  # quarters that are shown although nothing stands in them, around the present one
MOST = 40  # quarters of one initiative that are shown


@dataclass(frozen=True)
class Quarter:
    """One quarter as a page shows it; `row` is None where nothing was entered."""

    day: date
    name: str
    row: Any
    edit_url: str | None
    confirm_url: str | None


def quarter_name(quarter: date) -> str:
    """Return what a quarter is called."""
    return digits(_("Q%(quarter)s %(year)s", quarter=(quarter.month + 2) // 3, year=quarter.year))


def quarters(initiative: Initiative, person: Person, today: date) -> dict[str, Any]:
    """Return the `quarters` of an initiative, the earliest first, their `sums` by kind of amount, and what is `confirmed` of
    the realised; in one statement."""
    query = (
        select(Benefit)
        .where(Benefit.initiative_id == initiative.id)
        .options(joinedload(Benefit.confirmed_by))
        .order_by(Benefit.quarter.desc())
        .limit(MOST)
    )
    rows = {row.quarter: row for row in db.session.scalars(query)}
    here = quarter_of(today)
    days = {*rows, *(after(here, n) for n in range(-BEFORE, AHEAD))}
    enters = initiative.stopped_at is None and may(person, May.enter_benefit, initiative)
    confirms = may(person, May.confirm_benefit, initiative)
    shown = [_quarter(initiative, day, rows.get(day), enters=enters, confirms=confirms) for day in sorted(days)]  # fmt: skip
    return {
        "quarters": shown,
        "sums": {name: _sum(getattr(row, name) for row in rows.values()) for name in AMOUNTS},
        "confirmed": _sum(row.realised for row in rows.values() if row.confirmed_at is not None),
    }


def _quarter(initiative: Initiative, day: date, row: Any, *, enters: bool, confirms: bool) -> Quarter:  # fmt: skip
    told: dict[str, Any] = {"ref": initiative.ref, "quarter": written(day)}
    waits = row is not None and row.realised is not None and row.confirmed_at is None
    return Quarter(
        day, quarter_name(day), row, url_for("benefits.enter", **told) if enters else None,
        url_for("benefits.confirm", **told) if confirms and waits else None,
    )  # fmt: skip


def _sum(amounts: Any) -> Decimal | None:
    given = [amount for amount in amounts if amount is not None]
    return sum(given, Decimal(0)) if given else None


def of_the_portfolio(person: Person, today: date) -> list[Any] | None:
    """Return the sums of the last quarters and the next, over all initiatives that `person` sees: rows with `quarter`, `name`,
    the amounts, and what is `confirmed`; None while the module is off."""
    if MODULE not in Organisation.current().modules:
        return None
    here = quarter_of(today)
    seen = Initiative.visible_to(person).with_only_columns(Initiative.id)
    confirmed = func.sum(case((Benefit.confirmed_at.is_not(None), Benefit.realised)))
    query = (
        select(
            Benefit.quarter,
            *(func.sum(getattr(Benefit, name)).label(name) for name in AMOUNTS),
            confirmed.label("confirmed"),
        )
        .where(
            Benefit.quarter.between(after(here, -BEFORE), after(here, AHEAD - 1)),
            Benefit.initiative_id.in_(seen),
        )
        .group_by(Benefit.quarter)
        .order_by(Benefit.quarter)
    )
    return [
        {**row._mapping, "name": quarter_name(row.quarter)} for row in db.session.execute(query)
    ]
