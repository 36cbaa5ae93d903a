"""The page of a KPI as it stood on a past day: what was known then, and nothing that came later."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _

from tracker.gate import allow
from tracker.kpis.models import Kpi
from tracker.kpis.pages import pages
from tracker.kpis.series import measured
from tracker.kpis.views_show import picture, words
from tracker.policy import May
from tracker.viewing import zone
from tracker.web import render
from tracker.wording import today


@dataclass(frozen=True)
class Asked:
    """The day as it was typed, what it means, and what is wrong with it: words by field."""

    typed: dict[str, str]
    day: date | None = None
    wrong: dict[str, str] = field(default_factory=dict)


@pages.get("/kpis/<code>/then")
@allow(May.read_internal, on=Kpi)
def then(kpi: Kpi) -> Any:
    """Show what a KPI said at the end of a day that is over, for whoever looks; the series is that of the whole company."""
    asked = _asked()
    if asked.day is None:
        return render(
            "kpis/then.html", kpi=kpi, asked_for=asked, status=422 if asked.wrong else 200
        )
    series = measured({kpi.id: kpi.factor}, as_of=_end(asked.day)).get(kpi.id, [])
    shown = picture(kpi, series, [], on=asked.day)
    return render("kpis/then.html", kpi=kpi, asked_for=asked, unit_count=0, form=None, **shown, **words())  # fmt: skip


def _asked() -> Asked:
    typed = {"day": request.args.get("day", "").strip()[:40]}
    if not typed["day"]:
        return Asked(typed)
    try:
        day = date.fromisoformat(typed["day"])
    except ValueError:
        return Asked(typed, wrong={"day": _("Write a day as 2026-03-31.")})
    if day.year < 1970 or day >= today():
        return Asked(typed, wrong={"day": _("Choose a day that is over.")})
    return Asked(typed, day)


def _end(day: date) -> datetime:
    """The last moment of a day for whoever looks, in UTC."""
    begins = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone()))
    return begins.astimezone(UTC) - timedelta(microseconds=1)
