"""What needs a person today: one line for each thing, with why now and the act that ends it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased

from tracker.blockers.lines import Line, lines, oldest_first, selected
from tracker.blockers.models import Blocker
from tracker.blockers.queries import waiting_on_me
from tracker.blockers.states import OPEN, State
from tracker.clock import now
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import silent_condition
from tracker.initiatives.stages import Stage, stage_name
from tracker.organisation.people import Person, Role
from tracker.organisation.units import Unit
from tracker.overview.agreements import agreements
from tracker.overview.need import MOST, Need
from tracker.wording import day as day_words
from tracker.wording import working_days


def needs(person: Person, today: date) -> list[Need]:
    """Return what waits for `person`, the most pressing first; at most a few of each kind."""
    found = [*_sponsorships(person), *_asks(person), *_blockers(person, today)]
    if person.role != Role.auditor:
        found += [*agreements(person, now()), *_reports(person, today)]
    if person.role == Role.manager:
        found += [*_unanswered(person, today), *_proposals(person)]
    order = {"bad": 0, "warn": 1, "none": 2, "ok": 3}
    return sorted(found, key=lambda need: order[need.mark])


def _sponsorships(person: Person) -> Iterator[Need]:
    if person.role != Role.executive:
        return
    rows = db.session.execute(
        select(
            Initiative.ref,
            Initiative.title,
            Initiative.proposed_at,
            Initiative.adopt_stage,
            Person.name,
        )
        .outerjoin(Person, Person.id == Initiative.proposed_by_id)
        .where(Initiative.proposed_sponsor_id == person.id)
        .order_by(Initiative.proposed_at)
        .limit(MOST)
    )
    for row in rows:
        yield Need(
            what=_("Sponsor “%(title)s”?", title=row.title), ref=row.ref, url=url_for("initiatives.show", ref=row.ref), who=row.name or "",
            when=_("asked %(day)s", day=day_words(row.proposed_at, "short")), why=_("Waits for your answer"), mark="warn",
            act=_("Answer"), act_url=url_for("initiatives.sponsorships"),
        )  # fmt: skip


def _asks(person: Person) -> Iterator[Need]:
    """Stages that somebody asks this person to open, as sponsor or the sponsor's deputy."""
    if person.role != Role.executive:
        return
    sponsors = [person.id, *person.duties.sponsors_for]
    rows = db.session.execute(
        select(
            Initiative.ref,
            Initiative.title,
            Initiative.asked_stage,
            Initiative.asked_at,
            Person.name,
        )
        .outerjoin(Person, Person.id == Initiative.asked_by_id)
        .where(
            Initiative.sponsor_id.in_(sponsors),
            Initiative.asked_stage.is_not(None),
            Initiative.asked_by_id != person.id,
        )
        .order_by(Initiative.asked_at)
        .limit(MOST)
    )
    for row in rows:
        yield Need(
            what=_("Open %(stage)s for “%(title)s”?", stage=stage_name(row.asked_stage), title=row.title), ref=row.ref,
            url=url_for("initiatives.show", ref=row.ref), who=row.name or "", when=_("asked %(day)s", day=day_words(row.asked_at, "short")),
            why=_("Waits for your decision"), mark="warn", act=_("Decide"),
            act_url=url_for("initiatives.stage", ref=row.ref, to=row.asked_stage),
        )  # fmt: skip


def _blockers(person: Person, today: date) -> Iterator[Need]:
    for line in waiting_on_me(person, MOST, today):
        if line.state == State.resolved:
            why, act = _("Said to be resolved"), _("Confirm")
        else:
            why, act = (
                (_("Past its clock") if line.late else _("Waits for you")),
                _("Promise a date"),
            )
        yield _of_blocker(line, line.blocked_name, why, "bad" if line.late else "warn", act)


def _unanswered(person: Person, today: date) -> Iterator[Need]:
    """Blockers that nobody answers for yet."""
    nobody = Blocker.visible_to(person).where(
        Blocker.answerer_id.is_(None), Blocker.state.in_(OPEN)
    )
    for line in lines(oldest_first(selected(nobody)).limit(MOST), today):
        yield _of_blocker(
            line, line.holder_name, _("Nobody answers for it"), "bad", _("Name an answerer")
        )


