"""A company in the middle of its work: beside the world of the permissions, one row in each state that some form waits for."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from tests import gates
from tests.aims import aim
from tests.cast import START
from tests.test_permissions import build, conditioned
from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.approvals.links import ApprovalLink, form_key, token_for
from tracker.approvals.rules import Rules
from tracker.approvals.showing import seen_of
from tracker.approvals.states import Decision
from tracker.blockers.models import Blocker
from tracker.boards.filters import Filters
from tracker.boards.models import Board, Lanes
from tracker.db import Model, db, writing
from tracker.discussion.models import Comment
from tracker.files.models import Evidence
from tracker.goals.checkpoints import of as checkpoints_of
from tracker.goals.locking import present
from tracker.importing.models import ImportRun
from tracker.initiatives.agreeing import Agreement
from tracker.initiatives.charter import CharterDraft
from tracker.initiatives.friction import Friction
from tracker.initiatives.models import Initiative
from tracker.initiatives.rating import Priority
from tracker.initiatives.signing import object_to, sign
from tracker.initiatives.stages import Stage
from tracker.milestones.criteria import criteria_of
from tracker.milestones.models import Milestone
from tracker.milestones.plans import StagePlan
from tracker.milestones.usual import MEASURES, usual_terms
from tracker.notices.jobs import Job, JobState
from tracker.notices.kinds import Tell
from tracker.notices.models import Mail, MailState, Notice, Occasion
from tracker.notices.telling import Told, tell
from tracker.notices.unsubscribing import page_of
from tracker.organisation.access import Purpose, issue
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.proofs.setting_up import offer
from tracker.updates.models import Update

SHEET = b"Title;Lead unit\nParcels find their door;Customer care\n"


JUST_NOW = START + timedelta(minutes=55)  # the clock of the tests says five more


def midway(app: Flask, as_: Any) -> SimpleNamespace:
    """Make it in an emptied database. Everything is sponsored by `executive` and led by `lead`, unless it says otherwise."""
    cast = build(app)
    with app.app_context():
        db.session.add_all(one for one in vars(cast).values() if isinstance(one, Model))
        with writing():
            _initiatives(cast)
            _blockers(cast)
            _actions(cast)
            _milestones(cast)
            _approvals(cast)
            _said(cast)
            _told(cast)
            for owner in ("manager", "member"):
                board = Board.save(
                    name=f"Of the {owner}", filters=Filters(), lanes=Lanes.none, owner=getattr(cast, owner), by=cast.manager, now=START
                )  # fmt: skip
                setattr(cast, f"{owner}s_board", board)
            present = START + timedelta(hours=1)
            cast.invitation = issue(cast.finance, Purpose.invite, by=cast.admin, now=present)
            cast.offer = offer(cast.lead, now=present)
            cast.reset = issue(cast.finance, Purpose.reset, by=None, now=present)
        with app.test_request_context():
            cast.stop = page_of(cast.member, Occasion.digest).rpartition("/")[2]
        cast.friction = Friction.of(cast.initiative)
        cast.draft, cast.first_draft = map(CharterDraft.of, (cast.initiative, cast.drafted))
        for one in vars(cast).values():
            if isinstance(one, Model) and one in db.session:
                db.session.refresh(one)
        db.session.expunge_all()
    for owner in ("manager", "admin"):
        cast.__dict__[f"{owner}s_run"] = _bring(app, as_(getattr(cast, owner)), owner)
    return cast


def _initiatives(cast: SimpleNamespace) -> None:
    one = cast.initiative
    one.forget_team()
    one.change_member(cast.membership, share=20, by=cast.lead, now=START)
    priority = Priority(one)
    priority.rate(cast.it.id, 1, by=cast.head, now=START)
    priority.rate(cast.care.id, 5, by=cast.owner, now=START)
    db.session.flush()
    cast.paused = begun(cast, "Paused")
    cast.paused.hold(by=cast.executive, now=START, words="Until spring.")
    cast.piloting = begun(cast, "Piloting", stage=Stage.piloting)
    (cast.locked,) = present(cast.piloting.id)
    cast.proving = begun(cast, "Proving", stage=Stage.proving, moment=START - timedelta(days=100))
    cast.due = checkpoints_of(cast.proving.id)[0]
    cast.asked = begun(cast, "Asked for")
    sign(_charter(cast, cast.asked), cast.it.id, number=1, by=cast.head, now=START)
    cast.asked.add_member(cast.member, by=cast.lead, now=START)
    cast.ready = begun(cast, "Ready")
    sign(_charter(cast, cast.ready), cast.it.id, number=1, by=cast.head, now=START)
    cast.ready.add_member(cast.member, by=cast.lead, now=START)
    cast.request = gates.requested(cast.asked, by=cast.member, now=START)
    cast.settled = begun(cast, "Decided just now", stage=Stage.piloting)
    cast.settled_request = gates.opened(cast.settled, by=cast.executive, now=JUST_NOW)
    cast.disputed = begun(cast, "Disputed")
    dispute = _charter(cast, cast.disputed)
    object_to(dispute, cast.it.id, number=1, by=cast.head, now=START, words="Not so.")
    long_ago = START - timedelta(days=30)
    switched_on = update(Event).where(Event.kind == Kind.settings_changed).values(at=long_ago)
    db.session.execute(switched_on)  # nobody is silent about what was not asked yet
    cast.silent = begun(cast, "Silent", moment=long_ago)
    _charter(cast, cast.silent, long_ago)
    cast.drafted = begun(cast, "Drafted")
    CharterDraft.of(cast.drafted).save(cast.drafted, by=cast.lead, now=START, purpose="To begin")
    # Another lead's, in another unit, with a member, a report and a charter of its own.
    cast.other = begun(cast, "Somebody else's", unit=cast.billing, lead=cast.finance, sponsor=cast.other_executive)  # fmt: skip
    cast.other_membership = cast.other.add_member(cast.other_head, by=cast.finance, now=START)
    cast.other_update = Update.post(
        cast.other, colour=cast.update.colour, day=START.date(), by=cast.finance, now=START
    )
    cast.unsponsored = Initiative.create(
        title="Without a sponsor", lead_unit_id=cast.it.id, by=cast.lead, now=START, lead=cast.lead
    )
    cast.wanted = Initiative.create(
        title="Wants another", lead_unit_id=cast.it.id, by=cast.lead, now=START, lead=cast.lead
    )
    cast.wanted.propose_sponsor(cast.alternate, by=cast.lead, now=START)


def begun(
    cast: SimpleNamespace, title: str, *, stage: Stage | None = None, unit: Any = None, lead: Any = None, sponsor: Any = None,
    moment: datetime = START,
) -> Initiative:  # fmt: skip
    """Begin one that is sponsored; with `stage` it is adopted there."""
    one = Initiative.create(
        title=title, lead_unit_id=(unit or cast.it).id, by=cast.manager, now=moment, lead=lead or cast.lead
    )  # fmt: skip
    sponsor = sponsor or cast.executive
    one.propose_sponsor(sponsor, by=cast.manager, now=moment, adopt_at=stage)
    aim(one)
    one.accept_sponsorship(by=sponsor, now=moment)
    return one


def _charter(cast: SimpleNamespace, one: Initiative, moment: Any = START) -> Agreement:
    draft = CharterDraft.of(one)
    draft.save(one, by=cast.lead, now=moment, purpose="As agreed")
    draft.publish(one, note="", wording_only=False, by=cast.lead, now=moment)
    agreement = Agreement.of(one, START)
    assert agreement is not None
    return agreement


def _blockers(cast: SimpleNamespace) -> None:
    blocked: dict[str, Any] = {"blocked_unit_id": cast.care.id, "by": cast.lead, "now": START}
    cast.resolved = Blocker.raise_(
        cast.initiative, title="Said to be over", holder_partner_id=cast.vendor.id, **blocked
    )
    cast.resolved.resolve("It is there.", by=cast.contact, now=START)
    cast.of_it = Blocker.raise_(
        cast.initiative, title="A unit owes it", holder_unit_id=cast.it.id, **blocked
    )
    cast.bargained = Blocker.raise_(
        cast.initiative, title="Another day is proposed", holder_partner_id=cast.vendor.id,
        needed_by=START.date() + timedelta(days=9), **blocked,
    )  # fmt: skip
    later = START.date() + timedelta(days=40)
    cast.bargained.counter_propose(later, by=cast.contact, now=START, words="It takes long.")
    cast.contested = Blocker.raise_(
        cast.initiative, title="Not theirs, they say", holder_partner_id=cast.vendor.id, **blocked
    )
    cast.contested.dispute(by=cast.contact, now=START, words="It is yours.")
    ours: dict[str, Any] = {"holder_unit_id": cast.it.id, **blocked}
    cast.waiting = Blocker.raise_(cast.initiative, title="Waits for another", **ours)
    cast.waited_for = Blocker.raise_(cast.initiative, title="Another waits for it", **ours)
    cast.waiting.wait_for(cast.waited_for, by=cast.lead, now=START)
    cast.foreign = Blocker.raise_(
        cast.other, title="Another owes it", holder_partner_id=cast.other_vendor.id, **blocked
    )


def _actions(cast: SimpleNamespace) -> None:
    """Handed in, with another date proposed, accepted, one of our own, and another partner's on another initiative."""
    common: dict[str, Any] = {"due_on": START.date() + timedelta(days=20), "now": START}
    vendor = Assignee(partner_id=cast.vendor.id)
    one: dict[str, Any] = {**common, "host_id": cast.head.id, "by": cast.lead}
    cast.handed = Action.add(cast.initiative, title="Handed in", assignee=vendor, **one)
    cast.handed.submit("All there.", by=cast.contact, now=START)
    cast.dated = Action.add(cast.initiative, title="Wants another day", assignee=vendor, **one)
    later = START.date() + timedelta(days=30)
    cast.dated.propose_date(later, "No time.", by=cast.contact, now=START)
    cast.accepted = Action.add(cast.initiative, title="Accepted", assignee=vendor, **one)
    cast.accepted.submit("All there.", by=cast.contact, now=JUST_NOW)
    cast.accepted.accept(by=cast.head, now=JUST_NOW)
    cast.ours = Action.add(cast.initiative, title="One of ours", assignee=Assignee(cast.member.id), **one)  # fmt: skip
    cast.foreign_action = Action.add(
        cast.other, title="Another does it", assignee=Assignee(partner_id=cast.other_vendor.id), by=cast.finance, **common
    )  # fmt: skip


