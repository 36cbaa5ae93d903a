"""Forms of boards."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired, Optional

from tracker.boards.filters import Filters
from tracker.boards.models import Board, Lanes
from tracker.forms import Form, Line, optional_id
from tracker.wording import lazy as _l


def lane_words() -> list[tuple[str, str]]:
    """Return the lanes one may choose, in order."""
    return [
        (Lanes.none.value, _l("None")),
        (Lanes.kpi.value, _l("KPI")),
        (Lanes.unit.value, _l("Unit")),
        (Lanes.sponsor.value, _l("Sponsor")),
        (Lanes.health.value, _l("Health")),
        (Lanes.partner.value, _l("Partner")),
    ]


def stands(board: Board) -> dict[str, Any]:
    """Return what the form of a saved board shows of it now, field by field."""
    filters = board.filters
    chosen = {
        name: getattr(filters, name) for name in ("theme", "unit", "sponsor", "partner", "kpi")
    }
    more = {"colour": filters.colour, "blocked": filters.blocked, "lanes": board.lanes.value}
    return {"name": board.name, **chosen, **more}


class BoardForm(Form):
    """Name, filters and lanes of a saved board; who may, keeps it for all."""

    name = Line(_l("Name"), [DataRequired(_l("Give the board a name."))], longest=80)
    theme = Line(_l("Theme"), [Optional()], longest=80)
    unit = SelectField(
        _l("Unit"), coerce=optional_id, validators=[Optional()], validate_choice=True
    )
    sponsor = SelectField(_l("Sponsor"), coerce=optional_id, validators=[Optional()])
    partner = SelectField(_l("Partner"), coerce=optional_id, validators=[Optional()])
    kpi = SelectField(_l("KPI"), coerce=optional_id, validators=[Optional()])
    colour = SelectField(
        _l("Colour"),
        choices=lambda: [
            ("", _l("Any")),
            ("on_track", _l("On track")),
            ("at_risk", _l("At risk")),
            ("off_track", _l("Off track")),
            ("none", _l("No report yet")),
        ],
    )
    blocked = BooleanField(_l("Only what is blocked"))
    lanes = SelectField(_l("Lanes"), choices=lane_words)
    shared = BooleanField(_l("For everybody"))

    def filters(self) -> Filters:
        """Return what was chosen as filters."""
        return Filters.from_mapping(
            {
                "theme": self.theme.data, "unit": self.unit.data, "sponsor": self.sponsor.data, "partner": self.partner.data,
                "kpi": self.kpi.data,
                "colour": self.colour.data, "blocked": self.blocked.data,
            }
        )  # fmt: skip
