"""The rooms that are open: their pages, and what each tells the rooms below it."""

from __future__ import annotations

from flask import Flask

from tracker.actions import joining as actions_joining
from tracker.actions.views import pages as actions
from tracker.approvals import joining as approvals_joining
from tracker.approvals.views import pages as approvals
from tracker.audit import joining as audit_joining
from tracker.audit.views import pages as audit
from tracker.benefits import joining as benefits_joining
from tracker.benefits.views import pages as benefits
from tracker.blockers import joining as blockers_joining
from tracker.blockers.views import pages as blockers
from tracker.boards import joining as boards_joining
from tracker.boards.views import pages as boards
from tracker.discussion import joining as discussion_joining
from tracker.discussion.views import pages as discussion
from tracker.feeds import joining as feeds_joining
from tracker.feeds.views import pages as feeds
from tracker.files import joining as files_joining
from tracker.files.views import pages as files
from tracker.goals import joining as goals_joining
from tracker.goals.views import pages as goals
from tracker.health import pages as health
from tracker.importing import joining as importing_joining
from tracker.importing.views import pages as importing
from tracker.initiatives import joining as initiatives_joining
from tracker.initiatives import joining_charter
from tracker.initiatives.views import pages as initiatives
from tracker.keeping import joining as keeping_joining
from tracker.kpis import joining as kpis_joining
from tracker.kpis.views import pages as kpis
from tracker.measured import pages as measured
from tracker.milestones import joining as milestones_joining
from tracker.milestones.views import pages as milestones
from tracker.notices import joining as notices_joining
from tracker.notices.views import pages as notices
from tracker.organisation import joining as organisation_joining
from tracker.organisation.views import pages as organisation
from tracker.overview.views import pages as overview
from tracker.partners import joining as partners_joining
from tracker.partners.views import pages as partners
from tracker.proofs import joining as proofs_joining
from tracker.proofs.views import pages as proofs
from tracker.updates import joining as updates_joining
from tracker.updates.views import pages as updates
from tracker.well_known import pages as well_known

PAGES = (
    health,
    measured,
    well_known,
    organisation,
    proofs,
    notices,
    kpis,
    initiatives,
    goals,
    benefits,
    milestones,
    actions,
    approvals,
    blockers,
    files,
    discussion,
    feeds,
    updates,
    boards,
    overview,
    partners,
    importing,
    audit,
)


def init_app(app: Flask) -> None:
    """Register every room's pages and what the trail asks of it."""
    for pages in PAGES:
        app.register_blueprint(pages)
    for joining in (
        organisation_joining,
        proofs_joining,
        kpis_joining,
        initiatives_joining,
        joining_charter,
        goals_joining,
        benefits_joining,
        milestones_joining,
        actions_joining,
        approvals_joining,
        blockers_joining,
        files_joining,
        discussion_joining,
        feeds_joining,
        updates_joining,
        boards_joining,
        partners_joining,
        importing_joining,
        keeping_joining,
        audit_joining,
        notices_joining,  # last, so that one round sends what the same round told
    ):
        joining.join()
