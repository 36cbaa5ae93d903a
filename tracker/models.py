"""Every room's models, for the mapper, the migrations and the tests; nothing else imports this."""

from __future__ import annotations

from tracker.activity import models as activity
from tracker.organisation import calendars, partners, people, settings, submissions, units

__all__ = ["activity", "calendars", "partners", "people", "settings", "submissions", "units"]
