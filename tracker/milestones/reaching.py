"""A milestone is reached when its criteria are met, or dropped with the reason; either may be taken back (rule 12).

A gate is reached by the decision that opens its stage, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.errors import NotNow
from tracker.initiatives.stages import stage_name
from tracker.milestones.criteria import Criterion, criteria_of
from tracker.milestones.measuring import OnRecord
from tracker.milestones.planning import has_gate, refuse_behind, refuse_ended
from tracker.milestones.states import State, Verb
from tracker.organisation.people import Person
from tracker.organisation.uniqueness import flush_or
from tracker.wording import listed

when_dropping: list[Callable[[Any], None]] = []
"""Rooms above refuse that a milestone is given up: each is asked (milestone) and raises `NotNow`."""

PLANNED, REACHED, DROPPED = ({"state": state.value} for state in State)


class Reaching:
    """The verbs that end the plan of a milestone, and those that bring it back."""

    if TYPE_CHECKING:
        id: Any
        initiative: Any
        opens: Any
        due_on: Any
        state: Any
        reached_at: Any
        reached_by_id: Any
        dropped_at: Any
        dropped_words: Any
        version: Any
        record: Any
        check: Any

    def find_met(
        self, criterion: Criterion, *, evidence: str, by: Person, now: datetime, link: str = ""
    ) -> None:
        """Find a criterion met, with what shows it in words and maybe the `link` to it.

        Raises `NotNow` unless the milestone is planned, for a criterion that is measured or was found met, and without words.
        """
        self.check(Verb.check)
        refuse_measured(criterion)
        if criterion.met_at is not None:
            raise NotNow(_("Somebody found this met already. Look at it again."))
        if not evidence.strip():
            raise NotNow(_("Say what shows that it is met."))
        criterion.met_at, criterion.met_by_id = now, by.id
        criterion.evidence, criterion.link = evidence.strip(), link.strip()
        self._moved()
        words = {"criterion": criterion.words, "words": evidence.strip()}
        self.record(Kind.milestone_criterion_met, by=by, now=now, after={"criterion_id": criterion.id}, private=words)  # fmt: skip
        self.initiative.touch(now)

    def find_open(self, criterion: Criterion, *, by: Person, now: datetime) -> None:
        """Take back that a criterion is met; what was said of it stays on the trail.

        Raises `NotNow` unless the milestone is planned, and for a criterion that is measured or open.
        """
        self.check(Verb.check)
        refuse_measured(criterion)
        if criterion.met_at is None:
            raise NotNow(_("This is open already. Look at it again."))
        words = {"criterion": criterion.words, "words": criterion.evidence}
        criterion.met_at = criterion.met_by_id = None
        criterion.evidence = criterion.link = ""
        self._moved()
        self.record(Kind.milestone_criterion_reopened, by=by, now=now, after={"criterion_id": criterion.id}, private=words)  # fmt: skip
        self.initiative.touch(now)

    def reach(self, *, by: Person, now: datetime) -> None:
        """Say that it is reached. Raises `NotNow` for a gate, unless it is planned, and with what is not met yet."""
        self.check(Verb.reach)
        if words := self.stands_in_the_way(now):
            raise NotNow(words)
        self._reached(by, now)
        self.record(Kind.milestone_reached, by=by, now=now, before=PLANNED, after=REACHED)
        self.initiative.touch(now)

    def stands_in_the_way(self, now: datetime) -> str | None:
        """Return why nobody can say by hand that it is reached, or None."""
        if self.opens is not None:
            return _(
                "This is the gate to %(stage)s: the sponsor reaches it by deciding that the stage opens.",
                stage=stage_name(self.opens),
            )
        missing = OnRecord(self.initiative, now).open(criteria_of([self.id]))
        if missing:
            return _("Not met yet: %(what)s.", what=listed([one.called for one in missing]))
        return None

    def drop(self, words: str, *, by: Person, now: datetime) -> None:
        """Give it up, and say why. Raises `NotNow` unless it is planned, without words, and while something hangs on it."""
        self.check(Verb.drop)
        if not words.strip():
            raise NotNow(_("Say why it is dropped."))
        for ask in when_dropping:
            ask(self)
        self._dropped(now, words.strip())
        self.record(
            Kind.milestone_dropped, by=by, now=now, before=PLANNED, after=DROPPED,
            private={"words": words.strip()},
        )  # fmt: skip
        self.initiative.touch(now)

    def take_up(self, *, by: Person | None, now: datetime) -> None:
        """Plan it again as it was, after it was dropped or was said to be reached too early.

        Raises `NotNow` once the initiative has ended, for a gate that was decided on, and for one whose stage is open or has
        another gate by now.
        """
        self.refuse_taking_up()
        was, taken = self.state.value, has_gate(self.opens)
        self._planned_again()
        flush_or(taken)
        self.record(
            Kind.milestone_taken_up, by=by, now=now, before={"state": was},
            after=PLANNED | {"due_on": self.due_on.isoformat()},
        )  # fmt: skip
        self.initiative.touch(now)

    def refuse_taking_up(self) -> None:
        """Raise `NotNow` where it cannot be planned again, as far as the milestone itself knows."""
        self.check(Verb.take_up)
        refuse_ended(self.initiative)
        if self.opens is not None and self.state == State.reached:
            raise NotNow(
                _("The sponsor decided on this gate. It is planned again when the sponsor steps back from its stage.")
            )  # fmt: skip
        refuse_behind(self.initiative, self.opens)

    def open_by_decision(self, *, by: Person | None, now: datetime) -> None:
        """Let a gate be reached: it was decided that its stage opens, whatever was met of it by then."""
        missing = OnRecord(self.initiative, now).open(criteria_of([self.id]))
        self._reached(by, now)
        self.record(
            Kind.milestone_gate_opened, by=by, now=now, before=PLANNED, after=REACHED | {"stage": self.opens.value, "unmet": len(missing)},
        )  # fmt: skip

    def pass_over(self, *, by: Person | None, now: datetime) -> None:
        """Drop a gate that was never decided on: the work was adopted at its stage or past it, or the stage was left out."""
        self._dropped(now, "")
        self.record(
            Kind.milestone_passed_over, by=by, now=now, before=PLANNED, after=DROPPED | {"stage": self.opens.value},
        )  # fmt: skip

    def drop_with_initiative(self, *, by: Person | None, now: datetime) -> None:
        """Drop it because its initiative has ended."""
        self._dropped(now, "")
        self.record(
            Kind.milestone_dropped_with_initiative, by=by, now=now, before=PLANNED, after=DROPPED,
        )  # fmt: skip

    def close_again(self, *, by: Person | None, now: datetime) -> None:
        """Plan a gate again, because the sponsor stepped back from the stage that it had opened."""
        self._planned_again()
        db.session.flush()
        self.record(
            Kind.milestone_gate_closed, by=by, now=now, before=REACHED,
            after=PLANNED | {"stage": self.opens.value, "due_on": self.due_on.isoformat()},
        )  # fmt: skip

    def _reached(self, by: Person | None, now: datetime) -> None:
        self.state, self.reached_at, self.reached_by_id = State.reached, now, by.id if by else None
        self._moved()

    def _dropped(self, now: datetime, words: str) -> None:
        self.state, self.dropped_at, self.dropped_words = State.dropped, now, words
        self._moved()

    def _planned_again(self) -> None:
        self.state, self.dropped_words = State.planned, ""
        self.reached_at = self.reached_by_id = self.dropped_at = None
        self.version += 1

    def _moved(self) -> None:
        self.version += 1
        db.session.flush()


def refuse_measured(criterion: Criterion) -> None:
    """Raise `NotNow` for a criterion that nobody checks by hand."""
    if criterion.measure is not None:
        raise NotNow(_("Nobody checks this by hand: it is read from what is on record."))
