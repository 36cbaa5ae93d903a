"""Stages move forward by the sponsor's decision; the sponsor may also step back or stop (rules 1 and 6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from tracker.activity.kinds import Kind
from tracker.errors import NotNow
from tracker.initiatives import spells
from tracker.initiatives.asking import Asked, AskState, StageAsk
from tracker.initiatives.holding import Held, when_held
from tracker.initiatives.stages import Stage, after, before, stage_name
from tracker.organisation.people import Person

__all__ = [
    "AskState",
    "StageAsk",
    "Staged",
    "conditions",
    "when_entered",
    "when_held",
    "when_stepped_back",
    "when_stopped",
]

conditions: list[Callable[[Any, Stage, datetime], str | None]] = []
"""Rooms above say what stands in the way: (initiative, stage, now) gives words, or None."""

when_entered: list[Callable[[Any, Stage, Person | None, datetime], None]] = []
"""Rooms above act as a stage is entered: (initiative, stage, by, now)."""

when_stepped_back: list[Callable[[Any, Stage, Person, datetime], None]] = []
"""Rooms above act as a stage is left backwards: (initiative, the stage it stood in, by, now), called after its event."""

when_stopped: list[Callable[[Any, Person, datetime], None]] = []
"""Rooms above close what hangs on a stopped initiative: (initiative, by, now)."""


class Staged(Asked, Held):
    """How an initiative moves."""

    if TYPE_CHECKING:
        id: Any
        ref: Any
        stage: Any
        stage_since: Any
        asked_by_id: Any
        asked_stage: Any
        held_at: Any
        stopped_at: Any
        stopped_words: Any
        sponsor_id: Any
        proposed_sponsor_id: Any
        version: Any
        record: Any
        touch: Any
        ended: Any
        withdraw_proposal: Any

    @property
    def next_stage(self) -> Stage | None:
        """The stage that a decision would open, or None."""
        return None if self.ended else after(self.stage)

    @property
    def previous_stage(self) -> Stage | None:
        """The stage that the sponsor may step back to, or None."""
        return None if self.ended or self.stage == Stage.idea else before(self.stage)

    def stage_to_open(self, now: datetime) -> Stage:
        """Return the stage that may be opened now.

        It is the next stage, when nothing stands in the way. Raises `NotNow` with what stands in the way.
        """
        self._going_on()
        if self.held_at is not None:
            raise NotNow(_("%(ref)s is on hold. The sponsor resumes it first.", ref=self.ref))
        if self.stage == Stage.idea or self.sponsor_id is None:
            raise NotNow(
                _(
                    "%(ref)s needs a sponsor: accepting the sponsorship opens %(stage)s.",
                    ref=self.ref,
                    stage=stage_name(Stage.framed),
                )
            )
        stage = after(self.stage)
        if stage is None:
            raise NotNow(_("%(ref)s stands at the last stage.", ref=self.ref))
        self.nothing_in_the_way(stage, now)
        return stage

    def in_the_way(self, stage: Stage, now: datetime) -> str | None:
        """Return the first thing that `stage` still waits for, or None."""
        return next(filter(None, (condition(self, stage, now) for condition in conditions)), None)

    def nothing_in_the_way(self, stage: Stage, now: datetime) -> None:
        """Raise `NotNow` with the first thing that `stage` still waits for."""
        if words := self.in_the_way(stage, now):
            raise NotNow(words)

    def open_stage(
        self,
        stage: Stage,
        *,
        by: Person,
        now: datetime,
        words: str,
        for_sponsor: Person | None = None,
    ) -> None:
        """Decide that `stage` opens, which was asked for. `for_sponsor` names the sponsor when a deputy decides ("B for A").

        Only the decision on a request about its gate leads here (`approvals.deciding`). Raises `NotNow` if another stage is
        next by now, if something stands in the way, if nobody asked, or if whoever asked would decide.
        """
        if not self.ended and stage != after(self.stage):
            self._moved_meanwhile()
        self.stage_to_open(now)
        if self.asked_stage != stage:
            raise NotNow(
                _("Nobody has asked to open %(stage)s. A stage opens by the decision on its gate.", stage=stage_name(stage))
            )  # fmt: skip
        if self.asked_by_id == by.id:
            raise NotNow(_("You asked for this, so somebody else decides it."))
        if stage == Stage.realised and self.proposed_sponsor_id is not None:
            self.withdraw_proposal(by=by, now=now)
        ask = self.close_ask(AskState.granted, by, now, words)
        was = self.stage
        self.enter(stage, now)
        self._moved(now)
        self.record(
            Kind.stage_opened,
            by=by,
            now=now,
            before={"stage": was.value},
            after={"stage": stage.value, "ask_id": ask.id if ask else None},
            private={"words": words} if words else None,
            on_behalf_of=for_sponsor,
        )
        self.entered(by, now)

    def step_back(
        self,
        *,
        by: Person,
        now: datetime,
        words: str,
        to: Stage | None = None,
        for_sponsor: Person | None = None,
    ) -> None:
        """Move back one stage, in words. `to` is the stage that the form showed.

        Raises `NotNow` where no earlier stage is, or if it has moved since.
        """
        self._going_on()
        stage = self.previous_stage
        if stage is None:
            raise NotNow(
                _(
                    "%(ref)s cannot step back from %(stage)s.",
                    ref=self.ref,
                    stage=stage_name(self.stage),
                )
            )
        if to is not None and to != stage:
            self._moved_meanwhile()
        self.close_ask(AskState.withdrawn, by, now, "")
        was = self.stage
        self.enter(stage, now)
        self._moved(now)
        self.record(
            Kind.stage_stepped_back,
            by=by,
            now=now,
            before={"stage": was.value},
            after={"stage": stage.value},
            private={"words": words},
            on_behalf_of=for_sponsor,
        )
        for act in when_stepped_back:
            act(self, was, by, now)

    def stop(
        self, *, by: Person, now: datetime, words: str, for_sponsor: Person | None = None
    ) -> None:
        """End it without a result, with the reason: requests are withdrawn and blockers close. Raises `NotNow` if it has ended."""
        self._going_on()
        if self.held_at is not None:
            self.end_hold(now)
        self.close_ask(AskState.withdrawn, by, now, "")
        if self.proposed_sponsor_id is not None:
            self.withdraw_proposal(by=by, now=now)
        self.stopped_at, self.stopped_words = now, words
        spells.leave(self.id, now)
        for close in when_stopped:
            close(self, by, now)
        self._moved(now)
        self.record(
            Kind.stage_stopped,
            by=by,
            now=now,
            after={"stage": self.stage.value},
            private={"words": words},
            on_behalf_of=for_sponsor,
        )

    def enter(self, stage: Stage, now: datetime) -> None:
        """Stand in `stage` from now on; how long the one before took is kept."""
        self.stage, self.stage_since = stage, now
        spells.enter(self.id, stage, now)

    def entered(self, by: Person | None, now: datetime) -> None:
        """Let rooms above act on the stage that was entered, after its event."""
        for act in when_entered:
            act(self, self.stage, by, now)

    def _moved_meanwhile(self) -> None:
        raise NotNow(
            _(
                "%(ref)s stands at %(stage)s by now; somebody moved it first. "
                "Look at it again before you decide.",
                ref=self.ref,
                stage=stage_name(self.stage),
            )
        )

    def _going_on(self) -> None:
        if self.stopped_at is not None:
            raise NotNow(_("%(ref)s was stopped.", ref=self.ref))
        if self.stage == Stage.realised:
            raise NotNow(
                _(
                    "%(ref)s has reached %(stage)s; nothing comes after it.",
                    ref=self.ref,
                    stage=stage_name(Stage.realised),
                )
            )

    def _moved(self, now: datetime) -> None:
        for name, value in self._moves(now).items():
            setattr(self, name, value)
