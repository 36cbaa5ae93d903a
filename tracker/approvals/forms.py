"""What is typed about a request and its decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired

from tracker.approvals.asking import SAYS
from tracker.approvals.deciding import Wanted
from tracker.approvals.states import Decision
from tracker.fields import Day
from tracker.forms import Form, Line, Optional, Words, optional_id
from tracker.initiatives.fields import Amount
from tracker.wording import lazy as _l
from tracker.wording import today

LONGEST = 300  # characters: what is asked for stands on one screen of a phone


class RequestForm(Form):
    """One question to the sponsor, and what the answer costs, brings and risks."""

    question = Line(
        _l("The question"), [DataRequired(_l("Say in one question what is to be decided."))]
    )
    cost = Amount(_l("Cost"), [Optional()])
    cost_words = Line(_l("The cost in words"), [Optional()])
    gain = Words(_l("Gain"), [Optional()], longest=LONGEST)
    waiting = Words(_l("If we wait"), [Optional()], longest=LONGEST)
    risk = Words(_l("Open risk"), [Optional()], longest=LONGEST)
    decide_by = Day(_l("Decide by"), [Optional()], future=True)

    def whole(self) -> bool:
        """Tell whether it says all that the sponsor has to read, and say beside each field what is missing (rule 13)."""
        lacking = {
            "gain": _("Say what it brings, to customers and to us."),
            "waiting": _("Say what happens if the decision waits."),
            "risk": _("Say what could still go wrong, or that nothing is known."),
            "decide_by": _("Say by when it has to be decided."),
        }
        if self.cost.data is None and not self.cost_words.data:
            lacking["cost"] = _("Say what it costs, as an amount or in words.")
        wrong = {
            name: words for name, words in lacking.items() if name == "cost" or not self[name].data
        }
        for name, words in wrong.items():
            self[name].errors = [words]
        return not wrong

    @property
    def says(self) -> dict[str, Any]:
        """What was typed, as the verbs take it."""
        return {
            key: self[key].data if key in ("cost", "decide_by") else self[key].data or ""
            for key in SAYS
        }


class NotYetForm(Form):
    """Send it back, put the work on hold, or stop it; why."""

    decision = RadioField(_l("What happens now"), [InputRequired(_l("Choose what happens now."))])
    words = Words(_l("Why, and what has to happen first"), [DataRequired(_l("Say in words why you decide so."))], longest=2000)  # fmt: skip

    def offer(self, *, held: bool, stops: bool = True) -> NotYetForm:
        """Say what can be chosen; what is on hold already is not put on hold, and not everybody `stops` it."""
        every = {
            Decision.sent_back: _("Send it back: those who asked say it anew"),
            Decision.held: _("Put the initiative on hold: its clocks stand still"),
            Decision.stopped: _("Stop the initiative: it ends here, and nobody takes that back"),
        }
        self.decision.choices = [
            (one.value, words)
            for one, words in every.items()
            if not (held and one == Decision.held) and (stops or one != Decision.stopped)
        ]
        return self


class GiveBackForm(Form):
    """Why finance sends back what the sponsor approved."""

    words = Words(_l("Why, and what has to happen first"), [DataRequired(_l("Say in words why you decide so."))], longest=2000)  # fmt: skip


class ConditionForm(Form):
    """What has to be done, by whom, by when."""

    words = Words(_l("What has to be done"), [DataRequired(_l("Say what has to be done."))], longest=500)  # fmt: skip
    owner_id = SelectField(_l("Who does it"), coerce=optional_id, validators=[InputRequired(_l("Choose who does it."))])  # fmt: skip
    due_on = Day(_l("By when"), [InputRequired(_l("Say by when it is due."))], future=True)

    def offer(self, people: Sequence[tuple[int, str]]) -> ConditionForm:
        """Say who can do it."""
        self.owner_id.choices = [("", _("Choose somebody")), *people]
        return self

    @property
    def wanted(self) -> Wanted:
        """What was typed, as the verb takes it."""
        return Wanted(str(self.words.data), int(self.owner_id.data), self.due_on.data or today())


class WaiveForm(Form):
    """Why a condition is not needed any more."""

    words = Words(_l("Reason"), [DataRequired(_l("Say why the condition is waived."))], longest=2000)  # fmt: skip
