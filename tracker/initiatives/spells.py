"""How long initiatives stay in each stage: kept when one leaves, so that a usual age can be read from history."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, literal, select, union_all
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.db import Instant, Model, db, enum_text
from tracker.initiatives.stages import USUAL_DAYS, Stage
from tracker.organisation.calendars import working_days
from tracker.organisation.settings import Organisation

LOOK_BACK = 200  # the latest spells of a stage that its usual age is read from
ENOUGH = 10  # fewer spells than this say nothing; then the figures we begin with stand
SHARE = 0.85


class StageSpell(Model):
    """One stay in one stage; `days` are the working days of a finished one."""

    __tablename__ = "stage_spell"
    __table_args__ = (
        Index("ix_stage_spell_initiative_id", "initiative_id"),
        Index("ix_stage_spell_stage_left_at", "stage", "left_at"),
    )

    on_trail: ClassVar[Declared] = declare("initiative_id stage entered_at left_at days")

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    stage: Mapped[Stage] = mapped_column(enum_text(Stage))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    days: Mapped[int | None]  # working days, by the organisation's calendar


def leave(initiative_id: int, now: datetime) -> None:
    """End the present stay of an initiative."""
    spell = db.session.scalars(
        select(StageSpell).where(
            StageSpell.initiative_id == initiative_id, StageSpell.left_at.is_(None)
        )
    ).one_or_none()
    if spell is not None:
        calendar_id = Organisation.current().calendar_id
        calendar = working_days([calendar_id])[calendar_id] if calendar_id else None
        spell.left_at = now
        spell.days = (
            calendar.between(spell.entered_at.date(), now.date())
            if calendar
            else (now - spell.entered_at).days
        )


def enter(initiative_id: int, stage: Stage, now: datetime) -> None:
    """Begin a stay; the one before ends."""
    leave(initiative_id, now)
    db.session.add(StageSpell(initiative_id=initiative_id, stage=stage, entered_at=now))


def take_up(initiative_id: int) -> StageSpell:
    """Let the present stay never have been: the one before goes on. Return that one."""
    query = select(StageSpell).where(StageSpell.initiative_id == initiative_id)
    present, before = db.session.scalars(query.order_by(StageSpell.id.desc()).limit(2)).all()
    db.session.delete(present)
    before.left_at = before.days = None
    db.session.flush()
    return before


def usual_ages() -> dict[Stage, int]:
    """Return, by stage, the working days within which 85 % of the latest finished stays ended.

    The share is that of ageing charts for work in progress. Fewer than ten stays say nothing: then the figures we begin
    with stand. "Proving benefit" has no usual age: its checkpoints say how long it takes.
    """
    latest = [
        select(literal(stage.value).label("stage"), StageSpell.days)
        .where(StageSpell.stage == stage, StageSpell.left_at.is_not(None))
        .order_by(StageSpell.left_at.desc())
        .limit(LOOK_BACK)
        .subquery()
        for stage in USUAL_DAYS
    ]
    days: dict[str, list[int]] = {}
    for stage, stayed in db.session.execute(union_all(*[select(part) for part in latest])):
        days.setdefault(stage, []).append(stayed)
    usual = dict(USUAL_DAYS)
    for stage, stays in days.items():
        if len(stays) >= ENOUGH:
            usual[Stage(stage)] = sorted(stays)[min(len(stays) - 1, int(len(stays) * SHARE))]
    return usual
