"""What this room tells the rooms below it: its scope and words for the trail, its tab, and what stands below the tree of KPIs."""

from __future__ import annotations

from typing import Any

from tracker.activity.labels import labels
from tracker.activity.queries import scopes
from tracker.benefits import telling
from tracker.benefits.models import Benefit
from tracker.benefits.showing import of_the_portfolio
from tracker.clock import now
from tracker.kpis.framing import Section, tree_sections
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of
from tracker.wording import lazy as _l

LABELS = {"planned": _l("Planned"), "forecast": _l("Forecast"), "realised": _l("Realised")}


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes["benefit"] = Benefit.visible_to
    telling.join()
    for name, words in LABELS.items():
        labels.setdefault(name, words)
    if PORTFOLIO not in tree_sections:
        tree_sections.append(PORTFOLIO)


def _loaded(_kpi: Any, person: Person) -> Any:
    return of_the_portfolio(person, day_of(now()))


PORTFOLIO = Section("benefits/_portfolio.html", _loaded)
