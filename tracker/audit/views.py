"""/settings/audit: is the trail whole, the proof to take away, and the search."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from tracker import clockwork
from tracker.activity.chain import keep_checkpoint
from tracker.activity.groups import GROUPS
from tracker.activity.kinds import Kind
from tracker.activity.recording import record_of_trail
from tracker.audit import checking, checkpoints
from tracker.audit.carrying import Stream, recorded
from tracker.audit.filters import asked_for
from tracker.audit.kind_names import kind_choices
from tracker.audit.reading import SHORT, search, state
from tracker.clock import now
from tracker.db import db
from tracker.errors import Missing
from tracker.exporting.sheets import download
from tracker.gate import allow, me
from tracker.paging import asked_number
from tracker.policy import May
from tracker.web import done, posting, render
from tracker.wording import number

pages = Blueprint("audit", __name__, url_prefix="/settings/audit")
JSONL = "application/x-ndjson; charset=utf-8"


@pages.get("")
@allow(May.audit)
def index() -> Any:
    """Show whether the trail is whole, the proofs, and what was searched for."""
    filters = asked_for(me())
    before = asked_number("before")
    return render(
        "audit/index.html",
        state=state(),
        points=checkpoints.newest(5),
        filters=filters,
        found=search(me(), filters.asked, before) if filters.fits else None,
        kinds=kind_choices(),
        groups=[(name, words) for name, (words, _kinds) in GROUPS.items()],
        short=SHORT,
    )


@pages.get("/check")
@allow(May.audit)
def check() -> Any:
    """Show the one thing: whether the trail is whole, or how far the check is. The page asks for it again and again."""
    return render("audit/check.html", swap="audit/_state.html", state=state())


@pages.post("/check")
@allow(May.audit)
def check_now() -> Any:
    """Ask for a check; the clockwork makes it."""
    with posting() as post:
        asked = checking.ask(by=me(), now=now())
        words = _("The trail is being checked.") if asked else _("It is being checked already.")
        post.answer(url_for(".index"), words)
    clockwork.call()
    return done(post)


@pages.post("/checkpoint")
@allow(May.audit, fresh=True)
def checkpoint_now() -> Any:
    """Keep a checkpoint of the trail as it stands, and say where its file is."""
    with posting() as post:
        point = keep_checkpoint(db.session())
        if point is None:
            raise Missing
        count = point["count"]
        words = _("The checkpoint at event %(number)s is kept.", number=number(count))
        post.answer(url_for(".index"), _to_take(words, url_for(".checkpoint", count=count)))
    return done(post)


@pages.get("/checkpoint.json")
@allow(May.audit)
def checkpoint() -> Any:
    """Give a checkpoint as a file: that at `?count=` events, else the newest."""
    point = checkpoints.stored(asked_number("count"))
    if point is None:
        raise Missing
    name = f"checkpoint-{point['count']}.json"
    return download(checkpoints.as_text(point).encode(), name, "application/json")


@pages.post("/exports")
@allow(May.export_trail, fresh=True)
def export_now() -> Any:
    """Record that the trail is taken along, with or without what people typed, and say where the file is."""
    after = {"with_words": request.form.get("words") == "yes"}
    with posting() as post:
        kind = Kind.trail_exported
        event = record_of_trail(db.session(), kind, by=me(), now=now(), after=after)
        db.session.flush()
        words = _("The file is ready, and that you take it along is recorded.")
        post.answer(url_for(".index"), _to_take(words, url_for(".export", key=event.id)))
    return done(post)


@pages.get("/exports/<int:key>.jsonl")
@allow(May.export_trail, fresh=True)
def export(key: int) -> Any:
    """Send the trail up to the event that recorded this export."""
    event = recorded(key, me(), now())
    upto, words = event.number or 0, bool((event.after or {}).get("with_words"))
    answer = Response(Stream(upto, words=words), content_type=JSONL)
    answer.headers["Content-Disposition"] = f'attachment; filename="trail-1-to-{upto}.jsonl"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _to_take(words: str, address: str) -> Markup:
    """Return words with a link to a file: a browser that is sent to a file stays on the page that asked for the password."""
    return Markup('{} <a href="{}">{}</a>').format(words, address, _("Download it"))
