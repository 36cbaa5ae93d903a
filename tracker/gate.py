"""Before every request: a forged post is refused, the person is known, and the view has said who may enter.

A view wears `@allow(May.x)` or `@public`; one that wears neither answers 403 to everybody.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from flask import Flask, Request, current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest, RequestTimeout

from tracker import fitting, patience
from tracker.addresses import Id, came_from, safe_next  # noqa: F401 - views ask the gate for it
from tracker.clock import now
from tracker.db import Busy, db
from tracker.errors import Missing, Refused
from tracker.front import NO_BODY, NO_PLACE, OTHER_HOST, PERSON, REQUEST_ID, ROUTE
from tracker.hiding import hide, hiding
from tracker.organisation import sign_ins
from tracker.organisation.entering import who_enters
from tracker.organisation.founding import is_awaited
from tracker.organisation.people import Person
from tracker.organisation.seen import note_visit
from tracker.organisation.settings import Organisation
from tracker.organisation.sign_ins import SignIn, key_of
from tracker.policy import May, for_partners, may
from tracker.scoping import Scoped
from tracker.twice import once_more
from tracker.viewing import Looks
from tracker.whence import OtherHost

View = Callable[..., Any]
Fresh = bool | Callable[[Any], bool]
PATIENT, FILES = frozenset({"importing"}), (".csv", ".xlsx")  # what takes its time, and may
FRESH = timedelta(minutes=10)  # how long a proof of who one is counts before acts that ask for one
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

csrf = CSRFProtect()
login = LoginManager()

# The room above says how one proves it again: an answer that asks, or None for a proof that holds.
asks_again: list[Callable[[], Any]] = []


def me() -> Person:
    """Return the person who is signed in; only for views that are not public."""
    known = g.get("_login_user")  # where Flask-Login keeps whoever it looked up for this request
    return known if known is not None else cast(Person, current_user._get_current_object())


def this_sign_in() -> SignIn:
    """Return the sign-in of the person who is signed in, as it was when the request came; only for views that are not public."""
    return cast(SignIn, g.sign_in)


def public(view: View) -> View:
    """Declare a view open to everybody, signed in or not. A write that was the victim of a deadlock is tried once more."""

    @wraps(view)
    def road(**args: Any) -> Any:
        return once_more(lambda: view(**args))

    road.public = True  # type: ignore[attr-defined]
    return road


def allow(
    act: May, on: type[Scoped] | None = None, *, fresh: Fresh = False
) -> Callable[[View], View]:
    """Declare who may enter a view: those to whom the policy allows `act`.

    With `on`, the row named by the route's `on.argument` is looked up through what the person may see (404), the policy is
    asked about that row (403), and the view gets the row in place of the argument. A write that PostgreSQL chose as
    the victim of a deadlock is tried once more, whole.

    With `fresh`, whoever did not prove who they are within `FRESH` is asked to, before the view runs. A page that shows a
    form is free of it, what it sends is not; a view that only answers GET is asked for itself. A function says it of the row.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def road(**args: Any) -> Any:
            found: tuple[Any, ...] = ()
            if on is not None:
                thing = on.find(me(), args.pop(on.argument))
                permit(act, thing)
                found = (thing,)
            if _matters(fresh, found) and (answer := _proved_again()) is not None:
                return answer
            return once_more(lambda: view(*found, **args), lambda: view(*_again(found), **args))

        road.act = act  # type: ignore[attr-defined]
        road.on = on  # type: ignore[attr-defined]
        road.fresh = fresh  # type: ignore[attr-defined]
        return road

    return declare


