"""The story itself, before it is told: the counts the demo promises, and nobody in it out of place."""

from __future__ import annotations

from collections import Counter

import pytest

from tracker.demo.accounts import ACCOUNTS
from tracker.demo.blockers import BLOCKERS
from tracker.demo.charters import CHARTERS
from tracker.demo.company import PARTNERS, THEMES, UNITS
from tracker.demo.people import ADMINISTRATOR, ALTERNATE, EXECUTIVES, FINANCE, OWNER, PEOPLE
from tracker.demo.portfolio import INITIATIVES
from tracker.demo.progress import UPDATES
from tracker.demo.shapes import ON_TRACK
from tracker.initiatives.stages import Stage

HEADS = {unit.code: unit.head for unit in UNITS}
CONTACTS = {contact.key for partner in PARTNERS for contact in partner.contacts}
BY_KEY = {plan.key: plan for plan in INITIATIVES}
ROLES = (
    *("manager", "executive", "owner", "head", "member"),
    *("partner", "partner b", "finance", "auditor", "admin"),
)


def on_it(plan):
    """Who may raise a blocker on an initiative: lead, team, sponsor, heads of its units."""
    units = (plan.lead_unit, *plan.units)
    return {plan.lead, plan.sponsor, *(s.who for s in plan.team), *(HEADS[u] for u in units)}


def last_stage(plan):
    return [step.stage for step in plan.path if step.stage not in {"hold", "resume"}][-1]


def test_the_company_has_the_size_it_promises():
    assert (len(UNITS), len(EXECUTIVES), len(PARTNERS)) == (8, 5, 4)
    assert (len(PEOPLE), len(INITIATIVES)) == (30, 34)
    assert Counter(person.role for person in PEOPLE)["executive"] == 5


def test_every_stage_is_there_and_so_are_the_rare_cases():
    stages = Counter(last_stage(plan) for plan in INITIATIVES)
    assert set(Stage) | {"stop"} == set(stages)
    held = [p for p in INITIATIVES if p.path[-1].stage == "hold"]
    single = [p for p in INITIATIVES if not p.units]
    assert (len(held), len(single)) == (2, 1)
    assert sum(plan.adopted for plan in INITIATIVES) == 3
    answers = Counter(ask.answer for plan in INITIATIVES for ask in plan.asks)
    assert answers == {"waiting": 3, "declined": 1}


def test_an_account_for_each_role_can_be_typed_and_belongs_to_somebody():
    assert tuple(account.role for account in ACCOUNTS) == ROLES
    names = {p.key: p.name for p in PEOPLE} | {
        c.key: c.name for partner in PARTNERS for c in partner.contacts
    }
    for account in ACCOUNTS:
        assert names[account.key] == account.name
        assert len(account.password) >= 15
        assert account.email.rpartition("@")[2].split(".")[-2] == "example"
    keys = {account.role: account.key for account in ACCOUNTS}
    assert keys["owner"] == OWNER != ALTERNATE
    assert {OWNER, ALTERNATE, keys["executive"]} <= {person.key for person in EXECUTIVES}
    assert keys["head"] in HEADS.values()
    assert keys["finance"] in FINANCE
    assert keys["admin"] == ADMINISTRATOR
    assert {keys["partner"], keys["partner b"]} <= CONTACTS


def test_every_key_leads_to_somebody():
    people, units = {person.key for person in PEOPLE}, set(HEADS)
    partners = {partner.key for partner in PARTNERS}
    assert set(HEADS.values()) <= people
    for plan in INITIATIVES:
        assert {plan.lead_unit, *plan.units} <= units, plan.key
        assert {plan.lead, *(seat.who for seat in plan.team)} <= people, plan.key
        assert set(plan.partners) <= partners, plan.key
        assert plan.theme in THEMES, plan.key
        assert plan.lead != plan.sponsor, plan.key
        assert plan.lead_unit not in plan.units, plan.key
    assert set(UPDATES) <= set(BY_KEY)


@pytest.mark.parametrize("plan", INITIATIVES, ids=lambda plan: plan.key)
def test_each_friction_is_told_whole(plan):
    friction = plan.friction
    assert len(friction.words) > 30
    assert all((friction.touchpoint, friction.channel, friction.cause, friction.known))
    assert plan.charter.endswith(".")
    days = [step.ago for step in plan.path]
    assert days == sorted(days, reverse=True)


def test_whatever_has_a_sponsor_has_a_charter():
    assert set(CHARTERS) == {plan.key for plan in INITIATIVES if plan.path[0].stage != Stage.idea}
    for key, agreed in CHARTERS.items():
        change = agreed.revision
        assert change is None or change.ago < BY_KEY[key].path[0].ago, key


def test_reports_follow_each_other_and_give_reasons():
    for key, updates in UPDATES.items():
        days = [update.ago for update in updates]
        assert days == sorted(set(days), reverse=True), key
        assert days[0] < BY_KEY[key].path[0].ago, key
        for update in updates:
            assert update.changed, (key, update.ago)
            assert update.coming, (key, update.ago)
            fine = update.colour == ON_TRACK
            assert bool(update.why) is bool(update.ask) is not fine, (key, update.ago)
            assert len(update.why) <= 200, (key, update.ago)


@pytest.mark.parametrize("plan", BLOCKERS, ids=lambda plan: plan.what[:40])
def test_each_blocker_has_a_holder_who_is_not_who_waits_and_a_raiser_who_may(plan):
    initiative = BY_KEY[plan.initiative]
    partners = {partner.key for partner in PARTNERS}
    assert plan.outside or plan.holder in {*HEADS, *partners}
    assert plan.holder != plan.blocked
    assert plan.blocked in {initiative.lead_unit, *initiative.units}
    managers = {person.key for person in PEOPLE if person.role == "manager"}
    assert plan.by in on_it(initiative) | managers
    moments = (
        *(plan.raised, plan.acknowledged, plan.countered, plan.committed),
        *(plan.disputed, plan.resolved, plan.confirmed),
    )
    days = [day for day in moments if day is not None]
    assert days == sorted(days, reverse=True)
    assert (plan.resolved is None) or plan.done
    assert (plan.countered is None and plan.disputed is None) or plan.why
    assert plan.countered is None or (plan.proposed is not None and plan.proposed < plan.needed)


def test_blockers_stand_in_every_state():
    def state(plan):
        if plan.withdrawn is not None:
            return "withdrawn"
        for name in ("confirmed", "resolved", "disputed", "committed", "countered", "acknowledged"):
            if getattr(plan, name) is not None:
                return "overdue" if name == "committed" and plan.promised > 0 else name
        return "raised"

    found = Counter(map(state, BLOCKERS))
    wanted = "raised acknowledged countered committed overdue disputed resolved confirmed withdrawn"
    assert set(found) == set(wanted.split())
    assert len(BLOCKERS) >= 40