def _milestones(cast: SimpleNamespace) -> None:
    """One without criteria, one that was dropped, one that was moved and has a criterion met, and another initiative's."""
    by: dict[str, Any] = {"by": cast.lead, "now": START}
    due: dict[str, Any] = {**by, "due_on": START.date() + timedelta(days=20)}
    cast.plain_milestone = Milestone.plan(cast.initiative, name="All have it", **due)
    cast.dropped_milestone = Milestone.plan(cast.initiative, name="Given up", **due)
    cast.dropped_milestone.drop("Nobody needs it.", **by)
    cast.met_milestone = Milestone.plan(cast.initiative, name="Found", criteria=["Found"], **due)
    (cast.met_criterion,) = criteria_of([cast.met_milestone.id])
    cast.met_milestone.find_met(cast.met_criterion, evidence="Here it is.", **by)
    cast.met_milestone.reschedule(START.date() + timedelta(days=30), "No time.", **by)
    StagePlan.add(
        name="Digital", gates={one: usual_terms(one) for one in MEASURES}, by=cast.admin, now=START
    )
    cast.other_milestone = Milestone.plan(cast.other, name="Theirs", criteria=["Theirs"], **due)
    (cast.other_criterion,) = criteria_of([cast.other_milestone.id])


def _approvals(cast: SimpleNamespace) -> None:
    """Another lead's, of another sponsor, with a condition of its own; one that waits for finance, one that a link may decide."""
    second, linked = begun(cast, "Second"), begun(cast, "Linked")
    for one in (second, linked):
        sign(_charter(cast, one), cast.it.id, number=1, by=cast.head, now=START)
    cast.agreed = gates.drafted(second, now=START)
    cast.agreed.submit(by=cast.lead, now=START)
    cast.agreed.finance_wanted = True
    cast.agreed.decide(Decision.approved, by=cast.executive, now=START)
    rules = Rules(links=True, links_up_to=Decimal(100))
    Organisation.current().approval_rules_json = json.dumps(
        rules.kept
    )  # as if it had always been so
    cast.linked = gates.requested(linked, now=START, cost=Decimal(100))
    link = db.session.scalars(
        select(ApprovalLink).where(ApprovalLink.person_id == cast.executive.id)
    ).one()
    cast.link_key = form_key(link, seen_of(cast.linked))
    cast.link_token = token_for(cast.linked.id, cast.executive.id, link.seed)
    cast.other_approval = gates.drafted(cast.other, by=cast.finance, now=START)
    cast.other_condition = conditioned(cast.other_approval, cast.foreign_action)


