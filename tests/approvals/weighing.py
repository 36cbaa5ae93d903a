"""The days of a company, further: what sponsors decide and settle, and how work goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from tests.approvals.changing import Changing
from tests.approvals.reckoning import OPENING, Asked, Work
from tracker.activity.models import Event
from tracker.approvals.conditions import ApprovalCondition, Settled, settle
from tracker.approvals.deciding import Wanted
from tracker.approvals.models import Approval
from tracker.approvals.states import Decision
from tracker.db import db
from tracker.policy import May

COURSE = {"hold": May.hold, "resume": May.resume, "stop": May.stop, "step_back": May.step_back}


class Weighing(Changing):
    """What is decided."""

    def told(self, one: Any, by: Any, now: Any, words: str) -> dict[str, Any]:
        """Return what every verb of the sponsor is told, as `act_pages.told_by` does."""
        sponsor = one.sponsor_id
        stands_in = sponsor is not None and sponsor != by.id
        return {"by": by, "now": now, "words": words, "for_sponsor": self.person(sponsor or 0) if stands_in else None}  # fmt: skip

    # Deciding

    def decide(self, work: Work, asked: Asked, who: int, decision: str) -> None:
        """Somebody decides, in words that were never used, but for a plain approval."""
        words = "" if decision == "approved" else f"Because {self.fresh()}"
        due = self.today + timedelta(days=5)
        wanted = Wanted(words, self.cast.member.id, due) if decision == "approved_with_conditions" else None  # fmt: skip
        self._decide(work, asked, who, (decision, words, who, wanted))

    def repeat(self, work: Work, asked: Asked, who: int) -> None:
        """Somebody sends what was decided once more: for whoever decided it, that is the same decision."""
        if asked.decided is not None:
            decision, words, _by, wanted = asked.decided
            self._decide(work, asked, who, (decision, words, who, wanted))

    def _decide(self, work: Work, asked: Asked, who: int, this: Any) -> None:
        there, (decision, words, _who, wanted) = self.company, this
        same = asked.state == "decided" and asked.decided == this and not asked.taken_back
        fair = there.decides(who, work, asked, decision, self.today)
        if same:
            fair = there.rules(who, work, self.today) and who not in (asked.asker, asked.drafter)
        stale = asked.state == "submitted" and asked.frozen != work.stands(asked)
        events = db.session.scalar(select(func.count(Event.id)))
        done = self.through(
            May.decide_approval, who, self.of(asked),
            lambda one, by, now: one.decide(Decision(decision), condition=wanted, **self.told(one.initiative, by, now, words)),
            fair=fair,
        )  # fmt: skip
        if done is None:
            self.seen["decided on what changed, refused"] += stale and decision in OPENING
            return
        if same:
            assert done == (False,), "the same decision was made twice"
            assert db.session.scalar(select(func.count(Event.id))) == events
            self.seen["decided again"] += 1
            return
        assert done == (True,)
        self.seen[f"decided: {decision}"] += 1
        self.seen["decided by a deputy"] += who != work.sponsor
        self._decided(work, asked, this)

    def _decided(self, work: Work, asked: Asked, this: Any) -> None:
        """Note what a decision does."""
        decision = this[0]
        work.last = asked, this, self.clock(), work.stage, self.acts[work.id]
        work.decisions += 1
        asked.state = "draft" if decision == "sent_back" else "decided"
        asked.decided = None if decision == "sent_back" else this
        if decision in OPENING:
            work.stage, work.opened = asked.stage, work.opened + 1
            work.proposed = None if work.stage == "realised" else work.proposed
        elif decision == "held":
            work.held = True
        elif decision == "stopped":
            work.stop()
        if decision == "approved_with_conditions":
            made = select(ApprovalCondition.id).where(ApprovalCondition.approval_id == asked.id)
            work.conditions[db.session.scalars(made).one()] = (asked, True)

    def undo(self, work: Work, who: int) -> None:
        """Take the last decision back: whoever made it, within ten minutes, until somebody has acted (rule 13)."""
        if work.last is None:
            return
        asked, (decision, _words, decider, _wanted), at, was, acts = work.last
        mine = who == decider and decision != "stopped" and not asked.taken_back
        soon = self.clock() + timedelta(minutes=2) - at <= timedelta(
            minutes=10
        )  # doing it takes two
        fair = None if mine and soon and self.acts[work.id] == acts else False
        done = self.through(May.undo_decision, who, self.of(asked), lambda one, **told: one.undo(**told).id, fair=fair)  # fmt: skip
        if done is None:
            return
        self.seen["taken back"] += 1
        work.last = None
        if decision == "sent_back":
            asked.state = "submitted"
            return
        if decision in OPENING:
            work.stage = was
            its = [id_ for id_, (of, _still) in work.conditions.items() if of is asked]
            work.conditions |= dict.fromkeys(its, (asked, False))
        else:
            work.held = False
        asked.taken_back = True
        again = replace(asked, id=done[0], state="submitted", decided=None, taken_back=False)
        again.authors, again.frozen = set(asked.authors), work.stands(asked)
        work.requests.append(again)

    def settle(self, work: Work, who: int, how: str, nth: int) -> None:
        """Accept a condition, or waive it."""
        if not work.conditions:
            return
        id_ = list(work.conditions)[nth % len(work.conditions)]
        asked, still = work.conditions[id_]
        fair = still and not work.ended and self.company.rules(who, work, self.today) and who not in asked.authors  # fmt: skip

        def do(one: Approval, by: Any, now: Any) -> None:
            told = self.told(one.initiative, by, now, "Not needed." if how == "waived" else "")
            settle(one, id_, Settled(how), **told)

        if self.through(May.settle_condition, who, self.of(asked), do, fair=fair):
            work.conditions[id_] = (asked, False)
            self.seen[f"condition {how}"] += 1

    # How work goes on

    def course(self, work: Work, who: int, verb: str) -> None:
        """Hold, resume, stop or step back (rule 6)."""
        there = self.company
        fair = there.rules(who, work, self.today)
        if verb == "stop":
            runs = work.stage == "idea" and (who == work.lead or who in there.managers)
            fair |= runs and who in there.active
        possible = {
            "hold": not work.held and not work.ended,
            "resume": work.held,
            "stop": not work.ended,
            "step_back": not work.ended and work.stage != "idea" and there.before(work.stage) is not None,
        }  # fmt: skip
        act = lambda one, by, now: getattr(one, verb)(**self.told(one, by, now, "So be it."))  # noqa: E731
        if not self.through(COURSE[verb], who, self.on(work), act, fair=fair and possible[verb]):
            return
        if verb in ("hold", "resume"):
            work.held = verb == "hold"
        elif verb == "stop":
            work.stop()
        else:
            work.stage = there.before(work.stage) or ""
            work.end_requests(but_for=there.after(work.stage))
            if work.open is not None and work.open.state == "submitted":
                raise AssertionError("a request for the stage that was left again")
