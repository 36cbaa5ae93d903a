"""What the tellers of the demo story share: who is who by key, and the timetable."""

from __future__ import annotations

from dataclasses import dataclass, field

from tracker.blockers.models import Blocker
from tracker.demo.timetable import Timetable
from tracker.goals.models import Goal
from tracker.initiatives.memberships import Membership
from tracker.initiatives.models import Initiative
from tracker.kpis.models import Kpi
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit


@dataclass
class Story:
    """The rows made so far, by the keys of the plans; they fill as the timetable runs."""

    timetable: Timetable
    hashes: dict[str, str]  # password: its argon2 hash, made before the transaction
    organisation: Organisation | None = None  # held, so that the session need not load it each time
    people: dict[str, Person] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    partners: dict[str, Partner] = field(default_factory=dict)
    kpis: dict[str, Kpi] = field(default_factory=dict)
    initiatives: dict[str, Initiative] = field(default_factory=dict)
    goals: dict[str, Goal] = field(default_factory=dict)
    blockers: dict[str, Blocker] = field(default_factory=dict)  # by what they say
    seats: dict[tuple[str, str], Membership] = field(default_factory=dict)  # initiative, person
