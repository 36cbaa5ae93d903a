"""The calendar at its secret address, and the page on which one makes and revokes it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, current_app, g, request, session, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import Missing
from tracker.feeds import models
from tracker.feeds.dues import dues_of
from tracker.feeds.ics import calendar
from tracker.feeds.models import CalendarFeed
from tracker.feeds.pages import pages
from tracker.gate import allow, me, public
from tracker.organisation.throttling import FEED
from tracker.organisation.waiting import TooOften, waiting_words
from tracker.policy import May
from tracker.web import done, posting, render

AGAIN = timedelta(hours=6)
_SHOWN_ONCE = "fresh_feed"


@pages.get("/calendar/<token>.ics")
@public
def feed(token: str) -> Any:
    """Hand out the calendar that opens with `token`: 404 alike for every token that opens none. No sign-in is asked or looked at."""
    person = models.reader(token, now())
    if person is None:
        wait = FEED.try_it("", request.remote_addr or "", now())
        if wait:
            raise TooOften(waiting_words(wait))
        raise Missing
    g.viewer = person
    name = _("%(product)s: due dates", product=g.organisation.product_name)
    body = calendar(name, dues_of(person, _base()), again=AGAIN)
    answer = Response(body, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="due-dates.ics"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


@pages.route("/settings/calendar", methods=["GET", "POST"])
@allow(May.keep_profile, fresh=True)
def own() -> Any:
    """Show whether my calendar has an address, and make one: it is shown this once, and an older one opens nothing any more."""
    if request.method != "POST":
        return render(
            "feeds/own.html",
            feed=CalendarFeed.of(me()),
            address=session.pop(_SHOWN_ONCE, None),
        )
    with posting() as post:
        person = me()
        token = CalendarFeed.make(person, by=person, now=now())
        post.answer(url_for("feeds.own"), _("The address is made. It is shown only now."))
    session[_SHOWN_ONCE] = f"{_base()}{url_for('feeds.feed', token=token)}"
    return done(post)


@pages.post("/settings/calendar/removal")
@allow(May.keep_profile)
def removal() -> Any:
    """Revoke the address of my calendar."""
    with posting() as post:
        person = me()
        models.revoke(person, by=person, now=now())
        post.answer(url_for("feeds.own"), _("The address is revoked, and opens nothing any more."))
    session.pop(_SHOWN_ONCE, None)
    return done(post)


def _base() -> str:
    return current_app.config["BASE_URL"].rstrip("/")
