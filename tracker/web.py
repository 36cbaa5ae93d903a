"""The only file that knows htmx: pages and their fragments, the write of a request, and what it answers."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from typing import Any, TypeVar

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from htmx_flask import Htmx
from sqlalchemy import Connection
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.wrappers import Response as BaseResponse

from tracker.addresses import is_web_address
from tracker.clock import now
from tracker.db import connection_of, db, writing
from tracker.errors import Repeated, Said, answered_before
from tracker.gate import SAFE, me, permit, this_sign_in
from tracker.organisation.arriving import carry
from tracker.organisation.entering import look_again
from tracker.organisation.people import Person
from tracker.organisation.sign_ins import Proof, renew
from tracker.organisation.submissions import answered, first_of, keep
from tracker.policy import May, may
from tracker.scoping import Scoped
from tracker.typed import PROOFS
from tracker.versions import Versions, keys

htmx = Htmx()
PIECE = 256 * 1024  # bytes of a file that are looked at at once
Thing = TypeVar("Thing", bound=Scoped)


def wants_swap() -> bool:
    """Tell whether htmx asks for a fragment rather than a page."""
    asked: Any = getattr(request, "htmx", None)
    return bool(asked) and not asked.boosted and not asked.history_restore_request


def render(page: str, /, *, swap: str | None = None, status: int = 200, **context: Any) -> Response:
    """Return `page`, or for htmx the fragment `swap` that the page includes.

    A form is not called invalid (422) for what its own first click did: then that click's answer is given.
    """
    if status == 422:
        _answered_before()
    template = swap if swap and wants_swap() else page
    if current_user and current_user.is_authenticated:
        g.duties = me().duties  # templates ask the policy, and must not have to query for it
    response = make_response(render_template(template, **context), status)
    response.headers.add("Vary", "HX-Request")
    return response


class Post(Versions):
    """What a write has done so far, and how it will be answered."""

    def __init__(self, person: Any) -> None:
        super().__init__(person)
        self.location: str | None = None
        self.message = ""

    def again(self, thing: Thing, act: May | None = None) -> Thing:
        """Load `thing` again, locked, through what the person may see, and ask the policy once more.

        Raises `Missing` or `Refused` if that changed since the read. Without `act` it is the act that the view declares.
        """
        view: Any = current_app.view_functions[request.endpoint or ""]
        fresh = thing.again(self.person)
        permit(act or view.act, fresh)
        return fresh

    def answer(self, location: str, message: str = "") -> None:
        """Say where the person goes now, and what the page says there."""
        self.location, self.message = location, message


@contextlib.contextmanager
def posting() -> Iterator[Post]:
    """Open the write of this request. A form that was sent before is not acted on again: it is answered as it was.

    Raises `Repeated` for that, and `Said` (422) when the same key comes with another body.
    """
    if request.method in SAFE:  # a HEAD is not asked for its token, so it must never act
        raise MethodNotAllowed(["POST"])
    key = _key_of_submit()
    sent = _this_submit() if key else ("", "")  # before the write: it reads files
    with writing() as transaction:
        person, connection = me(), connection_of(transaction)
        submission = _first_time(connection, person, key, *sent) if key else None
        permit_session(still=look_again(person, this_sign_in().id, now()))
        post = Post(person)
        yield post
        if post.location is None:
            raise RuntimeError(f"{request.endpoint} did not say where to go.")
        if submission:
            answered(connection, submission, post.location, str(post.message))
        key = _renewed(person)
    if key:
        carry(person, key)


def _renewed(person: Person) -> str | None:
    """Return another key for this sign-in, once every sign-in of `person` was ended by their own act: this one goes on."""
    sign_in = this_sign_in()
    if not person.is_active or person.epoch == sign_in.epoch:
        return None
    return renewed(person)


def renewed(person: Person, *, proof: Proof | None = None) -> str:
    """Give the present sign-in another key, inside a write (see `sign_ins.renew`). Raises `Said` when it ended a moment ago."""
    try:
        return renew(this_sign_in().id, person, now=now(), proof=proof)
    except LookupError:
        raise Said(_access_ended()) from None


def permit_session(*, still: bool) -> None:
    """Refuse a write whose session ended while the request was on its way."""
    if not still:
        raise Said(_access_ended())


def _access_ended() -> str:
    return _("Your access ended while you were typing. Nothing was changed.")


def done(post: Post, *, swap: str | None = None, **context: Any) -> BaseResponse:
    """Answer a write: the fragment for htmx where there is one, else a redirect to the page that shows it."""
    if post.location is None:
        raise RuntimeError("Nothing was answered.")
    if swap and wants_swap():
        return render(swap, message=post.message, **context)
    if post.message:
        flash(post.message)
    if wants_swap():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = post.location
        return response
    return redirect(post.location, 303)


def _first_time(connection: Connection, person: Any, key: str, route: str, digest: str) -> int:
    """Keep the key of this submit and return its row; raise `Repeated` when it was there before."""
    made = keep(connection, person_id=person.id, route=route, key=key, body_hash=digest, at=now())
    if made is not None:
        return made
    first = first_of(connection, person_id=person.id, route=route, key=key)
    if first is None or first.body_hash != digest:
        raise Unlike(
            _(
                "This form was sent before with other words in it, and those stand. Send it again only if both are meant."
            )
        )
    raise Repeated(first.location or url_for("overview.home"))


def _key_of_submit() -> str:
    return request.form.get("once", "").replace("\x00", "")[:64]


def _this_submit() -> tuple[str, str]:
    """Return where this form was sent to, and the hash of what it says."""
    body = "\n".join(
        f"{k}={v}"
        for k, v in sorted(request.form.items(multi=True))
        if k not in {"csrf_token", "came_from", *PROOFS}  # what the page says, and not the person
    )
    digest = hashlib.sha256(body.encode("utf-8", "surrogatepass"))
    for name, file in sorted(request.files.items(multi=True), key=lambda one: one[0]):
        digest.update(f"\n{name}={file.filename}\n".encode("utf-8", "surrogatepass"))
        file.stream.seek(0)  # it may have been read already
        while piece := file.stream.read(PIECE):
            digest.update(piece)
        file.stream.seek(0)
    return f"{request.method} {request.path}"[:200], digest.hexdigest()


def _answered_before() -> None:
    """Raise `Repeated` when this very submit was acted on already."""
    key = _key_of_submit()
    if not key or not current_user.is_authenticated:
        return
    route, digest = _this_submit()
    first = first_of(db.session.connection(), person_id=me().id, route=route, key=key)
    if first and first.body_hash == digest and first.location:
        raise Repeated(first.location)


class Unlike(Said):
    """The same key came with another body (422)."""

    status = 422


def init_app(app: Flask) -> None:
    """Teach `app` htmx, and give templates what they may ask."""
    htmx.init_app(app)
    if _answered_before not in answered_before:
        answered_before.append(_answered_before)

    def allowed(act: May, thing: Any = None) -> bool:
        return current_user.is_authenticated and may(me(), act, thing)

    app.jinja_env.tests["web_address"] = is_web_address
    app.jinja_env.globals.update(keys=keys, may=allowed, May=May, csrf_token=generate_csrf)
