"""For stories about the rules of deciding: what an organisation sets, in a write of its own."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from tests import gates
from tests.initiatives.stories import sponsored
from tracker.approvals.models import Approval
from tracker.approvals.rules import Fresh, Rules, change_rules
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation

LINKS = Rules(links=True, links_up_to=Decimal(50_000), link_hours=48)
FRESH = Rules(fresh=Fresh.above, fresh_above=Decimal(10_000))
SECOND = Rules(finance=(Stage.piloting, Stage.realised))


def set_rules(rules: Rules, cast: Any, now: Any) -> None:
    """Set these rules, by the administrator."""
    with writing():
        change_rules(Organisation.current(), rules, by=db.session.get_one(Person, cast.admin.id), now=now)  # fmt: skip


def requested(cast: Any, now: Any, *, cost: int | None = 48_000, at: Stage = Stage.designing) -> int:  # fmt: skip
    """Put a request to open `at` of an initiative that Lena leads and Emil sponsors; return its number."""
    one = sponsored(cast, now)
    with writing():
        while one.next_stage != at:
            gates.opened(one, by=cast.executive, now=now)
    with writing():  # a mail of its own
        return gates.requested(
            one, now=now, cost=Decimal(cost) if cost else None, cost_words="" if cost else "A week"
        ).id


def stands(app: Any, id_: int) -> SimpleNamespace:
    """Return what became of a request and its initiative."""
    with app.app_context():
        made = db.session.get_one(Approval, id_)
        its = db.session.get_one(Initiative, made.initiative_id)
        return SimpleNamespace(
            state=made.state, decision=made.decision, stage=its.stage, asked=its.asked_stage, words=made.words,
            returned=made.returned_words, finance=made.finance_by_id, by=made.decided_by_id, ref=its.ref,
            held=its.held_at is not None, by_link=made.by_link,
        )  # fmt: skip