def _of_blocker(line: Line, who: str, why: str, mark: str, act: str) -> Need:
    url = url_for("blockers.show", ref=line.ref)
    return Need(
        what=line.title,
        ref=line.initiative_ref,
        url=url,
        who=who,
        when=working_days(line.days),
        why=why,
        mark=mark,
        act=act,
        act_url=url,
    )


def _reports(person: Person, today: date) -> Iterator[Need]:
    """Reports that are overdue: for the lead their own, for a manager those of work that nobody leads as well."""
    mine = Initiative.lead_id == person.id
    if person.role == Role.manager:
        mine = or_(mine, Initiative.lead_id.is_(None))
    lead = aliased(Person)
    rows = db.session.execute(
        select(Initiative.ref, Initiative.title, Initiative.reported_on, Unit.name.label("unit"), lead.name.label("lead"))
        .join(Unit, Unit.id == Initiative.lead_unit_id)
        .outerjoin(lead, lead.id == Initiative.lead_id)
        .where(
            mine, Initiative.stopped_at.is_(None), Initiative.held_at.is_(None),
            Initiative.stage.not_in([Stage.idea, Stage.realised]), silent_condition(Initiative, today),
        )
        .order_by(Initiative.reported_on, Initiative.id)
        .limit(MOST)
    )  # fmt: skip
    for row in rows:
        since = (
            _("since %(day)s", day=day_words(row.reported_on, "short"))
            if row.reported_on
            else _("never yet")
        )
        yield Need(
            what=_("No update: %(title)s", title=row.title), ref=row.ref, url=url_for("initiatives.show", ref=row.ref),
            who=row.lead or row.unit, when=since, why=_("Report overdue"), mark="none", act=_("Update"),
            act_url=url_for("updates.new", ref=row.ref, back=url_for("overview.home")),
        )  # fmt: skip


def _proposals(person: Person) -> Iterator[Need]:
    """Proposals that this manager made and nobody has answered."""
    rows = db.session.execute(
        select(Initiative.ref, Initiative.title, Initiative.proposed_at, Person.name)
        .join(Person, Person.id == Initiative.proposed_sponsor_id)
        .where(Initiative.proposed_by_id == person.id)
        .order_by(Initiative.proposed_at)
        .limit(MOST)
    )
    for row in rows:
        yield Need(
            what=_("Sponsorship of “%(title)s”", title=row.title), ref=row.ref, url=url_for("initiatives.show", ref=row.ref), who=row.name,
            when=_("asked %(day)s", day=day_words(row.proposed_at, "short")), why=_("Not answered yet"), mark="none", act=_("Open"),
            act_url=url_for("initiatives.show", ref=row.ref),
        )  # fmt: skip


def counts(person: Person, today: date) -> dict[str, Any]:
    """Return how the portfolio stands, from one statement: under way, by colour, silent, blocked."""
    from_scope = Initiative.visible_to(person)
    running = (Initiative.stopped_at.is_(None), Initiative.stage != Stage.realised)
    rows = db.session.execute(
        from_scope.with_only_columns(
            Initiative.colour, func.count().label("n"), func.sum(case((Initiative.open_blockers > 0, 1), else_=0)).label("blocked"),
            func.sum(case((silent_condition(Initiative, today), 1), else_=0)).label("silent"),
            func.sum(case((Initiative.sponsor_id.is_(None), 1), else_=0)).label("orphans"),
        )
        .where(*running)
        .group_by(Initiative.colour)
    ).all()  # fmt: skip
    by_colour = {row.colour.value if row.colour else "none": row.n for row in rows}
    return {
        "total": sum(row.n for row in rows),
        "colours": by_colour,
        "blocked": sum(row.blocked or 0 for row in rows),
        "silent": sum(row.silent or 0 for row in rows),
        "orphans": sum(row.orphans or 0 for row in rows),
    }
