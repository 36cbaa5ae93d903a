"""What states of mails and jobs are called."""

from __future__ import annotations

from flask_babel import gettext as _

from tracker.notices.jobs import JobState
from tracker.notices.models import MailState, Occasion


def mail_state_name(state: MailState) -> str:
    """Return what became of a mail, in words."""
    return {
        MailState.waiting: _("Waits"),
        MailState.sent: _("Sent"),
        MailState.dropped: _("Nothing left to say"),
        MailState.dead: _("Given up"),
    }[state]


def occasion_name(occasion: Occasion) -> str:
    """Return what a mail is sent for, in words."""
    return {
        Occasion.at_once: _("At once"),
        Occasion.digest: _("Daily mail"),
        Occasion.link: _("A link that sets a password"),
    }[occasion]


def job_state_name(state: JobState) -> str:
    """Return how a job stands, in words."""
    return {
        JobState.waiting: _("Waits"),
        JobState.running: _("Is being done"),
        JobState.dead: _("Given up"),
    }[state]


def job_name(kind: str) -> str:
    """Return what a job does, in words."""
    return {"mail": _("Send a mail")}.get(kind, kind)