def _again(found: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what the route names, looked up anew through what the person may see."""
    return tuple(type(one).find(me(), getattr(one, type(one).address)) for one in found)


def _matters(fresh: Fresh, found: tuple[Any, ...]) -> bool:
    rule = request.url_rule
    if request.method in SAFE and rule is not None and "POST" in (rule.methods or ()):
        return False  # the page of a form
    return fresh(*found) if callable(fresh) else fresh


def _proved_again() -> Any:
    """Return None where the person proved lately who they are, or does now; else the answer that asks for it."""
    if sign_ins.fresh(this_sign_in(), within=FRESH, now=now()):
        return None
    for ask in asks_again:
        return ask()
    raise Refused


def _without_nul() -> None:
    """Take NUL out of what is asked: no text here holds it, and PostgreSQL takes none that does. Raises `Missing` for one in a path."""
    if "\x00" in request.path:
        raise Missing
    while b"%00" in request.query_string:
        request.query_string = request.query_string.replace(b"%00", b"")


def permit(act: May, thing: Any = None) -> None:
    """Raise what the person who asks may know of a refusal: `Refused`, or for partners `Missing`."""
    if not may(me(), act, thing):
        raise Refused if me().is_internal or (thing is not None and for_partners(act)) else Missing


def arrive() -> Any:
    """Give a request its number, and raise what stands in the way of every one: another host, no place, no body, another schema.

    None of it tells whether the address is there. An empty production database leads everybody to its set-up.
    """
    asked: Request = cast(Any, request)._get_current_object()
    environ = asked.environ
    number = g.request_id = environ.get(REQUEST_ID) or secrets.token_hex(8)
    db.session().info["request_id"] = number
    environ[ROUTE] = asked.url_rule.rule if asked.url_rule else ""
    if OTHER_HOST in environ:
        raise OtherHost
    if _alone(asked.endpoint):
        return None
    if NO_PLACE in environ:
        raise Busy
    if NO_BODY in environ:
        raise RequestTimeout
    if asked.blueprint in PATIENT or asked.path.endswith(FILES):
        patience.end()
    fitting.check()
    if asked.endpoint is None:
        return None
    if is_awaited() and not hasattr(current_app.view_functions[asked.endpoint], "while_nobody"):
        return redirect(url_for("organisation.set_up"), 303)  # nothing else is here yet
    return None


def _alone(endpoint: str | None) -> bool:
    """Tell whether a view stands for itself: it knows of no session, and is asked even in trouble."""
    return getattr(current_app.view_functions.get(endpoint or ""), "no_session", False)


def _as_our_pages_send_it(asked: Request, *, own: bool) -> None:
    """Refuse a form that has parts without a name, over which who reads it stumbles, or no token where it is one of our `own`."""
    if None in asked.form or None in asked.files:
        raise BadRequest
    if own:
        csrf.protect()


def check() -> Any:
    """Let a request in, or answer it. Runs before every view."""
    asked: Request = cast(Any, request)._get_current_object()
    if asked.endpoint is None or _alone(asked.endpoint):
        hide()
        return None
    view = current_app.view_functions[asked.endpoint]
    with hiding():
        if asked.method not in SAFE:
            _as_our_pages_send_it(asked, own=not getattr(view, "no_csrf", False))
    known = current_user.is_authenticated
    if not known:  # whoever is known came together with it
        g.organisation = Organisation.current()
    if getattr(view, "public", False):
        return None
    _without_nul()
    act = getattr(view, "act", None)
    if act is None:
        raise Refused
    if not known:
        return _sign_in_first()
    person = me()
    asked.environ[PERSON] = person.id
    if not (asked.method in SAFE and asked.headers.get("HX-Request")):
        note_visit(person, this_sign_in(), now())  # what a page asks for by itself is no visit
    if view.on is None:
        permit(act)
    return None


def _sign_in_first() -> Any:
    # A page that asks for a piece of itself is what somebody wants again, not the piece.
    asks = request.headers.get("HX-Request")
    if request.method in SAFE and not asks:
        wanted = request.full_path.rstrip("?")
    else:
        wanted = came_from()
    target = url_for("organisation.sign_in", next=wanted or None)
    if asks:
        return "", 401, {"HX-Redirect": target}
    return redirect(target, 303)


@login.user_loader
def load(key: str) -> Person | None:
    """Return the person of a session, unless its sign-in or the access of the person has ended."""
    held = key_of(key)
    found = who_enters(*held, now()) if held else None
    if found is None:
        session.clear()
        flash(
            _("You were signed out: your session ended, or your access changed. Sign in to go on.")
        )
        return None
    person, g.organisation, g.sign_in = found
    g.looks = Looks(person, g.organisation)
    return person


def init_app(app: Flask) -> None:
    """Stand before every request of `app`."""
    app.url_map.converters["int"] = Id
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # `check` asks for the token, and once is enough
    app.before_request(arrive)
    csrf.init_app(app)
    login.init_app(app)
    app.before_request(check)
