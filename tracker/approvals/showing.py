"""What pages show of a request: the road, what is asked for, how ready the gate is, and the goals as frozen and as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from flask_babel import gettext as _

from tracker.approvals.freezing import Content, called, content_of
from tracker.approvals.models import Approval
from tracker.approvals.states import State
from tracker.db import db
from tracker.errors import NotNow
from tracker.goals.showing import Shown, standing_of
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import ORDER, Stage, in_use, stage_name
from tracker.kpis.saying import value_told
from tracker.milestones.criteria import criteria_of, measure_name
from tracker.milestones.measuring import OnRecord
from tracker.milestones.models import Milestone
from tracker.milestones.plans import terms_of
from tracker.milestones.proposing import plan_for
from tracker.milestones.showing import planned_gate
from tracker.wording import day, isolate, money, number

Check = tuple[
    str, bool, str, str
]  # a criterion, whether it is met, what shows it, and the link to that


@dataclass(frozen=True)
class Aim:
    """A goal: which KPI, from where to where as it was frozen, and its newest value as it stands."""

    kpi: str
    terms: str
    newest: str
    stale: bool


@dataclass(frozen=True)
class Case:
    """What a sponsor reads before deciding."""

    place: str
    steps: list[tuple[str, str]]
    facts: list[tuple[str, Any]]
    checks: list[Check]
    aims: list[Aim]


def case_of(approval: Approval, now: datetime) -> Case:
    """Return what there is to read: as it was frozen, or of a draft as it stands."""
    draft = approval.state == State.draft or approval.frozen is None
    content: Content = content_of(approval, now) if draft else cast(Content, approval.frozen)
    gates = in_use()[1:]
    return Case(
        place=_(
            "Gate %(place)s of %(count)s",
            place=number(gates.index(approval.opens) + 1),
            count=number(len(gates)),
        )
        if approval.opens in gates
        else stage_name(approval.opens),
        steps=steps_to(approval.initiative, approval.opens),
        facts=facts_of(content),
        checks=[
            (called(one), one["met"], one["evidence"], one["link"])
            for one in sorted(
                content["criteria"].values(), key=lambda one: (one["met"], one["words"])
            )
        ],
        aims=_aims(content, standing_of(approval.initiative)),
    )


def facts_of(content: Content) -> list[tuple[str, Any]]:
    """Return what is asked for, what it costs, brings and risks, each by its name; None for what is not said."""
    says = content["says"]
    return [
        (_("What"), _what(content)),
        (_("Cost"), _cost(content)),
        (_("Gain"), isolate(says["gain"]) if says["gain"] else None),
        (_("If we wait"), isolate(says["waiting"]) if says["waiting"] else None),
        (_("Open risk"), isolate(says["risk"]) if says["risk"] else None),
    ]


def steps_to(initiative: Initiative, opens: Stage) -> list[tuple[str, str]]:
    """Return the stages that have a gate: those that are open, and the one that is asked for."""
    here = ORDER.index(initiative.stage)
    found = []
    for stage in in_use()[1:]:
        done = ORDER.index(stage) <= here
        found.append((stage_name(stage), "now" if stage == opens else "done" if done else ""))
    return found


def _what(content: Content) -> Any:
    return _(
        "%(gate)s, due %(day)s",
        gate=isolate(content["name"]), day=day(date.fromisoformat(content["due_on"]), "short"),
    )  # fmt: skip


def _cost(content: Content) -> Any:
    cost, budget, words = content["cost"], content["budget"], content["says"]["cost_words"]
    told = ""
    if cost is not None and budget is not None:
        told = _("%(cost)s of a budget of %(budget)s", cost=_money(cost), budget=_money(budget))
    elif cost is not None:
        told = _money(cost)
    if told and words:
        return _("%(cost)s: %(words)s", cost=told, words=isolate(words))
    return told or (isolate(words) if words else None)


def _money(text: str) -> str:
    return money(Decimal(text), cents=True)


def _aims(content: Mapping[str, Any], shown: list[Shown]) -> list[Aim]:
    """Return the goals that were frozen, each beside what was measured since."""
    found = []
    for one in shown:
        was = content["goals"].get(one.goal.horizon.value)
        if was is not None and was["kpi_id"] == one.goal.kpi_id:
            ends = [value_told(float(was[end]), one.goal.kpi) if was[end] else "" for end in ("baseline", "target")]  # fmt: skip
            terms = _("from %(baseline)s to %(target)s", baseline=ends[0], target=ends[1]) if all(ends) else ""  # fmt: skip
            found.append(Aim(one.goal.kpi.name, terms, one.newest, one.stale))
    return found


def readiness_of(initiative: Initiative, stage: Stage, now: datetime) -> tuple[Milestone | None, list[Check]]:  # fmt: skip
    """Return the planned gate of a stage with its criteria; without one, the criteria that it will have by its stage plan."""
    gate = db.session.scalars(planned_gate(initiative, stage)).one_or_none()
    record = OnRecord(initiative, now)
    if gate is None:
        terms = terms_of(plan_for(initiative))[stage]
        measured = [(measure_name(one), record.meets(one), "", "") for one in terms.measures]
        return None, [*measured, *((words, False, "", "") for words in terms.criteria)]
    return gate, [
        (one.called, record.met(one), one.evidence, one.link) for one in criteria_of([gate.id])
    ]


def in_the_way(initiative: Initiative, now: datetime) -> str:
    """Return what keeps the next stage from being opened now, as sentences; nothing where nothing does."""
    try:
        initiative.stage_to_open(now)
    except NotNow as refusal:
        return str(refusal.words)
    return ""


def seen_of(approval: Approval) -> list[Any]:
    """Return what somebody has seen who decides: it stays the same once it is decided."""
    return [approval.digest, str(approval.asked_at)]
