"""Whom this room tells what: who decides that somebody asks, who asked what came of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import and_, case, false, null

from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.approvals.clocks import tell_of_waiting
from tracker.approvals.deciders import deciders_of, finance_for, waited_for
from tracker.approvals.links import ApprovalLink, address_for
from tracker.approvals.models import Approval
from tracker.approvals.queries import on_desk
from tracker.approvals.showing import facts_of
from tracker.approvals.states import Decision, State
from tracker.clock import now
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.notices.kinds import Tell
from tracker.notices.subjects import Thing, subjects
from tracker.notices.telling import Told, tells
from tracker.organisation.settings import day_of
from tracker.sweeping import sweeps

TELLS = {
    Decision.approved: Tell.request_approved,
    Decision.conditional: Tell.request_approved,
    Decision.sent_back: Tell.request_returned,
    Decision.held: Tell.request_held,
    Decision.stopped: Tell.request_stopped,
}
SECOND = {
    Kind.approval_seconded: Tell.request_approved,
    Kind.approval_given_back: Tell.request_returned,
}


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    subjects["approval"] = named
    tells(Kind.approval_submitted, of_request)
    tells(Kind.approval_decided, of_decision)
    tells(Kind.approval_undone, of_undoing)
    tells(Kind.approval_reminded, of_waiting)
    tells(Kind.approval_passed, of_passing)
    tells(Kind.approval_escalated, of_escalation)
    sweeps["decisions that wait"] = partial(tell_of_waiting, Approval)
    tells(Kind.approval_agreed, of_agreement)
    tells(Kind.approval_seconded, of_decision)
    tells(Kind.approval_given_back, of_decision)


def named(person: Any, ids: Collection[int]) -> Mapping[int, Thing]:
    """Return the requests with these ids as far as `person` may see them. In a mail, one that waits for them says what it
    costs, brings and risks, and has its own address: a one-time link where there is one that still holds."""
    mine, link = on_desk(person), ApprovalLink
    its = (
        link.approval_id == Approval.id,
        link.person_id == person.id,
        link.made_at == Approval.asked_at,
        link.expires_at > now(),
    )
    found = (
        Approval.visible_to(person)
        .with_only_columns(
            *(
                Approval.id,
                Approval.question,
                Initiative.ref,
                link.seed,
                Approval.words,
                Approval.returned_words,
            ),
            case((false() if mine is None else mine, Approval.frozen), else_=null()).label("waits"),
        )
        .join(Initiative, Initiative.id == Approval.initiative_id)
        .outerjoin(link, and_(*its, link.used_at.is_(None), Approval.state == State.submitted))
        .where(Approval.id.in_(ids))
    )
    return {row.id: _thing(person, row) for row in db.session.execute(found)}


def _thing(person: Any, row: Any) -> Thing:
    thing = Thing(f"{row.ref} {row.question}", url_for("approvals.show", key=row.id))
    if row.waits:
        return replace(thing, mailed=partial(_mailed, thing, row, person.id))
    if words := row.words or row.returned_words:
        said = replace(thing, facts=((_("In words"), " ".join(words.split())),))
        return replace(thing, mailed=lambda: said)
    return thing


def _mailed(thing: Thing, row: Any, person_id: int) -> Thing:
    # One line each: what somebody typed over several could look like the lines of the mail.
    facts = tuple((str(n), " ".join(str(told).split())) for n, told in facts_of(row.waits) if told)
    address = address_for(row.id, person_id, row.seed)
    return replace(thing, url=address, facts=facts, answers=((_("Read it and decide"), address),))


def of_request(approval: Approval, event: Event) -> Iterator[Told]:
    """The sponsor, and who stands in for the sponsor today."""
    yield _told(Tell.stage_asked, deciders_of(approval, day_of(event.at)), approval, event)


def of_waiting(approval: Approval, event: Event) -> Iterator[Told]:
    """Whoever has it to decide now, and has not yet."""
    yield _told(Tell.decision_waits, waited_for(approval, event.at), approval, event, since=True)


def of_passing(approval: Approval, event: Event) -> Iterator[Told]:
    """The new sponsor, who has it from the one before."""
    yield _told(Tell.decision_passed, [event.facts["person_id"]], approval, event)


def of_escalation(approval: Approval, event: Event) -> Iterator[Told]:
    """The programme owner, or who stands in."""
    yield _told(Tell.decision_late, [event.facts["person_id"]], approval, event, since=True)


def of_undoing(approval: Approval, event: Event) -> Iterator[Told]:
    """Those who were told of the decision, finance among them where it was to decide second."""
    finance = finance_for(approval) if approval.finance_wanted else ()
    told = _told(Tell.decision_undone, [*_concerned(approval), *finance], approval, event)
    yield replace(told, subject_id=event.facts["again_id"])  # what waits again


def of_decision(approval: Approval, event: Event) -> Iterator[Told]:
    """Whoever asked, the lead, the sponsor where a deputy or finance decided, and the deputy who approved first."""
    told = SECOND.get(Kind(event.kind)) or TELLS[Decision(event.facts["decision"])]
    yield _told(told, _concerned(approval), approval, event)


def of_agreement(approval: Approval, event: Event) -> Iterator[Told]:
    """Finance, who decides second, and those concerned, who wait on."""
    finance = [*finance_for(approval)]
    yield _told(Tell.finance_asked, finance, approval, event)
    others = [one for one in _concerned(approval) if one not in finance]
    yield _told(Tell.approval_agreed, others, approval, event)


def _concerned(approval: Approval) -> list[int | None]:
    its = approval.initiative
    return [approval.asked_by_id, approval.drafted_by_id, its.lead_id, its.sponsor_id, approval.decided_by_id]  # fmt: skip


def _told(
    kind: Tell, people: Sequence[int | None], approval: Approval, event: Event, *, since: bool = False
) -> Told:  # fmt: skip
    day = day_of(approval.turn_since) if since and approval.turn_since else None
    return Told(kind, people, "approval", approval.id, event.actor_id, approval.initiative_id, day)
