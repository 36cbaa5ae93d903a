"""Texts, theme and friction, a copy as a template, and numbers that are never given twice.

Planted faults seen red: friction that starts at version 1; a copy that takes the sponsor along; a checksum over the
proposal as well.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.initiatives.stories import idea, kinds, last_event, sponsored
from tracker.db import db, writing
from tracker.initiatives.copying import copy
from tracker.initiatives.friction import Friction, RootCause
from tracker.initiatives.memberships import Membership
from tracker.initiatives.reporting import Cadence
from tracker.initiatives.stages import Stage
from tracker.organisation.handing_over import end_access

pytestmark = pytest.mark.usefixtures("present")


def test_what_is_edited_stands_on_the_trail_and_words_outside_the_seal(cast, clock):
    one = idea(cast, clock())
    with writing():
        one.edit(
            by=cast.lead,
            now=clock(),
            title="One honest bill",
            budget=Decimal("1500.50"),
            cadence=Cadence.weekly,
            category="",
        )
    event = last_event()
    assert event.before == {"budget": None, "cadence": "monthly"}
    assert event.facts == {
        "budget": 1500.5,
        "cadence": "weekly",
        "fields": ["budget", "cadence", "title"],
    }
    assert event.private == {"was": {"title": "One bill"}, "now": {"title": "One honest bill"}}
    assert one.title_key == "one honest bill"


def test_saving_what_stands_is_no_change(cast, clock):
    one = idea(cast, clock())
    before = kinds(one)
    with writing():
        one.edit(by=cast.lead, now=clock(), **one.texts)
        one.set_theme("", by=cast.lead, now=clock())
    assert kinds(one) == before


def test_the_version_of_the_texts_moves_with_the_texts_alone(cast, clock):
    one = idea(cast, clock())
    seen = one.text_version
    with writing():
        one.add_member(cast.member, by=cast.lead, now=clock())
        one.propose_sponsor(cast.executive, by=cast.lead, now=clock())
    assert one.text_version == seen
    with writing():
        one.set_theme("Bills", by=cast.lead, now=clock())
    assert one.text_version != seen


def test_the_first_words_of_the_friction_are_a_version_too(cast, clock):
    one = idea(cast, clock())
    assert Friction.of(one).version == 0
    with writing():
        Friction.of(one).describe(
            one, words="I wait.", root_cause=RootCause.process, by=cast.lead, now=clock()
        )
    assert Friction.of(one).version == 1
    event = last_event()
    assert (event.before["cause"], event.after["cause"]) == (None, "process")
    assert event.private == {"was": {"words": ""}, "now": {"words": "I wait."}}
    with writing():
        Friction.of(one).describe(one, words="I wait.", by=cast.lead, now=clock())
    assert last_event().id == event.id


def test_a_copy_takes_what_it_is_about_and_leaves_what_happened(cast, clock):
    source = sponsored(cast, clock(), theme="Bills")
    with writing():
        source.revise_units({cast.it.id, cast.billing.id}, by=cast.lead, now=clock())
        source.revise_partners({cast.vendor.id}, by=cast.lead, now=clock())
        source.add_member(cast.member, by=cast.lead, now=clock(), share=10)
        source.add_member(cast.finance, by=cast.lead, now=clock())
        Friction.of(source).describe(source, words="I wait.", by=cast.lead, now=clock())
        end_access(cast.finance, by=cast.admin, now=clock())
        cast.billing.end(by=cast.admin, now=clock())
    with writing():
        made = copy(source, title="Two bills", by=cast.manager, now=clock(), lead=cast.manager)
    assert (made.stage, made.sponsor_id, made.lead_id, made.theme) == (
        Stage.idea,
        None,
        cast.manager.id,
        "Bills",
    )
    assert (made.number, made.copied_from_id) == (source.number + 1, source.id)
    assert [unit.id for unit in made.other_units()] == [cast.it.id]
    assert [partner.id for partner in made.partners()] == [cast.vendor.id]
    assert [one.person_id for one in made.members()] == [cast.member.id]
    assert made.members()[0].share_agreed_by_id is None
    assert Friction.of(made).words == "I wait."
    assert (made.unit_count, kinds(made)) == (2, ["initiative.copied"])


def test_a_copy_without_the_team(cast, clock):
    source = idea(cast, clock())
    with writing():
        source.add_member(cast.member, by=cast.lead, now=clock())
        made = copy(source, title="Two", by=cast.manager, now=clock(), with_team=False)
    seats = select(Membership).where(Membership.initiative_id == made.id)
    assert db.session.scalars(seats).all() == []
