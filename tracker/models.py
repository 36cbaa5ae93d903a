"""Every room's models, for the mapper, the migrations and the tests; nothing else imports this."""

from __future__ import annotations

from tracker.activity import models as activity
from tracker.boards import models as boards
from tracker.initiatives import friction, spells, sponsoring, staging, team
from tracker.initiatives import models as initiatives
from tracker.organisation import (
    access,
    calendars,
    deputies,
    handed,
    partners,
    people,
    settings,
    submissions,
    throttling,
    units,
)
from tracker.updates import models as updates

__all__ = [
    "access",
    "activity",
    "boards",
    "calendars",
    "deputies",
    "friction",
    "handed",
    "initiatives",
    "partners",
    "people",
    "settings",
    "spells",
    "sponsoring",
    "staging",
    "submissions",
    "team",
    "throttling",
    "units",
    "updates",
]
