"""/inbox: what I was told, what of it is new, and what I do not want to hear of."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.clock import now
from tracker.db import db
from tracker.errors import NotNow
from tracker.gate import allow, me
from tracker.notices import views_jobs, views_mail, views_unsubscribing
from tracker.notices.lines import lines_of
from tracker.notices.models import Mute, Notice
from tracker.notices.pages import pages
from tracker.notices.reading import hear_again, mute, new_of, read
from tracker.notices.subjects import subjects
from tracker.paging import Page, asked_page, offset
from tracker.policy import May
from tracker.web import done, posting, render

__all__ = ["pages", "views_jobs", "views_mail", "views_unsubscribing"]

PER_PAGE = 30
MOST_MUTED = 100


@pages.get("/inbox")
@allow(May.keep_inbox)
def inbox() -> Any:
    """Show my notices, the newest first."""
    person, page = me(), asked_page()
    mine = Notice.visible_to(person)
    total = db.session.scalar(mine.with_only_columns(func.count(Notice.id))) or 0
    newest = mine.order_by(Notice.id.desc()).limit(PER_PAGE).offset(offset(page, PER_PAGE))
    lines = lines_of(person, db.session.scalars(newest).all())
    muted = _muted(person)
    return render(
        "notices/inbox.html",
        page=Page(lines, page, PER_PAGE, total),
        unread=db.session.scalar(select(new_of(person))),
        muted=muted,
        silent={one["initiative_id"] for one in muted},
    )


@pages.post("/inbox/read")
@allow(May.keep_inbox)
def read_all() -> Any:
    """Mark everything as read."""
    with posting() as post:
        read(me(), None, now=now())
        post.answer(url_for(".inbox"), _("Everything is read."))
    return done(post)


@pages.post("/inbox/<int:key>/read")
@allow(May.keep_inbox, on=Notice)
def read_one(notice: Notice) -> Any:
    """Mark one notice as read."""
    with posting() as post:
        notice = post.again(notice)
        read(me(), [notice.id], now=now())
        post.answer(url_for(".inbox"), _("It is marked as read."))
    return done(post)


@pages.post("/inbox/<int:key>/mute")
@allow(May.mute, on=Notice)
def mute_one(notice: Notice) -> Any:
    """Hear of the initiative of this notice only what is meant for me."""
    with posting() as post:
        notice = post.again(notice)
        if notice.initiative_id is None:
            raise NotNow(_("This is about no initiative, so there is nothing to mute."))
        mute(me(), notice.initiative_id)
        post.answer(url_for(".inbox"), _("From there you hear only what is meant for you."))
    return done(post)


@pages.post("/inbox/mutes/<int:key>/end")
@allow(May.mute, on=Mute)
def unmute(muted: Mute) -> Any:
    """Hear of it again."""
    with posting() as post:
        muted = post.again(muted)
        hear_again(muted)
        post.answer(url_for(".inbox"), _("You hear of it again."))
    return done(post)


def _muted(person: Any) -> list[dict[str, Any]]:
    """Return what is muted, with its name, as far as the person may see it."""
    rows = db.session.execute(
        select(Mute.id, Mute.initiative_id)
        .where(Mute.person_id == person.id)
        .order_by(Mute.id)
        .limit(MOST_MUTED)
    ).all()
    named = subjects["initiative"](person, [row.initiative_id for row in rows]) if rows else {}
    return [
        {"id": row.id, "initiative_id": row.initiative_id, "thing": named[row.initiative_id]}
        for row in rows
        if row.initiative_id in named
    ]
