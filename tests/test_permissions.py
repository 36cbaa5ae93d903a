"""Who sees and does what: every address and method, fifteen actors, and nothing changed after a refusal.

The expected answers are committed in `permissions.txt`, one line an address, read by eye when it changes:
`python -m pytest tests/test_permissions.py --rewrite-permissions` writes it anew. Planted faults seen red: a manager let into
the settings, an initiative shown to a partner, a write before the policy is asked.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from werkzeug.routing import IntegerConverter

from tests import cast as company
from tests import gates
from tests.aims import aim
from tests.cast import START
from tests.emptied import empty
from tests.original import Original
from tests.signed_in import row_of
from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.activity.chain import keep_checkpoint
from tracker.activity.kinds import Kind
from tracker.activity.recording import record_of_trail
from tracker.approvals.conditions import ApprovalCondition
from tracker.approvals.models import Approval
from tracker.benefits.models import Benefit
from tracker.blockers.models import Blocker
from tracker.boards.filters import Filters
from tracker.boards.models import Board, Lanes
from tracker.db import db, writing
from tracker.discussion.models import Comment
from tracker.feeds.models import CalendarFeed
from tracker.files.models import Evidence
from tracker.files.storing import store
from tracker.goals.checkpoints import Checkpoint
from tracker.importing.fields import What
from tracker.importing.models import ImportRun
from tracker.initiatives.charter import CharterDraft
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import Colour
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.kpis.restanding import restand
from tracker.kpis.targets import Benchmark, Target
from tracker.milestones.criteria import criteria_of
from tracker.milestones.models import Milestone
from tracker.milestones.plans import StagePlan
from tracker.notices.jobs import Job
from tracker.notices.models import Mail, Mute, Notice
from tracker.notices.reading import mute
from tracker.organisation.calendars import Calendar
from tracker.organisation.deputies import Capacity, Deputyship
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import MODULES, Organisation
from tracker.organisation.sign_ins import SignIn
from tracker.organisation.throttling import SignInAttempt
from tracker.proofs.apps import AuthenticatorApp
from tracker.proofs.passkeys import Passkey
from tracker.proofs.recovery import make_new
from tracker.updates.models import Update

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of an app, in base 32
FILE = Path(__file__).with_name("permissions.txt")
ACTORS = (
    "nobody", "contact", "second_contact", "other_contact", "ended_contact", "out_contact",
    "member", "lead", "head", "manager", "executive", "owner",
    "auditor", "admin", "finance",
)  # fmt: skip


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    """One of everything, in the hands of the cast: `executive` sponsors, `lead` leads, `vendor` holds a blocker."""
    return build(app)


def build(app: Flask) -> SimpleNamespace:
    """Make the world in an emptied database."""
    empty(app)
    with app.app_context():
        cast = company.build()
        with writing():
            Organisation.current().change(by=cast.admin, now=START, modules=set(MODULES))
            _further_contacts(cast)
            initiative = Initiative.create(
                title="One bill",
                lead_unit_id=cast.care.id,
                by=cast.manager,
                now=START,
                lead=cast.lead,
            )
            initiative.revise_units({cast.it.id}, by=cast.lead, now=START)
            cast.kpi = Kpi.add(
                code="NPS", name="Recommended", owner_id=cast.lead.id, by=cast.manager, now=START
            )
            initiative.propose_sponsor(cast.executive, by=cast.manager, now=START)
            cast.goal = aim(initiative)
            initiative.accept_sponsorship(by=cast.executive, now=START)
            cast.membership = initiative.add_member(cast.member, by=cast.lead, now=START)
            cast.blocker = Blocker.raise_(
                initiative, title="Data access", blocked_unit_id=cast.care.id, holder_partner_id=cast.vendor.id, by=cast.lead, now=START
            )  # fmt: skip
            cast.action = Action.add(
                initiative, title="Ten calls", due_on=START.date() + timedelta(days=20), criteria="Ten", host_id=cast.head.id,
                assignee=Assignee(partner_id=cast.vendor.id), by=cast.lead, now=START,
            )  # fmt: skip
            stored = {
                "token": keep_a_file(b"Ten of them.", app),
                "media_type": "text/plain",
                "size": 12,
            }
            cast.evidence = Evidence.add(
                cast.action, by=cast.contact, now=START, name="ten.txt", **stored
            )
            cast.comment = Comment.post(
                cast.action, "All ten?", shared=True, by=cast.lead, now=START
            )
            cast.board = Board.save(
                name="All",
                filters=Filters(),
                lanes=Lanes.none,
                owner=None,
                by=cast.manager,
                now=START,
            )
            cast.update = Update.post(
                initiative, colour=Colour.on_track, day=START.date(), by=cast.lead, now=START
            )
            cast.deputyship = Deputyship.appoint(
                cast.executive, cast.other_executive, Capacity.sponsor, starts=START.date(), ends=START.date() + timedelta(days=9),
                by=cast.executive, now=START,
            )  # fmt: skip
            draft = CharterDraft.of(initiative)
            draft.save(initiative, by=cast.lead, now=START, purpose="One bill for all")
            draft.publish(initiative, note="", wording_only=False, by=cast.lead, now=START)
            initiative.propose_sponsor(cast.owner, by=cast.executive, now=START)
            CalendarFeed.make(cast.member, by=cast.member, now=START)
            AuthenticatorApp.set_up(cast.member, SECRET, 0, by=cast.member, now=START)
            make_new(cast.member, by=cast.member, now=START)
            device = {
                "credential_id": "YS1rZXk",
                "public_key": "none",
                "user_handle": "m",
                "sign_count": 0,
                "synced": False,
            }
            cast.passkey = Passkey.add(
                cast.member, name="Phone", by=cast.member, now=START, **device
            )
            cast.reading = Reading.add(
                cast.kpi, day=START.date(), value=12.0, by=cast.lead, now=START
            )
            cast.target = Target.put(
                cast.kpi, day=START.date(), value=20.0, by=cast.lead, now=START
            )
            cast.benchmark = Benchmark.add(
                cast.kpi, day=START.date(), value=15.0, source="A panel", by=cast.lead, now=START
            )  # fmt: skip
            restand([cast.kpi])
            cast.milestone = Milestone.plan(
                initiative, name="Ten read it", due_on=START.date() + timedelta(days=20), criteria=["Ten"], by=cast.lead, now=START
            )  # fmt: skip
            (cast.criterion,) = criteria_of([cast.milestone.id])
            cast.stage_plan = StagePlan.add(name="Small fix", gates={}, by=cast.admin, now=START)
            cast.checkpoint = Checkpoint(initiative_id=initiative.id, due_on=START.date())
            Benefit.put(
                initiative, date(2025, 10, 1), planned=None, forecast=None, realised=Decimal(500), by=cast.lead, now=START
            )  # fmt: skip
            _asked(cast)
            cast.import_run = ImportRun(
                person_id=cast.manager.id, what=What.initiatives, filename="list.csv", token="none", sha256="", at=START,
                expires_at=START + timedelta(days=1),
            )  # fmt: skip
            cast.elsewhere = SignIn(**row_of(cast.manager.id) | {"key_hash": "e" * 64})
            db.session.add_all((cast.import_run, cast.elsewhere, cast.checkpoint))
            taken = {"by": cast.auditor, "now": START, "after": {"with_words": True}}
            cast.exported = record_of_trail(db.session(), Kind.trail_exported, **taken)
            db.session.flush()
            keep_checkpoint(db.session())
            mute(cast.owner, initiative.id)
        cast.initiative = initiative
        cast.notice = db.session.scalars(
            select(Notice).where(Notice.person_id == cast.owner.id)
        ).one()
        cast.mute, cast.mail, cast.job = (
            db.session.scalars(select(model).order_by(model.id).limit(1)).one()
            for model in (Mute, Mail, Job)
        )
        cast.calendar = db.session.scalars(select(Calendar)).one()
    return cast


def _asked(cast: SimpleNamespace) -> None:
    """A request that is still a draft, and a condition that its sponsor accepts or waives, as a decision would leave it."""
    asking = Initiative.create(
        title="One form", lead_unit_id=cast.care.id, by=cast.manager, now=START, lead=cast.lead
    )
    asking.propose_sponsor(cast.executive, by=cast.manager, now=START)
    aim(asking)
    asking.accept_sponsorship(by=cast.executive, now=START)
    asking.add_member(cast.member, by=cast.lead, now=START)
    cast.approval = gates.drafted(asking, by=cast.member, now=START)
    cast.condition = conditioned(cast.approval, cast.action)


def conditioned(approval: Approval, action: Action) -> ApprovalCondition:
    """Set a condition by hand, inside a write."""
    one = ApprovalCondition(
        owner_id=approval.drafted_by_id, due_on=START.date(),
        approval_id=approval.id, initiative_id=approval.initiative_id, action_id=action.id, words="Ten calls first", set_at=START,
        settled_words="",
    )  # fmt: skip
    db.session.add(one)
    db.session.flush()
    return one


def _further_contacts(cast: SimpleNamespace) -> None:
    """Add a second contact of the partner, and one whose access ended by itself this morning: no sweep came by yet."""
    for part, name, ends_on in (("second", "Sera", None), ("out", "Otto", START.date())):
        contact = Person.add(
            email=f"{part}.contact@example.org", name=f"{name} Contact", role=Role.partner, partner_id=cast.vendor.id,
            by=None, now=START - timedelta(days=2), password_hash=company.HASH, ends_on=ends_on,
        )  # fmt: skip
        setattr(cast, f"{part}_contact", contact)


def keep_a_file(body: bytes, app: Flask) -> str:
    """Lay a file where evidence lies, and return the name it lies under."""
    with app.app_context():
        return store().keep(body)


def arguments(rule: Any, world: SimpleNamespace, *, missing: bool = False) -> dict[str, Any]:
    """Return what stands in an address: one of ours, or what does not exist. Words that the address allows stay."""
    allowed = {
        "form": "csv",
        "what": "due-date" if rule.rule.startswith("/actions") else "sponsor",
        "tag": "fa",
        "token": "none",
        "name": "none.css",
        "quarter": "2025-Q4",
        "figure": "on-time",
    }
    if missing:
        return {
            name: allowed.get(name) or (999_999 if _is_number(rule, name) else "NO-999")
            for name in rule.arguments
        }
    keys = {
        "/admin/calendars": world.calendar.id, "/admin/partners": world.vendor.slug, "/admin/people": world.member.id,
        "/partners": world.vendor.slug,
        "/admin/units": world.it.slug, "/deputyships": world.deputyship.id, "/people": world.executive.id,
        "/settings/sessions": world.elsewhere.key_hash,
        "/settings/finance": world.finance.id, "/import": world.import_run.id, "/settings/audit/exports": world.exported.id,
        "/settings/security/passkeys": world.passkey.id, "/milestones": world.milestone.id, "/approvals": world.approval.id,
        "/settings/stage-plans": world.stage_plan.id,
        "/inbox/mutes": world.mute.id, "/inbox": world.notice.id, "/settings/jobs": world.job.id,
    }  # fmt: skip
    key = next((key for prefix, key in keys.items() if rule.rule.startswith(prefix + "/")), None)
    own = {
        **allowed, "code": world.kpi.code, "key": key, "contact_id": world.contact.id, "member": world.membership.id,
        "id_": world.update.id,
        "ref": world.blocker.ref if rule.rule.startswith("/blockers")
        else world.action.ref if rule.rule.startswith(("/actions", "/partner/actions"))
        else world.evidence.ref if rule.rule.startswith("/files")
        else world.comment.ref if rule.rule.startswith("/comments")
        else world.mail.ref if rule.rule.startswith("/settings/mail") else world.initiative.ref,
        "slug": world.board.slug if rule.rule.startswith("/boards") else world.it.slug,
    }  # fmt: skip
    of_a_kpi = {"readings": world.reading, "targets": world.target, "benchmarks": world.benchmark}
    parts = rule.rule.split("/")
    if parts[1] == "kpis" and "id_" in rule.arguments:
        own["id_"] = of_a_kpi[parts[3]].id
    if "goals" in parts[1:]:
        own["id_"] = world.goal.id
    if parts[1] == "milestones":
        own["id_"] = world.criterion.id
    if parts[1] == "approvals":
        own["id_"] = world.condition.id
    if "checkpoints" in parts[1:]:
        own["id_"] = world.checkpoint.id
    return {name: own[name] for name in rule.arguments}


def questions(rule: Any, world: SimpleNamespace) -> dict[str, Any]:
    """Return what stands behind the question mark where an address asks for it."""
    if rule.rule.endswith("/drop"):
        return {"ref": world.initiative.ref, "column": "framed"}
    if rule.rule.endswith(("/override", "/unsigned")):
        return {"unit": world.it.slug}
    return {}


def _is_number(rule: Any, name: str) -> bool:
    return isinstance(rule._converters[name], IntegerConverter)


def rules(app: Flask) -> list[Any]:
    skipped = {"assets", "health"}
    found = [
        rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] not in skipped
    ]
    return sorted(found, key=lambda rule: (rule.rule, sorted(rule.methods or ())))


def ask(app: Flask, tab: Any, address: str, method: str) -> int:
    """Return the status of a bare request: a GET, or a form with nothing but its token."""
    return (tab.get(address) if method == "GET" else tab.submit(address)).status_code


def test_every_address_answers_each_actor_as_written(
    app: Flask,
    world: SimpleNamespace,
    original: Original,
    as_: Any,
    request: pytest.FixtureRequest,
    promise: Any,
) -> None:
    """A refusal (4xx) leaves every business table as it was. Writes that pass are undone before the next actor."""
    found = []
    for rule in rules(app):
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answers = []
            with app.app_context(), writing():  # one address tries every door a dozen times here
                db.session.execute(delete(SignInAttempt))
            for actor in ACTORS:
                with app.test_request_context():
                    address = app.url_map.bind("localhost").build(
                        rule.endpoint,
                        arguments(rule, world) | questions(rule, world),
                        method=method,
                    )
                tab = as_(None if actor == "nobody" else getattr(world, actor))
                status = ask(app, tab, address, method)
                answers.append(str(status))
                assert status < 500, f"{method} {address} as {actor}: {status}"
                if original.changed:
                    assert status < 400, (
                        f"{method} {address} as {actor} was refused with {status}, and changed something"
                    )
                    original.put_back()  # the next actor meets the world as it was
            found.append(f"{method:4} {rule.rule}  {' '.join(answers)}")
    text = "\n".join([f"# {' '.join(ACTORS)}", *found]) + "\n"
    if request.config.getoption("--rewrite-permissions"):
        FILE.write_text(text, "utf-8")
    assert text == FILE.read_text("utf-8")
    cells = len(found) * len(ACTORS)
    promise("the matrix: every address answers each actor as written", tried=cells, otherwise=0)


def test_foreign_and_missing_answer_a_partner_alike(
    app: Flask, world: SimpleNamespace, as_: Any
) -> None:
    different = []
    for rule in rules(app):
        view = app.view_functions[rule.endpoint]
        if not rule.arguments - {"form", "what", "figure"} or getattr(view, "public", False):
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            with app.test_request_context():
                adapter = app.url_map.bind("localhost")
                foreign = adapter.build(rule.endpoint, arguments(rule, world), method=method)
                missing = adapter.build(
                    rule.endpoint, arguments(rule, world, missing=True), method=method
                )
            tab = as_(world.other_contact)
            answers = [tab.get(a) if method == "GET" else tab.submit(a) for a in (foreign, missing)]
            told = [
                (answer.status_code, _without_number(answer.get_data(as_text=True)))
                for answer in answers
            ]
            if told[0] != told[1] or told[0][0] != 404:
                different.append(f"{method} {rule.rule}: {told[0][0]} and {told[1][0]}")
    assert not different, "\n".join(different)


def _without_number(page: str) -> str:
    """Take out what differs between any two requests."""
    page = re.sub(r'(value|content)="[^"]{16,}"', "", page)
    page = re.sub(r"hx-headers='[^']*'", "", page)
    return re.sub(r"\b[0-9a-f]{16}\b", "", page)
