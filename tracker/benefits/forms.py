"""What is typed about the money of a quarter."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tracker.forms import Form
from tracker.initiatives.fields import Amount
from tracker.wording import lazy as _l


class QuarterForm(Form):
    """What a quarter brings: planned, forecast, realised; each may be left open."""

    planned = Amount(_l("Planned"))
    forecast = Amount(_l("Forecast"))
    realised = Amount(_l("Realised"))

    @property
    def amounts(self) -> dict[str, Decimal | None]:
        """What the verb takes."""
        own: Any = self
        return {name: own[name].data for name in ("planned", "forecast", "realised")}
