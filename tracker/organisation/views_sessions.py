"""Where somebody is signed in: their own list, and what ends one sign-in or all of them."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.gate import allow, me, this_sign_in
from tracker.organisation.pages import pages
from tracker.organisation.people import Person
from tracker.organisation.sign_ins import SignIn, Way, end_all, limits, of
from tracker.policy import May
from tracker.web import done, posting, render


@pages.get("/settings/sessions")
@allow(May.keep_profile)
def sessions() -> Any:
    """Show where I am signed in, this place first among equals."""
    idle, longest = limits()
    return render(
        "organisation/sessions.html",
        sign_ins=of(me(), now()),
        this=this_sign_in().id,
        ways=way_names(),
        hours=int(idle.total_seconds()) // 3600,
        days=longest.days,
    )


@pages.post("/settings/sessions/<key>/ending")
@allow(May.keep_profile, on=SignIn)
def session_ending(sign_in: SignIn) -> Any:
    """End one of my sign-ins."""
    with posting() as post:
        post.again(sign_in).end(by=me(), now=now())
        post.answer(url_for("organisation.sessions"), _("You are no longer signed in there."))
    return done(post)


@pages.post("/settings/sessions/ending")
@allow(May.keep_profile)
def sessions_ending() -> Any:
    """End every sign-in of mine but this one."""
    with posting() as post:
        end_all(me(), by=me(), now=now())
        words = _("Wherever else you were signed in, you no longer are.")
        post.answer(url_for("organisation.sessions"), words)
    return done(post)


@pages.post("/admin/people/<int:key>/sessions-ending")
@allow(May.manage_people, on=Person)
def person_sessions_ending(person: Person) -> Any:
    """End every sign-in of somebody; their access stays."""
    with posting() as post:
        person = post.again(person)
        end_all(person, by=me(), now=now())
        words = _("%(name)s is no longer signed in anywhere.", name=person.name)
        post.answer(url_for("organisation.person", key=person.id), words)
    return done(post)


def way_names() -> dict[str, str]:
    """Return how each way of coming in is called."""
    return {
        Way.password: _("by password"),
        Way.invitation: _("by an invitation"),
        Way.reset: _("by a link for a new password"),
        Way.passkey: _("with a passkey"),
        Way.set_up: _("by setting up this place"),
    }
