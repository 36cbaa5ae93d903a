"""The rules of deciding are set on one page, told on the trail, and bind what is requested from then on."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests import gates
from tests.approvals.conftest import asks
from tests.approvals.ruled import FRESH, LINKS, SECOND, set_rules
from tracker.activity.models import Event
from tracker.approvals.models import Approval
from tracker.approvals.rules import Fresh, Rules
from tracker.db import db, writing
from tracker.initiatives.stages import Stage
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation

PAGE = "/settings/approvals"
ALL: dict[str, Any] = {
    "finance": ["piloting"], "fresh": "above", "fresh_above": "10,000", "links": "y", "links_up_to": "5,000.50", "link_hours": "24",
}  # fmt: skip


def kept(app: Any) -> Rules:
    with app.app_context():
        return Rules.of(Organisation.current())


def changes() -> list[Event]:
    told = select(Event).where(Event.kind == "settings.changed").order_by(Event.id)
    return list(db.session.scalars(told))


def test_nothing_is_asked_for_where_nothing_was_set(app):
    """Planted: links that are on by default."""
    assert kept(app) == Rules()
    assert kept(app).kept == {
        "finance": [], "fresh": "never", "fresh_above": None, "links": False, "links_up_to": None, "link_hours": 48,
    }  # fmt: skip


def test_an_administrator_sets_them_on_one_page(app, cast, as_):
    """Planted: `links_up_to` left out of what is kept; `unfolding` left empty."""
    tab = as_(cast.admin)
    assert PAGE in tab.get("/settings/workspace").text
    assert tab.fill(PAGE, **ALL).status_code == 303
    assert kept(app) == Rules(
        (Stage.piloting,), Fresh.above, Decimal(10_000), True, Decimal("5000.50"), 24
    )
    newest = tab.get("/activity").text.split('<li id="event-', 2)[1]
    told = {" ".join(one.split()) for one in re.findall(r'<div class="muted">(.*?)</div>', newest, re.DOTALL)}  # fmt: skip
    assert told == {
        "Finance decides second: was nowhere, now Piloting",
        "Fresh sign-in before a decision: was never, now above £10,000",
        "One-time links: was switched off, now up to £5,000.50, for 24 h",
    }


@pytest.mark.parametrize("who", ["lead", "manager", "executive", "owner", "finance", "auditor"])
def test_nobody_else_sees_or_sets_them(app, cast, as_, who):
    """Planted: the page open to executives."""
    tab = as_(getattr(cast, who))
    assert tab.get(PAGE).status_code == 403
    assert tab.submit(PAGE, **ALL, version=1).status_code == 403
    assert kept(app) == Rules()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"fresh_above": ""}, "Type the amount above which it is asked."),
        ({"links_up_to": ""}, "Say up to which amount a mail alone may decide."),
        ({"link_hours": "0"}, "Choose between 1 and 168 hours."),
        ({"link_hours": "169"}, "Choose between 1 and 168 hours."),
        ({"fresh": "always"}, "so no link would ever work"),
        ({"finance": ["framed"]}, 'id="finance-error"'),
        ({"fresh": "sometimes"}, 'id="fresh-error"'),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(app, cast, as_, fields, words):
    """Planted: each of the checks left out in turn."""
    answer = as_(cast.admin).fill(PAGE, **{**ALL, **fields})
    assert answer.status_code == 422
    assert words in answer.text
    assert kept(app) == Rules()


def test_finance_is_named_before_it_is_asked(app, cast, as_):
    """Planted: people whose access ended counted."""
    with app.app_context(), writing():
        db.session.get_one(Person, cast.finance.id).is_finance = False
    answer = as_(cast.admin).fill(PAGE, **ALL)
    assert answer.status_code == 422
    assert "Name somebody of finance in the settings first." in answer.text


def test_who_saves_second_sees_both(app, cast, as_):
    """Planted: `same_version` left out."""
    tab = as_(cast.admin)
    first = {"version": 1, "fresh": "never", "link_hours": "48"}
    assert tab.submit(PAGE, **first, links="y", links_up_to="100").status_code == 303
    assert tab.submit(PAGE, **{**first, "fresh": "always"}).status_code == 409
    assert kept(app).fresh == Fresh.never


def test_a_change_binds_later_requests_alone(here, clock):
    """Off and on again is on the trail. Planted: the rules of now asked instead of those that the request holds."""
    set_rules(SECOND, here, clock())
    with writing():
        gates.opened(here.one, Stage.designing, by=here.executive, now=clock())
    made = asks(here, clock)
    assert (made.opens, made.finance_wanted) == (Stage.piloting, True)
    set_rules(Rules(), here, clock())
    db.session.expire_all()
    assert db.session.get_one(Approval, made.id).finance_wanted
    assert made.changed(clock()) == []
    set_rules(SECOND, here, clock())
    told = [(one.before["approval_rules"].get("finance", []), one.after["approval_rules"]["finance"]) for one in changes()]  # fmt: skip
    both = ["piloting", "realised"]
    assert told == [([], both), (both, []), ([], both)]
    set_rules(Rules(), here, clock())
    with writing():
        made.change({"gain": "More"}, by=here.lead, now=clock())
        made.submit(by=here.lead, now=clock())
    assert not made.finance_wanted  # put anew, it is a later one


def test_saving_the_same_again_is_no_event(here, clock):
    """Planted: the comparison left out."""
    set_rules(FRESH, here, clock())
    set_rules(FRESH, here, clock())
    assert len(changes()) == 1


@pytest.mark.parametrize(
    ("rules", "cost", "wanted"),
    [
        (Rules(), Decimal(10**9), (False, None)),
        (Rules(fresh=Fresh.always), Decimal(0), (True, None)),
        (FRESH, Decimal(10_000), (False, None)),
        (FRESH, Decimal("10000.01"), (True, None)),
        (FRESH, None, (True, None)),  # in words alone it may be any amount
        (LINKS, Decimal(50_000), (False, 48)),
        (LINKS, Decimal("50000.01"), (False, None)),
        (LINKS, None, (False, None)),
        (Rules(fresh=Fresh.above, fresh_above=Decimal(100), links=True, links_up_to=Decimal(200)), Decimal(150), (True, None)),
    ],
)  # fmt: skip
def test_the_amount_decides_which_rules_bind(here, clock, rules, cost, wanted):
    """Planted: `<` for `<=` at either limit; a cost in words taken for nothing; a link beside a fresh sign-in."""
    set_rules(rules, here, clock())
    made = asks(here, clock, cost=cost)
    assert (made.fresh_wanted, made.link_hours) == wanted
