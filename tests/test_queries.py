"""How much a page asks of the database: the same at 10 and at 1,000 rows of everything, and at most twelve statements.

The table below names every list, board and detail page. Planted faults seen red: the sponsor of each row loaded in the
loop of the list (10 and 1,000 differ); thirteen statements on the page of settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from tests.bench.company import CONTACTS, EXECUTIVES, MANAGER, MEMBERS
from tests.conftest import Clock, Tab, counted, settings
from tests.many import AFTER, build, open_pair
from tests.walk import FILES, pages, plain_app
from tracker import create_app
from tracker.db import db
from tracker.organisation.people import Person

NOW = datetime(2032, 5, 18, 12, 30, tzinfo=UTC)
SIZES = (10, 1000)
MOST = 12
ADMIN = MEMBERS[5]  # heads no unit
WHO = {
    "manager": MANAGER,
    "executive": EXECUTIVES[0],
    "head": MEMBERS[2],
    "partner": CONTACTS[6],
    "admin": ADMIN,
}
# A holder and a waiting unit with an open blocker between them at both sizes.
PAIR = next(
    f"row={holder}&column={unit}" for holder, unit in map(open_pair, range(SIZES[0])) if holder
)

# Each page: who looks, and where.
PAGES = {
    "home of a manager": ("manager", "/"),
    "home of an executive": ("executive", "/"),
    "home of a head": ("head", "/"),
    "home of a partner": ("partner", "/partner"),
    "action of a partner": ("partner", f"/partner/actions/d{AFTER + 1:011d}"),
    "scorecard of a partner": ("partner", "/partner/scorecard"),
    "rows of its scorecard": ("partner", "/partner/scorecard/on-time"),
    "scorecards": ("manager", "/partners"),
    "scorecards by what is on time": ("manager", "/partners?sort=-on-time&late=1"),
    "scorecard": ("manager", "/partners/partner-1/scorecard"),
    "scorecard, rows": ("manager", "/partners/partner-1/scorecard/acknowledgement"),
    "scorecard, blockers": ("manager", "/partners/partner-1/scorecard/blockers"),
    "actions": ("manager", "/actions"),
    "actions of everybody": ("manager", "/actions?whose=all"),
    "actions of a partner": ("manager", "/actions?partner=1&state=all"),
    "action": ("manager", f"/actions/d{AFTER:011d}"),
    "answer to an action": ("manager", f"/actions/d{AFTER:011d}/answer"),
    "answer of a partner": ("partner", f"/partner/actions/d{AFTER + 1:011d}/answer"),
    "actions of an initiative": ("manager", "/initiatives/CX-1/actions"),
    "comments on an action": ("manager", f"/actions/d{AFTER:011d}/comments"),
    "comments on an initiative": ("manager", "/initiatives/CX-1/comments"),
    "search": ("manager", "/search?q=a"),
    "trail": ("manager", "/activity"),
    "trail of a span": ("manager", "/activity?from=2020-01-01&to=2032-05-18"),
    "audit": ("admin", "/settings/audit"),
    "audit of a span": ("admin", "/settings/audit?from=2020-01-01&to=2032-05-18"),
    "audit of an initiative": ("admin", "/settings/audit?about=CX-1"),
    "audit, check": ("admin", "/settings/audit/check"),
    "board": ("manager", "/boards/sixty"),
    "board by unit": ("manager", "/boards/sixty?lanes=unit"),
    "board by sponsor": ("executive", "/boards/sixty?lanes=sponsor"),
    "board by health": ("manager", "/boards/sixty?lanes=health"),
    "board by partner": ("manager", "/boards/sixty?lanes=partner"),
    "board by KPI": ("manager", "/boards/sixty?lanes=kpi"),
    "board by KPI, cells": ("manager", "/boards/sixty/cells?lanes=kpi"),
    "board of a KPI": ("executive", f"/boards/sixty?kpi={AFTER}"),
    "board, ageing": ("manager", "/boards/sixty?view=ageing"),
    "board, cells": ("manager", "/boards/sixty/cells"),
    "boards": ("manager", "/boards"),
    "initiatives": ("manager", "/initiatives"),
    "initiatives of a KPI": ("manager", f"/initiatives?kpi={AFTER}"),
    "initiatives by title": ("executive", "/initiatives?sort=title"),
    "sponsorships": ("executive", "/sponsorships"),
    "initiative": ("manager", "/initiatives/CX-1"),
    "initiative of a head": ("head", "/initiatives/CX-1"),
    "initiative, team": ("manager", "/initiatives/CX-1/team"),
    "initiative, charter": ("manager", "/initiatives/CX-1/charter"),
    "initiative, charter printed": ("manager", "/initiatives/CX-1/charter/print"),
    "initiative, differences": ("manager", "/initiatives/CX-1/charter/differences"),
    "initiative, priorities": ("manager", "/initiatives/CX-1/priorities"),
    "initiative, updates": ("manager", "/initiatives/CX-1/updates"),
    "initiative, activity": ("manager", "/initiatives/CX-1/activity"),
    "approvals": ("executive", "/approvals"),
    "days to decide": ("manager", f"/approvals/pace?of={AFTER}"),
    "approval": ("manager", f"/approvals/{AFTER}"),
    "milestones of an initiative": ("manager", "/initiatives/CX-1/milestones"),
    "milestone": ("manager", f"/milestones/{AFTER}"),
    "blockers": ("manager", "/blockers"),
    "blockers of a partner": ("partner", "/blockers"),
    "blockers, all": ("manager", "/blockers?state=all"),
    "blocked, which": ("manager", "/blockers/new"),
    "matrix": ("manager", f"/blockers/matrix?{PAIR}"),
    "blocker": ("manager", f"/blockers/c{AFTER + 1:011d}"),
    "unit": ("manager", "/units/unit-2"),
    "people": ("admin", "/admin/people"),
    "person": ("admin", f"/admin/people/{MEMBERS[2]}"),
    "units": ("admin", "/admin/units"),
    "partners": ("admin", "/admin/partners"),
    "partner": ("admin", "/admin/partners/partner-1"),
    "calendars": ("admin", "/admin/calendars"),
    "settings": ("admin", "/settings/workspace"),
    "stage plans": ("admin", "/settings/stage-plans"),
    "profile": ("manager", "/settings/profile"),
    "deputies": ("executive", f"/people/{EXECUTIVES[0]}/deputies"),
    "signing in": ("manager", "/settings/security"),
    "one's calendar": ("manager", "/settings/calendar"),
    "where one is signed in": ("manager", "/settings/sessions"),
    "who needs a second factor": ("admin", "/settings/access"),
    "inbox": ("manager", "/inbox"),
    "mails": ("admin", "/settings/mail"),
    "mail": ("admin", f"/settings/mail/mail-{AFTER}"),
    "jobs": ("admin", "/settings/jobs"),
    "goals": ("manager", "/goals"),
    "KPI": ("manager", f"/kpis/K{AFTER}"),
    "KPI, readings": ("manager", f"/kpis/K{AFTER}/readings"),
    "KPI, units": ("manager", f"/kpis/K{AFTER}/units"),
    "KPI, then": ("manager", f"/kpis/K{AFTER}/then?day=2026-02-28"),
    "initiative, benefits": ("manager", "/initiatives/CX-1/benefits"),
    "imports": ("manager", "/import"),
    "import": ("manager", f"/import/{AFTER}"),
}
# Pages that are a form about one thing: what they load does not grow, or is a list to choose from.
FORMS = frozenset({
    *("actions.bulk", "actions.taking_back"),
    *("actions.acceptance", "actions.acknowledgement", "actions.assignment", "actions.cancellation", "actions.completion", "actions.date"),
    *("actions.date_acceptance", "actions.date_refusal", "actions.decline", "actions.due_date", "actions.edit", "actions.new"),
    *("actions.progress", "actions.returning", "actions.start", "actions.submission", "discussion.edit", "files.add", "files.remove"),
    "partners.scorecard_comment",
    *("blockers.acknowledgement", "blockers.answerer", "blockers.confirmation", "blockers.edit", "blockers.new", "blockers.pass_on"),
    *("blockers.acceptance", "blockers.counter_proposal", "blockers.dispute", "blockers.refusal", "blockers.settlement"),
    *("blockers.promise", "blockers.reopening", "blockers.resolution", "blockers.waits_for", "blockers.withdrawal"),
    "partners.blocked",
    *("boards.delete", "boards.edit"),
    *("boards.new", "initiatives.bulk", "initiatives.change_member", "initiatives.charter_draft", "initiatives.charter_override"),
    *("initiatives.charter_publish", "initiatives.charter_sign", "initiatives.charter_unsigned", "initiatives.copy"),
    *("approvals.condition", "approvals.done", "approvals.edit", "approvals.give_back"),
    *("approvals.not_yet", "approvals.rules", "approvals.stage", "approvals.waiving"),
    *("initiatives.decline_many", "initiatives.edit", "initiatives.friction", "initiatives.hold"),
    *("initiatives.lead", "initiatives.lead_unit", "initiatives.new", "initiatives.new_on_board", "initiatives.propose"),
    *("initiatives.rate", "initiatives.resume", "initiatives.settle_priority", "initiatives.step_back"),
    *("initiatives.stop", "organisation.ask_reset", "organisation.calendar_edit", "organisation.calendar_new"),
    *("organisation.contact_ending", "organisation.contact_new", "organisation.contact_until"),
    *("organisation.invitation", "organisation.partner_edit"),
    *("organisation.partner_ending", "organisation.partner_new", "organisation.person_edit", "organisation.person_ending"),
    *("organisation.person_new", "organisation.reset", "organisation.sign_in", "organisation.unit_edit", "organisation.unit_ending"),
    *("approvals.by_mail", "approvals.not_yet_by_mail"),
    *("notices.unsubscribe", "organisation.unit_new", "organisation.welcome", "proofs.again", "proofs.app", "proofs.reset_factors"),
    *("updates.correct", "updates.new", "benefits.confirm", "benefits.enter", "goals.checkpoint", "goals.checkpoints", "goals.drop"),
    *("milestones.criterion", "milestones.dropping", "milestones.due_date", "milestones.edit", "milestones.gates", "milestones.new"),
    *("milestones.reaching", "milestones.taking_up", "milestones.plan_edit", "milestones.plan_ending", "milestones.plan_new"),
    "milestones.plan_usual",
    *("goals.edit", "goals.new", "goals.rebaseline", "goals.result", "kpis.benchmarks", "kpis.edit", "kpis.new"),
    *("kpis.reading_correct", "kpis.reading_new", "kpis.targets", "importing.paste"),
})  # fmt: skip


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Flask]]:
    """The same company at both sizes; its tabs only look."""
    made = {}
    for size in SIZES:
        folder = tmp_path_factory.mktemp(f"rows{size}")
        app = create_app(settings(f"sqlite:///{folder / 'tracker.db'}", folder))
        app.test_client_class = Tab
        app.config |= {"CLOCK": Clock(NOW), "PROPAGATE_EXCEPTIONS": True, "BOARD_CACHE_OFF": True}
        with app.app_context():
            db.create_all()
            build(size, NOW)
            db.session.get_one(Person, ADMIN).is_admin = True
            db.session.commit()
        made[size] = app
    yield made
    for app in made.values():
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def asked(app: Flask, who: str, address: str) -> list[str]:
    """The statements behind a page, once its person was noted as seen."""
    with app.app_context():
        tab: Any = app.test_client().sign_in(db.session.get_one(Person, WHO[who]))
    assert tab.get("/settings/profile").status_code == 200
    with counted(app) as seen:
        answer = tab.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return seen


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_much_of_many_rows_as_of_few(worlds: dict[int, Flask], page: str) -> None:
    few, many = (asked(worlds[size], *PAGES[page]) for size in SIZES)
    assert len(few) == len(many), "\n".join(
        ["few:", *map(_short, few), "many:", *map(_short, many)]
    )
    assert len(many) <= MOST, "\n".join([f"{len(many)} statements:", *map(_short, many)])


def _short(statement: str) -> str:
    words = " ".join(statement.split())
    begins = words.find(" FROM ")
    return f"  {words[:50]} … {words[begins : begins + 110]}"


def test_every_page_stands_in_the_table_or_is_a_form() -> None:
    """Planted: the line of the trail taken out of the table."""
    adapter = plain_app().url_map.bind("localhost")
    counted_pages = {adapter.match(address.split("?")[0])[0] for _who, address in PAGES.values()}
    assert set(pages()) - counted_pages - FORMS == set()
    assert not FORMS & counted_pages
    assert not FORMS - set(pages())
    assert not FILES & counted_pages
