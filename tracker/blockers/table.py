"""What the database itself refuses of a blocker, and by what its rows are found."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.sql.schema import SchemaItem

from tracker.blockers.holders import one_holder, one_waits
from tracker.dialects import partial_index


def rules() -> tuple[SchemaItem, ...]:
    """Return the constraints of the table of blockers."""
    return (
        *one_holder(),
        one_waits(),
        # What is blocked is an action of the same initiative: the database refuses another one's.
        ForeignKeyConstraint(
            ["action_id", "initiative_id"],
            ["action.id", "action.initiative_id"],
            name="fk_blocker_action_id_action",
        ),
        CheckConstraint(
            "(waiting_on = 'nobody') = (state IN ('confirmed', 'withdrawn', 'closed'))",
            name="waits_on_somebody",
        ),
        CheckConstraint(
            "(open_since IS NOT NULL) = (state IN ('raised', 'acknowledged', 'counter_proposed', 'committed', 'disputed'))",
            name="open_kept",
        ),
        CheckConstraint(
            "state <> 'committed' OR promised_on IS NOT NULL", name="promise_has_a_date"
        ),
        CheckConstraint(
            "(proposed_on IS NOT NULL) = (state = 'counter_proposed')", name="proposal_has_a_date"
        ),
        CheckConstraint(
            "(asked_since IS NOT NULL) = (state IN ('counter_proposed', 'disputed'))",
            name="asked_since_a_day",
        ),
        CheckConstraint(
            "(escalated_to IS NULL) = (escalated_on IS NULL)", name="escalated_on_a_day"
        ),
        CheckConstraint("cost IS NULL OR cost >= 0", name="cost"),
    )


def indexes() -> tuple[Index, ...]:
    """Return the indexes of the table of blockers."""
    return (
        Index("ix_blocker_open_since", "open_since", "id"),
        Index("ix_blocker_raised_at", "raised_at"),
        Index("ix_blocker_due_on", "due_on"),
        Index("ix_blocker_closed_at", "closed_at"),
        Index("ix_blocker_initiative_id", "initiative_id", "open_since"),
        Index("ix_blocker_holder_unit_id", "holder_unit_id", "open_since"),
        Index("ix_blocker_holder_partner_id", "holder_partner_id", "open_since"),
        Index("ix_blocker_blocked_unit_id", "blocked_unit_id", "open_since"),
        partial_index(
            "ix_blocker_blocked_partner_id",
            "blocked_partner_id",
            "open_since",
            where="blocked_partner_id IS NOT NULL",
        ),
        # what is not over of a partner, however much it held or waited for before
        partial_index(
            "ix_blocker_held_by_partner",
            "holder_partner_id",
            "waiting_on",
            "due_on",
            where="holder_partner_id IS NOT NULL AND closed_at IS NULL",
        ),
        partial_index(
            "ix_blocker_awaited_by_partner",
            "blocked_partner_id",
            "waiting_on",
            "open_since",
            where="blocked_partner_id IS NOT NULL AND closed_at IS NULL",
        ),
        partial_index(
            "ix_blocker_action_id", "action_id", "open_since", where="action_id IS NOT NULL"
        ),
        partial_index(
            "ix_blocker_answerer_id",
            "answerer_id",
            "waiting_on",
            "due_on",
            where="answerer_id IS NOT NULL",
        ),
        partial_index(
            "ix_blocker_unanswered",
            "open_since",
            "id",
            where="answerer_id IS NULL AND open_since IS NOT NULL",
        ),
        partial_index(
            "ix_blocker_escalates_on", "escalates_on", "id", where="escalates_on IS NOT NULL"
        ),
        partial_index(
            "ix_blocker_escalated_to_id",
            "escalated_to_id",
            "due_on",
            where="escalated_to_id IS NOT NULL AND open_since IS NOT NULL",
        ),
        partial_index(
            "ix_blocker_unnamed",
            "holder_unit_id",
            "due_on",
            where="answerer_id IS NULL AND open_since IS NOT NULL",
        ),
        partial_index(
            "ix_blocker_unnamed_outside",
            "initiative_id",
            "due_on",
            where="answerer_id IS NULL AND open_since IS NOT NULL AND holder_outside IS NOT NULL",
        ),
        Index("ix_blocker_raised_by_id", "raised_by_id", "waiting_on", "due_on"),
        partial_index(
            "ix_blocker_asked_since", "asked_since", "id", where="asked_since IS NOT NULL"
        ),
    )
