"""What is frozen with a request as it is put to the sponsor, and what of it is another by now (rule 15).

New readings are not in it: the live value stands beside what was frozen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.goals.models import Goal
from tracker.kpis.models import Kpi
from tracker.milestones.criteria import criteria_of, measure_name
from tracker.milestones.measuring import OnRecord
from tracker.wording import day

Content = dict[str, Any]

hashes: list[Callable[[Collection[str]], Mapping[str, str]]] = []
"""Rooms above know the files that evidence links to: asked for links, each gives by link the SHA-256 of what it keeps there."""


def content_of(approval: Any, now: datetime) -> Content:
    """Return what is decided on, as it stands at `now`: the gate with its criteria and day, the goals, the money, the words."""
    gate, initiative = approval.milestone, approval.initiative
    record, criteria = OnRecord(initiative, now), criteria_of([gate.id])
    files = _files({one.link for one in criteria if one.link})
    return {
        "name": gate.name,
        "due_on": gate.due_on.isoformat(),
        "budget": _money(initiative.budget),
        "cost": _money(approval.cost),
        "says": {key: getattr(approval, key) for key in ("question", "cost_words", "gain", "waiting", "risk")},
        "decide_by": _day(approval.decide_by),
        "criteria": {
            one.measure or f"“{one.words}": {
                "measure": one.measure.value if one.measure else None, "words": one.words, "met": record.met(one),
                "evidence": one.evidence, "link": one.link,
                **files.get(one.link, {}),
            }
            for one in criteria
        },
        "goals": {
            goal.horizon.value: _terms(goal) for goal in goals_of(initiative.id)  # one of each stands
        },
    }  # fmt: skip


def goals_of(initiative_id: int) -> list[Goal]:
    """Return the goals of an initiative that stand, as they stand now."""
    query = select(Goal).where(Goal.initiative_id == initiative_id, Goal.dropped_at.is_(None))
    query = query.options(joinedload(Goal.kpi)).order_by(Goal.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _files(links: Collection[str]) -> dict[str, dict[str, str]]:
    found: dict[str, str] = {}
    for ask in hashes if links else ():
        found |= ask(links)
    return {link: {"sha256": sha256} for link, sha256 in found.items()}


def called(criterion: Mapping[str, Any]) -> str:
    """Return the words of a frozen criterion."""
    return measure_name(criterion["measure"]) if criterion["measure"] else criterion["words"]


def changes(was: Content, stands: Content) -> list[str]:
    """Return in plain words what of a frozen content is another by now."""
    return [*_of_the_gate(was, stands), *_of_criteria(was["criteria"], stands["criteria"]), *_of_goals(was, stands)]  # fmt: skip


def _of_the_gate(was: Content, stands: Content) -> Iterator[str]:
    if was["name"] != stands["name"]:
        yield _("The gate is called “%(name)s” now.", name=stands["name"])
    if was["due_on"] != stands["due_on"]:
        before, after = (day(date.fromisoformat(one["due_on"])) for one in (was, stands))
        yield _("The gate was due %(before)s and is due %(after)s now.", before=before, after=after)
    if was["budget"] != stands["budget"]:
        yield _("The budget is another one.")
    if (was["says"], was["cost"], was["decide_by"]) != (stands["says"], stands["cost"], stands["decide_by"]):  # fmt: skip
        yield _("What the request itself says was changed.")


def _of_criteria(was: Content, stands: Content) -> Iterator[str]:
    for key in was | stands:
        before, after = was.get(key), stands.get(key)
        if before == after:
            continue
        words = called(after or before or {})
        if before is None:
            yield _("New criterion: %(criterion)s", criterion=words)
        elif after is None:
            yield _("No criterion any more: %(criterion)s", criterion=words)
        elif before["met"] != after["met"] and after["met"]:
            yield _("Met since then: %(criterion)s", criterion=words)
        elif before["met"] != after["met"]:
            yield _("Not met any more: %(criterion)s", criterion=words)
        else:
            yield _("Other evidence: %(criterion)s", criterion=words)


def _of_goals(was: Content, stands: Content) -> Iterator[str]:
    before, after = was["goals"], stands["goals"]
    differ = {
        key: (after.get(key) or before[key])["kpi_id"]
        for key in before | after
        if before.get(key) != after.get(key)
    }
    names = _kpis(differ.values())
    for key, kpi_id in differ.items():
        name = names.get(kpi_id, "")
        if key not in before:
            yield _("New goal: %(kpi)s", kpi=name)
        elif key not in after:
            yield _("No goal any more: %(kpi)s", kpi=name)
        else:
            yield _("The goal was changed: %(kpi)s", kpi=name)


def _kpis(ids: Collection[int]) -> dict[int, str]:
    if not ids:
        return {}
    return dict(db.session.execute(select(Kpi.id, Kpi.name).where(Kpi.id.in_(ids))).all())


def _terms(goal: Goal) -> Content:
    """Return what a goal aims at, as it can be written down."""
    figures = {key: getattr(goal, key) for key in ("baseline", "target", "claimed")}
    return {
        "kpi_id": goal.kpi_id,
        **{key: None if value is None else repr(float(value)) for key, value in figures.items()},
        "baseline_on": _day(goal.baseline_on), "target_on": _day(goal.target_on), "aim": goal.aim.value,
        "confidence": goal.confidence.value if goal.confidence else None, "method": goal.method, "owner_id": goal.owner_id,
        "path": [[str(one), repr(float(planned))] for one, planned in goal.path or []],
    }  # fmt: skip


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _money(value: Any) -> str | None:
    """Return an amount with its cents: the same whether it was just typed or comes from the database."""
    return None if value is None else f"{Decimal(value):.2f}"
