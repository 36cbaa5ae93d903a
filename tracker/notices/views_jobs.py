"""/settings/jobs: the work that waits, and what was given up."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import case, func, select

from tracker.clock import now
from tracker.db import db
from tracker.errors import NotNow
from tracker.gate import allow
from tracker.notices.jobs import Job, JobState
from tracker.notices.pages import pages
from tracker.notices.reasons import in_words
from tracker.notices.words import job_name, job_state_name
from tracker.notices.working import revived
from tracker.paging import Page, asked_page, offset
from tracker.policy import May
from tracker.web import done, posting, render

PER_PAGE = 50


@pages.get("/settings/jobs")
@allow(May.manage_settings)
def jobs() -> Any:
    """Show what waits and what was given up; the latter first."""
    page = asked_page()
    found = db.session.execute(select(Job.state, func.count().label("n")).group_by(Job.state))
    counts = {row.state: row.n for row in found}
    rows = db.session.execute(
        select(*(Job.id, Job.kind, Job.state, Job.made_at, Job.due_at, Job.tries, Job.error))
        .order_by(case((Job.state == JobState.dead, 0), else_=1), Job.id.desc())
        .limit(PER_PAGE)
        .offset(offset(page, PER_PAGE))
    ).all()
    return render(
        "notices/jobs.html",
        page=Page(rows, page, PER_PAGE, sum(counts.values())),
        counts=[(job_state_name(state), counts.get(state, 0)) for state in JobState],
        state_name=job_state_name,
        name=job_name,
        why=in_words,
    )


@pages.post("/settings/jobs/<int:key>/retry")
@allow(May.manage_settings, on=Job)
def job_retry(job: Job) -> Any:
    """Try a job again that was given up."""
    with posting() as post:
        job = post.again(job)
        if job.state != JobState.dead:
            raise NotNow(_("This job is not given up, so there is nothing to try again."))
        job.try_again(now=now())
        revived(job)
        post.answer(url_for(".jobs"), _("It is tried again."))
    return done(post)
