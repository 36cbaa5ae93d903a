"""A walk through every page on demo data (a pytest plugin): who opens it, at which address, and what is seen there.

The addresses come from the map of the application: for a page about a row, the first row that the actor sees and the policy
allows is tried, then the next, until the page opens. So a new page is walked without being named here; only arguments
that no model carries (a token, the kind of a file) stand in `GIVEN`.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask, before_render_template, template_rendered
from sqlalchemy import event, func, select, update

from tests.conftest import Clock, Tab, settings
from tracker import create_app
from tracker.actions.models import Action
from tracker.actions.states import OPEN as WORKED_ON
from tracker.actions.states import State as Doing
from tracker.approvals.conditions import ApprovalCondition
from tracker.approvals.links import ApprovalLink, token_for
from tracker.approvals.models import Approval
from tracker.approvals.rules import SECOND, Rules, change_rules
from tracker.approvals.states import Decision
from tracker.approvals.states import State as Asked
from tracker.benefits.models import Benefit
from tracker.benefits.quarters import quarter_of, written
from tracker.blockers.models import Blocker
from tracker.blockers.states import State
from tracker.boards.models import Board
from tracker.clock import now
from tracker.db import db, writing
from tracker.demo.accounts import ACCOUNTS
from tracker.demo.seeding import seed
from tracker.files.models import Evidence
from tracker.goals.checkpoints import of as checkpoints_of
from tracker.goals.models import Goal
from tracker.initiatives.agreeing import Agreement
from tracker.initiatives.agreeing import State as Position
from tracker.initiatives.memberships import Membership
from tracker.initiatives.models import Initiative
from tracker.initiatives.signing import object_to
from tracker.initiatives.stages import Stage
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.milestones.criteria import Criterion
from tracker.milestones.models import Milestone
from tracker.milestones.plans import StagePlan
from tracker.milestones.states import State as Reached
from tracker.notices.unsubscribing import STOPPABLE, page_of
from tracker.organisation.access import Purpose, issue
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import MODULES, Organisation
from tracker.organisation.units import Unit
from tracker.partners.figure_kinds import KINDS
from tracker.policy import may
from tracker.updates.models import Update

NOW = datetime(2032, 5, 18, 12, 30, tzinfo=UTC)  # a Tuesday
ACTORS = ("nobody", *(account.role for account in ACCOUNTS))
SHEETS = {
    "manager": (
        "initiatives",
        "Title;Lead unit;Stage\nOne address for every letter;Digital;piloting\n;Nowhere;flying\n",
    ),
    "admin": ("units", "Code;Name\nNEW;A new unit\n"),
}
ROWS_TRIED = 12
TRANSACTION = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")

# Addresses that are no pages of their own: what they answer instead.
FILES = frozenset((
    "assets", "audit.checkpoint", "audit.export", "health.live", "health.ready", "measured.metrics", "well_known.security",
    "feeds.feed",
    "files.show", "actions.as_csv_file", "actions.as_xlsx_file", "blockers.as_csv_file", "blockers.as_xlsx_file", "blockers.matrix_file",
    "importing.report", "initiatives.download", "notices.mail_html",
    "partners.as_csv_file", "partners.as_xlsx_file", "partners.own_scorecard_sheet", "partners.scorecard_sheet",
    "organisation.partners_export", "organisation.people_export", "organisation.units_export",
))  # fmt: skip
FRAGMENTS = frozenset({"boards.cells"})
ELSEWHERE = frozenset(
    {
        "organisation.set_up",
        "organisation.set_up_organisation",
        "well_known.change_password",
        "boards.drop",
        "importing.progress",
        "organisation.language",
    }
)
# Pages for those who are half-way in, or hold a passkey: tests/proofs/test_pages.py opens them.
HALF_WAY = frozenset({"proofs.code", "proofs.first", "proofs.rename_passkey"})


@dataclass(frozen=True)
class Stop:
    """One address, and who opens it."""

    endpoint: str
    actor: str
    address: str

    def __str__(self) -> str:
        return f"{self.address} as {self.actor}"


@dataclass
class Seen:
    """What came back: the answer, and which SQL ran before and inside templates."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    templates: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    rendering: list[str] = field(default_factory=list)


@cache
def plain_app() -> Flask:
    """An application without a database, for its map of addresses."""
    folder = Path(tempfile.gettempdir())
    return create_app(settings(f"sqlite:///{folder / 'never-opened.db'}", folder))


