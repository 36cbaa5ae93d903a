"""Every room's models, for the mapper, the migrations and the tests; nothing else imports this."""

from __future__ import annotations

from tracker.actions import models as actions
from tracker.actions import pausing, reviews
from tracker.activity import models as activity
from tracker.approvals import conditions, links
from tracker.approvals import models as approvals
from tracker.audit import models as audit
from tracker.blockers import holding, silos
from tracker.blockers import models as blockers
from tracker.boards import models as boards
from tracker.discussion import models as discussion
from tracker.feeds import models as feeds
from tracker.files import models as files
from tracker.goals import models as goals
from tracker.goals import versions
from tracker.importing import models as importing
from tracker.initiatives import (
    charter,
    friction,
    rating,
    signatures,
    spells,
    sponsoring,
    staging,
    team,
)
from tracker.initiatives import models as initiatives
from tracker.kpis import models as kpis
from tracker.kpis import readings, standing, targets
from tracker.milestones import criteria, moves
from tracker.milestones import models as milestones
from tracker.notices import jobs
from tracker.notices import models as notices
from tracker.organisation import (
    access,
    asking,
    calendars,
    deputies,
    handed,
    partners,
    people,
    settings,
    sign_ins,
    submissions,
    throttling,
    units,
)
from tracker.partners import saying, scores
from tracker.proofs import apps, ceremonies, passkeys, recovery
from tracker.updates import models as updates

__all__ = [
    "access",
    "actions",
    "activity",
    "approvals",
    "apps",
    "asking",
    "audit",
    "blockers",
    "boards",
    "calendars",
    "ceremonies",
    "charter",
    "conditions",
    "criteria",
    "deputies",
    "discussion",
    "feeds",
    "files",
    "friction",
    "goals",
    "handed",
    "holding",
    "importing",
    "initiatives",
    "jobs",
    "kpis",
    "links",
    "milestones",
    "moves",
    "notices",
    "partners",
    "passkeys",
    "pausing",
    "people",
    "rating",
    "readings",
    "recovery",
    "reviews",
    "saying",
    "scores",
    "settings",
    "sign_ins",
    "signatures",
    "silos",
    "spells",
    "sponsoring",
    "staging",
    "standing",
    "submissions",
    "targets",
    "team",
    "throttling",
    "units",
    "updates",
    "versions",
]
