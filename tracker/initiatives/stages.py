"""The stages of an initiative, in their one order (rule 1)."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import gettext as _

from tracker.organisation.settings import Organisation


class Stage(StrEnum):
    """How far an initiative has come. An organisation may rename stages, never reorder them."""

    idea = "idea"
    framed = "framed"
    designing = "designing"
    piloting = "piloting"
    rolling_out = "rolling_out"
    proving = "proving_benefit"
    realised = "realised"


ORDER = tuple(Stage)
ADOPTABLE = (Stage.framed, Stage.designing, Stage.piloting, Stage.rolling_out, Stage.proving)
USUAL_DAYS = {
    Stage.framed: 14,
    Stage.designing: 30,
    Stage.piloting: 45,
    Stage.rolling_out: 60,
}  # working days, until history says better


def in_use() -> tuple[Stage, ...]:
    """Return the stages of this organisation: `designing` may be switched off."""
    organisation = Organisation.current()
    return tuple(s for s in ORDER if organisation.designing or s != Stage.designing)


def after(stage: Stage) -> Stage | None:
    """Return the stage that follows, or None after the last."""
    later = [s for s in in_use() if ORDER.index(s) > ORDER.index(stage)]
    return later[0] if later else None


def before(stage: Stage) -> Stage | None:
    """Return the stage one may step back to, or None: nothing steps back into `idea`."""
    earlier = [s for s in in_use() if Stage.idea != s and ORDER.index(s) < ORDER.index(stage)]
    return earlier[-1] if earlier else None


def stage_name(stage: str) -> str:
    """Return the organisation's name of a stage, else ours, in the language of whoever looks."""
    own = Organisation.current().stage_names.get(stage)
    return own or usual_names()[Stage(stage)]


def usual_names() -> dict[Stage, str]:
    """Return our own names of the stages, translated."""
    return {
        Stage.idea: _("Idea"),
        Stage.framed: _("Framed"),
        Stage.designing: _("Designing"),
        Stage.piloting: _("Piloting"),
        Stage.rolling_out: _("Rolling out"),
        Stage.proving: _("Proving benefit"),
        Stage.realised: _("Realised"),
    }