def pages() -> list[str]:
    """Every endpoint that answers a GET with a page."""
    apart = FILES | FRAGMENTS | ELSEWHERE | HALF_WAY
    rules = plain_app().url_map.iter_rules()
    return sorted({r.endpoint for r in rules if "GET" in (r.methods or ())} - apart)


def person_of(actor: str) -> Person:
    """The demo's person of this role; needs an application context."""
    email = next(account.email for account in ACCOUNTS if account.role == actor)
    return db.session.scalars(select(Person).where(Person.email == email)).one()


class Walk:
    """One application on demo data and a tab for each actor; what was seen is kept."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.language = "en"
        self.tabs: dict[str, Tab] = {}
        self.found: dict[str, list[Stop]] = {}
        self.seen: dict[tuple[Stop, str], Seen] = {}
        self.followed: set[tuple[str, str]] = set()  # links that were opened: actor and endpoint
        self.now_seen: Seen | None = None
        self._drawing = 0
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", self._note)
        before_render_template.connect(self._begin, app)
        template_rendered.connect(self._end, app)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if self.now_seen is None or statement.startswith(TRANSACTION):
            return
        self.now_seen.statements.append(statement)
        if self._drawing:
            self.now_seen.rendering.append(statement)

    def _begin(self, _app: Flask, template: Any, **_more: Any) -> None:
        self._drawing += 1
        if self.now_seen is not None:
            self.now_seen.templates.append(template.name or "")

    def _end(self, _app: Flask, **_more: Any) -> None:
        self._drawing -= 1

    def tab(self, actor: str) -> Tab:
        """The browser tab of an actor."""
        if actor not in self.tabs:
            tab = self.app.test_client()
            if actor != "nobody":
                with self.app.app_context():
                    tab.sign_in(person_of(actor))
            self.tabs[actor] = tab
        return self.tabs[actor]

    def get(self, actor: str, address: str, **more: Any) -> Seen:
        """Ask for an address, and note what runs meanwhile."""
        seen = self.now_seen = Seen()
        self._drawing = 0
        try:
            answer = self.tab(actor).get(address, **more)
        finally:
            self.now_seen = None
        seen.status, seen.text = answer.status_code, answer.data.decode(errors="replace")
        seen.headers = dict(answer.headers)
        return seen

    def see(self, stop: Stop, language: str = "en") -> Seen:
        """What `stop` shows in `language`."""
        if (stop, language) not in self.seen:
            self.speak(language)
            self.seen[stop, language] = self.get(stop.actor, stop.address)
        return self.seen[stop, language]

    def speak(self, language: str) -> None:
        """Let everybody read this language from now on."""
        if language == self.language:
            return
        with self.app.app_context(), writing() as session:
            session.execute(update(Person).values(language=language))
        self.tab("nobody").set_cookie("language", language)
        self.language = language

    def stops(self, endpoint: str) -> list[Stop]:
        """Where the page is found by each actor that may open it, and what else the first of them sees there."""
        if endpoint not in self.found:
            self.found[endpoint] = self._found(endpoint)
        return self.found[endpoint]

    def _found(self, endpoint: str) -> list[Stop]:
        stops: list[Stop] = []
        for actor in self._actors(endpoint):
            several = not stops and (endpoint in EACH or endpoint in GIVEN)
            tried = self._tried(endpoint, actor, self.addresses(endpoint, actor))
            opened = list(tried if several else islice(tried, 1))
            if opened and not stops:
                queries = [
                    f"{opened[0].address}?{urlencode(q)}" for q in VARIANTS.get(endpoint, ())
                ]
                opened += self._tried(endpoint, actor, iter(queries))
            stops += opened
        return stops

    def _actors(self, endpoint: str) -> tuple[str, ...]:
        public = getattr(self.app.view_functions[endpoint], "public", False)
        return ACTORS[:1] if public else ACTORS[1:]

    def _tried(self, endpoint: str, actor: str, addresses: Iterator[str]) -> Iterator[Stop]:
        """Those of the addresses that answer with a page."""
        self.speak("en")
        for address in addresses:
            stop = Stop(endpoint, actor, address)
            seen = self.get(actor, address)
            if seen.status in {200, 410}:
                self.seen[stop, "en"] = seen
                yield stop

    def addresses(self, endpoint: str, actor: str) -> Iterator[str]:
        """Addresses of the page that the policy would let the actor open, the best first."""
        for given in self._arguments(endpoint, actor):
            with self.app.test_request_context():
                yield self.app.url_map.bind("localhost").build(endpoint, given, method="GET")

    def _arguments(self, endpoint: str, actor: str) -> list[dict[str, Any]]:
        view = self.app.view_functions[endpoint]
        model, act = getattr(view, "on", None), getattr(view, "act", None)
        with self.app.test_request_context():
            person = None if actor == "nobody" else person_of(actor)
            if person is not None and model is None and not may(person, act):
                return []
            if endpoint in GIVEN:
                return list(GIVEN[endpoint](person))
            if model is None:
                return [{}]
            rows = model.visible_to(person).where(*ONLY.get(endpoint, ())).order_by(model.id)
            could = [row for row in db.session.scalars(rows).unique() if may(person, act, row)]
            if endpoint in EACH:
                could = list({EACH[endpoint](row): row for row in reversed(could)}.values())
            found = []
            for row in could[:ROWS_TRIED]:
                more = MORE[endpoint](row, person) if endpoint in MORE else {}
                if more is not None:
                    found.append({model.argument: getattr(row, model.address), **more})
            return found


def _contact(partner: Partner, _person: Person) -> dict[str, Any] | None:
    query = select(Person.id).where(Person.partner_id == partner.id, Person.ended_at.is_(None))
    id_ = db.session.scalar(query.limit(1))
    return {"contact_id": id_} if id_ else None


def _update(initiative: Initiative, _person: Person) -> dict[str, Any] | None:
    newest = select(func.max(Update.id)).where(Update.initiative_id == initiative.id)
    id_ = db.session.scalar(newest)
    return {"id_": id_} if id_ else None


def _goal(initiative: Initiative, _person: Person) -> dict[str, Any] | None:
    there = select(Goal.id).where(Goal.initiative_id == initiative.id, Goal.dropped_at.is_(None))
    id_ = db.session.scalar(there.order_by(Goal.id).limit(1))
    return {"id_": id_} if id_ else None


def _criterion(milestone: Milestone, _person: Person) -> dict[str, Any] | None:
    open_ones = select(Criterion.id).where(
        Criterion.milestone_id == milestone.id, Criterion.measure.is_(None), Criterion.met_at.is_(None)
    )  # fmt: skip
    id_ = db.session.scalar(open_ones.order_by(Criterion.id).limit(1))
    return {"id_": id_} if id_ else None


def _condition(approval: Approval, _person: Person) -> dict[str, Any] | None:
    there = select(ApprovalCondition.id).where(ApprovalCondition.approval_id == approval.id)
    id_ = db.session.scalar(there.order_by(ApprovalCondition.id).limit(1))
    return {"id_": id_} if id_ else None


def _checkpoint(initiative: Initiative, _person: Person) -> dict[str, Any] | None:
    for one in checkpoints_of(initiative.id):
        if one.taken_at is None:
            return {"id_": one.id}
    return None


def _quarter(initiative: Initiative, _person: Person) -> dict[str, Any] | None:
    mine = select(Benefit.quarter).where(
        Benefit.initiative_id == initiative.id, Benefit.confirmed_at.is_(None)
    )
    quarter = db.session.scalar(mine.limit(1))
    return {"quarter": written(quarter)} if quarter else None


def _reading(kpi: Kpi, _person: Person) -> dict[str, Any] | None:
    newest = select(func.max(Reading.id)).where(Reading.kpi_id == kpi.id)
    id_ = db.session.scalar(newest)
    return {"id_": id_} if id_ else None


def _membership(initiative: Initiative, _person: Person) -> dict[str, Any] | None:
    present = select(Membership.id).where(
        Membership.initiative_id == initiative.id, Membership.left_at.is_(None)
    )
    id_ = db.session.scalar(present.limit(1))
    return {"member": id_} if id_ else None


def _token(purpose: Purpose) -> list[dict[str, Any]]:
    with writing():
        somebody = Person.add(
            email=f"{purpose}@example.com", name="Somebody New", role=Role.executive, by=None, now=now()
        )  # fmt: skip
        token = issue(somebody, purpose, by=None, now=now())
    return [{"token": token}, {"token": "used-long-ago"}]


def _position(state: Position) -> Callable[[Initiative, Person], dict[str, Any] | None]:
    def where(initiative: Initiative, _person: Person) -> dict[str, Any] | None:
        agreement = Agreement.of(initiative, now())
        there = [p.slug for p in agreement.positions if p.state == state] if agreement else []
        return {"unit": there[0]} if there else None

    return where


def _of_a_board(_person: Person) -> list[dict[str, Any]]:
    return [{"slug": db.session.scalar(select(Board.slug).where(Board.owner_id.is_(None)))}]


def _units(person: Person) -> list[dict[str, Any]]:
    slugs = db.session.scalars(select(Unit.slug).order_by(Unit.id.desc()).limit(2))
    return [{"slug": slug} for slug in slugs] if person.is_internal else []


def _bulk(_person: Person) -> list[dict[str, Any]]:
    ids = list(db.session.scalars(select(Initiative.id).limit(3)))
    return [
        {"what": what, "ids": ids} for what in ("sponsor", "lead", "lead-unit", "team", "theme")
    ]


def _actions(_person: Person) -> list[dict[str, Any]]:
    ids = list(db.session.scalars(select(Action.id).where(Action.state.in_(WORKED_ON)).limit(3)))
    return [{"what": what, "ids": ids} for what in ("assignee", "due-date")]


def _proposals(person: Person) -> list[dict[str, Any]]:
    ids = list(
        db.session.scalars(select(Initiative.id).where(Initiative.proposed_sponsor_id == person.id))
    )
    return [{"ids": ids}] if ids else []


def _stopping(_person: Person) -> list[dict[str, Any]]:
    somebody = person_of("member")
    return [{"token": page_of(somebody, occasion).rpartition("/")[2]} for occasion in STOPPABLE]


def _links(_person: Person) -> list[dict[str, Any]]:
    """A one-time link to what `enrich` had asked for one, as its mail names it."""
    latest = select(ApprovalLink).order_by(ApprovalLink.id.desc()).limit(1)
    there = db.session.scalars(latest).one()
    return [{"token": token_for(there.approval_id, there.person_id, there.seed)}]


# Arguments that stand for no row of the view's own model.
GIVEN: dict[str, Callable[[Any], list[dict[str, Any]]]] = {
    "actions.bulk": _actions,
    "blockers.unit": _units,
    "initiatives.bulk": _bulk,
    "initiatives.decline_many": _proposals,
    "initiatives.new_on_board": _of_a_board,
    "approvals.by_mail": _links,
    "approvals.not_yet_by_mail": _links,
    "notices.unsubscribe": _stopping,
    "organisation.deputies": lambda person: [{"key": person.id}],
    "organisation.invitation": lambda _person: _token(Purpose.invite),
    "organisation.reset": lambda _person: _token(Purpose.reset),
    "partners.own_scorecard_rows": lambda _person: [{"figure": code} for code in KINDS],
}
# Arguments beside the row's own; None says that the row has no such thing.
MORE: dict[str, Callable[[Any, Person], dict[str, Any] | None]] = {
    "benefits.confirm": _quarter,
    "benefits.enter": _quarter,
    "goals.checkpoint": _checkpoint,
    "goals.drop": _goal,
    "goals.edit": _goal,
    "goals.rebaseline": _goal,
    "initiatives.change_member": _membership,
    "initiatives.charter_override": _position(Position.objected),
    "initiatives.charter_unsigned": _position(Position.silent),
    "approvals.waiving": _condition,
    "milestones.criterion": _criterion,
    "organisation.contact_ending": _contact,
    "organisation.contact_until": _contact,
    "kpis.reading_correct": _reading,
    "partners.scorecard_rows": lambda _partner, _person: {"figure": "on-time"},
    "updates.correct": _update,
}
# Which rows have the page at all, where few have.
ONLY: dict[str, tuple[Any, ...]] = {
    "actions.acceptance": (Action.state == Doing.submitted,),
    "actions.acknowledgement": (Action.state == Doing.to_do,),
    "actions.assignment": (Action.state.in_(WORKED_ON),),
    "actions.cancellation": (Action.closed_at.is_(None),),
    "actions.completion": (
        Action.state.in_(WORKED_ON),
        Action.criteria == "",
        Action.partner_id.is_(None),
    ),
    "actions.date": (Action.state.in_(WORKED_ON),),
    "actions.date_acceptance": (Action.proposed_on.is_not(None),),
    "actions.date_refusal": (Action.proposed_on.is_not(None),),
    "actions.decline": (Action.state.in_(WORKED_ON),),
    "actions.due_date": (Action.state.in_(WORKED_ON),),
    "actions.edit": (Action.closed_at.is_(None),),
    "actions.progress": (Action.state.in_(WORKED_ON),),
    "actions.returning": (Action.state == Doing.submitted,),
    "approvals.condition": (Approval.state == Asked.submitted, Approval.opens != Stage.realised),
    "approvals.edit": (Approval.closed_at.is_(None),),
    "approvals.give_back": (Approval.state == Asked.agreed,),
    "approvals.not_yet": (Approval.state == Asked.submitted,),
    "approvals.waiving": (Approval.decision == Decision.conditional,),
    "milestones.criterion": (Milestone.state == Reached.planned,),
    "milestones.dropping": (Milestone.state == Reached.planned,),
    "milestones.due_date": (Milestone.state == Reached.planned,),
    "milestones.edit": (Milestone.state == Reached.planned,),
    "milestones.reaching": (Milestone.state == Reached.planned, Milestone.opens.is_(None)),
    "milestones.taking_up": (Milestone.state == Reached.dropped,),
    "milestones.plan_usual": (~StagePlan.usual, StagePlan.ended_at.is_(None)),
    "actions.start": (Action.state.in_((Doing.to_do, Doing.acknowledged)),),
    "actions.taking_back": (Action.state == Doing.accepted,),
    "actions.submission": (Action.state.in_(WORKED_ON),),
    "blockers.acceptance": (Blocker.state == State.counter_proposed,),
    "blockers.refusal": (Blocker.state == State.counter_proposed,),
    "blockers.counter_proposal": (Blocker.state.in_((State.raised, State.acknowledged)),),
    "blockers.dispute": (Blocker.state.in_((State.raised, State.acknowledged)),),
    "blockers.settlement": (Blocker.state == State.disputed,),
    "blockers.acknowledgement": (Blocker.state == State.raised,),
    "blockers.confirmation": (Blocker.state == State.resolved,),
    "blockers.promise": (Blocker.state.in_((State.raised, State.acknowledged)),),
    "initiatives.resume": (Initiative.held_at.is_not(None),),
    "initiatives.hold": (Initiative.held_at.is_(None),),
    "partners.blocked": (Action.state.in_(WORKED_ON),),
    "updates.correct": (Initiative.reported_on.is_not(None),),
}
# Pages that look different from row to row: one row of each kind is walked.
EACH: dict[str, Callable[[Any], Any]] = {
    "actions.show": lambda action: (action.state, action.proposed_on is None),
    "actions.answer": lambda action: (action.state, action.proposed_on is None),
    "partners.answer": lambda action: action.state,
    "approvals.show": lambda approval: (approval.state, approval.decision),
    "approvals.done": lambda approval: (approval.state, approval.decision),
    "blockers.show": lambda blocker: blocker.state,
    "partners.action": lambda action: action.state,
    "importing.show": lambda run: run.what,
    "initiatives.show": lambda initiative: (initiative.stage, initiative.held_at is None),
    "organisation.person": lambda person: (person.role, person.ended_at is None),
}
# Other ways to look at a page.
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "boards.show": [
        {"lanes": "unit"}, {"lanes": "sponsor"}, {"lanes": "health"}, {"lanes": "partner"}, {"view": "ageing"},
        {"blocked": 1, "open": "idea,ended"}, {"q": "nothing is called this"},
    ],
    "actions.index": [{"whose": "all"}, {"whose": "hosted", "state": "over"}, {"q": "nothing is called this"}],
    "blockers.index": [{"state": "all"}, {"q": "nothing is called this"}],
    "blockers.matrix": [{"measure": "open"}, {"measure": "oldest"}],
    "initiatives.index": [{"sort": "title"}, {"q": "nothing is called this"}],
    "overview.search": [{"q": "a"}, {"q": "nothing is called this"}],
    "overview.trail": [{"group": "stages"}],
    "organisation.people": [{"q": "a"}, {"q": "nothing is called this"}],
    "organisation.sign_in": [{"next": "/blockers"}],
}  # fmt: skip


def enrich(moment: datetime) -> None:
    """Add to the demo what no demo needs to show. Needs an application context.

    Every module is on. Of those that the demo's executive sponsors, one is on hold, and a unit objects to a charter.
    """
    with writing():
        _agree(moment)  # before units have to sign
    with writing():
        Organisation.current().change(
            by=None, now=moment - timedelta(days=30), modules=set(MODULES)
        )
    executive = person_of("executive")
    sponsored = select(Initiative).where(
        Initiative.sponsor_id == executive.id, Initiative.stopped_at.is_(None)
    )
    with writing():
        several = list(db.session.scalars(sponsored.order_by(Initiative.id)))
        going_on = [one for one in several if not one.ended and one.held_at is None]
        for n, one in enumerate(several[:2]):
            Benefit.put(
                one, quarter_of(moment.date()), planned=Decimal(9000), forecast=None, realised=Decimal(4000 + n), by=executive, now=moment
            )  # fmt: skip
        going_on[-1].hold(by=executive, now=moment, words="Until the audit is over.")
        _object(going_on[:-1], moment)
        contact = person_of("partner")
        theirs = Action.visible_to(contact).where(Action.last_on.is_not(None)).order_by(Action.id)
        brought = db.session.scalars(theirs).first()
        if brought is not None:
            ten = {"name": "Ten calls", "url": "https://example.org/ten"}
            Evidence.add(brought, by=contact, now=moment, **ten)


def _agree(moment: datetime) -> None:
    """Let a sponsor approve what finance decides on second, and another request be put so that a link may decide it."""
    waits = select(Approval).where(Approval.state == Asked.submitted).order_by(Approval.id)
    there = db.session.scalars(waits).all()
    mine = person_of("executive").id  # has something left to decide
    first = next(one.id for one in there if one.sponsor_id != mine)
    second = next(one.id for one in there if one.id != first)
    rules = Rules(finance=SECOND, links=True, links_up_to=Decimal(10**9))
    change_rules(Organisation.current(), rules, by=person_of("admin"), now=moment)
    agreed, linked = (Approval.find(person_of("manager"), one) for one in (first, second))
    for one in (agreed, linked):
        one.change(
            {"risk": "Nothing that we know of", "cost": Decimal(900), "decide_by": moment.date()},
            by=one.asked_by,
            now=moment,
        )
        one.submit(by=one.asked_by, now=moment)
    agreed.finance_wanted = True
    sponsor = db.session.get_one(Person, agreed.sponsor_id)
    agreed.decide(Decision.approved, by=sponsor, now=moment)


def _object(initiatives: list[Initiative], moment: datetime) -> None:
    """Let the first head who can object to a charter of theirs."""
    for initiative in initiatives:
        agreement = Agreement.of(initiative, moment)
        for position in agreement.positions if agreement else ():
            if agreement and position.head_id not in {
                None,
                initiative.lead_id,
                initiative.sponsor_id,
            }:
                head, number = (
                    db.session.get_one(Person, position.head_id),
                    agreement.current.number,
                )
                object_to(
                    agreement,
                    position.unit_id,
                    number=number,
                    by=head,
                    now=moment,
                    words="Not like this.",
                )
                return
    raise LookupError("no unit of the demo can object to a charter")


def bring_files(tab: Callable[[str], Tab]) -> None:
    """Let those who may import bring a small file each."""
    for actor, (what, text) in SHEETS.items():
        body = io.BytesIO(text.encode())
        answer = tab(actor).submit("/import", what=what, file=(body, f"{what}.csv"))
        assert answer.status_code == 303, answer.get_data(as_text=True)


@pytest.fixture(scope="session")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """The walk through the demo; tests only look."""
    folder = tmp_path_factory.mktemp("walk")
    app = create_app(settings(f"sqlite:///{folder / 'tracker.db'}", folder))
    app.test_client_class = Tab
    app.config |= {
        "CLOCK": Clock(NOW),
        "PROPAGATE_EXCEPTIONS": True,
    }  # a page that breaks tells its own story
    with app.app_context():
        db.create_all()
        seed(NOW)
        enrich(NOW)
    walk = Walk(app)
    bring_files(walk.tab)
    with app.app_context(), writing() as session:
        session.execute(update(Person).values(language="en"))
    yield walk
    with app.app_context(), contextlib.suppress(Exception):
        db.session.remove()
        db.engine.dispose()
