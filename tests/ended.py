"""What is over: one of each thing that can end, in the world of `midway`."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask import Flask
from sqlalchemy import inspect

from tests import gates
from tests.cast import START
from tests.midway import begun
from tests.test_permissions import conditioned
from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.blockers.models import Blocker
from tracker.boards.filters import Filters
from tracker.boards.models import Board, Lanes
from tracker.db import Model, db, writing
from tracker.importing.fields import What
from tracker.importing.models import ImportRun
from tracker.initiatives.stages import Stage
from tracker.milestones.criteria import criteria_of
from tracker.milestones.models import Milestone
from tracker.milestones.plans import StagePlan
from tracker.organisation.access import Purpose, issue, redeem
from tracker.organisation.deputies import Capacity, Deputyship
from tracker.organisation.handing_over import end_access, end_partner
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.organisation.units import Unit
from tracker.updates.models import Update

PRESENT = START + timedelta(hours=1)


def end_one_of_each(app: Flask, world: SimpleNamespace) -> None:
    """Add them to the world: a closed unit, an ended partner with a contact, and so on."""
    with app.app_context():
        db.session.add_all(
            one for one in vars(world).values() if isinstance(one, Model) and inspect(one).detached
        )
        with writing():
            _places(world)
            _work(world)
            person = world.other_head
            world.used_invitation = issue(person, Purpose.invite, by=world.admin, now=PRESENT)
            redeem(world.used_invitation, Purpose.invite, person.password_hash or "", now=PRESENT)
            world.used_reset = issue(person, Purpose.reset, by=None, now=PRESENT)
            redeem(world.used_reset, Purpose.reset, person.password_hash or "", now=PRESENT)
            world.revoked = Deputyship.appoint(
                world.executive, world.alternate, Capacity.sponsor, starts=PRESENT.date(), ends=PRESENT.date(), by=world.executive,
                now=PRESENT,
            )  # fmt: skip
            world.revoked.revoke(by=world.executive, now=PRESENT)
            for name, more in (("applied", {"applied_at": START}), ("expired", {})):
                lasts = START + timedelta(days=1 if more else 0)
                run = ImportRun(
                    person_id=world.manager.id, what=What.initiatives, filename=name, token=name, sha256="", at=START,
                    expires_at=lasts, **more,
                )  # fmt: skip
                db.session.add(run)
                setattr(world, f"{name}_run", run)
        for one in vars(world).values():
            if isinstance(one, Model) and one in db.session and one is not world.deleted_board:
                db.session.refresh(one)
        db.session.expunge_all()


def _places(world: SimpleNamespace) -> None:
    world.closed = Unit.add(code="OLD", name="Closed unit", by=None, now=START, parent_id=world.company.id)  # fmt: skip
    world.gone = Partner.add(
        name="Gone", by=None, now=START, relationship_owner_id=world.manager.id
    )
    db.session.flush()
    world.gone_contact = Person.add(
        email="gone@example.org", name="Gerd Gone", role=Role.partner, by=None, now=START, partner_id=world.gone.id
    )  # fmt: skip
    db.session.flush()
    end_partner(world.gone, by=world.admin, now=START)
    world.closed.end(by=world.admin, now=START)
    world.left = Person.add(
        email="left@example.org", name="Lia Left", role=Role.executive, by=None, now=START
    )
    db.session.flush()
    end_access(world.left, by=world.admin, now=START)


def _work(world: SimpleNamespace) -> None:
    world.stopped = begun(world, "Stopped", stage=Stage.piloting)
    world.stopped_membership = world.stopped.add_member(world.member, by=world.lead, now=START, share=20)  # fmt: skip
    world.stopped_update = Update.post(
        world.stopped, colour=world.update.colour, day=START.date(), by=world.lead, now=START
    )
    blocked = {"blocked_unit_id": world.care.id, "by": world.lead, "now": START}
    world.withdrawn = Blocker.raise_(
        world.initiative, title="Taken back", holder_partner_id=world.vendor.id, **blocked
    )
    world.withdrawn.withdraw(by=world.lead, now=START)
    world.withdrawn_of_it = Blocker.raise_(
        world.initiative, title="Taken back too", holder_unit_id=world.it.id, **blocked
    )
    world.withdrawn_of_it.withdraw(by=world.lead, now=START)
    due = START.date() + timedelta(days=20)
    given: dict[str, Any] = {
        "due_on": due,
        "host_id": world.head.id,
        "by": world.lead,
        "now": START,
    }
    for name, who in (
        ("cancelled", Assignee(partner_id=world.vendor.id)),
        ("cancelled_of_ours", Assignee(world.member.id)),
        ("cancelled_elsewhere", Assignee(partner_id=world.other_vendor.id)),
    ):
        action = Action.add(world.initiative, title="Given up", assignee=who, **given)
        action.cancel("Not needed.", by=world.lead, now=START)
        setattr(world, name, action)
    world.stopped_milestone = Milestone.plan(
        world.stopped, name="Never reached", due_on=due, criteria=["Ten"], by=world.lead, now=START
    )
    (world.stopped_criterion,) = criteria_of([world.stopped_milestone.id])
    world.ended_plan = StagePlan.add(name="Given up", gates={}, by=world.admin, now=START)
    world.ended_plan.end(by=world.admin, now=START)
    world.stopped_approval = gates.drafted(world.stopped, now=START)
    world.stopped_condition = conditioned(world.stopped_approval, world.cancelled_elsewhere)
    world.stopped.stop(by=world.executive, now=START, words="Enough.")
    board = Board.save(
        name="Deleted", filters=Filters(), lanes=Lanes.none, owner=world.manager, by=world.manager, now=START
    )  # fmt: skip
    world.deleted_board = SimpleNamespace(slug=board.slug, version=board.version)
    board.delete(by=world.manager, now=START)
