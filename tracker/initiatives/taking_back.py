"""A decision about a stage that is taken back at once: the initiative stands as if nobody had decided (rule 13)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.initiatives import spells
from tracker.initiatives.asking import AskState, StageAsk
from tracker.initiatives.stages import Stage
from tracker.initiatives.staging import when_stepped_back
from tracker.organisation.people import Person


class TakenBack:
    """How a decision about a stage is taken back. Whether it may be is for the room to say that decided (`approvals.undoing`)."""

    if TYPE_CHECKING:
        id: Any
        stage: Any
        stage_since: Any
        asked_stage: Any
        asked_by_id: Any
        asked_at: Any
        record: Any
        _moved: Any

    def take_back_opening(
        self, *, by: Person, now: datetime, for_sponsor: Person | None = None
    ) -> None:
        """Stand again in the stage before, for as long as if it had never been left; its gate is planned again."""
        left = self.stage
        stay = spells.take_up(self.id)
        self.stage, self.stage_since = stay.stage, stay.entered_at
        self._moved(now)
        self.record(
            Kind.stage_opening_undone, by=by, now=now, before={"stage": left.value},
            after={"stage": self.stage.value}, on_behalf_of=for_sponsor,
        )  # fmt: skip
        for act in when_stepped_back:
            act(self, left, by, now)

    def ask_again(self, stage: Stage, answered_at: datetime, *, now: datetime) -> None:
        """Let what was asked about `stage`, and answered at `answered_at`, be open again: the card wears "asked" as before."""
        asked = (
            select(StageAsk)
            .where(
                StageAsk.initiative_id == self.id,
                StageAsk.stage == stage,
                StageAsk.answered_at == answered_at,
            )
            .order_by(StageAsk.id.desc())
        )
        ask = db.session.scalars(asked.limit(1).execution_options(populate_existing=True)).one()
        ask.state, ask.answer_words = AskState.open, ""
        ask.answered_by_id = ask.answered_at = ask.agreed_at = None
        self.asked_stage, self.asked_by_id, self.asked_at = stage, ask.asked_by_id, ask.asked_at
        self._moved(now)
