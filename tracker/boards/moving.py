"""Where a dropped card leads: always to the form that its menu would open, so that both meet the same rule."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from tracker.addresses import id_in
from tracker.boards.statement import ENDED
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import ORDER, Stage, stage_name
from tracker.organisation.people import Person
from tracker.policy import May, may


class NoMove(Exception):
    """No rule allows this move; `words` say why and what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def form_for(
    initiative: Initiative, *, column: str, lanes: str, lane: str, person: Person, back: str
) -> str:
    """Return the address of the form for dropping `initiative` on `column` and `lane`. Raises `NoMove` with the reason."""
    here = ENDED if initiative.ended else initiative.stage.value
    if column and column != here:
        return _for_stage(initiative, column, person, back)
    number = id_in(lane)
    if lanes == "unit" and number and number != initiative.lead_unit_id:
        _need(
            person,
            May.change_lead_unit,
            initiative,
            _("Only the lead or a programme manager changes the lead unit."),
        )
        return url_for("initiatives.lead_unit", ref=initiative.ref, unit=lane, back=back)
    if lanes == "sponsor" and number and number != initiative.sponsor_id:
        _need(
            person,
            May.propose_sponsor,
            initiative,
            _("The sponsor or the programme owner proposes a new sponsor; for an idea, the lead."),
        )
        return url_for("initiatives.propose", ref=initiative.ref, person=lane, back=back)
    if lanes == "health" and lane != (initiative.colour or "none"):
        _need(
            person,
            May.post_update,
            initiative,
            _("The colour changes with an update, which the lead posts."),
        )
        return url_for(
            "updates.new", ref=initiative.ref, colour="" if lane == "none" else lane, back=back
        )
    if lanes == "kpi":
        raise NoMove(
            _(
                "%(ref)s stays where it is: which KPI it is to move is said by its goal, which is set on the page of the initiative.",
                ref=initiative.ref,
            )
        )
    if lanes == "partner":
        raise NoMove(
            _(
                "Partners are changed on the team page of %(ref)s, not by moving its card.",
                ref=initiative.ref,
            )
        )
    raise NoMove(
        _(
            "%(ref)s stays where it is: cards of a cell are ordered by their time in the stage.",
            ref=initiative.ref,
        )
    )


def _for_stage(initiative: Initiative, column: str, person: Person, back: str) -> str:
    if initiative.ended:
        raise NoMove(_("%(ref)s has ended and cannot move.", ref=initiative.ref))
    if column == ENDED:
        _need(
            person,
            May.stop,
            initiative,
            _("Only the sponsor stops %(ref)s, with a reason.", ref=initiative.ref),
        )
        return url_for("initiatives.stop", ref=initiative.ref, back=back)
    if column not in set(Stage):
        raise NoMove(_("There is no such stage."))
    wanted = Stage(column)
    if initiative.stage == Stage.idea:
        raise NoMove(
            _(
                "%(ref)s leaves Idea when an executive accepts to sponsor it. Propose one from its menu.",
                ref=initiative.ref,
            )
        )
    if wanted == initiative.next_stage:
        if not (
            may(person, May.decide_stage, initiative) or may(person, May.ask_stage, initiative)
        ):
            raise NoMove(
                _(
                    "Only people on the team of %(ref)s ask its sponsor to open %(stage)s.",
                    ref=initiative.ref,
                    stage=stage_name(wanted),
                )
            )
        return url_for("approvals.stage", ref=initiative.ref, to=wanted.value, back=back)
    if wanted == Stage.idea:
        raise NoMove(
            _(
                "%(ref)s does not go back to Idea, for it has a sponsor. The sponsor may put it on hold or stop it.",
                ref=initiative.ref,
            )
        )
    if wanted == initiative.previous_stage:
        _need(
            person,
            May.step_back,
            initiative,
            _("Only the sponsor moves %(ref)s back a stage.", ref=initiative.ref),
        )
        return url_for("initiatives.step_back", ref=initiative.ref, back=back)
    if ORDER.index(wanted) > ORDER.index(initiative.stage):
        raise NoMove(
            _(
                "Stages open one at a time: %(stage)s is next for %(ref)s.",
                stage=stage_name(initiative.next_stage or ""),
                ref=initiative.ref,
            )
        )
    raise NoMove(_("The sponsor moves back one stage at a time."))


def _need(person: Person, act: May, initiative: Initiative, words: str) -> None:
    if not may(person, act, initiative):
        raise NoMove(words)
