"""What holds after every step, read from the tables and held against the reckoning; and at the end, from the trail."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import func, select

from tests.approvals.reckoning import OPEN, OPENING, STAGES, Company, Work
from tracker.activity.comparing import compare
from tracker.activity.models import Event
from tracker.activity.trail import verify_stored
from tracker.approvals.conditions import ApprovalCondition
from tracker.approvals.models import Approval
from tracker.db import db
from tracker.initiatives.asking import AskState, StageAsk
from tracker.initiatives.models import Initiative
from tracker.initiatives.sponsorships import Answer, Sponsorship
from tracker.milestones.models import Milestone
from tracker.organisation.people import Person, Role

APPROVAL, INITIATIVE, GATE = Approval.__table__, Initiative.__table__, Milestone.__table__
AHEAD = (
    "stage.opened",
    "stage.opening_undone",
    "stage.stepped_back",
    "stage.adopted",
    "sponsor.accepted",
)

LATER = ("version", "undone_at", "undone_by_id")  # of what was decided, and taken back


class Holding:
    """Looks after every step; `decided` keeps each decision as it was first seen."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.decided: dict[int, Any] = {}

    def look(self) -> None:
        db.session.remove()
        rows = {row["id"]: row for row in db.session.execute(select(INITIATIVE)).mappings()}
        for work in self.company.works:
            self._stands(work, rows[work.id])
        self._requests(db.session.execute(select(APPROVAL)).mappings().all())
        self._gates(db.session.execute(select(GATE).where(GATE.c.opens.is_not(None))).mappings().all())  # fmt: skip
        self._sponsors()
        open_ones = select(StageAsk.initiative_id, StageAsk.stage, StageAsk.asked_by_id).where(StageAsk.state == AskState.open)  # fmt: skip
        asks = {row[0]: tuple(row[1:]) for row in db.session.execute(open_ones)}
        worn = {work.id: work.chip for work in self.company.works if work.chip[0]}
        assert asks == worn, "what cards wear is not what was put to sponsors"
        left = select(ApprovalCondition.id).where(ApprovalCondition.settled_at.is_(None))
        owed = {id_ for work in self.company.works for id_, (_of, still) in work.conditions.items() if still}  # fmt: skip
        assert set(db.session.scalars(left)) == owed, "conditions"
        self._counted()

    def _stands(self, work: Work, row: Any) -> None:
        """Rules 1, 2 and 6: the stage, the one sponsor, the card."""
        found = (
            row["stage"], row["sponsor_id"], row["sponsor_interim"], row["proposed_sponsor_id"], row["held_at"] is not None,
            row["stopped_at"] is not None, row["asked_stage"], row["asked_by_id"],
        )  # fmt: skip
        owed = (work.stage, work.sponsor, work.interim, work.proposed, work.held, work.stopped, *work.chip)  # fmt: skip
        assert found == owed, f"initiative {work.id}"
        assert (row["stage"] == "idea") == (row["sponsor_id"] is None)

    def _sponsors(self) -> None:
        """Rule 2: exactly one from framed on, an active executive who does not lead."""
        query = (
            select(Sponsorship.initiative_id, Sponsorship.person_id, Person.role, Person.ended_at, Initiative.lead_id)
            .join(Person, Person.id == Sponsorship.person_id)
            .join(Initiative, Initiative.id == Sponsorship.initiative_id)
            .where(Sponsorship.answer == Answer.accepted)
        )  # fmt: skip
        found = db.session.execute(query).all()
        owed = sorted((work.id, work.sponsor) for work in self.company.works if work.sponsor)
        assert sorted((row[0], row[1]) for row in found) == owed, "one sponsor each"
        for _initiative, person, role, ended, lead in found:
            assert (role, ended) == (Role.executive, None)
            assert person != lead, "the sponsor leads"

    def _requests(self, rows: Any) -> None:
        """Rules 13 to 15: one that is open for each gate, decided by another than who wrote it, and never edited."""
        known = {one.id: (work, one) for work in self.company.works for one in work.requests}
        assert {row["id"] for row in rows} == set(known)
        gates = Counter(row["milestone_id"] for row in rows if row["closed_at"] is None)
        assert max(gates.values(), default=0) <= 1, "two open requests for one gate"
        for row in rows:
            _work, one = known[row["id"]]
            assert row["state"] == one.state, f"request {one.id}"
            assert (row["closed_at"] is None) == (one.state in OPEN)
            if row["state"] != "decided":
                continue
            assert row["decided_by_id"] not in one.authors, "decided by who wrote it"
            assert (row["decision"], row["words"], row["decided_by_id"]) == one.decided[:3]
            assert (row["undone_at"] is not None) == one.taken_back
            kept = {name: value for name, value in row.items() if name not in LATER}
            assert kept == self.decided.setdefault(one.id, kept), "a decision was edited"

    def _gates(self, rows: Any) -> None:
        """Rule 12: reached behind, planned ahead; one that stands for each stage."""
        works = {work.id: work for work in self.company.works}
        standing = Counter((row["initiative_id"], row["opens"]) for row in rows if row["state"] != "dropped")  # fmt: skip
        assert max(standing.values(), default=0) <= 1, "two gates of one stage"
        for row in rows:
            work = works[row["initiative_id"]]
            ahead = STAGES.index(row["opens"]) > STAGES.index(work.stage)
            assert row["state"] != "reached" or not ahead, (
                f"gate {row['id']} reached, and not opened"
            )
            assert row["state"] != "planned" or (ahead and not work.ended), f"gate {row['id']} planned behind"  # fmt: skip

    def _counted(self) -> None:
        """One event for each decision, and one for each stage that it opened."""
        query = (
            select(Event.kind, func.count())
            .where(Event.kind.in_(("approval.decided", "stage.opened")))
            .group_by(Event.kind)
        )
        found = dict(db.session.execute(query).all())
        works = self.company.works
        assert found.get("approval.decided", 0) == sum(work.decisions for work in works)
        assert found.get("stage.opened", 0) == sum(work.opened for work in works)

    def end(self) -> None:
        """Hold the trail: whole, as the tables are, and stage after stage by a decision on its gate."""
        db.session.remove()
        chain = verify_stored()
        assert chain.whole, list(chain.lines())
        report = compare(db.session.connection())
        assert report.whole, list(report.lines())
        for work in self.company.works:
            mine = select(Event).where(Event.initiative_id == work.id).order_by(Event.id)
            self._replay(list(db.session.scalars(mine)), work)

    def _replay(self, events: list[Event], work: Work) -> None:
        """Rule 1: one stage at a time, each by a decision; acceptance and adoption only out of `idea`, and told apart."""
        stage, granted = "idea", []
        for event in events:
            facts = (event.before or {}) | (event.after or {})
            if event.kind == "approval.decided" and facts["decision"] in OPENING:
                assert granted.pop(0) == (facts["stage"], event.at), "decided, and another stage opened"  # fmt: skip
            if event.kind not in AHEAD:
                continue
            was, now = str((event.before or {}).get("stage")), facts["stage"]
            assert was == stage, f"{event.kind} from {was}, and it stood at {stage}"
            step = STAGES.index(now) - STAGES.index(was)
            between = STAGES[STAGES.index(was) + 1 : STAGES.index(now)]
            if event.kind == "stage.opened":
                assert step == 1 or between == ["designing"], f"from {was} to {now} at once"
                granted.append((now, event.at))
            elif event.kind in ("stage.opening_undone", "stage.stepped_back"):
                assert step == -1 or (step == -2 and was == "piloting")
            elif event.kind == "stage.adopted":
                assert was == "idea"
            else:
                assert now == was or (was, now) == ("idea", "framed")
            stage = now
        assert (stage, granted) == (work.stage, []), "a stage without its decision"
