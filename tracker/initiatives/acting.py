"""What somebody can do with an initiative now: the policy says who, its state says when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tracker.initiatives.stages import Stage
from tracker.policy import May, may


@dataclass(frozen=True)
class Acts:
    """One mark for each act that a page may offer; none of them promises what the gate would refuse."""

    edit: bool = False
    edit_team: bool = False
    set_lead: bool = False
    change_lead_unit: bool = False
    propose: bool = False
    answer: bool = False
    withdraw_proposal: bool = False
    ask: bool = False
    decide: bool = False
    step_back: bool = False
    hold: bool = False
    resume: bool = False
    stop: bool = False
    copy: bool = False
    report: bool = False
    raise_blocker: bool = False


def acts_on(initiative: Any, person: Any) -> Acts:
    """Return what `person` can do with `initiative` (or a row that answers the same questions) as it stands."""

    def can(act: May) -> bool:
        return may(person, act, initiative)

    if initiative.ended:
        return Acts(copy=can(May.copy_initiative))
    sponsored = initiative.stage != Stage.idea
    held = initiative.held_at is not None
    next_stage = initiative.next_stage if sponsored and not held else None
    asked, proposed = initiative.asked_stage, initiative.proposed_sponsor_id
    decides = can(May.decide_stage)
    return Acts(
        edit=can(May.edit_initiative),
        edit_team=can(May.edit_team),
        set_lead=can(May.set_lead),
        change_lead_unit=can(May.change_lead_unit),
        propose=proposed is None and can(May.propose_sponsor),
        answer=proposed is not None and can(May.answer_sponsorship),
        withdraw_proposal=proposed is not None and can(May.withdraw_proposal),
        ask=next_stage is not None and asked is None and can(May.ask_stage),
        decide=next_stage is not None and decides and initiative.asked_by_id != person.id,
        step_back=initiative.previous_stage is not None and can(May.step_back),
        hold=sponsored and not held and can(May.hold),
        resume=held and can(May.resume),
        stop=can(May.stop),
        copy=can(May.copy_initiative),
        report=can(May.post_update),
        raise_blocker=can(May.raise_blocker),
    )
