"""Every room's models, for the mapper, the migrations and the tests; nothing else imports this."""

from __future__ import annotations

from tracker.activity import models as activity
from tracker.initiatives import friction, spells, sponsoring, staging, team
from tracker.initiatives import models as initiatives
from tracker.organisation import access, calendars, partners, people, settings, submissions, throttling, units

__all__ = [
    "access",
    "activity",
    "calendars",
    "friction",
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
]