def _said(cast: SimpleNamespace) -> None:
    """A contact's own words, and a link that the member brought."""
    cast.answer = Comment.post(cast.action, "Nine so far.", shared=True, by=cast.contact, now=START)
    cast.talk = Comment.post(
        cast.initiative, "Who rings them?", shared=False, by=cast.member, now=START
    )
    cast.link = Evidence.add(
        cast.ours, by=cast.member, now=START, name="Our list", url="https://example.org/list"
    )


def _told(cast: SimpleNamespace) -> None:
    """Everybody is told of something; a mail and its job are given up."""
    everybody = [one.id for one in vars(cast).values() if isinstance(one, Person)]
    one = Told(Tell.promise_passed, everybody, "blocker", cast.resolved.id, None, cast.other.id)
    tell([one], now=START)
    cast.unmuted = db.session.scalars(
        select(Notice).where(Notice.person_id == cast.owner.id, Notice.kind == Tell.promise_passed)
    ).one()
    cast.dead_mail, cast.dead_job = (
        db.session.scalars(select(model).order_by(model.id.desc()).limit(1)).one()
        for model in (Mail, Job)
    )
    cast.dead_mail.state, cast.dead_job.state = MailState.dead, JobState.dead


def _bring(app: Flask, tab: Any, owner: str) -> ImportRun:
    what, sheet = ("initiatives", SHEET) if owner == "manager" else ("units", b"Code;Name\nNEW;A new unit\n")  # fmt: skip
    answer = tab.submit("/import", what=what, file=(io.BytesIO(sheet), f"{what}.csv"))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with app.app_context():
        run = db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()
        db.session.expunge(run)
        return run
