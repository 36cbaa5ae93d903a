"""Decisions: a sponsor sends a request back, and the lead puts it again, each a form with what `moves` says of one, and the mails.

Neither is ever used up, so the same requests serve for as long as it is measured; sending back takes the road of every decision
but for the stage that opens. The yardstick is that of `moves`: the bare form, in turn with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests import gates
from tests.bench.figures import Report
from tests.bench.moves import OFFERED, Card, weigh
from tests.bench.portfolio import OPEN_STAGES, sponsor_of, stage_of
from tests.bench.rounds import Pace
from tests.bench.service import Service
from tests.bench.stores import made
from tracker.approvals.models import Approval
from tracker.clock import now
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative

REQUESTS = 240
AMONG = 2000  # initiatives, of which those with nothing in the way are asked about
# Statements of what is sent here, 26 to send back and 30 to put again, by those of a move, which takes 13 either way.
STATEMENTS = (26 + 30) / 2 / 13


@dataclass(frozen=True)
class Asked:
    """A request as it was put: whose it is to decide, and who puts it again."""

    id: int
    sponsor: int
    lead: int
    version: int
    decide_by: str


class Request(Card):
    """One request, with its sponsor's session and its lead's; `held` says that it was sent back."""

    def __init__(self, asked: Asked, service: Service) -> None:
        super().__init__(str(asked.id), service.cookie(asked.sponsor))
        self.sponsor, self.lead = self.cookie, service.cookie(asked.lead)
        self.version, self.decide_by = asked.version, asked.decide_by

    @property
    def address(self) -> str:
        return f"/approvals/{self.ref}/{'edit' if self.held else 'not-yet'}"

    @property
    def fields(self) -> dict[str, str]:
        if not self.held:
            return {"decision": "sent_back", "words": "Ring ten more."}
        said = {"question": "Shall we go on?", **gates.SAYS}
        return {**said, "decide_by": self.decide_by, "then": "submit", "version": str(self.version)}

    def turn(self) -> None:
        super().turn()
        self.version += 1
        self.cookie = self.lead if self.held else self.sponsor


def prepare(settings: dict[str, str]) -> list[Asked]:
    """Put requests to sponsors, as many as `REQUESTS`, in the place of those that the work load came with."""
    app, found = made(settings), []
    with app.app_context():
        for n in range(AMONG):
            if len(found) == REQUESTS or not (sponsor_of(n) and stage_of(n) in OPEN_STAGES):
                continue
            one = db.session.get_one(Initiative, n + 1)
            try:
                with writing():
                    Approval.end_all(one, by=None, now=now())
                    asked: Any = gates.requested(
                        one, now=now(), decide_by=now().date() + timedelta(days=20)
                    )
            except NotNow:
                continue
            found.append(
                Asked(
                    asked.id,
                    one.sponsor_id or 0,
                    one.lead_id or 0,
                    asked.version,
                    asked.decide_by.isoformat(),
                )
            )
            db.session.expunge_all()
        db.session.remove()
        db.engine.dispose()
    return found


def measure(service: Service, asked: list[Asked], pace: Pace, report: Report) -> None:
    """Report what share of the bare form a decision reaches, how many that is, and how long one takes at a steady pace."""
    mine = [Request(one, service) for one in asked]
    weigh("decision", mine, service, pace, report, offer=OFFERED / STATEMENTS)
